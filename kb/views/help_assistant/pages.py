"""The assistant's page: it works as plain forms; the script only saves reloading."""

from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator

from kb.core.person_requests import asks_for_person
from kb.core.search.languages import base_of
from kb.forms.assistant import PersonForm, QuestionForm
from kb.models import Article, Conversation, Turn
from kb.selectors.assistant import (
    ShownTurn,
    current_rules,
    hours_of,
    open_conversation,
    shown_turns,
)
from kb.selectors.help.articles import popular
from kb.selectors.help.languages import name_of
from kb.selectors.help.promises import promised_answer
from kb.services import assistant
from kb.services.assistant.handing_over import CHANNEL
from kb.views.help.pages import HelpPage, article_path, limited_by, titled
from kb.views.help_assistant.words import confidence_words, hours_words
from kb.visitors import known_visitor, visitor_of
from supportops.common.errors import OperationRefused
from supportops.common.rate_limits import rate_limited

STARTERS = 4


class TalkPage(HelpPage):
    """What all four addresses share: the visitor's conversation, shown again."""

    template_name = "help/assistant/talk.html"
    is_personal = True
    is_indexed = False

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def is_new(self) -> bool:
        """Whether the visitor leaves an answered or handed over conversation behind."""
        return "1" in (self.request.GET.get("new"), self.request.POST.get("new"))

    @cached_property
    def talk(self) -> Conversation | None:
        if self.is_new:
            return None
        return open_conversation(known_visitor(self.request), at=self.now)

    @property
    def is_over(self) -> bool:
        handed_over = Conversation.State.HANDED_OVER
        return self.talk is not None and self.talk.state == handed_over

    @cached_property
    def has_questions(self) -> bool:
        return self.talk is not None and self.talk.turns.exists()

    def sent_to_person(self, form: PersonForm) -> HttpResponse:
        """Hand the conversation over, or show the form again."""
        if not form.is_valid():
            return self.again(person_form=form)
        # Only what would open a ticket counts against the limit.
        sending = rate_limited("contact", visitor=known_visitor)(self._handed_over)
        return sending(self.request, form)  # type: ignore[return-value]

    def _handed_over(self, request: HttpRequest, form: PersonForm) -> HttpResponse:
        fields = form.cleaned_data
        try:
            assistant.hand_over(
                conversation_id=None if self.talk is None else self.talk.pk,
                visitor=visitor_of(request),
                name=fields["name"],
                email=fields["email"],
                missing=fields["missing"],
                language=self.language,
                at=self.now,
            )
        except OperationRefused as refused:
            form.add_error(None, refused.message)
            return self.again(status=409, person_form=form)
        return self.back("#over")

    def back(self, place: str = "", **query: str) -> HttpResponse:
        pairs = urlencode({"language": self.language, **query})
        return HttpResponseRedirect(f"{reverse('help:assistant')}?{pairs}{place}")

    def again(self, status: int = 400, **context: Any) -> HttpResponse:
        """Show the page once more, with what was typed and why it was refused."""
        return self.render_to_response(self.get_context_data(**context), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = current_rules()
        turns = list(self.talk.turns.select_related("version")) if self.talk else []
        hours = hours_of(rules, at=self.now)
        kwargs.setdefault("ask_form", QuestionForm(initial={"question": self.query}))
        kwargs.setdefault("person_form", PersonForm(has_questions=bool(turns)))
        return super().get_context_data(
            **{
                "is_on": rules.is_on,
                "turns": [
                    _turn(each) for each in shown_turns(turns, audience=self.audience)
                ],
                "talk": self.talk,
                "is_new": self.is_new,
                "is_over": self.is_over,
                "promise": self._promise(),
                "hours": hours_words(hours),
                "opens_at": hours.opens_at if hours else None,
                "starters": [] if turns else self._starters(),
                "canonical": "",
                **kwargs,
            }
        )

    def _promise(self) -> tuple[str, str] | None:
        """How soon whoever was handed over is answered, and in which hours."""
        if not self.is_over:
            return None
        return promised_answer(channel=CHANNEL, at=self.now)

    def _starters(self) -> list[dict[str, Any]]:
        """Articles to begin with, which also help while nobody is there."""
        return titled(
            popular(
                audience=self.audience,
                language=self.language,
                limit=STARTERS,
                at=self.now,
            )
        )

    def url_in(self, code: str) -> str:
        return "?" + urlencode({"language": code})


def _turn(shown: ShownTurn) -> dict[str, Any]:
    turn, article = shown.turn, shown.article
    version = turn.version if article else None
    return {
        "turn": turn,
        "passage": shown.passage,
        "is_withdrawn": shown.is_withdrawn,
        "title": version.title if version else article.title if article else "",
        "url": f"{article_path(article)}#{turn.anchor}" if article else "",
        "confidence": confidence_words(turn.confidence),
        **_language(article, turn),
        "links": titled(shown.links),
        "next": _next(shown),
    }


def _next(shown: ShownTurn) -> dict[str, Any] | None:
    """The passage offered after a no, with its article's title and address."""
    passage = shown.next_passage
    if passage is None:
        return None
    article = shown.links[0]
    return {
        "passage": passage.text,
        "heading": passage.heading,
        "title": article.published.title if article.published else "",
        "url": f"{article_path(article)}#{passage.anchor}",
        **_language(article, shown.turn),
    }


def _language(article: Article | None, turn: Turn) -> dict[str, str]:
    """Say so where a passage is not in the language of the conversation."""
    asked_in = turn.conversation.language
    if article is None or base_of(article.language) == base_of(asked_in):
        return {"in_language": "", "language_name": ""}
    return {
        "in_language": article.language,
        "language_name": name_of(article.language),
    }


class AssistantView(TalkPage):
    """The conversation, and the next question."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    @method_decorator(rate_limited("assistant", visitor=known_visitor))
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = QuestionForm(request.POST)
        if not form.is_valid():
            return self.again(ask_form=form)
        if asks_for_person(form.cleaned_data["question"]):
            return self._to_person(form)
        if form.cleaned_data["email"]:
            # It may open a ticket.
            sending = rate_limited("contact", visitor=known_visitor)(self._asked)
            return sending(request, form)  # type: ignore[return-value]
        return self._asked(request, form)

    def _asked(self, request: HttpRequest, form: QuestionForm) -> HttpResponse:
        try:
            turn = assistant.ask(
                conversation_id=None if self.talk is None else self.talk.pk,
                visitor=visitor_of(request),
                question=form.cleaned_data["question"],
                audience=self.audience,
                language=self.language,
                email=form.cleaned_data["email"],
                at=self.now,
            )
        except OperationRefused as refused:
            form.add_error(None, refused.message)
            return self.again(status=409, ask_form=form)
        return self.back(f"#turn-{turn.pk}")

    def _to_person(self, form: QuestionForm) -> HttpResponse:
        """Hand over at once; without an address, ask for nothing but that."""
        fields = form.cleaned_data
        wish = {"missing": fields["question"], "email": fields["email"]}
        if fields["email"]:
            return self.sent_to_person(PersonForm(wish, has_questions=False))
        person_form = PersonForm(initial=wish, has_questions=self.has_questions)
        person_form.fields["email"].widget.attrs["autofocus"] = True
        return self.again(status=200, person_form=person_form, wants_person=True)


class JudgeView(TalkPage):
    """Whether an answer answered the question."""

    http_method_names = ("post",)

    @method_decorator(rate_limited("vote", visitor=known_visitor))
    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        try:
            assistant.judge(
                turn_id=pk,
                is_right=request.POST.get("right") == "yes",
                visitor=known_visitor(request),
                at=self.now,
            )
        except OperationRefused as refused:
            return self.again(status=409, refusal=refused.message)
        return self.back(f"#turn-{pk}")


class PersonView(TalkPage):
    """Hands the conversation to a person."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.sent_to_person(
            PersonForm(request.POST, has_questions=self.has_questions)
        )


@limited_by("vote")
class NewView(TalkPage):
    """Begins anew: what was said before is not shown any more."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.talk is not None:
            assistant.leave(
                conversation_id=self.talk.pk,
                visitor=known_visitor(request),
                at=self.now,
            )
            if self.talk.state != Conversation.State.OPEN:
                return self.back(new="1")
        return self.back()
