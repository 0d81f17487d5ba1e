"""The list of investigations, and the page of one."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response
from workforce.capacity.charts.bands import Area, Chart, Line, first_of_days
from workforce.capacity.forms.reviewing import (
    FindingForm,
    InvestigationFilter,
    OwnerForm,
    ReasonForm,
)
from workforce.capacity.models import Event, Investigation
from workforce.capacity.selectors import investigations as selectors
from workforce.capacity.selectors.accuracy import JudgedIntervals
from workforce.capacity.selectors.investigations import WeekReview
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.capacity.views.acting import actor_of
from workforce.capacity.views.investigations.words import cause_words

PAGE_SIZE = 25
SEE = "capacity.view_investigation"


class InvestigationsView(StaffPageMixin, TemplateView):
    """Which weeks missed their forecast, who looks into them, until when."""

    permission = SEE
    template_name = "capacity/investigations/list.html"
    title = gettext_lazy("Investigations")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        queues = queues_visible_to(actor_of(request))
        form = InvestigationFilter(request.GET, queues=queues)
        rows = self._filtered(form)
        if "csv" in request.GET:
            return _csv(rows)
        asked = {key: value for key, value in request.GET.items() if key != "page"}
        return self.render_to_response(
            self.get_context_data(
                form=form,
                page=Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
                query=urlencode(asked),
                is_filtered=any(asked.values()),
                today=timezone.localdate(),
            )
        )

    def _filtered(self, form: InvestigationFilter) -> QuerySet[Investigation]:
        rows = selectors.investigations_visible_to(actor_of(self.request))
        if not form.is_valid():
            return rows
        chosen = form.cleaned_data
        if chosen["state"]:
            rows = rows.filter(state=chosen["state"])
        if chosen["mine"]:
            rows = rows.filter(owner=actor_of(self.request))
        if chosen["queue"]:
            rows = rows.filter(queue=chosen["queue"])
        return rows


def _csv(rows: QuerySet[Investigation]) -> HttpResponseBase:
    header = (
        "queue", "week_from", "expected", "actual", "deviation", "state", "owner",
        "due", "outcome", "finding", "action", "opened", "closed",
    )  # fmt: skip

    def lines() -> Iterator[tuple[Any, ...]]:
        for each in rows:
            yield (
                str(each.queue), each.starts_on.isoformat(), round(each.expected, 1),
                each.actual, round(each.deviation, 4), each.state,
                str(each.owner or ""), each.due_on.isoformat(), each.outcome,
                each.finding, each.action, each.opened_at.isoformat(),
                each.closed_at.isoformat() if each.closed_at else "",
            )  # fmt: skip

    return csv_response("investigations", header, lines())


def investigation_or_404(request: HttpRequest, pk: int) -> Investigation:
    """Return one of a queue that the person sees; to all others it does not exist."""
    rows = selectors.investigations_visible_to(actor_of(request))
    return get_object_or_404(rows.select_related("forecast", "queue__calendar"), pk=pk)


class InvestigationView(StaffPageMixin, TemplateView):
    """What happened in this week, and what came out of looking into it."""

    permission = SEE
    template_name = "capacity/investigations/page.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        investigation = investigation_or_404(request, self.kwargs["pk"])
        return self.page(investigation)

    def page(
        self,
        investigation: Investigation,
        form: FindingForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        known = selectors.detail(investigation)
        may_resolve = self.request.user.has_perm(selectors.RESOLVE)
        people = selectors.possible_owners(investigation.queue)
        context = self.get_context_data(
            title=_("%(queue)s, week from %(day)s")
            % {
                "queue": investigation.queue,
                "day": date_format(investigation.starts_on, "j M Y"),
            },
            investigation=investigation,
            detail=known,
            causes=[cause_words(each) for each in known.causes],
            days=_days(known.review),
            day_chart=_day_chart(known.review),
            interval_chart=_interval_chart(known.intervals),
            add_event=self._add_event(investigation, known),
            may_resolve=may_resolve,
            form=form or FindingForm(initial=vars(investigation)),
            owner_form=OwnerForm(
                people=people, initial={"owner": investigation.owner_id}
            )
            if may_resolve
            else None,
            reason_form=ReasonForm(),
            changes=_changes(investigation),
            is_late=investigation.state == Investigation.State.OPEN
            and investigation.due_on < timezone.localdate(),
        )
        return self.render_to_response(context, status=status)

    def _add_event(
        self, investigation: Investigation, known: selectors.Detail
    ) -> list[tuple[Any, str]]:
        """Return, for each odd day without an event, the form already filled."""
        if not self.request.user.has_perm("capacity.add_event"):
            return []
        address = reverse("capacity:event-new")
        return [
            (
                day,
                f"{address}?"
                + urlencode(
                    {
                        "starts_on": day.isoformat(),
                        "ends_on": day.isoformat(),
                        "queues": investigation.queue_id,
                        "kind": Event.Kind.OWN,
                        "treatment": Event.Treatment.EXCLUDE,
                    }
                ),
            )
            for day in known.days_without_event
        ]


def _days(review: WeekReview | None) -> list[dict[str, Any]]:
    if review is None:
        return []
    week = review.week
    return [
        {
            "day": day,
            "actual": float(week.actual[place]),
            "expected": float(week.band.mean[place]),
            "low95": float(week.band.low95[place]),
            "high95": float(week.band.high95[place]),
            "deviation": float(week.deviations[place]),
            "is_outside": not (
                week.band.low95[place] <= week.actual[place] <= week.band.high95[place]
            ),
        }
        for place, day in enumerate(week.days)
    ]


def _day_chart(review: WeekReview | None) -> Chart | None:
    rows = _days(review)
    if len(rows) < 2:
        return None
    return _chart(
        rows, [date_format(row["day"], "D j") for row in rows], _("contacts a day")
    )


def _interval_chart(intervals: JudgedIntervals) -> Chart | None:
    if len(intervals) < 2:
        return None
    values = intervals.values
    rows = [
        {
            "actual": float(values.actual[place]),
            "expected": float(values.mean[place]),
            "low95": float(values.low95[place]),
            "high95": float(values.high95[place]),
        }
        for place in range(len(intervals))
    ]
    moments = [moment.astype(object) for moment in intervals.local]
    names = [date_format(moment, "D") for moment in moments]
    begins = first_of_days([moment.date() for moment in moments])
    return _chart(rows, names, _("contacts an interval"), begins)


def _chart(
    rows: list[dict[str, Any]],
    names: list[str],
    unit: str,
    printed: Sequence[int] | None = None,
) -> Chart:
    outside = sum(not row["low95"] <= row["actual"] <= row["high95"] for row in rows)
    return Chart(
        label=_("Actual against expected; %(outside)d of %(n)d outside the 95 %% band.")
        % {"outside": outside, "n": len(rows)},
        names=names,
        unit=unit,
        printed=printed,
        areas=[
            Area(
                _("95 % band"),
                "wide",
                [row["low95"] for row in rows],
                [row["high95"] for row in rows],
            )
        ],
        lines=[
            Line(_("Expected"), "expected", [row["expected"] for row in rows]),
            Line(_("Actual"), "actual", [row["actual"] for row in rows]),
        ],
    )


def _changes(investigation: Investigation) -> list[Any]:
    """Return the changes that were given a reason, newest first."""
    return list(
        investigation.history.exclude(history_change_reason=None)
        .exclude(history_change_reason="")
        .select_related("history_user")[:10]
    )
