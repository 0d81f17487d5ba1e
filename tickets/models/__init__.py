"""The nouns of the ticket side, one file a family."""

from tickets.models.customers import (
    Contact,
    ContactAddress,
    CustomerTier,
    Organisation,
)
from tickets.models.events import Message, TicketEvent
from tickets.models.matrices import PriorityRule, SeverityRule
from tickets.models.tickets import (
    Impact,
    Impairment,
    Outcome,
    Priority,
    Severity,
    Tag,
    Ticket,
    Urgency,
    UsersAffected,
)
from tickets.models.vocabulary import (
    ENDED,
    PAUSING,
    Category,
    Channel,
    ProductArea,
    Status,
    StatusCategory,
    StatusMove,
)

__all__ = [
    "ENDED",
    "PAUSING",
    "Category",
    "Channel",
    "Contact",
    "ContactAddress",
    "CustomerTier",
    "Impact",
    "Impairment",
    "Message",
    "Organisation",
    "Outcome",
    "Priority",
    "PriorityRule",
    "ProductArea",
    "Severity",
    "SeverityRule",
    "Status",
    "StatusCategory",
    "StatusMove",
    "Tag",
    "Ticket",
    "TicketEvent",
    "Urgency",
    "UsersAffected",
]
