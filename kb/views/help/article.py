"""One article, and what readers say of it."""

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kb.models import Article, ArticleVersion, Experiment, Place, Search, Vote
from kb.selectors.help import articles as selectors
from kb.selectors.help.languages import name_of
from kb.selectors.help.rendering import rendered
from kb.selectors.help.topics import tree_of
from kb.services.experiments import version_for
from kb.services.forms import note_opened
from kb.services.reading import VoteRefused, record_click, record_reading, vote
from kb.views.help.not_found import NotFoundPage
from kb.views.help.pages import (
    HelpPage,
    absolute,
    article_path,
    carried,
    is_counted,
    limited_by,
    place_of,
    titled,
)
from kb.visitors import known_visitor, visitor_of

RELATED = 4
FEWEST_HEADINGS = 2
DEEPEST_HEADING = 3
# An archived address may come back to life.
REDIRECT_SECONDS = 3600
FROM_FORM = "form"

_FROM_SEARCH = re.compile(r"(\d{1,18})-(\d{1,3})\Z")


class _ArticlePage(HelpPage):
    """Finds the article of the address, or says where to look instead."""

    template_name = "help/article.html"
    is_personal = True
    article: Article
    search: Search | None = None

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        where = {"language": kwargs["language"], "slug": kwargs["slug"]}
        found = selectors.article_at(audience=self.audience, **where)
        if found:
            self.article = found
            return super().dispatch(request, *args, **kwargs)
        moved = selectors.moved_to(audience=self.audience, **where)
        if moved:
            return _redirected(moved)
        elsewhere = self._elsewhere(where)
        if elsewhere and elsewhere.language == kwargs["language"]:
            return _redirected(elsewhere)
        if elsewhere:
            self.article = elsewhere
            return super().dispatch(request, *args, **kwargs)
        return NotFoundPage.as_view()(request, *args, **kwargs)

    def _elsewhere(self, where: dict[str, str]) -> Article | None:
        """Return the article in another language than that of the address."""
        offered = {each.code for each in self.languages}
        if where["language"] not in offered.union(dict(settings.ARTICLE_LANGUAGES)):
            return None
        return selectors.article_elsewhere(audience=self.audience, **where)

    @property
    def is_translated(self) -> bool:
        return bool(self.article.language == self.kwargs["language"])

    def url_in(self, code: str) -> str:
        return reverse("help:article", args=[code, self.article.slug])

    @property
    def own_path(self) -> str:
        """The address in the reader's language, also where the text is in another."""
        return self.url_in(self.kwargs["language"])

    def version_shown(self) -> tuple[ArticleVersion, Experiment | None]:
        """Return what this visitor reads: staff and programs take part in no trial."""
        article = self.article
        assert article.published is not None  # noqa: S101 -- a constraint says so
        if self.audience.is_staff or not is_counted(self.request):
            return article.published, None
        return version_for(article, visitor_of(self.request))

    def page_of(self, version: ArticleVersion, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows of a version."""
        article, audience = self.article, self.audience
        text = rendered(
            version,
            written_in=article.language,
            language=self.language,
            audience=audience,
            number=self.content_number,
        )
        contents = [part for part in text.contents if part.level <= DEEPEST_HEADING]
        searched = self.search.text if self.search else ""
        said = selectors.vote_of(article, version.pk, known_visitor(self.request))
        return self.get_context_data(
            article=article,
            version=version,
            html=text.html,
            contents=contents if len(contents) >= FEWEST_HEADINGS else [],
            trail=self._trail(),
            companions=_shown(
                selectors.companions_of(article, audience=audience, limit=RELATED),
                self.language,
            ),
            shown_in="" if self.is_translated else name_of(article.language),
            list_language=article.language,
            vote_url=reverse("help:vote", args=[self.kwargs["language"], article.slug]),
            description=version.summary,
            vote=said,
            reasons=Vote.Reason.choices,
            edit_url=self._edit_url(),
            contact_query=carried(searched, self.language),
            carries_search=bool(searched),
            **self._addresses(),
            **kwargs,
        )

    def _trail(self) -> list[dict[str, str]]:
        article = self.article
        tree = tree_of(
            self.audience, article.language, self.content_number,
            named_in=self.language,
        )  # fmt: skip
        return [self.called(each) for each in tree.trail(article.topic.slug)]

    def _edit_url(self) -> str:
        may_edit = self.request.user.has_perm("kb.change_article")
        return reverse("kb:article-edit", args=[self.article.pk]) if may_edit else ""

    def _addresses(self) -> dict[str, Any]:
        """Return the page's own address and those of its translations."""
        family = selectors.translations_of(self.article, audience=self.audience)
        others = {each.language: article_path(each) for each in family}
        choices = [
            {**each, "url": others.get(each["code"], each["url"])}
            for each in self.language_choices()
        ]
        return {
            "canonical": absolute(article_path(self.article)),
            "alternates": [
                {"language": code, "url": absolute(path)}
                for code, path in others.items()
                if len(others) > 1 and self.is_translated
            ],
            "languages": choices,
            "is_indexed": self.is_translated
            and self.article.audience == Article.Audience.PUBLIC,
        }


class ArticleView(_ArticlePage):
    """The article as its readers see it; opening it is recorded."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version, experiment = self.version_shown()
        if is_counted(request):
            self._record(version, experiment, timezone.now())
        return self.render_to_response(self.page_of(version))

    def _record(
        self, version: ArticleVersion, experiment: Experiment | None, at: datetime
    ) -> None:
        visitor, article = visitor_of(self.request), self.article
        came_from = self.request.GET.get("from", "")
        clicked = _FROM_SEARCH.match(came_from)
        if clicked:
            self.search = record_click(
                search_id=int(clicked[1]),
                visitor=visitor,
                article=article,
                rank=int(clicked[2]),
            )
        place = place_of(self.audience)
        if came_from == FROM_FORM and not self.audience.is_staff:
            place = Place.FORM
            note_opened(visitor=visitor, article=article, at=at)
        record_reading(
            visitor=visitor,
            version=version,
            place=place,
            search=self.search,
            experiment=experiment,
            at=at,
        )


@limited_by("vote")
class VoteView(_ArticlePage):
    """Was this helpful? A plain form, so that it works without a script."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        said = request.POST.get("helpful")
        if said not in {"yes", "no"}:
            return self._again("", status=400)
        try:
            vote(
                visitor=visitor_of(request),
                version=self._version(),
                is_helpful=said == "yes",
                reason=request.POST.get("reason", ""),
                comment=request.POST.get("comment", "").replace("\0", ""),
                at=timezone.now(),
            )
        except VoteRefused as refused:
            return self._again(refused.message, status=400)
        return HttpResponseRedirect(self.own_path + "#vote")

    def _version(self) -> ArticleVersion:
        """Return the version that this visitor read last, else what is shown now."""
        visitor = known_visitor(self.request)
        read = selectors.last_read(self.article, visitor)
        return read or self.version_shown()[0]

    def _again(self, message: str, *, status: int) -> HttpResponse:
        context = self.page_of(
            self.version_shown()[0],
            vote_error=message,
            vote_reason=self.request.POST.get("reason", ""),
            vote_comment=self.request.POST.get("comment", ""),
        )
        return self.render_to_response(context, status=status)


def _redirected(article: Article) -> HttpResponse:
    response = HttpResponsePermanentRedirect(article_path(article))
    response.headers["Cache-Control"] = f"private, max-age={REDIRECT_SECONDS}"
    return response


def _shown(
    companions: selectors.Companions, language: str
) -> dict[str, list[dict[str, Any]]]:
    """Return them with addresses in the reader's language, which lead to the text."""

    def listed(articles: list[Article]) -> list[dict[str, Any]]:
        paths = [reverse("help:article", args=[language, a.slug]) for a in articles]
        return [
            {**each, "url": path}
            for each, path in zip(titled(articles), paths, strict=True)
        ]

    return {
        "before": listed(companions.before),
        "next": listed(companions.next),
        "related": listed(companions.related),
    }
