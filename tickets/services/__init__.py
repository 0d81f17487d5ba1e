"""The only writer of tickets. Call as ``services.verb(...)``, keyword arguments only.

Each verb locks the ticket, appends events, updates the columns that follow from them in
the same transaction, and announces the change once it is committed.
"""

from tickets.services.assignment import assign, move_to_team
from tickets.services.contacts import contact_for_address
from tickets.services.conversation import receive_message, reply
from tickets.services.due import set_next_due
from tickets.services.escalations import Escalation, record_escalations
from tickets.services.fields import (
    change_fields,
    change_level,
    change_priority,
    change_severity,
    set_tags,
)
from tickets.services.lifecycle import change_status, record_escalation
from tickets.services.merging import merge_tickets
from tickets.services.opening import open_ticket
from tickets.services.pausing import PauseKind, pause_clocks, resume_clocks
from tickets.services.refusals import (
    AlreadyPaused,
    AssigneeInactive,
    EmptyMessage,
    EventOutOfOrder,
    IllegalMove,
    MergeRefused,
    MissingFields,
    NotPaused,
    OutcomeRefused,
    ReasonRequired,
    TextTooLong,
    TicketClosed,
    TicketEnded,
    TicketMerged,
    TicketRefused,
    TriageIncomplete,
    UnknownStatus,
    UnknownValue,
)
from tickets.services.triage import triage_ticket
from tickets.services.vocabulary import (
    CategoryRefused,
    DeadEnd,
    MatrixIncomplete,
    MovesSaved,
    StatusInUse,
    save_category,
    save_priority_matrix,
    save_severity_matrix,
    save_status_moves,
)

__all__ = [
    "AlreadyPaused",
    "AssigneeInactive",
    "CategoryRefused",
    "DeadEnd",
    "EmptyMessage",
    "Escalation",
    "EventOutOfOrder",
    "IllegalMove",
    "MatrixIncomplete",
    "MergeRefused",
    "MissingFields",
    "MovesSaved",
    "NotPaused",
    "OutcomeRefused",
    "PauseKind",
    "ReasonRequired",
    "StatusInUse",
    "TextTooLong",
    "TicketClosed",
    "TicketEnded",
    "TicketMerged",
    "TicketRefused",
    "TriageIncomplete",
    "UnknownStatus",
    "UnknownValue",
    "assign",
    "change_fields",
    "change_level",
    "change_priority",
    "change_severity",
    "change_status",
    "contact_for_address",
    "merge_tickets",
    "move_to_team",
    "open_ticket",
    "pause_clocks",
    "receive_message",
    "record_escalation",
    "record_escalations",
    "reply",
    "resume_clocks",
    "save_category",
    "save_priority_matrix",
    "save_severity_matrix",
    "save_status_moves",
    "set_next_due",
    "set_tags",
    "triage_ticket",
]
