"""One agent's quality: the score with its doubt, what moved it, what to do next."""

from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from qa.coaching.selectors import sessions as coaching
from qa.core.scoreboard import AgentScore, Comparison, Scoreboard
from qa.metrics.kpis import TARGET
from qa.selectors import agent_quality
from qa.selectors.agent_quality import Smoothed
from qa.selectors.scores import scoreboard
from qa.selectors.scores import words as score_words
from qa.selectors.sight import visible_agents
from qa.views.figures import SHOWN_PRESETS, address, parameters
from qa.views.figures.charts import Line, axis_for, line
from supportops.common.pages import StaffPageMixin
from supportops.metrics.core.periods import Period, Preset
from supportops.metrics.scopes import ScopeInvalid, period_from
from supportops.metrics.views import PRESETS
from workforce.people.models import User

LISTED = 10
WAITING = 5
COMPARED = 6
NAMES_REVIEWERS = "qa.view_reliability"


class AgentView(StaffPageMixin, TemplateView):
    """Somebody's quality, for whoever may read all of their reviews."""

    permission = "qa.view_review"
    template_name = "qa/figures/agent.html"

    @cached_property
    def agent(self) -> User:
        found = get_object_or_404(
            User.objects.select_related("team"), pk=self.kwargs["pk"]
        )
        visible = visible_agents(self.request.user)
        if visible is not None and found.pk not in visible:
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.agent  # noqa: B018 -- whether there is a page, before what it asks for
        try:
            return self._respond(request.GET)
        except ScopeInvalid as refusal:
            return self._respond(QueryDict(), problem=str(refusal))

    def _respond(self, query: QueryDict, problem: str = "") -> HttpResponseBase:
        now = timezone.now()
        period = period_from({"period": [Preset.DAYS_90], **parameters(query)}, at=now)
        context = self.get_context_data(
            **self._frame(period, query),
            **self._answer(period),
            problem=problem,
            now=now,
        )
        return self.render_to_response(context, status=400 if problem else 200)

    def _frame(self, period: Period, query: QueryDict) -> dict[str, Any]:
        is_own = self.agent == self.request.user
        custom = query.get("from") or query.get("to")
        return {
            "title": _("My quality") if is_own else str(self.agent),
            "agent": self.agent,
            "is_own": is_own,
            "period": period,
            "presets": [
                (
                    key,
                    PRESETS[key][0],
                    address(query, period=key, **{"from": "", "to": ""}),
                )
                for key in SHOWN_PRESETS
            ],
            "chosen": "" if custom else query.get("period") or Preset.DAYS_90,
        }

    def _answer(self, period: Period) -> dict[str, Any]:
        user, agent = self.request.user, self.agent
        board = scoreboard(
            start=period.start, end=period.end, agent_ids=self._colleagues()
        )
        row = board.agent(agent.pk)
        reviews = agent_quality.reviews_of(user, agent, period)
        return {
            "row": row,
            "board": board,
            **(self._score(row, board) if row else {}),
            **self._line(agent_quality.smoothed(reviews, board.residual_sd)),
            "causes": agent_quality.root_causes(reviews),
            "praise": agent_quality.praise(reviews),
            **self._waiting(),
            "latest": agent_quality.latest(reviews)[:LISTED],
            **self._coaching(),
        }

    def _waiting(self) -> dict[str, Any]:
        found = agent_quality.to_acknowledge(self.request.user, self.agent)
        return {
            "waiting": found[:WAITING],
            "waiting_more": max(0, found.count() - WAITING),
        }

    def _colleagues(self) -> set[int]:
        """The agent, and members of their team whose scores this person may see."""
        members = set(
            User.objects.filter(
                team__isnull=False, team=self.agent.team_id
            ).values_list("pk", flat=True)
        )
        visible = visible_agents(self.request.user)
        return {self.agent.pk} | (members if visible is None else members & visible)

    def _score(self, row: AgentScore, board: Scoreboard) -> dict[str, Any]:
        named = self.request.user.has_perm(NAMES_REVIEWERS)
        compared = _nearest(row, board)
        return {
            "axis": axis_for([row.low, row.random.low, row.random.value, TARGET]),
            "standing": score_words.standing_words(row, board, target=TARGET),
            "steps": score_words.steps_words(row, board, named=named),
            "compared": [score_words.comparison_words(each) for each in compared],
        }

    def _line(self, points: list[Smoothed]) -> dict[str, Any]:
        drawn = _drawn(points)
        signals = sum(1 for point in points if point.is_signal)
        words = _("The level stays within what chance allows.")
        if signals:
            words = _("The level has left what chance allows: it has really moved.")
        return {
            "smoothed": points,
            "line": drawn,
            "line_name": _("Smoothed score"),
            "line_words": words,
            "fewest": agent_quality.FEWEST,
        }

    def _coaching(self) -> dict[str, Any]:
        """What was agreed with the agent, for the agent and those who may coach."""
        talks = coaching.sessions_visible_to(self.request.user)
        focus = coaching.focus_of(self.agent)
        if focus is not None and not talks.filter(pk=focus.pk).exists():
            focus = None
        goals = coaching.open_goals_of(self.agent).filter(session__in=talks)
        return {"focus": focus, "goals": goals}


class MeView(AgentView):
    """One's own page."""

    title = gettext_lazy("My quality")

    @cached_property
    def agent(self) -> User:
        return self.request.user


def _nearest(row: AgentScore, board: Scoreboard) -> list[Comparison]:
    """Compare an agent with the colleagues of the nearest scores, and nobody else."""
    others = [each for each in board.agents if each.agent_id != row.agent_id]
    others.sort(key=lambda each: abs((each.best or 0.0) - (row.best or 0.0)))
    return [board.compare(row.agent_id, each.agent_id) for each in others[:COMPARED]]


def _drawn(points: list[Smoothed]) -> Line | None:
    return line(
        [point.at for point in points],
        [point.level for point in points],
        [
            f"{date_format(point.at)}: {score_words.points(point.score)} → "
            f"{score_words.points(point.level)}"
            for point in points
        ],
        lower=[point.lower for point in points],
        upper=[point.upper for point in points],
        signals=[point.is_signal for point in points],
        centre=None,
        goal=TARGET,
    )
