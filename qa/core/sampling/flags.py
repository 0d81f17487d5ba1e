"""Tickets worth a look for a reason. They coach and warn; no mean is made of them."""

from collections.abc import Sequence
from dataclasses import dataclass

REOPENED = "reopened"
BREACHED = "breached"
ESCALATED = "escalated"
LOW_SATISFACTION = "low_satisfaction"
LONG_CONVERSATION = "long_conversation"
SLOW_RESOLUTION = "slow_resolution"
RULES = (
    REOPENED,
    BREACHED,
    ESCALATED,
    LOW_SATISFACTION,
    LONG_CONVERSATION,
    SLOW_RESOLUTION,
)

UNSATISFIED = 2
MANY_MESSAGES = 12
SLOW_HOURS = 7 * 24


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What the rules look at.

    Parameters
    ----------
    satisfaction : float or None
        The customer's answer, 1 to 5; ``None`` without one.
    messages : int
        Public messages, both ways.
    hours : float
        From creation to resolution, of real time.
    """

    reopens: int = 0
    is_breached: bool = False
    is_escalated: bool = False
    satisfaction: float | None = None
    messages: int = 0
    hours: float = 0.0


def flags_of(facts: TicketFacts, rules: Sequence[str]) -> list[str]:
    """Return which of the chosen rules a ticket falls under, in their order.

    Raises
    ------
    KeyError
        For a rule that does not exist.
    """
    holds = {
        REOPENED: facts.reopens > 0,
        BREACHED: facts.is_breached,
        ESCALATED: facts.is_escalated,
        LOW_SATISFACTION: facts.satisfaction is not None
        and facts.satisfaction <= UNSATISFIED,
        LONG_CONVERSATION: facts.messages >= MANY_MESSAGES,
        SLOW_RESOLUTION: facts.hours >= SLOW_HOURS,
    }
    return [rule for rule in rules if holds[rule]]
