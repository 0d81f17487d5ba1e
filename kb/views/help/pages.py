"""What all pages of the help centre share: language, audience, cookie, caching."""

import re
from collections.abc import Callable, Iterable
from functools import cached_property, wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.generic import TemplateView

from kb.models import Article, Place
from kb.selectors.help.centre import centre
from kb.selectors.help.kept import content_number
from kb.selectors.help.languages import (
    Language,
    language_for,
    languages_of,
    spoken_for,
)
from kb.selectors.help.topics import Branch
from kb.selectors.readers import Audience, audience_of
from kb.visitors import known_visitor, remember_visitor, visitor_of
from supportops.common.rate_limits import rate_limited

PUBLIC_SECONDS = 60
QUERY_LENGTH = 300

# Programs that read pages for others: they neither search nor read.
_PROGRAM = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|monitor|curl/|wget/|python-requests",
    re.IGNORECASE,
)


def absolute(path: str) -> str:
    """Return the one address of a page, whatever host the request named."""
    return settings.SITE_URL.rstrip("/") + path


def article_path(article: Article) -> str:
    return reverse("help:article", args=[article.language, article.slug])


def topic_path(language: str, slug: str) -> str:
    return reverse("help:topic", args=[language, slug])


def carried(text: str, language: str) -> str:
    """Return the end of an address that carries a search and the language along."""
    named = {"q": text, "language": language}
    return "?" + urlencode({name: value for name, value in named.items() if value})


def languages_wanted(request: HttpRequest, named: str = "") -> list[str]:
    """Return what the address asks for, else what the browser accepts, best first."""
    named = named or request.GET.get("language", "")
    if named:
        return [named]
    header = request.headers.get("Accept-Language", "")
    return [code for code, quality in parse_accept_lang_header(header) if quality]


class HelpPage(TemplateView):
    """A page in the reader's language, for the reader's audience.

    ``is_personal`` pages differ by visitor (they record, or hold a form) and are kept in
    no cache; the others are kept for a minute while nobody is signed in.
    """

    is_personal = False
    is_indexed = True

    @cached_property
    def audience(self) -> Audience:
        return audience_of(self.request.user)

    @cached_property
    def content_number(self) -> int | None:
        return content_number()

    @cached_property
    def languages(self) -> list[Language]:
        return languages_of(self.audience, self.content_number)

    @cached_property
    def wanted(self) -> list[str]:
        return languages_wanted(self.request, self.kwargs.get("language", ""))

    @cached_property
    def language(self) -> str:
        """The language of the articles: as the address says, else as the browser."""
        return language_for(self.wanted, self.languages)

    @cached_property
    def spoken(self) -> str:
        """The language of the page's own words: that of the address where we speak it."""
        named = self.wanted if self.request.GET.get("language") else []
        return spoken_for([self.kwargs.get("language", ""), *named, self.language])

    @property
    def query(self) -> str:
        """What the reader searched for, as the address carries it."""
        return self.request.GET.get("q", "").replace("\0", "").strip()[:QUERY_LENGTH]

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        with translation.override(self.spoken):
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
        remember_visitor(request, response)
        response.headers.setdefault("Content-Language", self.language)
        self._tell_caches(response)
        return response

    def _tell_caches(self, response: HttpResponseBase) -> None:
        if response.has_header("Cache-Control"):
            return
        is_open = not (self.is_personal or self.request.user.is_authenticated)
        if is_open and response.status_code == 200:
            response.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
        else:
            response.headers["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ["Cookie", "Accept-Language"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        named = centre(self.language)
        context = {
            "organisation": named.name,
            "welcome": named.welcome,
            "welcome_lang": self.foreign(named.welcome_language),
            "language": self.language,
            "languages": self.language_choices(),
            "home_url": reverse("help:language", args=[self.language]),
            "reads_internal": self.audience.is_staff,
            "is_indexed": self.is_indexed,
            "query": self.query,
            "has_assistant": named.has_assistant,
            "contact_query": carried(self.query, self.language),
            "carries_search": bool(self.query),
            "feed": {
                "url": reverse("help:feed", args=[self.language]),
                "title": _("New and changed articles"),
            },
        }
        return super().get_context_data(**{**context, **kwargs})

    def foreign(self, code: str) -> str:
        """Return the language of a text where it is not the page's own: for ``lang``."""
        return "" if code == self.spoken else code

    def called(self, branch: Branch) -> dict[str, str]:
        """Return what the page calls a topic, and its address."""
        words = branch.words
        return {
            "name": words.name,
            "lang": self.foreign(words.name_language),
            "description": words.description,
            "description_lang": self.foreign(words.description_language),
            "url": topic_path(self.language, branch.topic.slug),
        }

    def language_choices(self) -> list[dict[str, Any]]:
        """Return the languages to choose from, each with the page it leads to."""
        return [
            {
                "code": each.code,
                "name": each.name,
                "url": self.url_in(each.code),
                "is_this": each.code == self.language,
            }
            for each in self.languages
        ]

    def url_in(self, code: str) -> str:
        """Return the address of this page in another language."""
        match = self.request.resolver_match
        if match is None or "language" not in match.kwargs:
            return carried(self.query, code)
        return reverse(match.view_name, kwargs={**match.kwargs, "language": code})


def is_counted(request: HttpRequest) -> bool:
    """Say whether a person asked, and for this page now."""
    if request.method != "GET" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return False
    return not _PROGRAM.search(request.headers.get("User-Agent", ""))


def place_of(audience: Audience) -> Place:
    """Return whose figures a reading belongs to: staff do not count as customers."""
    return Place.AGENT if audience.is_staff else Place.HELP


def titled(articles: Iterable[Article]) -> list[dict[str, Any]]:
    """Return what lists show of articles: the published words and the mark."""
    return [
        {
            "title": article.published.title if article.published else article.title,
            "summary": article.published.summary if article.published else "",
            "url": article_path(article),
            "is_internal": article.audience == Article.Audience.INTERNAL,
            "is_restricted": article.audience == Article.Audience.PLAN,
        }
        for article in articles
    ]


def limited_by(name: str) -> Any:
    """Limit a view of the help centre, by its visitor where the browser has a key."""
    limited = rate_limited(name, visitor=known_visitor)

    def decorated(view: Callable[..., HttpResponseBase]) -> Any:
        return _in_language_of_address(limited(view))

    return method_decorator(decorated, name="dispatch")


def _in_language_of_address(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Have a refusal, which comes before any page, speak the reader's language too."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        wanted = languages_wanted(request, kwargs.get("language", ""))
        with translation.override(spoken_for(wanted)):
            return view(request, *args, **kwargs)

    return answered


__all__ = [
    "HelpPage",
    "absolute",
    "article_path",
    "carried",
    "is_counted",
    "limited_by",
    "place_of",
    "titled",
    "topic_path",
    "visitor_of",
]
