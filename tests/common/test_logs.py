import json
import logging
import sys
from collections.abc import Iterator

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from supportops.common.logs import JsonFormatter, RequestLogMiddleware, request_id
from tests.factories.people import UserFactory


def record(message: str = "hello %s", *args: object, **extra: object):
    made = logging.getLogger("a.b").makeRecord(
        "a.b", logging.WARNING, "file.py", 1, message, args, None, extra=extra
    )
    made.created = 1_772_442_000.0
    return made


@pytest.fixture
def request_log(
    caplog: pytest.LogCaptureFixture,
) -> Iterator[list[logging.LogRecord]]:
    """The lines of our own logger; Django writes warnings of its own beside them."""
    logger, lines = logging.getLogger("supportops.request"), []
    caplog.set_level(logging.INFO, logger=logger.name)
    logger.addFilter(keep := lambda line: lines.append(line) or True)
    yield lines
    logger.removeFilter(keep)


def test_formatter_writes_one_json_object_with_the_extras():
    line = JsonFormatter().format(record("moved %d", 3, ticket_id=7))

    assert json.loads(line) == {
        "at": "2026-03-02T09:00:00+00:00",
        "level": "WARNING",
        "logger": "a.b",
        "message": "moved 3",
        "ticket_id": 7,
    }


def test_formatter_keeps_line_breaks_inside_one_line():
    line = JsonFormatter().format(record("two\nlines, ünïcode"))

    assert "\n" not in line
    assert json.loads(line)["message"] == "two\nlines, ünïcode"


def test_formatter_writes_the_exception():
    made = record("failed")
    try:
        int("no such thing")
    except ValueError:
        made.exc_info = sys.exc_info()

    exception = json.loads(JsonFormatter().format(made))["exception"]

    assert exception.splitlines()[0] == "Traceback (most recent call last):"
    assert exception.splitlines()[-1] == (
        "ValueError: invalid literal for int() with base 10: 'no such thing'"
    )


def test_formatter_leaves_out_the_request_whose_text_holds_the_query():
    request = RequestFactory().get("/admin/?q=ada@example.com")

    line = JsonFormatter().format(record("Not Found", request=request, status_code=404))

    assert "ada@example.com" not in line
    assert json.loads(line)["status_code"] == 404


def test_formatter_writes_values_json_does_not_know():
    line = JsonFormatter().format(record("x", day=logging.Formatter))

    assert json.loads(line)["day"] == "<class 'logging.Formatter'>"


def test_every_line_of_a_request_carries_its_id():
    lines = []

    def view(request: HttpRequest) -> HttpResponse:
        lines.append(json.loads(JsonFormatter().format(record("inside"))))
        return HttpResponse()

    response = RequestLogMiddleware(view)(RequestFactory().get("/"))

    assert lines[0]["request_id"] == response.headers["X-Request-ID"]
    assert len(lines[0]["request_id"]) == 12
    assert request_id.get() == ""


def test_request_log_says_what_who_and_how_long_without_the_query(db, request_log):
    user = UserFactory(username="ada@example.com")
    client = Client()
    client.force_login(user)

    client.get("/api/v1/tickets/?tag=ada@example.com")

    (line,) = request_log
    assert (line.method, line.path, line.status) == ("GET", "/api/v1/tickets/", 403)
    assert line.user_id == user.pk
    assert line.ms >= 0
    assert line.getMessage() == f"GET /api/v1/tickets/ 403 in {line.ms} ms"
    assert "ada@example.com" not in JsonFormatter().format(line)


def test_request_log_knows_no_user_before_sign_in(db, request_log):
    Client().get("/admin/login/")

    assert [line.user_id for line in request_log] == [None]


def test_request_log_is_one_line_for_an_address_with_a_line_break(db, request_log):
    Client().get("/no/such%0Apage")

    (line,) = request_log
    assert line.path == "/no/such%0Apage"
    assert "\n" not in line.getMessage()


@pytest.mark.parametrize("path", ["/health/live", "/static/none.css"])
def test_request_log_passes_over_probes_and_static_files(db, request_log, path):
    response = Client().get(path)

    assert request_log == []
    assert len(response.headers["X-Request-ID"]) == 12


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [
        ("0a1b2c3d-proxy.7", True),
        ("short", False),
        ("x" * 65, False),
        ("has blank inside", False),
        ('{"injected": 1}', False),
    ],
)
def test_request_id_of_a_proxy_is_kept_when_it_is_plain(db, given, is_kept):
    response = Client().get("/health/live", headers={"X-Request-ID": given})

    assert (response.headers["X-Request-ID"] == given) is is_kept


def test_request_id_is_forgotten_when_the_view_fails():
    def view(request: HttpRequest) -> HttpResponse:
        raise Http404

    with pytest.raises(Http404):
        RequestLogMiddleware(view)(RequestFactory().get("/"))

    assert request_id.get() == ""
