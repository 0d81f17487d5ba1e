"""Finding the status that a change needs, and judging a move."""

from collections.abc import Iterable

from django.db.models import Case, Value, When
from django.utils.translation import gettext as _

from tickets.models import Status, StatusCategory, StatusMove, Ticket, TicketEvent
from tickets.services.refusals import IllegalMove, UnknownStatus

NEW = "new"
TRIAGED = "triaged"
IN_PROGRESS = "in-progress"
CLOSED = "closed"
REOPENED = "reopened"


def status_named(code: str) -> Status:
    """Return the status in use with that code.

    Raises ``UnknownStatus`` naming the ones there are.
    """
    found = Status.objects.filter(code=code, is_active=True).first()
    if found is None:
        codes = Status.objects.filter(is_active=True).order_by("position", "pk")
        raise UnknownStatus(
            _("“%(code)s” is no status in use. Use one of: %(codes)s.")
            % {"code": code, "codes": ", ".join(codes.values_list("code", flat=True))}
        )
    return found


def preferred_status(
    category: StatusCategory,
    codes: Iterable[str] = (),
    *,
    is_intake: bool | None = None,
) -> Status:
    """Return the first of ``codes`` in use, else the first status of the category.

    Raises ``UnknownStatus`` when the desk has retired every status of that meaning.
    """
    wanted = Status.objects.filter(category=category, is_active=True)
    if is_intake is not None:
        wanted = wanted.filter(is_intake=is_intake)
    ranks = [When(code=code, then=Value(rank)) for rank, code in enumerate(codes)]
    order = Case(*ranks, default=Value(len(ranks))) if ranks else Value(0)
    found = wanted.order_by(order, "position", "pk").first()
    if found is None:
        raise UnknownStatus(
            _(
                "No status in use means “%(category)s”. Add one, or put one back in "
                "use, under Statuses."
            )
            % {"category": category.label}
        )
    return found


def working_status(ticket: Ticket) -> Status:
    """Return the status to go back to when a customer answers.

    The last one that meant open work, if it is still in use.
    """
    worked = TicketEvent.objects.filter(
        ticket=ticket,
        kind__in=[TicketEvent.Kind.CREATED, TicketEvent.Kind.STATUS],
        state=StatusCategory.OPEN,
    )
    before = worked.order_by("-seq").values_list("to_value", flat=True)[:1]
    return preferred_status(StatusCategory.OPEN, [*before, IN_PROGRESS])


def refuse_illegal_move(source: Status, target: Status) -> None:
    """Raise ``IllegalMove`` naming the moves there are, unless this is one of them."""
    moves = StatusMove.objects.filter(source=source, target__is_active=True)
    allowed = list(
        moves.order_by("target__position", "target_id").values_list(
            "target__code", "target__name"
        )
    )
    if target.code in {code for code, _name in allowed}:
        return
    if allowed:
        message = _(
            "A ticket cannot go from “%(source)s” to “%(target)s”. "
            "From “%(source)s” it can go to: %(allowed)s."
        )
    else:
        message = _(
            "A ticket cannot go from “%(source)s” to “%(target)s”: no move leads out "
            "of “%(source)s”. Allow one under Statuses."
        )
    raise IllegalMove(
        message
        % {
            "source": source.name,
            "target": target.name,
            "allowed": ", ".join(name for _code, name in allowed),
        },
        [code for code, _name in allowed],
    )
