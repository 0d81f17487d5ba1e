"""From the assistant to a person, with all that was said."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kb.models import Article, Conversation, Turn
from kb.selectors.assistant.rules import current_rules
from kb.selectors.help.promises import first_priority
from kb.services.assistant.refusals import (
    AddressRefused,
    ConversationRefused,
    QuestionRefused,
)
from kb.services.reading import follow_with_ticket
from tickets import services as tickets
from tickets.models import Channel, Contact, Ticket

CHANNEL = "chat"
TAG = "assistant"
VIP_TAG = "vip"
LONGEST_MISSING = 5_000
_SUBJECT, _NAME = 120, 100


def hand_over(
    *,
    conversation_id: int | None,
    visitor: str,
    name: str,
    email: str,
    at: datetime,
    missing: str = "",
    language: str = "",
) -> Ticket:
    """Open a ticket from a conversation, or from nothing but what is missing.

    The customer's message is what the visitor wrote. An internal note says what the
    assistant showed and how sure it was. Nobody has proved to own the address: that it is
    an important customer's is said in the note and, where the rules say so, by a tag; the
    visitor sees neither.

    Raises ``ConversationRefused`` when the talk is another visitor's, left, or handed
    over before; ``AddressRefused``; ``QuestionRefused`` without a word of the visitor or
    with too many.
    """
    address = checked_address(email)
    missing = missing.replace("\x00", "").strip()
    if len(missing) > LONGEST_MISSING:
        raise QuestionRefused(
            _("The text has %(length)d characters; at most %(limit)d can be sent.")
            % {"length": len(missing), "limit": LONGEST_MISSING}
        )
    with transaction.atomic():
        talk = _talk(conversation_id, visitor, language, at)
        turns = list(talk.turns.select_related("article", "version"))
        if not turns and not missing:
            raise QuestionRefused(_("Say what you need, then send it."))
        contact = tickets.contact_for_address(
            email=address, name=" ".join(name.replace("\x00", "").split())[:_NAME]
        )
        ticket = _ticket(talk, turns, missing, contact, at)
        talk.state, talk.ticket, talk.ended_at = (
            Conversation.State.HANDED_OVER,
            ticket,
            at,
        )
        talk.save(update_fields=["state", "ticket", "ended_at"])
        follow_with_ticket(visitor=visitor, ticket_id=ticket.pk, at=at)
    return ticket


def checked_address(email: str) -> str:
    """Return an e-mail address in lower case. Raises ``AddressRefused``."""
    value = email.strip().lower()
    try:
        validate_email(value)
    except ValidationError as error:
        raise AddressRefused(
            _("Give an e-mail address at which a person can answer.")
        ) from error
    return value


def _talk(
    conversation_id: int | None, visitor: str, language: str, at: datetime
) -> Conversation:
    if conversation_id is None:
        return Conversation.objects.create(
            visitor=visitor, language=language or settings.LANGUAGE_CODE, started_at=at
        )
    rows = Conversation.objects.select_for_update()
    talk = rows.filter(pk=conversation_id, visitor=visitor).first()
    if talk is None:
        raise ConversationRefused(_("This conversation is not yours. Start a new one."))
    if talk.state == Conversation.State.HANDED_OVER:
        raise ConversationRefused(
            _("A person has this conversation already and answers by e-mail.")
        )
    if talk.state == Conversation.State.LEFT:
        raise ConversationRefused(_("This conversation is over. Start a new one."))
    return talk


def _ticket(
    talk: Conversation,
    turns: list[Turn],
    missing: str,
    contact: Contact,
    at: datetime,
) -> Ticket:
    words = [turn.question for turn in turns] + ([missing] if missing else [])
    ticket = tickets.open_ticket(
        at=at,
        actor=None,
        subject=" ".join(words[0].split())[:_SUBJECT],
        body="\n\n".join(words),
        requester=contact,
        channel=Channel.objects.filter(code=CHANNEL).first(),
        priority=first_priority(channel=CHANNEL, at=at),
        language=talk.language,
        tags=_tags(contact),
    )
    # The note is for staff, whatever language the visitor reads.
    with translation.override(settings.LANGUAGE_CODE):
        note = note_of(talk, turns, contact)
        author = _("Assistant")
    message = tickets.reply(
        ticket_id=ticket.pk, at=at, actor=None, body=note, public=False
    )
    # It has no user of its own, and is not "unknown".
    message.author_name = author
    message.save(update_fields=["author_name"])
    return ticket


def _tags(contact: Contact) -> list[str]:
    is_marked = contact.is_vip and current_rules().skips_vip
    return [TAG, VIP_TAG] if is_marked else [TAG]


def note_of(talk: Conversation, turns: list[Turn], contact: Contact) -> str:
    """Return what the next person has to know, as text."""
    head = [
        _("Handed over by the self-service assistant (conversation %(number)d).")
        % {"number": talk.pk}
    ]
    if contact.is_vip:
        head.append(_("The contact with this address is marked as VIP."))
    if not turns:
        head.append(_("The visitor asked for a person before asking the assistant."))
    offered = {pk for turn in turns for pk in turn.suggested}
    titles = dict(
        Article.objects.filter(pk__in=offered).values_list("pk", "published__title")
    )
    parts = [_said(number, turn, titles) for number, turn in enumerate(turns, 1)]
    return "\n\n".join(["\n".join(head), *parts])


def _said(number: int, turn: Turn, titles: Mapping[int, str | None]) -> str:
    lines = [
        _("%(number)d. At %(time)s UTC the visitor asked: %(question)s")
        % {
            "number": number,
            "time": turn.at.strftime("%H:%M"),
            "question": turn.question,
        }
    ]
    lines += _passage_lines(turn)
    links = [titles[pk] or f"#{pk}" for pk in turn.suggested if pk in titles]
    if links:
        lines.append(_("Offered as links: %(titles)s") % {"titles": "; ".join(links)})
    if turn.was_shown:
        lines.append(_verdict(turn))
    return "\n".join(lines)


def _passage_lines(turn: Turn) -> list[str]:
    if not turn.passage:
        return [_("No article fitted.")]
    values = {
        "title": turn.version.title if turn.version else _("a deleted article"),
        "section": turn.heading or _("opening"),
        "percent": int(100 * turn.confidence + 0.5),
    }
    if not turn.was_shown:
        words = _("Not shown, %(percent)d %% sure: “%(title)s”, section “%(section)s”")
        return [words % values]
    words = _("Shown, %(percent)d %% sure: “%(title)s”, section “%(section)s”")
    return [words % values, *(f"> {line}" for line in turn.passage.splitlines())]


def _verdict(turn: Turn) -> str:
    if turn.is_right is None:
        return _("The visitor did not say whether this answered the question.")
    if turn.is_right:
        return _("The visitor said that this answered the question.")
    return _("The visitor said that this did not answer the question.")
