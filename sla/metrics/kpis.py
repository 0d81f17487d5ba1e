"""KPIs of promises: how many were kept, how fast, how badly the others were missed."""

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from sla.metrics.segments import METRIC_NUMBERS, PROMISES
from supportops.metrics import catalogue
from supportops.metrics.catalogue import (
    Area,
    Better,
    Grain,
    Level,
    Measure,
    Metric,
    Text,
    Unit,
)
from supportops.metrics.core import measures
from supportops.metrics.core.measures import Totals
from supportops.metrics.core.rows import Column, Selected

Rows = Selected
Groups = NDArray[np.intp]

EXCLUDED = _("Out-of-scope and duplicate tickets are left out and counted beside.")


def counted(rows: Rows) -> NDArray[np.bool_]:
    """Promises that figures are made of."""
    return rows["excluded"] == 0


def missed(rows: Rows) -> NDArray[np.bool_]:
    return counted(rows) & (rows["kept"] == 0)


def severe(rows: Rows) -> NDArray[np.bool_]:
    return counted(rows) & (rows["severe"] != 0)


# Each row's promise and outcome in one small number, so that one count gives every share.
_LEFT_OUT = 0
_OUTCOMES = 2 * (len(METRIC_NUMBERS) + 1)


def _outcomes(rows: Selected) -> Column:
    """0 for what is left out, else twice the promise's number, plus one when kept."""
    codes = 2 * rows["metric"].astype(np.intp) + (rows["kept"] != 0)
    codes[~counted(rows)] = _LEFT_OUT
    return codes


def _kept_share(metric: str = "") -> Measure:
    chosen = [METRIC_NUMBERS[metric]] if metric else list(METRIC_NUMBERS.values())
    missed_codes = [2 * number for number in chosen]
    kept_codes = [2 * number + 1 for number in chosen]

    def measure(rows: Selected, groups: Groups, size: int) -> Totals:
        codes = groups * _OUTCOMES + rows.derive("outcome", _outcomes)
        table = np.bincount(codes, minlength=size * _OUTCOMES).reshape(size, _OUTCOMES)
        kept = table[:, kept_codes].sum(axis=1)
        return measures.share_of(kept, kept + table[:, missed_codes].sum(axis=1))

    return measure


def _elapsed(metric: str, share_of_target: float) -> Measure:
    def measure(rows: Rows, groups: Groups, size: int) -> Totals:
        is_metric = rows["metric"] == METRIC_NUMBERS[metric]
        done = np.flatnonzero(is_metric & counted(rows) & (rows["stopped"] != 0))
        return measures.mean(
            rows["elapsed"][done],
            groups[done],
            size,
            targets=rows["target"][done],
            target_share=share_of_target,
        )

    return measure


def _tickets_missed(rows: Rows, groups: Groups, size: int) -> Totals:
    judged, late = counted(rows), missed(rows)
    return measures.distinct(
        rows["ticket"][late],
        groups[late],
        size,
        of=measures.tally(groups[judged], size),
    )


def _tickets_severe(rows: Rows, groups: Groups, size: int) -> Totals:
    judged, late = counted(rows), severe(rows)
    return measures.distinct(
        rows["ticket"][late],
        groups[late],
        size,
        of=measures.tally(groups[judged], size),
    )


def _missed(rows: Rows, groups: Groups, size: int) -> Totals:
    judged, late = counted(rows), missed(rows)
    return measures.count(groups[late], size, of=measures.tally(groups[judged], size))


def _left_out(rows: Rows, groups: Groups, size: int) -> Totals:
    out = ~counted(rows)
    return measures.count(groups[out], size, of=measures.tally(groups, size))


def _share(code: str, metric: str, name: Text, formula: Text, target: float) -> None:
    # The seed names targets only; five points below them is our line for a warning.
    catalogue.register(
        Metric(
            code=code,
            name=name,
            description=EXCLUDED,
            formula=formula,
            unit=Unit.SHARE,
            better=Better.HIGHER,
            grain=Grain.PROMISE,
            area=Area.PROMISES,
            target=Level(at_least=target),
            warning=Level(at_least=round(target - 0.05, 2)),
            segment=PROMISES,
            measure=_kept_share(metric),
        )
    )


_share(
    "response_sla",
    "first_response",
    _("Response SLA"),
    _("First responses within target ÷ first responses due"),
    0.95,
)
_share(
    "resolution_sla",
    "resolution",
    _("Resolution SLA"),
    _("Resolutions within target ÷ resolutions due"),
    0.90,
)
_share(
    "next_reply_sla",
    "next_reply",
    _("Next-reply SLA"),
    _("Next replies within target ÷ next replies due"),
    0.95,
)
_share(
    "update_sla",
    "periodic_update",
    _("Update SLA"),
    _("Periodic updates within target ÷ updates due"),
    0.95,
)
_share(
    "promises_kept",
    "",
    _("Promises kept"),
    _("Promises kept ÷ promises due, of all four kinds"),
    0.90,
)
for _code, _metric, _name, _formula, _part, _note in (
    (
        "sla_response_time",
        "first_response",
        _("Average time to first response"),
        _("Sum of counted response times ÷ first responses given"),
        0.50,
        _("half of what was promised"),
    ),
    (
        "sla_resolution_time",
        "resolution",
        _("Average resolution time"),
        _("Sum of counted resolution times ÷ tickets resolved"),
        0.75,
        _("75 % of what was promised"),
    ),
):
    catalogue.register(
        Metric(
            code=_code,
            name=_name,
            description=_(
                "In counted time: only open hours of the calendar, without pauses. "
                "Compared with what was promised for the same tickets."
            ),
            formula=_formula,
            unit=Unit.SECONDS,
            better=Better.LOWER,
            grain=Grain.PROMISE,
            area=Area.PROMISES,
            target_note=_note,
            segment=PROMISES,
            measure=_elapsed(_metric, _part),
        )
    )
catalogue.register(
    Metric(
        code="breach_count",
        name=_("Breached tickets"),
        description=_("Tickets with at least one promise missed. Should trend down."),
        formula=_("Different tickets among the promises missed"),
        unit=Unit.COUNT,
        better=Better.LOWER,
        grain=Grain.PROMISE,
        area=Area.PROMISES,
        target_note=_("fewer than in the period before"),
        segment=PROMISES,
        measure=_tickets_missed,
    )
)
catalogue.register(
    Metric(
        code="severe_breach_count",
        name=_("Severely breached tickets"),
        description=_("Tickets with a promise that took twice its target or more."),
        formula=_("Different tickets among promises missed at 2 × target"),
        unit=Unit.COUNT,
        better=Better.LOWER,
        grain=Grain.PROMISE,
        area=Area.PROMISES,
        target=Level(at_most=0),
        warning=Level(at_most=0),
        segment=PROMISES,
        measure=_tickets_severe,
    )
)
catalogue.register(
    Metric(
        code="missed_promises",
        name=_("Missed promises"),
        description=_("Each promise that came due unkept, several to a ticket."),
        formula=_("Promises missed"),
        unit=Unit.COUNT,
        better=Better.LOWER,
        grain=Grain.PROMISE,
        area=Area.PROMISES,
        target_note=_("fewer than in the period before"),
        segment=PROMISES,
        measure=_missed,
    )
)
catalogue.register(
    Metric(
        code="excluded_promises",
        name=_("Promises left out"),
        description=_(
            "Of out-of-scope requests and duplicates; they are in no other figure."
        ),
        formula=_("Promises of tickets that ended out of scope or as a duplicate"),
        unit=Unit.COUNT,
        better=Better.LOWER,
        grain=Grain.PROMISE,
        area=Area.PROMISES,
        segment=PROMISES,
        measure=_left_out,
    )
)
