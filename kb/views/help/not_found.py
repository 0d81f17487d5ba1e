"""No such page: a search for the words of its address instead."""

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from kb import search
from kb.views.help.pages import QUERY_LENGTH, HelpPage
from kb.views.help.searching import shown_hits

FOUND_INSTEAD = 5


class NotFoundPage(HelpPage):
    """What the words of the address find, and the ways on."""

    template_name = "help/not_found.html"
    is_personal = True
    is_indexed = False

    @property
    def query(self) -> str:
        words = re.sub(r"[-_]+", " ", self.kwargs.get("slug", ""))
        return words.strip()[:QUERY_LENGTH]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(), status=404)

    post = get

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = search.answer(
            self.query,
            audience=self.audience,
            limit=FOUND_INSTEAD,
            language=self.language,
        )
        hits = found.hits if found.is_good else ()
        results = shown_hits(hits, self.audience, self.language)
        return super().get_context_data(results=results, **kwargs)


class OrNotFound(HelpPage):
    """A page that answers a wrong address with a search for its words."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if kwargs.get("language", self.language) != self.language:
                raise Http404  # noqa: TRY301 -- as a topic that does not exist
            return super().get(request, *args, **kwargs)
        except Http404:
            return NotFoundPage.as_view()(request, *args, **kwargs)
