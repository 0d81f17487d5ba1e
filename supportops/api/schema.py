"""How endpoints describe themselves in the OpenAPI document."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=_(
        "Any text of up to 80 characters, new for each change. The same key with the "
        "same body within 24 hours returns the first answer and changes nothing."
    ),
)


class ProblemOut(serializers.Serializer):
    """What every error looks like."""

    code = serializers.CharField(help_text=_("A stable word to decide by."))
    detail = serializers.CharField(help_text=_("What is wrong, in words."))
    fields = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text=_("By name of a field or parameter: what is wrong with it."),
    )
    allowed = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text=_("What would have been accepted instead."),
    )


PROBLEMS = {
    "400": _("A field or parameter cannot be read; `fields` says which."),
    "401": _("No token, or one that is unknown, revoked or expired."),
    "403": _("The token lacks the scope, or its owner the permission."),
    "404": _("There is no such row, or its owner may not see it."),
    "409": _("Refused: `code` says why, `detail` says what to do."),
    "415": _("The body is not JSON."),
    "429": _("Too many calls; `Retry-After` says how many seconds to wait."),
}
_READS = ("400", "401", "403", "404", "429")


class EndpointSchema(AutoSchema):
    """Adds the errors that every endpoint may answer, and the key of repeatable posts."""

    def get_override_parameters(self) -> list[Any]:
        described = list(self.view.described_parameters())
        return [IDEMPOTENCY_KEY, *described] if self.method == "POST" else described

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        responses = super()._get_response_bodies(direction)
        for code, description in PROBLEMS.items():
            if self.method == "POST" or code in _READS:
                problem = OpenApiResponse(ProblemOut, description=str(description))
                responses[code] = self._get_response_for_code(
                    problem, code, direction=direction
                )
        return responses
