"""Structured logs: one line of JSON a record, one record a request, no personal data.

A person appears as the number of their account; addresses without their query, which
may hold what somebody searched for.
"""

import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from urllib.parse import quote

from django.db import Error as AnyDatabaseError
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("supportops.request")

QUIET = ("/static/", "/health/")
HEADER = "X-Request-ID"
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Django hands over the request itself, whose text carries the query.
_NOT_WRITTEN = {"request", "message", "asctime", "taskName"}
_STANDARD = set(logging.makeLogRecord({}).__dict__) | _NOT_WRITTEN
_USABLE_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")


class JsonFormatter(logging.Formatter):
    """Write a record as one JSON object; values passed in ``extra`` become its keys."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            line["request_id"] = request_id.get()
        line |= {k: v for k, v in record.__dict__.items() if k not in _STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


class RequestLogMiddleware:
    """Log method, path, status, milliseconds and a request id for every request.

    The id of a proxy in front is kept, so that one id follows a request through both.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        given = request.headers.get(HEADER, "")
        number = given if _USABLE_ID.fullmatch(given) else uuid.uuid4().hex[:12]
        token = request_id.set(number)
        try:
            response = self.get_response(request)
            response.headers[HEADER] = number
            if not request.path.startswith(QUIET):
                _write(request, response, (time.perf_counter() - started) * 1000)
        finally:
            request_id.reset(token)
        return response


def _write(request: HttpRequest, response: HttpResponse, milliseconds: float) -> None:
    # Quoted again: a line break in an address must not start a second line.
    path, ms = quote(request.path), round(milliseconds, 1)
    logger.info(
        "%s %s %d in %s ms",
        request.method,
        path,
        response.status_code,
        ms,
        extra={
            "method": request.method,
            "path": path,
            "status": response.status_code,
            "ms": ms,
            "user_id": _user_id(request),
        },
    )


def _user_id(request: HttpRequest) -> int | None:
    """Return who asked. A broken database must not break the log of what broke."""
    try:
        return getattr(getattr(request, "user", None), "pk", None)
    except AnyDatabaseError:
        return None
