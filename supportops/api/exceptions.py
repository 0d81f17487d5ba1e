"""Turns refusals of the services into 409 with their code, everywhere alike."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from supportops.common.errors import OperationRefused


def refusals_as_conflict(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer ``{"code", "detail"}`` with 409 for a refusal; leave the rest to DRF."""
    if isinstance(error, OperationRefused):
        return Response({"code": error.code, "detail": str(error)}, status=409)
    return exception_handler(error, context)
