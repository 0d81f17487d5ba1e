"""Why a change to a ticket may be refused. Each has a stable code."""

from supportops.common.errors import OperationRefused


class TicketRefused(OperationRefused):
    """The family of refusals about one ticket."""

    code = "ticket_refused"


class EventOutOfOrder(TicketRefused):
    """The change is dated before what the ticket has already recorded."""

    code = "event_out_of_order"


class TicketMerged(TicketRefused):
    """The ticket lives on in another one."""

    code = "ticket_merged"


class TicketClosed(TicketRefused):
    """A closed ticket takes no public reply."""

    code = "ticket_closed"


class MissingFields(TicketRefused):
    """Required fields are empty. ``fields`` holds their names."""

    code = "missing_fields"

    def __init__(self, message: str, fields: list[str]) -> None:
        super().__init__(message)
        self.fields = fields


class ReasonRequired(TicketRefused):
    code = "reason_required"


class TextTooLong(TicketRefused):
    code = "text_too_long"


class EmptyMessage(TicketRefused):
    code = "empty_message"


class UnknownValue(TicketRefused):
    """A code that the desk does not know, such as a priority P9."""

    code = "unknown_value"


class UnknownStatus(TicketRefused):
    code = "unknown_status"


class IllegalMove(TicketRefused):
    """The lifecycle has no such move. ``allowed`` holds the codes it does have."""

    code = "illegal_move"

    def __init__(self, message: str, allowed: list[str]) -> None:
        super().__init__(message)
        self.allowed = allowed


class OutcomeRefused(TicketRefused):
    code = "outcome_refused"


class AssigneeInactive(TicketRefused):
    code = "assignee_inactive"


class AlreadyPaused(TicketRefused):
    code = "already_paused"


class NotPaused(TicketRefused):
    code = "not_paused"


class TriageIncomplete(TicketRefused):
    code = "triage_incomplete"


class TicketEnded(TicketRefused):
    """Resolved or closed: reopen it first."""

    code = "ticket_ended"


class MergeRefused(TicketRefused):
    code = "merge_refused"
