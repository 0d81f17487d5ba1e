"""Home of the help centre, and its topics."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kb.selectors.help import articles as selectors
from kb.selectors.help.topics import Branch, tree_of
from kb.views.help.not_found import OrNotFound
from kb.views.help.pages import absolute, titled

CARDS = 6
LISTED = 6
PER_PAGE = 25


class HomeView(OrNotFound):
    """Search in the middle; six topics; what is read most."""

    template_name = "help/home.html"

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
            cards=[_card(branch, language) for branch in tree.roots[:CARDS]],
            more_topics=[_card(branch, language) for branch in tree.roots[CARDS:]],
            featured=titled(selectors.featured(**shown)),
            popular=titled(read_most),
            newest=[] if read_most else titled(selectors.newest(**shown)),
            **kwargs,
        )


class TopicView(OrNotFound):
    """One topic: what lies below it, and its articles."""

    template_name = "help/topic.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        language = self.language
        tree = tree_of(self.audience, language, self.content_number)
        branch = tree.branches.get(self.kwargs["slug"])
        if branch is None or not branch.articles:
            raise Http404(_("There is no such topic."))
        rows = selectors.articles_of_topic(
            branch.topic, audience=self.audience, language=language
        )
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        address = topic_path(language, branch.topic.slug)
        feed = reverse("help:topic-feed", args=[language, branch.topic.slug])
        title = _("New and changed: %(topic)s") % {"topic": branch.topic.name}
        return super().get_context_data(
            canonical=absolute(
                address if page.number == 1 else f"{address}?page={page.number}"
            ),
            description=branch.topic.description,
            feed={"url": feed, "title": title},
            topic=branch.topic,
            trail=[
                {"name": above.name, "url": topic_path(language, above.slug)}
                for above in tree.trail(branch.topic)
            ],
            below=[_card(child, language) for child in branch.children],
            page=page,
            articles=titled(page.object_list),
            **kwargs,
        )


def topic_path(language: str, slug: str) -> str:
    return reverse("help:topic", args=[language, slug])


def _card(branch: Branch, language: str) -> dict[str, Any]:
    return {
        "name": branch.topic.name,
        "description": branch.topic.description,
        "kind": branch.topic.kind.lower().replace("_", "-") or "topic",
        "articles": branch.articles,
        "url": topic_path(language, branch.topic.slug),
    }
