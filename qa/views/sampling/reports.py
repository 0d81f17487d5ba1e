"""Coverage, replacements, and the planner that says how many reviews a difference takes."""

import math
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from qa import sampling_phrases as phrases
from qa.core.sampling import last_week
from qa.core.sampling.precision import half_width, needed_to_tell
from qa.forms.sampling import PeriodForm, PrecisionForm
from qa.models import SampleItem
from qa.selectors import sampling as selectors
from qa.selectors.sampling_sight import knows_why
from qa.views.acting import actor_of
from qa.views.sampling import PAGE_SIZE
from supportops.common.pages import StaffPageMixin
from supportops.metrics.core.intervals import share_interval
from supportops.metrics.exports import csv_response

WEEKS_OF_REPLACEMENTS = 8


class PeriodPage(StaffPageMixin, TemplateView):
    """A page about some days; what cannot be read is said, with 400."""

    weeks = 1

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = PeriodForm(self._first() | request.GET.dict())
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        start = form.cleaned_data["start"]
        end = form.cleaned_data["last"] + timedelta(days=1)
        team = form.cleaned_data["team"]
        teams = None if team is None else [team.pk]
        return self.answer(form, start, end, teams)

    def _first(self) -> dict[str, Any]:
        newest = last_week(timezone.localdate())
        return {
            "start": (newest - timedelta(weeks=self.weeks - 1)).isoformat(),
            "last": (newest + timedelta(days=6)).isoformat(),
        }

    def answer(
        self, form: PeriodForm, start: date, end: date, teams: list[int] | None
    ) -> HttpResponseBase:
        raise NotImplementedError

    def csv_address(self) -> str:
        query = self.request.GET.copy()
        query["csv"] = ""
        return f"?{query.urlencode()}"


class CoverageView(PeriodPage):
    """Who was reviewed in the week, and who is at zero?"""

    permission = "qa.view_samplingdraw"
    title = gettext_lazy("Coverage")
    template_name = "qa/sampling/coverage.html"

    def answer(
        self, form: PeriodForm, start: date, end: date, teams: list[int] | None
    ) -> HttpResponseBase:
        zone = timezone.get_current_timezone()
        manages = knows_why(actor_of(self.request))
        rows = selectors.coverage(start, end, teams, zone, is_blind=not manages)
        shown = selectors.agents_overseen_by(actor_of(self.request))
        if shown is not None:
            rows = [row for row in rows if row.agent.pk in shown]
        if "csv" in self.request.GET:
            return coverage_csv(rows, start, end)
        judged = [row for row in rows if row.resolved]
        return self.render_to_response(
            self.get_context_data(
                form=form,
                rows=rows,
                judged=len(judged),
                is_drawn=any(row.drawn for row in rows),
                covered=sum(row.is_covered for row in judged),
                waiting=sum(row.drawn > row.done for row in judged),
                zero=[row for row in judged if not row.is_covered],
                zone=timezone.get_current_timezone_name(),
                own_only=shown is not None,
                manages=manages,
                csv=self.csv_address(),
            )
        )


def coverage_csv(
    rows: list[selectors.CoverageRow], start: date, end: date
) -> HttpResponseBase:
    header = ("agent", "team", "resolved", "drawn", "done", "random_done")
    return csv_response(
        f"coverage-{start}-{end - timedelta(days=1)}",
        header,
        (
            (
                str(row.agent),
                str(row.agent.team or ""),
                row.resolved,
                row.drawn,
                row.done,
                row.random,
            )
            for row in rows
        ),
    )


class ReplacementsView(PeriodPage):
    """Who replaces how much, and why?"""

    permission = "qa.take_draw"
    title = gettext_lazy("Replacements")
    template_name = "qa/sampling/replacements.html"
    weeks = WEEKS_OF_REPLACEMENTS

    def answer(
        self, form: PeriodForm, start: date, end: date, teams: list[int] | None
    ) -> HttpResponseBase:
        rows = selectors.replacements(start, end)
        page = Paginator(selectors.replaced_items(start, end), PAGE_SIZE)
        items = sum(row.items for row in rows)
        replaced = sum(row.replaced for row in rows)
        return self.render_to_response(
            self.get_context_data(
                form=form,
                rows=[(row, self._share(row.replaced, row.items)) for row in rows],
                reasons=SampleItem.Reason.choices,
                items=items,
                replaced=replaced,
                share=self._share(replaced, items),
                page=page.get_page(self.request.GET.get("page")),
            )
        )

    @staticmethod
    def _share(part: int, whole: int) -> dict[str, float] | None:
        """Return a share with its 95 % interval by Wilson, in percent."""
        if not whole:
            return None
        (low, high), *_rest = share_interval([part], [whole]).tolist()
        return {"value": 100 * part / whole, "low": 100 * low, "high": 100 * high}


class PrecisionView(StaffPageMixin, TemplateView):
    """How many more reviews does it take to tell 85 from 80 by the end of the month?"""

    permission = "qa.view_samplingdraw"
    title = gettext_lazy("Precision planner")
    template_name = "qa/sampling/precision.html"
    first = {"score": "85", "other": "80", "confidence": "0.95"}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        this_month = {"month": f"{timezone.localdate():%Y-%m}"}
        form = PrecisionForm(self.first | this_month | request.GET.dict())
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        zone, now = timezone.get_current_timezone(), timezone.now()
        month = form.cleaned_data["month"] or timezone.localdate()
        start, end = month_bounds(month, zone)
        if start >= now:
            form.add_error("month", _("That month has not begun."))
            return self.render_to_response(self.get_context_data(form=form), status=400)
        return self.render_to_response(
            self.get_context_data(
                form=form,
                month=start.date(),
                last_day=end.date() - timedelta(days=1),
                is_over=end <= now,
                rows=self._rows(form.cleaned_data, start, end, now),
            )
        )

    def _rows(
        self, asked: dict[str, Any], start: datetime, end: datetime, now: datetime
    ) -> list[dict[str, Any]]:
        agents = selectors.planned_agents(
            start=start,
            at=now,
            end=end,
            agent_ids=selectors.agents_overseen_by(
                actor_of(self.request), asked["team"] and asked["team"].pk
            ),
        )
        return [planner_line(agent, asked) for agent in agents if agent.population]


def planner_line(
    agent: selectors.PlannedAgent, asked: dict[str, Any]
) -> dict[str, Any]:
    """Return one agent's line: what there is, and what the difference takes."""
    sure = asked["confidence"]
    further = needed_to_tell(
        asked["score"],
        asked["other"],
        agent.spread.points,
        agent.population,
        agent.have,
        confidence=sure,
    )
    half = half_width(
        agent.spread.points, agent.have, agent.population, confidence=sure
    )
    return {
        "agent": agent.agent,
        "have": agent.have,
        "population": agent.population,
        "further": further,
        "is_all": further > 0 and agent.have + further == agent.population,
        "half": phrases.half_words(half),
        "is_known": math.isfinite(half),
        "spread": phrases.spread_words(agent.spread),
    }


def month_bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return (
        datetime.combine(first, time(), tzinfo=zone),
        datetime.combine(following, time(), tzinfo=zone),
    )
