"""Limits for addresses that are open to everybody: so many calls in a span of time."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from supportops.common.errors import OperationRefused

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

View = Callable[..., HttpResponseBase]
VisitorOf = Callable[[HttpRequest], str]


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls in a span that begins anew when it is over."""

    count: int
    seconds: int

    @classmethod
    def parse(cls, text: str) -> "Rate":
        """Read ``60/min``; the span is known by its first letter: s, m, h, d.

        Raises ``ValueError`` for anything else.
        """
        count, _slash, span = text.partition("/")
        seconds = _SECONDS.get(span.strip()[:1].lower())
        if seconds is None or not count.strip().isdecimal():
            raise ValueError(f"a rate reads like 60/min: {text}")
        return cls(int(count), seconds)


class TooManyCalls(OperationRefused):
    """Somebody called an address more often than its limit allows."""

    code = "too_many_calls"

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            _("That was too much at once. %(when)s") % {"when": when(retry_after)}
        )


def when(seconds: int) -> str:
    """Say when to try again."""
    if seconds < 120:
        words = ngettext(
            "Try again in %(count)d second.",
            "Try again in %(count)d seconds.",
            seconds,
        )
        return words % {"count": seconds}
    minutes = math.ceil(seconds / 60)
    words = ngettext(
        "Try again in %(count)d minute.", "Try again in %(count)d minutes.", minutes
    )
    return words % {"count": minutes}


def spend(name: str, *, address: str, visitor: str = "", now: float) -> None:
    """Count one call against the limit of that name in ``settings.RATE_LIMITS``.

    A visitor has the limit; an address has that of
    ``settings.RATE_LIMIT_VISITORS_PER_ADDRESS`` visitors, because an office shares one.
    Somebody without a visitor's key is counted by the address alone.

    Parameters
    ----------
    now : float
        Seconds since 1970.

    Raises
    ------
    TooManyCalls
        It says after how many seconds the next call is allowed.
    """
    rate = Rate.parse(settings.RATE_LIMITS[name])
    shared = rate.count * settings.RATE_LIMIT_VISITORS_PER_ADDRESS
    refused = _count(name, f"address:{address}", rate.seconds, now) > shared
    if visitor:
        # Both are counted even when one is over.
        own = _count(name, f"visitor:{visitor}", rate.seconds, now)
        refused = refused or own > rate.count
    if refused:
        raise TooManyCalls(rate.seconds - int(now % rate.seconds))


def _count(name: str, who: str, seconds: int, now: float) -> int:
    """Add one to the window that ``now`` lies in and return how many there were."""
    window = int(now // seconds)
    # Neither addresses nor visitors can be read from the cache.
    digest = blake2b(f"{name}:{who}".encode(), digest_size=16).hexdigest()
    key = f"rate:{digest}:{window}"
    cache.add(key, 0, timeout=seconds + 1)
    try:
        return int(cache.incr(key))
    except ValueError:
        # Another process emptied the cache in between.
        return 1


def client_address(request: HttpRequest) -> str:
    """Return who calls: behind a trusted proxy what the proxy saw, else the connection.

    The last entry of ``X-Forwarded-For`` is the proxy's own; all before it anybody can
    write.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.TRUST_PROXY and forwarded:
        return forwarded.rpartition(",")[2].strip()
    return request.META.get("REMOTE_ADDR", "")


def refusal(request: HttpRequest, refused: TooManyCalls) -> HttpResponse:
    """Answer 429 as a page, or as JSON to a program that asks for it."""
    response: HttpResponse
    if "application/json" in request.headers.get("Accept", ""):
        content = {"code": refused.code, "message": refused.message}
        response = JsonResponse(content, status=429)
    else:
        context = {"refused": refused, "organisation": settings.ORGANISATION_NAME}
        response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(refused.retry_after)
    response.headers["Cache-Control"] = "no-store"
    return response


def rate_limited(
    name: str,
    *,
    visitor: VisitorOf | None = None,
    methods: frozenset[str] = frozenset({"GET", "POST"}),
) -> Callable[[View], View]:
    """Limit a view; ``visitor`` reads the visitor's key, empty for none.

    Use it on a function, or on ``dispatch`` through ``method_decorator``.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def limited(
            request: HttpRequest, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            if request.method in methods:
                who = visitor(request) if visitor else ""
                try:
                    spend(
                        name,
                        address=client_address(request),
                        visitor=who,
                        now=time.time(),
                    )
                except TooManyCalls as refused:
                    return refusal(request, refused)
            return view(request, *args, **kwargs)

        return limited

    return decorate
