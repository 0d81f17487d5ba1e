"""KPIs of work done: tickets an agent a day, and how much of the day is hands-on."""

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from supportops.metrics import catalogue
from supportops.metrics.catalogue import Area, Better, Grain, Level, Metric, Unit
from supportops.metrics.core.measures import Totals
from supportops.metrics.core.rows import Selected
from tickets.metrics.segments import RESOLVED

Rows = Selected
Groups = NDArray[np.intp]

AVAILABLE_SECONDS = 6 * 3600
"""A paid day of eight hours less 25 % shrinkage, the middle of the seed's 20–30 %."""


def _agent_days(rows: Rows, groups: Groups, size: int) -> NDArray[np.int64]:
    """Count the days on which each agent of a group resolved something."""
    known = rows["agent"] != 0
    agents = rows["agent"][known].astype(np.int64)
    days = rows["day"][known].astype(np.int64)
    pairs = np.unique(np.stack([groups[known], agents, days]), axis=1)
    return np.bincount(pairs[0].astype(np.intp), minlength=size).astype(np.int64)


def _per_day(rows: Rows, groups: Groups, size: int) -> Totals:
    agent_days = _agent_days(rows, groups, size)
    of_somebody = groups[rows["agent"] != 0]
    tickets = np.bincount(of_somebody, minlength=size)
    return Totals(value=_ratio(tickets, agent_days), n=agent_days)


def _utilisation(rows: Rows, groups: Groups, size: int) -> Totals:
    known = rows["agent"] != 0
    seconds = rows["handle_seconds"][known].astype(np.float64)
    worked = np.bincount(groups[known], weights=seconds, minlength=size)
    agent_days = _agent_days(rows, groups, size)
    timed = np.bincount(groups[known], weights=seconds > 0, minlength=size)
    n = np.where(timed > 0, agent_days, 0)
    return Totals(value=_ratio(worked, n * AVAILABLE_SECONDS), n=n)


def _ratio(above: NDArray[np.generic], below: NDArray[np.int64]) -> NDArray[np.float64]:
    out = np.full(len(below), np.nan)
    np.divide(above, below, out=out, where=below > 0)
    return out


catalogue.register(
    Metric(
        code="tickets_per_agent_day",
        name=_("Tickets per agent and day"),
        description=_(
            "Compare a team with itself: what a ticket takes differs between teams."
        ),
        formula=_("Tickets resolved ÷ days on which their agents resolved any"),
        unit=Unit.RATIO,
        better=Better.WITHIN,
        grain=Grain.AGENT_DAY,
        area=Area.CAPACITY,
        segment=RESOLVED,
        measure=_per_day,
    )
)
catalogue.register(
    Metric(
        code="utilisation",
        name=_("Utilisation"),
        description=_(
            "Hands-on time in the time agents are there for it: six of eight paid hours. "
            "Above 90 % people burn out; only tickets whose time is known count."
        ),
        formula=_(
            "Hands-on time of tickets resolved ÷ (agent-days with any × 6 hours)"
        ),
        unit=Unit.SHARE,
        better=Better.WITHIN,
        grain=Grain.AGENT_DAY,
        area=Area.CAPACITY,
        target=Level(at_least=0.70, at_most=0.80),
        warning=Level(at_most=0.90),
        segment=RESOLVED,
        measure=_utilisation,
    )
)
