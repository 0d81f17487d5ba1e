"""The page of results, and suggestions while typing."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views import View

from kb import search
from kb.models import Article
from kb.selectors.help.articles import readable
from kb.selectors.help.languages import name_of
from kb.selectors.readers import Audience, audience_of
from kb.services.reading import record_search
from kb.views.help.elsewhere import more_elsewhere
from kb.views.help.pages import (
    PUBLIC_SECONDS,
    QUERY_LENGTH,
    HelpPage,
    article_path,
    carried,
    is_counted,
    limited_by,
    place_of,
)
from kb.visitors import visitor_of

RESULTS = 10
SUGGESTIONS = 6


@limited_by("search")
class SearchView(HelpPage):
    """What was found, what was understood, and a way on when nothing was."""

    template_name = "help/search.html"
    is_personal = True
    is_indexed = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.query:
            return super().get_context_data(**kwargs)
        is_exact = self.request.GET.get("exact") == "1"
        found = search.answer(
            self.query,
            audience=self.audience,
            limit=RESULTS,
            language=self.language,
            correct=not is_exact,
        )
        hits = found.hits if found.is_good else ()
        number = self._recorded(found)
        return super().get_context_data(
            results=shown_hits(hits, self.audience, self.language, search_id=number),
            corrected=found.corrected if found.is_good else "",
            is_relaxed=found.is_relaxed,
            elsewhere=None if hits else more_elsewhere(self),
            exact_url=carried(self.query, self.language) + "&exact=1",
            **kwargs,
        )

    def _recorded(self, found: search.Results) -> int | None:
        if not is_counted(self.request):
            return None
        return record_search(
            visitor=visitor_of(self.request),
            place=place_of(self.audience),
            language=self.language,
            results=found,
            at=timezone.now(),
        ).pk


def shown_hits(
    hits: Sequence[search.Hit],
    audience: Audience,
    language: str,
    *,
    search_id: int | None = None,
) -> list[dict[str, Any]]:
    """Return hits as pages show them.

    They are read once more through the rule of who may read what: the index of this
    process may be a moment older than the database.
    """
    known = readable(audience).in_bulk([hit.article_id for hit in hits])
    shown = []
    for hit in hits:
        article = known.get(hit.article_id)
        if article is None:
            continue
        follow = f"?from={search_id}-{hit.rank}" if search_id else ""
        shown.append(
            {
                "id": article.pk,
                "title": hit.title,
                "title_pieces": hit.highlights.title,
                "passage_pieces": hit.highlights.passage,
                "heading": hit.heading,
                "url": article_path(article) + follow,
                "is_internal": article.audience == Article.Audience.INTERNAL,
                "in_language": "" if hit.language == language else hit.language,
                "language_name": name_of(hit.language),
            }
        )
    return shown


@limited_by("suggest")
class SuggestView(View):
    """Titles for what is typed so far, as JSON. Nothing is recorded."""

    def get(self, request: HttpRequest) -> JsonResponse:
        text = request.GET.get("q", "").replace("\0", "").strip()[:QUERY_LENGTH]
        audience = audience_of(request.user)
        hits = suggestions(text, audience, request.GET.get("language", ""))
        response = JsonResponse({"hits": hits})
        if request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        else:
            patch_cache_control(response, public=True, max_age=PUBLIC_SECONDS)
        patch_vary_headers(response, ["Cookie"])
        return response


def suggestions(text: str, audience: Audience, language: str) -> list[dict[str, Any]]:
    """Return titles in the reader's language, in others only when there is none."""
    if not text:
        return []
    found = search.suggest(text, audience=audience, limit=2 * SUGGESTIONS)
    own = [hit for hit in found if hit.language == language]
    shown = shown_hits((own or found)[:SUGGESTIONS], audience, language)
    return [
        {
            "title": hit["title"],
            "pieces": [[piece, is_match] for piece, is_match in hit["title_pieces"]],
            "url": hit["url"],
        }
        for hit in shown
    ]
