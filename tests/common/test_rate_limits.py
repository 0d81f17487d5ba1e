"""So many calls in a span, by visitor and by address."""

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import RequestFactory

from supportops.common.rate_limits import (
    Rate,
    TooManyCalls,
    client_address,
    rate_limited,
    spend,
    when,
)

NOON = 1_772_452_800.0  # 2026-03-02 12:00:00 UTC


@pytest.fixture(autouse=True)
def _limits(settings):
    cache.clear()
    settings.RATE_LIMITS = {"try": "2/min"}
    settings.RATE_LIMIT_VISITORS_PER_ADDRESS = 3


@pytest.mark.parametrize(
    ("text", "count", "seconds"),
    [("60/min", 60, 60), ("10/hour", 10, 3600), ("5/s", 5, 1), ("1/day", 1, 86400)],
)
def test_rate_is_read_from_its_text(text, count, seconds):
    assert Rate.parse(text) == Rate(count, seconds)


@pytest.mark.parametrize("text", ["", "60", "many/min", "-1/min", "60/fortnight"])
def test_rate_of_another_form_is_refused(text):
    with pytest.raises(ValueError, match="a rate reads like"):
        Rate.parse(text)


def test_visitor_is_refused_after_the_limit_and_told_when_to_come_back():
    for _call in range(2):
        spend("try", address="192.0.2.1", visitor="a", now=NOON + 15)

    with pytest.raises(TooManyCalls) as refused:
        spend("try", address="192.0.2.1", visitor="a", now=NOON + 15)

    assert refused.value.retry_after == 45
    assert "Try again in 45 seconds." in refused.value.message
    spend("try", address="192.0.2.1", visitor="b", now=NOON + 15)


def test_next_window_begins_anew():
    for _call in range(2):
        spend("try", address="192.0.2.1", visitor="a", now=NOON + 59)

    spend("try", address="192.0.2.1", visitor="a", now=NOON + 60)


def test_address_is_shared_by_as_many_visitors_as_the_setting_says():
    for number in range(6):
        spend("try", address="192.0.2.1", visitor=f"v{number}", now=NOON)

    with pytest.raises(TooManyCalls):
        spend("try", address="192.0.2.1", visitor="v6", now=NOON)
    with pytest.raises(TooManyCalls):
        spend("try", address="192.0.2.1", now=NOON)
    spend("try", address="192.0.2.2", now=NOON)


def test_limits_of_different_names_do_not_count_together(settings):
    settings.RATE_LIMITS = {"try": "1/min", "other": "1/min"}

    spend("try", address="192.0.2.1", visitor="a", now=NOON)
    spend("other", address="192.0.2.1", visitor="a", now=NOON)


def test_cache_holds_neither_address_nor_visitor():
    spend("try", address="192.0.2.1", visitor="somebody", now=NOON)

    keys = " ".join(cache._cache)
    assert "192.0.2.1" not in keys
    assert "somebody" not in keys


def test_forwarded_address_is_believed_only_behind_a_trusted_proxy(settings):
    request = RequestFactory().get(
        "/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    )

    settings.TRUST_PROXY = False
    assert client_address(request) == "127.0.0.1"
    settings.TRUST_PROXY = True
    # The first entry is what the caller wrote, the last what the proxy saw.
    assert client_address(request) == "198.51.100.7"


def test_limited_view_answers_429_with_the_seconds_to_wait(settings):
    settings.RATE_LIMITS = {"try": "0/min"}
    view = rate_limited("try")(lambda request: HttpResponse("in"))

    page = view(RequestFactory().get("/"))
    answer = view(RequestFactory().get("/", headers={"Accept": "application/json"}))

    assert (page.status_code, answer.status_code) == (429, 429)
    assert 1 <= int(page["Retry-After"]) <= 60
    assert page["Cache-Control"] == "no-store"
    assert "Try again in" in page.content.decode()
    assert b'"code": "too_many_calls"' in answer.content


def test_limited_view_counts_only_its_methods(settings):
    settings.RATE_LIMITS = {"try": "0/min"}
    view = rate_limited("try", methods=frozenset({"POST"}))(
        lambda request: HttpResponse("in")
    )

    assert view(RequestFactory().get("/")).status_code == 200
    assert view(RequestFactory().post("/")).status_code == 429


def test_wait_is_told_in_seconds_or_minutes():
    assert when(1) == "Try again in 1 second."
    assert when(119) == "Try again in 119 seconds."
    assert when(121) == "Try again in 3 minutes."
