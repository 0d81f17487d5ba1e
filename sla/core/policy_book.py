"""All published policies at once: which one holds for a ticket of a moment."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sla.core.policy import PolicyDefinition, TicketFacts


@dataclass(frozen=True, slots=True)
class BookEntry:
    """One published version and its span ``[effective_from, effective_to)``.

    Attributes
    ----------
    version_id, policy_id : int
        Primary keys.
    position : int
        Lower is tried first; equal ones by ``policy_id``.
    effective_from, effective_to : int, int or None
        Epoch seconds; None is open-ended.
    definition : PolicyDefinition
        With its calendars.
    policy_name : str
        For messages.
    number : int
        Of the version within its policy.
    """

    version_id: int
    policy_id: int
    position: int
    effective_from: int
    effective_to: int | None
    definition: PolicyDefinition
    policy_name: str = ""
    number: int = 0

    def holds_at(self, moment: int) -> bool:
        return self.effective_from <= moment and (
            self.effective_to is None or moment < self.effective_to
        )


class PolicyBook:
    """The published versions in the order in which they are tried.

    Parameters
    ----------
    entries : iterable of BookEntry
        In any order. Versions of one policy must not overlap in time; the database
        keeps that.
    """

    def __init__(self, entries: Iterable[BookEntry]) -> None:
        self.entries = tuple(
            sorted(entries, key=lambda e: (e.position, e.policy_id, e.effective_from))
        )

    def __len__(self) -> int:
        return len(self.entries)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PolicyBook):
            return NotImplemented
        return self.entries == other.entries

    __hash__ = None  # type: ignore[assignment]

    def version_for(
        self, created_at: int | datetime, facts: TicketFacts
    ) -> BookEntry | None:
        """The first version in order that was in force at ``created_at`` and matches.

        Parameters
        ----------
        created_at : int or datetime
            Epoch seconds, or an aware datetime.
        facts : TicketFacts
            As they are now: a ticket whose tier or priority changes is judged by the
            policy of its creation day that suits what it has become.

        Returns
        -------
        BookEntry or None
            None when nothing is promised to such a ticket.
        """
        moment = epoch(created_at)
        for entry in self.entries:
            if entry.holds_at(moment) and entry.definition.matches(facts):
                return entry
        return None

    def in_force_at(self, moment: int | datetime) -> list[BookEntry]:
        """The versions a ticket created at ``moment`` could get, in order."""
        second = epoch(moment)
        return [entry for entry in self.entries if entry.holds_at(second)]

    def published(self, entry: BookEntry) -> "PolicyBook":
        """The book after a publication: the policy's other versions end where it starts.

        A version of the same policy that would have started later never comes into
        force.
        """
        start = entry.effective_from
        others = [
            replace(other, effective_to=cut_off(other, start))
            if other.policy_id == entry.policy_id
            else other
            for other in self.entries
        ]
        return PolicyBook([*others, entry])

    def needs_tags(self) -> bool:
        """Whether any policy asks for tags, so that readers may leave them out."""
        return any("tag" in entry.definition.conditions for entry in self.entries)


def cut_off(entry: BookEntry, moment: int) -> int:
    """Where a version ends once its policy is republished from ``moment``."""
    end = moment if entry.effective_to is None else min(entry.effective_to, moment)
    return max(end, entry.effective_from)


def epoch(moment: int | datetime) -> int:
    """Whole epoch seconds, rounded down.

    Raises
    ------
    ValueError
        For a datetime without a zone.
    """
    if isinstance(moment, datetime):
        if moment.utcoffset() is None:
            raise ValueError(f"A moment needs a time zone: {moment!r}")
        return int(moment.timestamp() // 1)
    return moment
