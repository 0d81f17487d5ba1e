"""What was asked and shown, and whether it was right."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from kb.forms.assistant import TalksForm
from kb.models import Article, Conversation, Turn
from kb.selectors.assistant.conversations import (
    conversation_with_turns,
    conversations,
    turns_of,
)
from kb.services import assistant
from kb.views.acting import actor_of
from kb.views.assistant.words import CHIPS
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response

VIEW, JUDGE = "kb.view_conversation", "kb.change_conversation"
PER_PAGE, DAYS = 25, 28


class TalksView(StaffPageMixin, TemplateView):
    """Conversations of a span, newest first; ``csv=1`` sends a table."""

    permission = VIEW
    title = gettext_lazy("Conversations")
    template_name = "kb/assistant/talks.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        shown = {"days": str(DAYS), **request.GET.dict()}
        form = TalksForm(shown, states=Conversation.State.choices)
        form.is_valid()
        rows = conversations(
            at=timezone.now(),
            days=form.cleaned_data.get("days") or DAYS,
            state=form.cleaned_data.get("state", ""),
            judged=form.cleaned_data.get("judged", ""),
        )
        if request.GET.get("csv"):
            return csv_response("conversations", _header(), _lines(rows))
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        for talk in page:
            talk.chip = CHIPS[Conversation.State(talk.state)]
        has_any = bool(page.paginator.count) or Conversation.objects.exists()
        return self.render_to_response(
            self.get_context_data(page=page, form=form, has_any=has_any)
        )


def _header() -> list[str]:
    return [
        _("Conversation"), _("State"), _("Ticket"), _("At (UTC)"), _("Question"),
        _("Article"), _("Section"), _("Passage"), _("Confidence"), _("Shown"),
        _("Right"), _("Judged by"),
    ]  # fmt: skip


def _lines(rows: Any) -> Iterator[list[Any]]:
    for turn in turns_of(rows).iterator(chunk_size=500):
        talk = turn.conversation
        yield [
            talk.pk,
            talk.get_state_display(),
            talk.ticket_id,
            turn.at.strftime("%Y-%m-%d %H:%M"),
            turn.question,
            turn.version.title if turn.version else "",
            turn.heading,
            turn.passage,
            round(turn.confidence, 4) if turn.passage else None,
            _yes_or_no(turn.was_shown),
            _yes_or_no(turn.is_right),
            _judge_of(turn),
        ]


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else _("yes") if value else _("no")


def _judge_of(turn: Turn) -> str:
    if turn.is_right is None:
        return ""
    return str(turn.judged_by) if turn.judged_by else _("visitor")


class TalkView(StaffPageMixin, TemplateView):
    """One conversation: each question, what was shown or not, and how sure."""

    permission = VIEW
    template_name = "kb/assistant/talk.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        talk = conversation_with_turns().filter(pk=self.kwargs["pk"]).first()
        if talk is None:
            raise Http404(_("There is no such conversation."))
        turns = list(talk.turns.all())
        offered = {pk for turn in turns for pk in turn.suggested}
        titles = Article.objects.filter(pk__in=offered).in_bulk()
        self.title = _("Conversation %(number)d") % {"number": talk.pk}
        return super().get_context_data(
            talk=talk,
            chip=CHIPS[Conversation.State(talk.state)],
            turns=[
                {
                    "turn": turn,
                    "links": [titles[pk] for pk in turn.suggested if pk in titles],
                    "judge": _judge_of(turn),
                }
                for turn in turns
            ],
            may_judge=actor_of(self.request).has_perm(JUDGE),
            **kwargs,
        )


class JudgeView(StaffPageMixin, View):
    """Say whether a passage answers its question (``verdict=right``, ``wrong``, ``none``)."""

    permission = JUDGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        turn = Turn.objects.filter(pk=pk).first()
        if turn is None:
            raise Http404(_("There is no such answer."))
        verdict = request.POST.get("verdict", "")
        try:
            if verdict in {"right", "wrong"}:
                assistant.judge(
                    turn_id=pk,
                    is_right=verdict == "right",
                    actor=actor_of(request),
                    at=timezone.now(),
                )
            elif verdict == "none":
                assistant.withdraw_judgement(turn_id=pk, actor=actor_of(request))
            else:
                messages.error(request, _("Say whether it is right or wrong."))
        except OperationRefused as refused:
            messages.error(request, refused.message)
        address = reverse("kb:assistant-talk", args=[turn.conversation_id])
        return redirect(f"{address}#turn-{pk}")
