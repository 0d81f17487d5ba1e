"""The tree of topics: add, rename, move, order, delete."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from kb.forms.articles.writing import TopicForm
from kb.models import Topic, TopicTranslation
from kb.selectors.articles.listing import (
    counts_of_topics,
    topic_choices,
    translations_of_topics,
)
from kb.selectors.help.languages import other_languages
from kb.services import articles as services
from kb.services.articles.topics import ADD, CHANGE, DELETE
from kb.views.acting import actor_of
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.common.row_ids import row_id


class TopicsView(StaffPageMixin, TemplateView):
    """All topics with how many articles each holds."""

    permission = "kb.view_topic"
    title = gettext_lazy("Topics")
    template_name = "kb/articles/topics.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = actor_of(self.request)
        counts, choices = counts_of_topics(), topic_choices()
        translations = translations_of_topics()
        siblings: dict[int | None, list[int]] = {}
        for each in choices:
            siblings.setdefault(each.topic.parent_id, []).append(each.topic.pk)
        rows = [
            {
                "topic": each.topic,
                "path": each.path,
                "count": counts.get(each.topic.pk, 0),
                "is_first": siblings[each.topic.parent_id][0] == each.topic.pk,
                "is_last": siblings[each.topic.parent_id][-1] == each.topic.pk,
                "translations": _in_languages(translations.get(each.topic.pk, {})),
                "is_empty": not each.children and not counts.get(each.topic.pk),
            }
            for each in choices
        ]
        form = TopicForm()
        return super().get_context_data(
            rows=rows,
            form=form,
            parents=form.fields["parent"].choices,
            kinds=form.fields["kind"].choices,
            languages=other_languages(),
            may_add=user.has_perm(ADD),
            may_change=user.has_perm(CHANGE),
            may_delete=user.has_perm(DELETE),
            **kwargs,
        )


def _in_languages(known: dict[str, TopicTranslation]) -> list[dict[str, Any]]:
    """Return a row of the form for each other language, empty where nothing is written."""
    return [
        {"code": code, "language": name, "words": known.get(code)}
        for code, name in other_languages()
    ]


class NewTopicView(StaffPageMixin, View):
    permission = ADD
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TopicForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("A topic needs a name."))
            return redirect("kb:topics")
        read = form.cleaned_data
        try:
            services.add_topic(
                name=read["name"],
                description=read["description"],
                kind=read["kind"],
                parent_id=read["parent"],
                translations=_translations(request),
                actor=actor_of(request),
            )
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("kb:topics")


class TopicView(StaffPageMixin, View):
    """Change one topic: ``verb`` is rename, move, up, down or delete."""

    permission = CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        topic = Topic.objects.filter(pk=pk).first()
        if topic is None:
            raise Http404
        verb = request.POST.get("verb", "")
        try:
            if verb == "rename":
                _rename(topic, request)
            elif verb == "move":
                _move(topic, request)
            elif verb in {"up", "down"}:
                _step(topic, verb, actor_of(request))
            elif verb == "delete":
                services.delete_topic(topic_id=pk, actor=actor_of(request))
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("kb:topics")


def _rename(topic: Topic, request: HttpRequest) -> None:
    services.change_topic(
        topic_id=topic.pk,
        name=request.POST.get("name", ""),
        description=request.POST.get("description", ""),
        kind=request.POST.get("kind", ""),
        slug=request.POST.get("slug", ""),
        translations=_translations(request),
        actor=actor_of(request),
    )


def _translations(request: HttpRequest) -> dict[str, services.TopicWords]:
    return {
        code: services.TopicWords(
            request.POST.get(f"name_{code}", ""),
            request.POST.get(f"description_{code}", ""),
        )
        for code, _language in other_languages()
        if f"name_{code}" in request.POST
    }


def _move(topic: Topic, request: HttpRequest) -> None:
    services.move_topic(
        topic_id=topic.pk,
        parent_id=row_id(request.POST.get("parent")),
        actor=actor_of(request),
    )


def _step(topic: Topic, verb: str, actor: Any) -> None:
    """Move a topic one place among its siblings."""
    siblings = list(
        Topic.objects.filter(parent=topic.parent_id).values_list("pk", flat=True)
    )
    place = siblings.index(topic.pk)
    # Down: before the one after the next; beyond the end, last.
    wanted = place - 1 if verb == "up" else place + 2
    if wanted < 0:
        return
    services.move_topic(
        topic_id=topic.pk,
        parent_id=topic.parent_id,
        before_id=siblings[wanted] if wanted < len(siblings) else None,
        actor=actor,
    )
