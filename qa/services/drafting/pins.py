"""Comments on passages of the conversation, while a review is a draft."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa.models import Pin, Review
from qa.selectors import scorecards
from qa.selectors.scoring_room.conversation import entries_on_show, last_seq_of
from qa.services.drafting.changes import TEXT_LIMIT
from qa.services.drafting.refusals import PassageUnknown, UnknownAnswer
from qa.services.drafting.steps import locked_draft, next_revision
from tickets.models import Message
from workforce.people.models import User


@transaction.atomic
def add_pin(
    *,
    review_id: int,
    reviewer: User,
    message_id: int,
    start: int,
    end: int,
    tone: str,
    text: str,
    criterion_key: str,
    at: datetime,
) -> Pin:
    """Pin a comment to characters ``[start, end)`` of a message.

    The same pin once more is the first one: a page that lost the answer sends it again.
    Raises ``PassageUnknown`` when the message is not part of what the reviewer sees or
    is shorter, ``UnknownAnswer`` for a tone or criterion that does not exist or praise of
    what a customer wrote, and what ``locked_draft`` raises.
    """
    review = locked_draft(review_id, reviewer)
    message = _message(review, message_id)
    if not 0 <= start < end <= len(message.body):
        raise PassageUnknown(_("This message has no such passage."))
    pin = Pin(review=review, message=message, start=start, end=end, created_at=at)
    pin.quote = message.body[start:end]
    _fill(pin, tone=tone, text=text, criterion_key=criterion_key)
    same = review.pins.filter(
        message=message,
        start=start,
        end=end,
        tone=tone,
        text=text,
        criterion_key=criterion_key,
    ).first()
    if same:
        return same
    pin.save()
    next_revision(review, at)
    return pin


@transaction.atomic
def change_pin(
    *,
    pin_id: int,
    reviewer: User,
    tone: str,
    text: str,
    criterion_key: str,
    at: datetime,
) -> Pin:
    """Change what a pin says. Raises ``UnknownAnswer`` and what ``locked_draft`` raises."""
    pin = _locked_pin(pin_id, reviewer)
    _fill(pin, tone=tone, text=text, criterion_key=criterion_key)
    pin.save(update_fields=["tone", "text", "criterion_key"])
    next_revision(pin.review, at)
    return pin


@transaction.atomic
def remove_pin(*, pin_id: int, reviewer: User, at: datetime) -> Review:
    """Take a pin away. Raises what ``locked_draft`` raises."""
    pin = _locked_pin(pin_id, reviewer)
    pin.delete()
    next_revision(pin.review, at)
    return pin.review


def _locked_pin(pin_id: int, reviewer: User) -> Pin:
    """Lock the review first, then read the pin: one that has gone meanwhile is gone."""
    review_id = Pin.objects.values_list("review_id", flat=True).get(pk=pin_id)
    review = locked_draft(review_id, reviewer)
    pin = Pin.objects.get(pk=pin_id)
    pin.review = review
    return pin


def _message(review: Review, message_id: int) -> Message:
    """Return a message that is on show to this reviewer."""
    for entry in entries_on_show(review.ticket, last_seq_of(review)):
        if entry.message and entry.message.pk == message_id:
            return entry.message
    raise PassageUnknown(_("This message is not part of the conversation."))


def _fill(pin: Pin, *, tone: str, text: str, criterion_key: str) -> None:
    if tone not in Pin.Tone.values:
        raise UnknownAnswer(_("A passage is praised, to be improved, or noted."))
    if tone == Pin.Tone.PRAISE and pin.message.direction == Message.Direction.IN:
        raise UnknownAnswer(
            _("The customer wrote this: it cannot be praise of the agent.")
        )
    if len(text) > TEXT_LIMIT:
        raise UnknownAnswer(
            _("A text of %(n)s characters is too long: %(limit)s at most.")
            % {"n": len(text), "limit": TEXT_LIMIT}
        )
    card = scorecards.card_of(pin.review.version)
    if criterion_key and criterion_key not in {each.key for each in card.criteria()}:
        raise UnknownAnswer(
            _("This scorecard has no criterion “%(key)s”.") % {"key": criterion_key}
        )
    pin.tone, pin.text, pin.criterion_key = tone, text, criterion_key
