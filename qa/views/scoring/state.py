"""A draft as the scoring room's script reads it: plain values, words already said."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa.core.scorecard import Criterion
from qa.models import Answer, Pin, Review
from qa.precheck_phrases import why
from qa.selectors.scoring_room import Room, Standing
from qa.services.calibration.minutes import value_label
from sla.models import SlaClock
from supportops.common.durations import counted, roughly
from supportops.common.templatetags.times import exact
from tickets.models import Message, TicketEvent
from tickets.selectors import Entry
from tickets.services import PauseKind

Kind = TicketEvent.Kind
PAUSES = dict(PauseKind.choices)
Masking = Callable[[str], str]


def state_of(room: Room, *, may_open_ticket: bool) -> dict[str, Any]:
    """Return all that the room shows of one draft."""
    masked = _masking(room)
    ticket = room.review.ticket
    return {
        "review": _review(room.review),
        "place": _place(room),
        "ticket": {
            "id": ticket.pk,
            "subject": ticket.subject,
            "url": reverse("admin:tickets_ticket_change", args=[ticket.pk])
            if may_open_ticket
            else "",
        },
        "agent": masked(str(room.review.agent)),
        "note": _note(room),
        "facts": _facts(room),
        "lines": list(_lines(room, masked)),
        "sections": [
            {
                "title": section.title,
                "criteria": [_criterion(each) for each in section.criteria],
            }
            for section in room.card.sections
        ],
        "na_allowed": room.card.na_policy != "not_allowed",
        "causes": [
            {
                "id": cause.pk,
                "name": cause.name,
                "kind": cause.get_kind_display(),
                "criterion": cause.criterion_key,
            }
            for cause in room.causes
        ],
        "cases": _cases(room),
        **written(room.review, room.answers, room.pins),
        **standing_of(room.standing),
    }


def written(
    review: Review, answers: Iterable[Answer], pins: Iterable[Pin]
) -> dict[str, Any]:
    """Return what the reviewer has put down so far, and its revision."""
    return {
        "revision": review.revision,
        "seconds": review.active_seconds,
        "overall": {
            "strengths": review.strengths,
            "focus": review.focus,
            "is_exemplary": review.is_exemplary,
        },
        "answers": {answer.criterion_key: _answer(answer) for answer in answers},
        "pins": [pin_of(pin) for pin in pins],
    }


def standing_of(standing: Standing) -> dict[str, Any]:
    score = standing.score
    return {
        "shown": list(standing.shown),
        "missing": [
            {"criterion": gap.criterion, "what": gap.what} for gap in standing.gaps
        ],
        "score": None if score.score is None else str(score.score),
        "raw": None if score.raw is None else str(score.raw),
        "passed": score.passed,
        "failed": list(score.failed),
    }


def pin_of(pin: Pin) -> dict[str, Any]:
    return {
        "id": pin.pk,
        "message": pin.message_id,
        "start": pin.start,
        "end": pin.end,
        "quote": pin.quote,
        "tone": pin.tone,
        "text": pin.text,
        "criterion": pin.criterion_key,
    }


def _review(review: Review) -> dict[str, Any]:
    pk = review.pk
    return {
        "id": pk,
        "due": _due(review),
        "is_late": bool(review.due_at and review.due_at < timezone.now()),
        "may_skip": review.kind != Review.Kind.CALIBRATION,
        "urls": {
            name: reverse(f"qa:{address}", args=[pk])
            for name, address in (
                ("page", "score"),
                ("state", "scoring-state"),
                ("save", "scoring-save"),
                ("pins", "scoring-pins"),
                ("submit", "scoring-submit"),
                ("skip", "scoring-skip"),
            )
        },
    }


def _due(review: Review) -> str:
    if review.due_at is None:
        return ""
    seconds = (review.due_at - timezone.now()).total_seconds()
    words = _("due in %(time)s") if seconds >= 0 else _("overdue by %(time)s")
    return words % {"time": roughly(seconds)}


def _place(room: Room) -> str:
    """Say how far one is: a round has an order, a draw only has what is left of it."""
    if room.place is None or room.places is None:
        return ""
    if room.review.calibration_item_id:
        return _("Item %(n)d of %(total)d") % {"n": room.place, "total": room.places}
    done = room.place - 1
    return _("%(done)d done, %(left)d to do") % {
        "done": done,
        "left": room.places - done,
    }


def _note(room: Room) -> str:
    if not room.hides_agent:
        return ""
    return _(
        "The agent's name is left out. A signature inside a message cannot be: pass over it."
    )


def _masking(room: Room) -> Masking:
    """Return what takes the agent's name out of the words around the conversation."""
    if not room.hides_agent:
        return str
    agent = room.review.agent
    names = [name for name in (agent.get_full_name(), agent.username) if name]

    def masked(text: str) -> str:
        for name in names:
            text = text.replace(name, _("the agent"))
        return text

    return masked


# The conversation -------------------------------------------------------------------------


def _lines(room: Room, masked: Masking) -> Iterable[dict[str, Any]]:
    """Number the messages; fold what happened between two of them into one line."""
    number, events = 0, []
    for entry in room.entries:
        if entry.message is None:
            events.append(_event(room, entry, masked))
            continue
        if events:
            yield _folded(events)
            events = []
        number += 1
        yield _message(room, entry.message, number, masked)
    if events:
        yield _folded(events)


def _folded(events: list[str]) -> dict[str, Any]:
    words = ngettext("%(n)d event", "%(n)d events", len(events)) % {"n": len(events)}
    return {"summary": words, "events": events}


def _message(
    room: Room, message: Message, number: int, masked: Masking
) -> dict[str, Any]:
    who = message.author or message.contact or message.author_name or _("Unknown")
    is_agent = message.author_id == room.review.agent_id
    merged = message.ticket_id != room.review.ticket_id
    return {
        "id": message.pk,
        "number": number,
        "direction": message.direction.lower(),
        "who": masked(str(who)),
        "is_agent": is_agent,
        "note": _("on #%(number)d, merged") % {"number": message.ticket_id}
        if merged
        else "",
        "at": exact(message.at),
        "body": message.body,
    }


def _event(room: Room, entry: Entry, masked: Masking) -> str:
    event = entry.event
    names: dict[str, str] = {}
    if event.kind in {Kind.CREATED, Kind.STATUS}:
        names = room.statuses
    elif event.kind in {Kind.PAUSED, Kind.RESUMED}:
        names = {key: str(label) for key, label in PAUSES.items()}
    before = names.get(event.from_value, event.from_value)
    after = names.get(event.to_value, event.to_value)
    change = f"{before} → {after}" if before and after else after or before
    parts = [exact(event.at), str(event.get_kind_display())]
    parts += [change] if change else []
    parts += [_("by %(name)s") % {"name": event.actor}] if event.actor else []
    parts += [f"“{event.reason}”"] if event.reason else []
    return masked(" · ".join(parts))


# Facts ------------------------------------------------------------------------------------


def _facts(room: Room) -> list[dict[str, str]]:
    ticket = room.review.ticket
    tier = ticket.organisation.tier if ticket.organisation else None
    satisfaction = ticket.custom.get(settings.SATISFACTION_FIELD)
    found = [
        _fact(_("Customer"), ticket.requester or ticket.organisation),
        _fact(_("Tier"), tier),
        _fact(_("Channel"), ticket.channel),
        _fact(_("Priority"), ticket.get_priority_display()),
        _fact(_("Category"), ticket.category.path if ticket.category else ""),
        _fact(_("Status"), ticket.status),
        _fact(_("Outcome"), ticket.get_outcome_display()),
        _promise(room, SlaClock.Metric.FIRST_RESPONSE, _("First response")),
        _promise(room, SlaClock.Metric.RESOLUTION, _("Resolution")),
        _usual(room),
        _fact(_("Satisfaction"), satisfaction, _satisfaction_tone(satisfaction)),
        _fact(_("Hand-offs"), _handoffs(room)),
        _fact(_("Reopened"), _times(ticket.reopen_count), "watch"),
        _fact(_("Public replies"), room.touches.replies),
    ]
    return [fact for fact in found if fact]


def _fact(label: str, value: Any, tone: str = "") -> dict[str, str]:
    if value in (None, "", 0):
        return {}
    return {"label": label, "value": str(value), "tone": tone}


def _promise(room: Room, metric: str, label: str) -> dict[str, str]:
    clock = room.promises.get(metric)
    if clock is None:
        return {}
    taken = counted(clock.elapsed_seconds)
    if clock.is_excluded or clock.is_kept is None or clock.target_seconds is None:
        return _fact(label, taken)
    values = {"taken": taken, "target": counted(clock.target_seconds)}
    if clock.is_kept:
        return _fact(label, _("%(taken)s of %(target)s, kept") % values, "ok")
    return _fact(label, _("%(taken)s of %(target)s, missed") % values, "late")


def _usual(room: Room) -> dict[str, str]:
    if room.usual_seconds is None:
        return {}
    values = {"time": counted(room.usual_seconds), "n": room.usual_n}
    return _fact(
        _("Usual for the category"), _("%(time)s (median, n = %(n)d)") % values
    )


def _satisfaction_tone(value: Any) -> str:
    if not isinstance(value, int | float):
        return ""
    return "ok" if value >= 4 else "watch" if value >= 3 else "late"


def _handoffs(room: Room) -> str:
    teams, agents = room.touches.team_handoffs, room.touches.agent_handoffs
    parts = []
    if agents:
        parts.append(ngettext("%(n)d agent", "%(n)d agents", agents) % {"n": agents})
    if teams:
        parts.append(ngettext("%(n)d team", "%(n)d teams", teams) % {"n": teams})
    if room.touches.is_escalated:
        parts.append(_("escalated"))
    return ", ".join(parts)


def _times(count: int) -> str:
    return f"{count}×" if count else ""


# The scorecard ----------------------------------------------------------------------------


def _criterion(criterion: Criterion) -> dict[str, Any]:
    digits = _digits(criterion)
    return {
        "key": criterion.key,
        "title": criterion.title,
        "kind": criterion.kind,
        "guidance": criterion.guidance,
        "na_allowed": criterion.na_allowed,
        "is_critical": criterion.critical != "none",
        "levels": [
            {
                "key": level.key,
                "label": level.label,
                "points": f"{level.points:g}",
                "anchor": level.anchor,
                "digit": digit,
            }
            for level, digit in zip(criterion.levels, digits, strict=True)
        ],
        "checks": [
            {"key": check.key, "text": check.text, "digit": str(n) if n < 10 else ""}
            for n, check in enumerate(criterion.checks, start=1)
        ],
    }


def _digits(criterion: Criterion) -> list[str]:
    """Return the key of each level: its points where they are digits, else its place."""
    points = [f"{level.points:g}" for level in criterion.levels]
    if len(set(points)) == len(points) and all(
        len(each) == 1 and each.isdigit() for each in points
    ):
        return points
    return [str(n) if n < 10 else "" for n in range(1, len(points) + 1)]


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "level": answer.level,
        "checked": list(answer.checked),
        "is_na": answer.is_na,
        "text": answer.text,
        "comment": answer.comment,
        "root_causes": sorted(cause.pk for cause in answer.root_causes.all()),
        "source": answer.source,
        "seen": sorted(key for key, each in answer.evidence.items() if each["seen"]),
        "evidence": {
            key: {
                "found": each["found"],
                "why": why(each),
                "spans": each["spans"],
            }
            for key, each in answer.evidence.items()
        },
    }


def _cases(room: Room) -> dict[str, list[dict[str, str]]]:
    criteria = {each.key: each for each in room.card.criteria()}
    return {
        key: [
            {
                "level": value_label(criteria[key], case.level)
                if key in criteria
                else case.level,
                "reason": case.reason,
                "quote": case.quote,
                "at": exact(case.decided_at),
            }
            for case in cases
        ]
        for key, cases in room.cases.items()
    }
