"""No such page: a search for the words of its address instead."""

import re
import time
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from kb import search
from kb.views.help.pages import QUERY_LENGTH, HelpPage
from kb.views.help.searching import shown_hits
from kb.visitors import known_visitor
from supportops.common.rate_limits import TooManyCalls, client_address, spend

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
        results = shown_hits(self._hits(), self.audience, self.language)
        return super().get_context_data(results=results, **kwargs)

    def _hits(self) -> Sequence[search.Hit]:
        """Return what is good; nothing to who has searched too often."""
        try:
            spend(
                "search",
                address=client_address(self.request),
                visitor=known_visitor(self.request),
                now=time.time(),
            )
        except TooManyCalls:
            return ()
        found = search.answer(
            self.query,
            audience=self.audience,
            limit=FOUND_INSTEAD,
            language=self.language,
        )
        return found.hits if found.is_good else ()


class OrNotFound(HelpPage):
    """A page that answers a wrong address with a search for its words."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if kwargs.get("language", self.language) != self.language:
                raise Http404  # noqa: TRY301 -- as a topic that does not exist
            return super().get(request, *args, **kwargs)
        except Http404:
            return NotFoundPage.as_view()(request, *args, **kwargs)
