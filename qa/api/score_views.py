"""The endpoint of scores: what the page of quality shows, of whom the caller may see."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from qa.api.score_serializers import ScoreboardOut
from qa.selectors.scores import scoreboard
from qa.selectors.sight import sight_of, visible_agents
from supportops.api.filters import LARGEST_ID
from supportops.api.views import Endpoint
from supportops.metrics.core.periods import Preset
from supportops.metrics.scopes import ScopeInvalid, period_from

PERIOD = ("period", "from", "to")


class ScoreViewSet(Endpoint, viewsets.ViewSet):
    """Scores with interval and number. Who sees teams only gets no agents."""

    scope = "qa"
    read_permission = "qa.view_quality"
    parameters = frozenset({*PERIOD, "team", "scorecard"})
    serializer_class = ScoreboardOut
    pagination_class = None

    def described_parameters(self) -> Sequence[OpenApiParameter]:
        return [
            OpenApiParameter(
                "period",
                str,
                enum=[preset.value for preset in Preset],
                description=_("UTC days; rolling periods include today."),
            ),
            OpenApiParameter("from", str, description=_("First day.")),
            OpenApiParameter("to", str, description=_("Last day inside.")),
            OpenApiParameter("team", int, many=True),
            OpenApiParameter("scorecard", int),
        ]

    # One board, though the action is named list.
    @extend_schema(
        operation_id="scores_list",
        responses=forced_singular_serializer(ScoreboardOut),
    )
    def list(self, request: Request) -> Response:
        """Scores of agents and teams over a period, best first."""
        given = dict(request.query_params.lists())
        try:
            period = period_from(given, at=timezone.now())
        except ScopeInvalid as error:
            named = next((name for name in PERIOD if name in given), "period")
            raise ValidationError({named: [str(error)]}) from error
        cards = _ids(given, "scorecard")
        board = scoreboard(
            start=period.start,
            end=period.end,
            team_ids=_ids(given, "team") or None,
            agent_ids=visible_agents(request.user),
            scorecard_id=cards[-1] if cards else None,
        )
        shown: dict[str, Any] = ScoreboardOut(board).data
        sight = sight_of(request.user)
        if sight is not None and not sight.by_agent:
            shown["agents"] = []
        return Response(shown)


def _ids(given: dict[str, list[str]], name: str) -> list[int]:
    found = [value for value in given.get(name, []) if value]
    readable = [value.isascii() and value.isdigit() for value in found]
    if not all(readable) or any(int(value) > LARGEST_ID for value in found):
        raise ValidationError({name: [_("Write the number of the row.")]})
    return [int(value) for value in found]
