"""The visitor's key: a random value in a cookie of the help centre's own.

It says that two rows came from one browser, never from whom. The cookie is set only with
an answer during which something was recorded.
"""

import re
import secrets

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

COOKIE = "help_visitor"
# A season: long enough to see whether people come back, and what they saw in a trial.
KEPT_SECONDS = 90 * 86400

_KEY = re.compile(r"[0-9a-f]{32}\Z")
_DRAWN = "_help_visitor"


def known_visitor(request: HttpRequest) -> str:
    """Return the key that the browser sent, empty when it has none of ours."""
    key = request.COOKIES.get(COOKIE, "")
    return key if _KEY.match(key) else ""


def visitor_of(request: HttpRequest) -> str:
    """Return the visitor's key, drawing one for a browser without.

    Call it where something is recorded, and `remember_visitor` with the answer.
    """
    key = known_visitor(request) or getattr(request, _DRAWN, "")
    if not key:
        key = secrets.token_hex(16)
        setattr(request, _DRAWN, key)
    return key


def remember_visitor(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set the cookie if a key was drawn during this request."""
    key = getattr(request, _DRAWN, "")
    if key:
        response.set_cookie(
            COOKIE,
            key,
            max_age=KEPT_SECONDS,
            path=reverse("help:home"),
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
