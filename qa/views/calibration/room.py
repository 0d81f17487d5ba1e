"""The room of one calibration: blind before scores are open, everything beside after."""

from typing import Any

from django.core.cache import cache
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from qa.core.calibration.matrix import Cell, comparable, weights_of
from qa.core.calibration.statistics import MIN_BIAS, summarise
from qa.core.scorecard import Criterion
from qa.forms.calibration import DecisionForm
from qa.models import CalibrationSession, GoldTicket
from qa.selectors import calibration as selectors
from qa.services.calibration.minutes import value_label
from qa.views.calibration.list import CHIPS
from qa.views.reliability.charts import Dot, caterpillar
from qa.views.reliability.words import (
    figure_row,
    figure_words,
    interval,
    severity_rule,
    severity_words,
    signed,
)
from supportops.common.pages import StaffPageMixin

State = CalibrationSession.State
SHADES = ((10.0, "s4"), (5.0, "s3"), (2.0, "s2"), (0.0, "s1"))
"""Gap in points of the total from which a cell takes which colour."""
KEPT_SECONDS = 600


class RoomPage(StaffPageMixin, TemplateView):
    """A page of one calibration, which the person may know of; else it is not there."""

    permission = "qa.view_calibrationsession"
    template_name = "qa/calibration/room.html"

    def session(self) -> CalibrationSession:
        visible = selectors.calibrations_visible_to(self.request.user)
        session = visible.filter(pk=self.kwargs["pk"]).first()
        if session is None:
            raise Http404
        return session


class RoomView(RoomPage):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session = self.session()
        user = self.request.user
        people = list(session.participants.select_related("user").order_by("pk"))
        is_open = selectors.is_open_to(session, user)
        is_able = user.has_perm(selectors.FACILITATE)
        return super().get_context_data(
            title=session.title,
            session=session,
            chip=CHIPS[State(session.state)],
            people=people,
            all_in=all(row.finished_at for row in people),
            takes_part=any(row.user_id == user.pk for row in people),
            own=self._own(session),
            may_run=is_able and selectors.may_run(session, user),
            may_edit=is_able and selectors.may_edit(session, user),
            is_open=is_open,
            **(self._opened(session) if is_open else self._blind(session)),
            **{key: value for key, value in kwargs.items() if key != "pk"},
        )

    def _own(self, session: CalibrationSession) -> list[dict[str, Any]]:
        if session.state == State.DRAFT:
            return []
        return selectors.own_sheets(session, self.request.user)

    def _blind(self, session: CalibrationSession) -> dict[str, Any]:
        """What is read before everything is open: at most the sheets one may see."""
        if session.state == State.DRAFT:
            return {}
        found = selectors.comparison(session, self.request.user)
        others = [s for s in found.sheets if s.reviewer_id != self.request.user.pk]
        if not others:
            return {}
        return {"found": found, **matrix_of(found), **self._cell(found)}

    def _opened(self, session: CalibrationSession) -> dict[str, Any]:
        found = selectors.comparison(session, self.request.user)
        statistics = statistics_of(found)
        gold = GoldTicket.objects.filter(item__session=session, is_active=True)
        return {
            "found": found,
            **matrix_of(found, statistics),
            **self._cell(found),
            **rail_of(found, statistics),
            "gold": set(gold.values_list("item_id", flat=True)),
            "agreed": found.agreed_scores,
        }

    def _cell(self, found: selectors.Comparison) -> dict[str, Any]:
        """The cell that the address names, else the largest gap to talk about.

        While something is to be decided that is the largest such gap; then the largest.
        """
        by_key = {(cell.ticket, cell.criterion): cell for cell in found.cells}
        ticket, _dot, criterion = self.request.GET.get("cell", "").partition(".")
        cell = None
        if ticket.isdecimal():
            cell = by_key.get((int(ticket), criterion))
        if cell is None:
            cell = next(iter(found.undecided or found.differing), None)
        if cell is None:
            return {"cell": None}
        return {"cell": cell_of(found, cell)}


def statistics_of(found: selectors.Comparison) -> dict[str, Any]:
    """The frozen statistics of a closed round, else those of now."""
    session = found.session
    if session.state == State.CLOSED:
        frozen: dict[str, Any] = session.statistics
        return frozen
    newest = max((row.pk for row in found.decisions.values()), default=0)
    # The bootstrap of many tickets takes a second: kept while nothing changes.
    key = f"qa-calibration-{session.pk}-{len(found.sheets)}-{newest}"
    known: dict[str, Any] | None = cache.get(key)
    if known is None:
        known = summarise(
            found.ratings(), threshold=float(session.threshold), seed=session.pk
        )
        cache.set(key, known, KEPT_SECONDS)
    return known


def matrix_of(
    found: selectors.Comparison, statistics: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Criteria down, tickets across, the largest gap at the top left."""
    by_key = {(cell.ticket, cell.criterion): cell for cell in found.cells}
    weights = weights_of(found.card)
    furthest: dict[int, float] = {}
    for cell in found.cells:
        furthest[cell.ticket] = max(cell.gap, furthest.get(cell.ticket, 0.0))
    items = sorted(found.items, key=lambda item: -furthest.get(item.ticket_id, -1.0))
    rows = []
    for criterion in comparable(found.card):
        cells = [by_key.get((item.ticket_id, criterion.key)) for item in items]
        rows.append(
            {
                "criterion": criterion,
                "weight": weights[criterion.key],
                "largest": max((cell.gap for cell in cells if cell), default=0.0),
                "cells": [
                    _matrix_cell(found, item, criterion, cell)
                    for item, cell in zip(items, cells, strict=True)
                ],
            }
        )
    rows.sort(key=lambda row: -row["largest"])
    spreads = {row["ticket"]: row for row in (statistics or {}).get("tickets", [])}
    return {
        "matrix": rows,
        "columns": items,
        "totals": [spreads.get(item.ticket_id) for item in items] if spreads else None,
        "decided_count": len(found.flagged) - len(found.undecided),
        "small": [cell for cell in found.differing if cell not in found.flagged],
    }


def _matrix_cell(
    found: selectors.Comparison, item: Any, criterion: Criterion, cell: Cell | None
) -> dict[str, Any]:
    shade, threshold = "", float(found.session.threshold)
    if cell is not None and cell.differs:
        shade = next(css for least, css in SHADES if cell.gap >= least)
    decision = found.decisions.get((item.ticket_id, criterion.key))
    return {
        "cell": cell,
        "is_flagged": cell is not None and cell.is_flagged(threshold),
        "shade": shade,
        "decision": decision,
        "address": f"?cell={item.ticket_id}.{criterion.key}#cell",
        "ticket": item.ticket_id,
    }


def cell_of(found: selectors.Comparison, cell: Cell) -> dict[str, Any]:
    """Each reviewer's level, anchor and comment on one cell, and its decision."""
    criterion = found.card.criterion(cell.criterion)
    names = {sheet.reviewer_id: sheet.reviewer for sheet in found.sheets}
    totals = {
        sheet.reviewer_id: sheet.score
        for sheet in found.sheets
        if sheet.ticket_id == cell.ticket
    }
    item = next(row for row in found.items if row.ticket_id == cell.ticket)
    decision = found.decisions.get((cell.ticket, cell.criterion))
    return {
        "item": item,
        "criterion": criterion,
        "gap": cell.gap,
        "differs": cell.differs,
        "is_small": cell.differs
        and not cell.is_flagged(float(found.session.threshold)),
        "decision": decision,
        "decision_label": decision and value_label(criterion, decision.level),
        "marks": [
            {
                "reviewer": names[mark.reviewer],
                "label": value_label(criterion, mark.value),
                "anchor": _anchor(criterion, mark.value),
                "comment": found.answers[
                    cell.ticket, cell.criterion, mark.reviewer
                ].comment,
                "total": totals[mark.reviewer],
            }
            for mark in cell.marks
        ],
        "form": DecisionForm(
            criterion=criterion,
            label=value_label,
            initial=_initial(decision),
        ),
        "post_to": reverse(
            "qa:calibration-decide",
            args=[found.session.pk, item.pk, cell.criterion],
        ),
    }


def _initial(decision: Any) -> dict[str, Any]:
    if decision is None:
        return {}
    level = DecisionForm.UNCLEAR if decision.is_unclear else decision.level
    return {"level": level, "reason": decision.reason, "quote": decision.quote}


def _anchor(criterion: Criterion, value: str) -> str:
    return next((each.anchor for each in criterion.levels if each.key == value), "")


def rail_of(found: selectors.Comparison, statistics: dict[str, Any]) -> dict[str, Any]:
    """Figures in words, and each reviewer's severity as dots and as a table."""
    titles = {each.key: each.title for each in found.card.criteria()}
    figures = [
        figure_row(row, titles.get(row["criterion"]) or _figure_title(row["method"]))
        for row in statistics["figures"]
    ]
    names = {sheet.reviewer_id: str(sheet.reviewer) for sheet in found.sheets}
    severity = [
        {
            **row,
            "name": names.get(row["reviewer"], "–"),
            "shown": signed(row["bias"]),
            "interval": interval(row["low"], row["high"]),
            "limits": interval(row["lower_limit"], row["upper_limit"]),
            "words": severity_words(row["verdict"]),
        }
        for row in statistics["severity"]
    ]
    dots = [
        Dot(row["name"], row["bias"], row["low"], row["high"], row["verdict"])
        for row in severity
    ]
    enough = any(row["value"] is not None for row in figures)
    return {
        "statistics": statistics,
        "figures": figures,
        "has_figures": enough,
        "main_figure": figures[0] if figures else None,
        "not_enough": figure_words(statistics["figures"][0]) if not enough else "",
        "severity": severity,
        "severity_rule": severity_rule(),
        "severity_chart": caterpillar(
            dots,
            label=_("Points above or below the reference, by reviewer"),
            band=MIN_BIAS,
        ),
        "reference": {
            "baseline": _("Compared with the baseline reviewer."),
            "consensus": _("Compared with the agreed scores."),
            "others": _("Compared with the mean of the others, until all is agreed."),
        }[statistics["reference"]],
    }


def _figure_title(method: str) -> str:
    if method in {"ALPHA_NOMINAL", "AC1"}:
        return _("Critical failure")
    return _("Total score")
