"""Home of the help centre, and its topics."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kb.selectors.help import articles as selectors
from kb.selectors.help.languages import name_of
from kb.selectors.help.topics import Branch, Tree, tree_of
from kb.views.help.elsewhere import more_elsewhere
from kb.views.help.not_found import OrNotFound
from kb.views.help.pages import absolute, titled, topic_path

CARDS = 6
LISTED = 6
PER_PAGE = 25


class _TopicsPage(OrNotFound):
    """A page with cards of topics."""

    def card(self, branch: Branch) -> dict[str, Any]:
        return {
            **self.called(branch),
            "kind": branch.topic.kind.lower().replace("_", "-") or "topic",
            "articles": branch.articles,
        }


class HomeView(_TopicsPage):
    """Search in the middle; six topics; what is read most."""

    template_name = "help/home.html"

    def url_in(self, code: str) -> str:
        return reverse("help:language", args=[code])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        audience, language = self.audience, self.language
        tree = tree_of(audience, language, self.content_number)
        shown = {"audience": audience, "language": language, "limit": LISTED}
        read_most = selectors.popular(at=timezone.now(), **shown)
        return super().get_context_data(
            canonical=absolute(self.url_in(language)),
            alternates=[
                {"language": each.code, "url": absolute(self.url_in(each.code))}
                for each in self.languages
                if len(self.languages) > 1
            ],
            elsewhere=more_elsewhere(self, tree),
            cards=[self.card(branch) for branch in tree.roots[:CARDS]],
            more_topics=[self.card(branch) for branch in tree.roots[CARDS:]],
            featured=titled(selectors.featured(**shown)),
            popular=titled(read_most),
            newest=[] if read_most else titled(selectors.newest(**shown)),
            **kwargs,
        )


class TopicView(_TopicsPage):
    """One topic: what lies below it, and its articles."""

    template_name = "help/topic.html"

    def _found(self) -> tuple[str, Tree, Branch]:
        """Return the topic in the reader's language, else in one that it has."""
        others = sorted(
            (each.code for each in self.languages if each.code != self.language),
            key=lambda code: (code != settings.LANGUAGE_CODE, code),
        )
        for code in (self.language, *others):
            tree = tree_of(
                self.audience, code, self.content_number, named_in=self.language
            )
            branch = tree.branches.get(self.kwargs["slug"])
            if branch is None:
                break
            if branch.articles:
                return code, tree, branch
        raise Http404(_("There is no such topic."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        language, tree, branch = self._found()
        rows = selectors.articles_of_topic(
            branch.topic, audience=self.audience, language=language
        )
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        address = topic_path(language, branch.topic.slug)
        feed = reverse("help:topic-feed", args=[language, branch.topic.slug])
        title = _("New and changed: %(topic)s") % {"topic": branch.words.name}
        return super().get_context_data(
            canonical=absolute(
                address if page.number == 1 else f"{address}?page={page.number}"
            ),
            description=branch.words.description,
            is_indexed=language == self.language,
            list_language=language,
            shown_in=name_of(language) if language != self.language else "",
            feed={"url": feed, "title": title},
            topic=self.called(branch),
            trail=[self.called(each) for each in tree.trail(branch.topic.slug)[:-1]],
            below=[self.card(child) for child in branch.children],
            page=page,
            articles=titled(page.object_list),
            **kwargs,
        )
