"""Who reviews what: balanced, within limits, nobody their own work or a ticket twice."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

import numpy as np

from qa.core.sampling.selection import shuffled


@dataclass(frozen=True, slots=True)
class Task:
    """One review to give to somebody. ``place`` is the caller's own index."""

    place: int
    ticket: int
    agent: int


@dataclass
class Assigner:
    """Gives out reviews, the least loaded reviewer first.

    Of equally loaded reviewers the one who has had this agent least often comes first,
    so that agents meet all reviewers in turn: scores of an agent who only ever meets
    one reviewer cannot be told from that reviewer's severity.

    Parameters
    ----------
    reviewers : sequence of int
    limit : int or None
        Reviews a reviewer at most, in this draw.
    pair_limit : int or None
        Reviews of one agent by one reviewer at most, in this draw.
    recent : mapping of (agent, reviewer) to int
        How often each pair has met before.
    rng : numpy.random.Generator
        Breaks the ties that are left.
    conflicts : set of (ticket, reviewer)
        Who must not have which ticket beside its agent: they worked on it, or have
        reviewed it in another way.
    """

    reviewers: Sequence[int]
    limit: int | None
    pair_limit: int | None
    recent: Mapping[tuple[int, int], int]
    rng: np.random.Generator
    conflicts: Set[tuple[int, int]] = frozenset()
    load: Counter[int] = field(default_factory=Counter)
    pairs: Counter[tuple[int, int]] = field(default_factory=Counter)
    partners: Counter[frozenset[int]] = field(default_factory=Counter)
    held: dict[int, dict[int, Task]] = field(default_factory=dict)
    tickets: set[tuple[int, int]] = field(default_factory=set)
    rank: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ordered = sorted(self.reviewers)
        order = shuffled(len(ordered), self.rng)
        self.rank = {ordered[place]: rank for rank, place in enumerate(order)}
        self.held = {reviewer: {} for reviewer in ordered}

    def assign(self, tasks: Iterable[Task]) -> dict[int, int | None]:
        """Return the reviewer of each task by its place; ``None`` where nobody may.

        Tasks that fewer people may do are given out first.
        """
        given: dict[int, int | None] = {}
        waiting = sorted(tasks, key=lambda task: self._choices(task))
        for task in waiting:
            reviewer = self._best(task)
            if reviewer is None:
                reviewer = self._make_room(task, given)
            if reviewer is not None:
                self._give(task, reviewer)
            given[task.place] = reviewer
        return given

    def second(self, task: Task, first: int) -> int | None:
        """Give a task to somebody other than ``first``; prefer pairs that rarely met."""
        free = [each for each in self._free(task) if each != first]
        if not free:
            return None
        reviewer = min(
            free,
            key=lambda each: (
                self.partners[frozenset((first, each))],
                self.load[each],
                self.rank[each],
            ),
        )
        self.partners[frozenset((first, reviewer))] += 1
        self._give(task, reviewer)
        return reviewer

    def _choices(self, task: Task) -> int:
        return sum(self._is_impartial(task, each) for each in self.rank)

    def _is_impartial(self, task: Task, reviewer: int) -> bool:
        return reviewer != task.agent and (task.ticket, reviewer) not in self.conflicts

    def _may_pair(self, task: Task, reviewer: int) -> bool:
        return (
            self._is_impartial(task, reviewer)
            and (task.ticket, reviewer) not in self.tickets
            and (
                self.pair_limit is None
                or self.pairs[task.agent, reviewer] < self.pair_limit
            )
        )

    def _has_room(self, reviewer: int) -> bool:
        return self.limit is None or self.load[reviewer] < self.limit

    def _free(self, task: Task) -> list[int]:
        return [
            each
            for each in self.rank
            if self._has_room(each) and self._may_pair(task, each)
        ]

    def _best(self, task: Task) -> int | None:
        def cost(reviewer: int) -> tuple[int, int, int]:
            pair = (task.agent, reviewer)
            met = self.pairs[pair] + self.recent.get(pair, 0)
            return (self.load[reviewer], met, self.rank[reviewer])

        return min(self._free(task), key=cost, default=None)

    def _make_room(self, task: Task, given: dict[int, int | None]) -> int | None:
        """Hand one task of a full reviewer to another, if that frees who may do this one."""
        if not any(self._has_room(each) for each in self.rank):
            return None
        for reviewer in self.rank:
            if not self._may_pair(task, reviewer):
                continue
            for other in list(self.held[reviewer].values()):
                if other.place not in given:
                    continue
                instead = self._best(other)
                if instead is not None and instead != reviewer:
                    self._take_back(other, reviewer)
                    self._give(other, instead)
                    given[other.place] = instead
                    return reviewer
        return None

    def _give(self, task: Task, reviewer: int) -> None:
        self.load[reviewer] += 1
        self.pairs[task.agent, reviewer] += 1
        self.tickets.add((task.ticket, reviewer))
        self.held[reviewer][task.place] = task

    def _take_back(self, task: Task, reviewer: int) -> None:
        self.load[reviewer] -= 1
        self.pairs[task.agent, reviewer] -= 1
        self.tickets.discard((task.ticket, reviewer))
        del self.held[reviewer][task.place]
