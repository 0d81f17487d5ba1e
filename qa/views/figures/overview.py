"""The quality page: how good, how sure, and what the figures hide."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from qa.core.scoreboard import AgentScore, Scoreboard
from qa.metrics.kpis import TARGET
from qa.models import Scorecard
from qa.selectors import overview, quality_warnings
from qa.selectors.satisfaction import satisfaction
from qa.selectors.scores import scoreboard
from qa.selectors.scores import words as score_words
from qa.selectors.sight import sight_of, visible_agents
from qa.views.figures.charts import axis_for, line
from qa.views.figures.csv_files import table_csv
from supportops.common.pages import StaffPageMixin
from supportops.metrics.catalogue import Text
from supportops.metrics.core.periods import Preset
from supportops.metrics.registry import dimension
from supportops.metrics.scopes import Scope, ScopeInvalid, scope_from
from supportops.metrics.selectors import count_waiting
from supportops.metrics.views import PRESETS
from workforce.people.models import Team

FILTERS = ("team", "scorecard")
PAGE = 25
SHOWN_PRESETS = (
    Preset.DAYS_7,
    Preset.DAYS_30,
    Preset.DAYS_90,
    Preset.LAST_MONTH,
    Preset.LAST_QUARTER,
    Preset.MONTHS_12,
)
SORTS: dict[str, tuple[Text, Any]] = {
    "score": (_("Score"), lambda row: row.best),
    "name": (_("Agent"), lambda row: row.name.lower()),
    "team": (_("Team"), lambda row: row.team.lower()),
    "raw": (_("Plain mean"), lambda row: row.random.value),
    "n": (_("Random reviews"), lambda row: row.random.n),
    "fails": (_("Critical fails"), lambda row: row.fails.value),
}


def parameters(query: QueryDict) -> dict[str, list[str]]:
    return {name: query.getlist(name) for name in query}


def address(query: QueryDict, **changes: str) -> str:
    """The query string with some values replaced; an empty one is left out."""
    changed = query.copy()
    for name in ("csv", "page", "agent"):
        changed.pop(name, None)
    for name, value in changes.items():
        changed[name] = value
        if not value:
            del changed[name]
    return f"?{changed.urlencode()}"


@dataclass(frozen=True)
class Asked:
    """What an address asks for, and what of it this person may see."""

    scope: Scope
    board: Scoreboard
    scorecard_id: int | None
    agent_ids: set[int] | None
    shows_people: bool


def asked(request: HttpRequest, query: QueryDict) -> Asked:
    """Read an address. Raises ``ScopeInvalid``."""
    user = request.user
    params = {k: v for k, v in parameters(query).items() if k != "agent"}
    scope = scope_from(params, user=user, at=timezone.now())
    scope = scope.without(*(set(scope.filters) - set(FILTERS)))
    chosen = scope.filters.get("scorecard")
    scorecard_id = min(chosen) if chosen else None
    sight = sight_of(user)
    agents = visible_agents(user)
    board = scoreboard(
        start=scope.start,
        end=scope.end,
        team_ids=scope.filters.get("team"),
        agent_ids=agents,
        scorecard_id=scorecard_id,
    )
    return Asked(scope, board, scorecard_id, agents, sight is None or sight.by_agent)


class OverviewView(StaffPageMixin, TemplateView):
    permission = "qa.view_quality"
    title = _("Quality")
    template_name = "qa/figures/overview.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return self._respond(asked(request, request.GET))
        except ScopeInvalid as refusal:
            question = asked(request, QueryDict())
            context = self.get_context_data(
                **self._frame(question, QueryDict()), problem=str(refusal)
            )
            return self.render_to_response(context, status=400)

    def _respond(self, question: Asked) -> HttpResponseBase:
        table = self.request.GET.get("csv")
        if table is not None:
            people = question.shows_people
            return table_csv(table, question.scope, question.board, people=people)
        return self.render_to_response(
            self.get_context_data(
                **self._frame(question, self.request.GET), **self._answer(question)
            )
        )

    def _frame(self, question: Asked, query: QueryDict) -> dict[str, Any]:
        """What the filter bar shows."""
        scope = question.scope
        custom = query.get("from") or query.get("to")
        return {
            "scope": scope,
            "presets": [
                (
                    preset,
                    *PRESETS[preset],
                    address(query, period=preset, **{"from": "", "to": ""}),
                )
                for preset in SHOWN_PRESETS
            ],
            "chosen": "" if custom else query.get("period") or Preset.DAYS_30,
            "filters": [
                {
                    "code": code,
                    "label": dimension(code).label,
                    "options": _options(code, question),
                    "value": query.get(code, ""),
                }
                for code in FILTERS
            ],
            "is_filtered": any(query.get(code) for code in FILTERS),
            "clear": address(query, **dict.fromkeys(FILTERS, "")),
            "waiting_days": count_waiting(scope.start, scope.end),
            "shows_people": question.shows_people,
            "own_only": question.agent_ids is not None,
        }

    def _answer(self, question: Asked) -> dict[str, Any]:
        scope, board = question.scope, question.board
        if not board.random.n and not board.targeted.n:
            return {"is_empty": True}
        query = self.request.GET
        rows = sorted_rows(board.agents, query.get("sort", "-score"))
        page = Paginator(rows, PAGE).get_page(query.get("page"))
        found = quality_warnings.checks(
            scope,
            board,
            scorecard_id=question.scorecard_id,
            agent_ids=question.agent_ids,
        )
        return {
            "figures": overview.headline(scope),
            "previous": scope.period.previous(),
            "board": board,
            **_trend(scope),
            "axis": axis_for(
                [
                    *(row.low for row in board.agents if question.shows_people),
                    *(row.random.low for row in board.teams),
                    TARGET,
                ]
            ),
            "period_query": period_query(query),
            "bands": overview.bands(scope),
            "satisfaction": satisfaction(scope, scorecard_id=question.scorecard_id),
            "warnings": [check for check in found if check.tone == "watch"],
            "passed": [check for check in found if check.tone != "watch"],
            "page": page if question.shows_people else None,
            "newer": address(query, page=str(page.number - 1)),
            "older": address(query, page=str(page.number + 1)),
            "sorts": _sort_links(query),
            "told_apart": score_words.told_apart_words(board.agents, board.random)
            if question.shows_people
            else "",
            **self._comparison(question),
        }

    def _comparison(self, question: Asked) -> dict[str, Any]:
        """Two people compared in words, if two were chosen."""
        if not question.shows_people:
            return {}
        chosen = [self.request.GET.get(name, "") for name in ("first", "second")]
        people = sorted(question.board.agents, key=lambda row: row.name.lower())
        answer = ""
        known = {str(row.agent_id) for row in people}
        if known.issuperset(chosen) and chosen[0] != chosen[1]:
            answer = score_words.comparison_words(
                question.board.compare(int(chosen[0]), int(chosen[1]))
            )
        first, second = (
            chosen[place] or str(people[place].agent_id if people[place:] else "")
            for place in range(2)
        )
        return {
            "is_comparable": len(people) > 1,
            "compared": answer,
            "first_options": _people_options(people, first),
            "second_options": _people_options(people, second),
            "kept": [
                (name, value)
                for name, value in self.request.GET.items()
                if name not in {"first", "second", "csv"}
            ],
        }


def _people_options(people: list[AgentScore], chosen: str) -> SafeString:
    """Everybody to choose from; built here, as a template takes long over hundreds."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (
                row.agent_id,
                SafeString(" selected" if str(row.agent_id) == chosen else ""),
                row.name,
            )
            for row in people
        ),
    )


def period_query(query: QueryDict) -> str:
    """The part of an address that other pages of one agent understand too."""
    kept = {
        name: query[name]
        for name in ("period", "from", "to", "scorecard")
        if query.get(name)
    }
    return urlencode(kept)


def _trend(scope: Scope) -> dict[str, Any]:
    """The line of weekly means, its table, and what it says."""
    found = overview.trend(scope)
    weeks = found.weeks
    signals = [week for week in weeks if week.is_signal]
    drawn = line(
        [week.start for week in weeks],
        [week.value for week in weeks],
        [
            f"{date_format(week.start)}: {score_words.points(week.value)}, n {week.n}"
            if week.value is not None
            else ""
            for week in weeks
        ],
        lower=[week.lower for week in weeks],
        upper=[week.upper for week in weeks],
        signals=[week.is_signal for week in weeks],
        centre=found.centre,
        goal=TARGET,
    )
    words = gettext("Every week lies within what chance allows: nothing has moved.")
    if signals:
        words = ngettext(
            "%(n)d week of %(weeks)d differs from the others by more than chance.",
            "%(n)d weeks of %(weeks)d differ from the others by more than chance.",
            len(signals),
        ) % {"n": len(signals), "weeks": len(weeks)}
    return {
        "trend": found,
        "line": drawn,
        "trend_name": gettext("Mean score by week"),
        "trend_words": words,
        "has_signal": bool(signals),
    }


def sorted_rows(rows: tuple[AgentScore, ...], sort: str) -> list[AgentScore]:
    """Order the table; rows without the value asked for come last."""
    name = sort.removeprefix("-")
    value = SORTS.get(name, SORTS["score"])[1]
    known = [row for row in rows if value(row) is not None]
    unknown = [row for row in rows if value(row) is None]
    return sorted(known, key=value, reverse=sort.startswith("-")) + unknown


def _sort_links(query: QueryDict) -> dict[str, dict[str, Any]]:
    current = query.get("sort", "-score")
    links = {}
    for name, (label, _value) in SORTS.items():
        # A first click shows the largest numbers and the first letters.
        first = name if name in {"name", "team"} else f"-{name}"
        turned = current.removeprefix("-") if current.startswith("-") else f"-{current}"
        is_current = current.removeprefix("-") == name
        state = "descending" if current.startswith("-") else "ascending"
        links[name] = {
            "label": label,
            "address": address(query, sort=turned if is_current else first),
            "state": state if is_current else "",
        }
    return links


def _options(code: str, question: Asked) -> list[tuple[str, str]]:
    if code == "scorecard":
        cards = Scorecard.objects.order_by("name").values_list("pk", "name")
        return [(str(pk), name) for pk, name in cards]
    teams = Team.objects.order_by("name")
    if question.agent_ids is not None:
        teams = teams.filter(members__in=question.agent_ids).distinct()
    return [(str(pk), name) for pk, name in teams.values_list("pk", "name")]
