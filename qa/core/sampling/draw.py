"""A whole draw: random tickets, flagged ones, second reviews, gold, and who does them.

The same inputs and the same seed give the same items in the same order, whatever order
the rows of the frame came in.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from qa.core.sampling import FrameRow, in_order
from qa.core.sampling.allocation import PROPORTIONAL
from qa.core.sampling.assignment import Assigner, Task
from qa.core.sampling.selection import (
    ASSIGN,
    FLAG,
    GOLD,
    OVERLAP,
    SELECT,
    select,
    shuffled,
    stream,
)

RANDOM_WHY, RULE_WHY, OVERLAP_WHY, GOLD_WHY = "RANDOM", "RULE", "OVERLAP", "GOLD"


@dataclass(frozen=True)
class DrawInputs:
    """All that a draw depends on beside its seed.

    Parameters
    ----------
    frame : sequence of FrameRow
    quotas : mapping of int to int
        Tickets wanted by agent.
    allocation : {"EQUAL", "PROPORTIONAL", "NEYMAN"}
    spreads : mapping of str to float or None
        Standard deviation of scores so far by stratum, in points.
    flags : mapping of int to sequence of str
        Rules by ticket, the most important first; tickets without any are left out.
    rules : sequence of str
        The plan's rules in their order.
    rule_limit : int
        Flagged tickets an agent at most.
    overlap_share, gold_share : float
        Of the random tickets, 0 to 1; rounded up, so a small draw has one too.
    gold : sequence of (ticket, agent)
        Tickets with a known answer.
    gold_seen : sequence of (ticket, reviewer)
        Who knows which gold ticket already.
    reviewers : sequence of int
    trainees : sequence of int
        Without certificate: they get gold tickets only.
    reviewer_limit, pair_limit : int or None
    recent_pairs : sequence of (agent, reviewer, times)
    conflicts : sequence of (ticket, reviewer)
        Who must not have which ticket of the frame or of gold: they worked on it, or
        have reviewed it in another way. Draws stored before this was kept have none.
    """

    frame: Sequence[FrameRow] = ()
    quotas: Mapping[int, int] = field(default_factory=dict)
    allocation: str = PROPORTIONAL
    spreads: Mapping[str, float | None] = field(default_factory=dict)
    flags: Mapping[int, Sequence[str]] = field(default_factory=dict)
    rules: Sequence[str] = ()
    rule_limit: int = 0
    overlap_share: float = 0.0
    gold_share: float = 0.0
    gold: Sequence[tuple[int, int]] = ()
    gold_seen: Sequence[tuple[int, int]] = ()
    reviewers: Sequence[int] = ()
    trainees: Sequence[int] = ()
    reviewer_limit: int | None = None
    pair_limit: int | None = None
    recent_pairs: Sequence[tuple[int, int, int]] = ()
    conflicts: Sequence[tuple[int, int]] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the frame as JSON."""
        return {
            "quotas": {str(agent): n for agent, n in sorted(self.quotas.items())},
            "allocation": self.allocation,
            "spreads": dict(sorted(self.spreads.items())),
            "flags": {str(key): list(rules) for key, rules in self.flags.items()},
            "rules": list(self.rules),
            "rule_limit": self.rule_limit,
            "overlap_share": self.overlap_share,
            "gold_share": self.gold_share,
            "gold": [list(pair) for pair in self.gold],
            "gold_seen": [list(pair) for pair in self.gold_seen],
            "reviewers": list(self.reviewers),
            "trainees": list(self.trainees),
            "reviewer_limit": self.reviewer_limit,
            "pair_limit": self.pair_limit,
            "recent_pairs": [list(row) for row in self.recent_pairs],
            "conflicts": [list(pair) for pair in self.conflicts],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], frame: Iterable[Sequence[Any]]) -> Self:
        """Read what ``to_dict`` wrote and the frame's ``[ticket, agent, stratum]``."""
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        known["frame"] = [FrameRow(*row) for row in frame]
        for name in ("quotas", "flags"):
            known[name] = {int(key): each for key, each in data[name].items()}
        for name in ("gold", "gold_seen", "recent_pairs", "conflicts"):
            known[name] = [tuple(row) for row in data.get(name, ())]
        return cls(**known)


@dataclass(frozen=True, slots=True)
class DrawnItem:
    """One review to do. ``probability`` is ``None`` for what chance did not choose."""

    ticket: int
    agent: int
    stratum: str
    why: str
    rule: str = ""
    probability: float | None = None
    reviewer: int | None = None


def draw(inputs: DrawInputs, seed: int) -> list[DrawnItem]:
    """Take a draw.

    Parameters
    ----------
    inputs : DrawInputs
    seed : int
        Not negative. Each step and each agent has a stream of its own, spawned from it.

    Returns
    -------
    list of DrawnItem
        In random order, so that neither a second review nor a gold ticket can be told
        by its place.
    """
    random = _random(inputs, seed)
    flagged = _flagged(inputs, {item.ticket for item in random}, seed)
    assigner = Assigner(
        inputs.reviewers,
        inputs.reviewer_limit,
        inputs.pair_limit,
        {(agent, who): times for agent, who, times in inputs.recent_pairs},
        stream(seed, ASSIGN),
        frozenset(inputs.conflicts),
    )
    base = _assigned([*random, *flagged], assigner)
    second = _overlap(base[: len(random)], inputs, assigner, seed)
    gold = _gold(len(random), [*base, *second], inputs, seed)
    items = [*base, *second, *gold]
    return [items[place] for place in shuffled(len(items), stream(seed, ASSIGN, 1))]


def share_of(share: float, count: int) -> int:
    """Return a share of a count, rounded up.

    Examples
    --------
    >>> share_of(0.08, 40), share_of(0.08, 1), share_of(0.0, 40), share_of(0.1, 30)
    (4, 1, 0, 3)
    """
    return math.ceil(round(share * count, 9))


def _by_agent(rows: Iterable[FrameRow]) -> dict[int, list[FrameRow]]:
    found: dict[int, list[FrameRow]] = {}
    for row in in_order(rows):
        found.setdefault(row.agent, []).append(row)
    return found


def _random(inputs: DrawInputs, seed: int) -> list[DrawnItem]:
    return [
        DrawnItem(
            each.row.ticket,
            agent,
            each.row.stratum,
            RANDOM_WHY,
            probability=each.probability,
        )
        for agent, rows in _by_agent(inputs.frame).items()
        for each in select(
            rows,
            inputs.quotas.get(agent, 0),
            stream(seed, SELECT, agent),
            inputs.allocation,
            inputs.spreads,
        )
    ]


def _flagged(inputs: DrawInputs, taken: set[int], seed: int) -> list[DrawnItem]:
    """Add flagged tickets that chance has not drawn: the first rules first, then by lot."""
    importance = {rule: place for place, rule in enumerate(inputs.rules)}
    items: list[DrawnItem] = []
    for agent, rows in _by_agent(inputs.frame).items():
        candidates = [
            row
            for row in rows
            if row.ticket not in taken and row.ticket in inputs.flags
        ]
        order = shuffled(len(candidates), stream(seed, FLAG, agent))
        by_lot = [candidates[place] for place in order]
        by_lot.sort(key=lambda row: importance[inputs.flags[row.ticket][0]])
        items += [
            DrawnItem(
                row.ticket,
                agent,
                row.stratum,
                RULE_WHY,
                rule=inputs.flags[row.ticket][0],
            )
            for row in by_lot[: inputs.rule_limit]
        ]
    return items


def _with_reviewer(item: DrawnItem, reviewer: int | None, why: str) -> DrawnItem:
    return DrawnItem(
        item.ticket,
        item.agent,
        item.stratum,
        why,
        item.rule,
        item.probability if why == item.why else None,
        reviewer,
    )


def _assigned(items: list[DrawnItem], assigner: Assigner) -> list[DrawnItem]:
    tasks = [Task(n, item.ticket, item.agent) for n, item in enumerate(items)]
    given = assigner.assign(tasks)
    return [
        _with_reviewer(item, given[place], item.why) for place, item in enumerate(items)
    ]


def _overlap(
    items: list[DrawnItem], inputs: DrawInputs, assigner: Assigner, seed: int
) -> list[DrawnItem]:
    """Give some random tickets to a second reviewer, chosen by lot among all of them."""
    wanted = share_of(inputs.overlap_share, len(items))
    second: list[DrawnItem] = []
    for place in shuffled(len(items), stream(seed, OVERLAP)):
        item = items[place]
        if len(second) == wanted:
            break
        if item.reviewer is None:
            continue
        task = Task(-1 - len(second), item.ticket, item.agent)
        reviewer = assigner.second(task, item.reviewer)
        if reviewer is not None:
            second.append(_with_reviewer(item, reviewer, OVERLAP_WHY))
    return second


def _gold(
    randoms: int, items: list[DrawnItem], inputs: DrawInputs, seed: int
) -> list[DrawnItem]:
    """Deal gold tickets in turn to reviewers and trainees who do not know them."""
    people = sorted({*inputs.reviewers, *inputs.trainees})
    wanted = share_of(inputs.gold_share, randoms)
    if not people or not inputs.gold or not wanted:
        return []
    load = dict.fromkeys(people, 0)
    for item in items:
        if item.reviewer is not None:
            load[item.reviewer] += 1
    rng = stream(seed, GOLD)
    turn = [people[place] for place in shuffled(len(people), rng)]
    pool = sorted(inputs.gold)
    pool = [pool[place] for place in shuffled(len(pool), rng)]
    known: set[tuple[int, int | None]] = {*inputs.gold_seen, *inputs.conflicts}
    known |= {(item.ticket, item.reviewer) for item in items}
    given: list[DrawnItem] = []
    # Trainees are examined with gold and get a ticket each; reviewers take turns.
    turn.sort(key=lambda person: person not in inputs.trainees)
    wanted = max(wanted, len(inputs.trainees))
    for place in range(wanted):
        person = turn[place % len(turn)]
        limit = inputs.reviewer_limit
        if limit is not None and load[person] >= limit:
            continue
        for ticket, agent in pool:
            if person != agent and (ticket, person) not in known:
                known.add((ticket, person))
                load[person] += 1
                given.append(DrawnItem(ticket, agent, "", GOLD_WHY, reviewer=person))
                break
    return given
