"""A question, and what is shown for it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kb.models import Conversation, Place, Turn
from kb.selectors.assistant import current_rules, trust_by
from kb.selectors.readers import Audience
from kb.services.assistant.finding import Answer, find_answer
from kb.services.assistant.handing_over import checked_address, hand_over
from kb.services.assistant.refusals import (
    ConversationRefused,
    QuestionRefused,
)
from kb.services.reading import record_search
from tickets.models import Contact, ContactAddress

LONGEST_QUESTION = 500
MOST_TURNS = 40
_HEADING, _ANCHOR = 200, 120


def ask(
    *,
    conversation_id: int | None,
    visitor: str,
    question: str,
    audience: Audience,
    language: str,
    at: datetime,
    email: str = "",
    name: str = "",
) -> Turn:
    """Answer a question with a passage of an article, or say that a person is needed.

    The passage is shown from the threshold of the rules on; under it, articles with a
    good match are offered as links. With an e-mail address, a question under the
    threshold goes to a person at once, and so does every question of an important
    customer where the rules say so: what is returned looks the same in both cases, so
    that nobody learns from it whose address is known.

    Raises ``QuestionRefused``, ``AddressRefused``, ``ConversationRefused`` when the talk
    is over or another visitor's.
    """
    text = _checked(question)
    email = checked_address(email) if email.strip() else ""
    rules = current_rules()
    answer = find_answer(text, visitor=visitor, audience=audience, language=language)
    trust = trust_by(rules)
    is_skipped = rules.skips_vip and _is_vip(email)
    is_shown = (
        rules.is_on
        and not is_skipped
        and answer.passage is not None
        and trust.shows(answer.confidence)
    )
    with transaction.atomic():
        conversation = _talk(conversation_id, visitor, language, at)
        turn = _turn(
            conversation,
            text,
            answer,
            confidence=trust.correction.of(answer.confidence),
            is_shown=is_shown,
            at=at,
        )
        record_search(
            visitor=visitor,
            # Staff who try it are no customers.
            place=Place.AGENT if audience.is_staff else Place.ASSISTANT,
            language=language,
            results=answer.results,
            at=at,
        )
        if email and not is_shown:
            hand_over(
                conversation_id=conversation.pk,
                visitor=visitor,
                name=name,
                email=email,
                at=at,
            )
            turn.conversation.refresh_from_db()
    return turn


def _checked(question: str) -> str:
    # PostgreSQL stores no NUL.
    text = " ".join(question.replace("\x00", "").split())
    if not text:
        raise QuestionRefused(_("There is no question. Write one, then send it."))
    if len(text) > LONGEST_QUESTION:
        raise QuestionRefused(
            _("The question has %(length)d characters; at most %(limit)d can be sent.")
            % {"length": len(text), "limit": LONGEST_QUESTION}
        )
    return text


def _is_vip(email: str) -> bool:
    return (
        bool(email)
        and Contact.objects.filter(
            is_vip=True,
            addresses__kind=ContactAddress.Kind.EMAIL,
            addresses__value=email,
        ).exists()
    )


def _talk(
    conversation_id: int | None, visitor: str, language: str, at: datetime
) -> Conversation:
    if conversation_id is None:
        return Conversation.objects.create(
            visitor=visitor, language=language, started_at=at
        )
    rows = Conversation.objects.select_for_update()
    talk = rows.filter(pk=conversation_id, visitor=visitor).first()
    if talk is None:
        raise ConversationRefused(_("This conversation is not yours. Start a new one."))
    if talk.state not in {Conversation.State.OPEN, Conversation.State.ANSWERED}:
        raise ConversationRefused(_("This conversation is over. Start a new one."))
    if talk.turns.count() >= MOST_TURNS:
        raise ConversationRefused(
            _(
                "That were many questions. Talk to a person, or start a new conversation."
            )
        )
    if talk.state == Conversation.State.ANSWERED:
        # There was something left to ask.
        talk.state, talk.ended_at = Conversation.State.OPEN, None
        talk.save(update_fields=["state", "ended_at"])
    return talk


def _turn(
    conversation: Conversation,
    text: str,
    answer: Answer,
    *,
    confidence: float,
    is_shown: bool,
    at: datetime,
) -> Turn:
    passage = answer.passage
    own = answer.article.pk if answer.article and is_shown else None
    return Turn.objects.create(
        conversation=conversation,
        question=text,
        article=answer.article,
        version=answer.version,
        passage=passage.text if passage else "",
        heading=passage.heading[:_HEADING] if passage else "",
        anchor=passage.anchor[:_ANCHOR] if passage else "",
        search_confidence=answer.confidence if passage else None,
        confidence=confidence if passage else 0.0,
        was_shown=is_shown,
        suggested=[pk for pk in answer.links if pk != own],
        at=at,
    )
