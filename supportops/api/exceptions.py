"""One shape for every error: ``code``, ``detail`` and, where they help, ``fields``."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from supportops.common.errors import OperationRefused

WHOLE = api_settings.NON_FIELD_ERRORS_KEY


def refusals_as_conflict(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a refusal of the services with 409, and every error in the one shape."""
    if isinstance(error, OperationRefused):
        return Response(_refusal(error), status=409)
    if isinstance(error, ObjectDoesNotExist):
        # Looked up a moment ago, and gone by the time its row was locked.
        error = NotFound()
    response = exception_handler(error, context)
    if response is not None:
        response.data = _problem(error, response)
    return response


def _refusal(error: OperationRefused) -> dict[str, Any]:
    problem: dict[str, Any] = {"code": error.code, "detail": str(error)}
    missing = getattr(error, "fields", None)
    if missing:
        problem["fields"] = {name: [str(error)] for name in missing}
    if getattr(error, "allowed", None) is not None:
        problem["allowed"] = list(error.allowed)  # type: ignore[attr-defined]
    return problem


def _problem(error: Exception, response: Response) -> dict[str, Any]:
    if isinstance(error, ValidationError):
        return {
            "code": "invalid",
            "detail": _("Some values cannot be used; “fields” says which and why."),
            "fields": _by_field(error.detail),
        }
    detail = response.data.get("detail") if isinstance(response.data, dict) else None
    code = getattr(detail, "code", None)
    if code is None and isinstance(error, APIException):
        code = error.default_code
    return {"code": code or "error", "detail": str(detail or error)}


def _by_field(detail: Any, name: str = "") -> dict[str, list[str]]:
    """Flatten nested messages: ``{"tags": {"0": […]}}`` becomes ``{"tags.0": […]}``."""
    if isinstance(detail, dict):
        fields: dict[str, list[str]] = {}
        for key, inner in detail.items():
            fields |= _by_field(inner, f"{name}.{key}" if name else str(key))
        return fields
    messages = detail if isinstance(detail, list) else [detail]
    return {name or WHOLE: [str(message) for message in messages]}
