"""A policy as a value: who it is for, what it promises, when time counts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, NamedTuple

from sla.core.calendar import BusinessCalendar
from sla.core.clock import Calendars
from sla.core.history import METRICS, ClockRules

PRIORITIES = ("P1", "P2", "P3", "P4", "P5")
NO_PRIORITY = ""
ROWS = (*PRIORITIES, NO_PRIORITY)
"""Rows of the target matrix; the last one is for tickets without a priority."""
CONDITION_FIELDS = ("tier", "priority", "category", "channel", "organisation", "tag")
ALWAYS = "always"
"""Key of the built-in calendar that never closes."""
FIRST_RESPONSES = ("agent_reply", "took_charge")
PAUSING_STATES = ("WAITING", "ON_HOLD")
REOPEN_CHOICES = ("new_cycle", "continue")
PATH_SEPARATOR = " / "

Targets = Mapping[str, Mapping[str, int | None]]
"""Priority to metric to open seconds; None promises nothing."""


class TicketFacts(NamedTuple):
    """What a policy may ask about a ticket; empty values match no condition.

    Parameters
    ----------
    tier, priority, category, channel : str
        Tier code, ``P1`` to ``P5``, category path joined by ``" / "``, channel code.
    organisation : int or None
        Its primary key.
    tags : frozenset of str
        Tag names.
    """

    tier: str = ""
    priority: str = ""
    category: str = ""
    channel: str = ""
    organisation: int | None = None
    tags: frozenset[str] = frozenset()


class NamedCalendar(NamedTuple):
    """A calendar frozen into a policy, with the name it had then."""

    name: str
    hours: BusinessCalendar


@dataclass(frozen=True)
class PolicyRules:
    """The policy's choices about its clocks; see ``ClockRules`` for the first ones.

    Parameters
    ----------
    first_response : frozenset of str
        ``agent_reply``, ``took_charge`` or both: what counts as a first response.
    not_paused : frozenset of str
        Metrics that no pause stops.
    pause_on : frozenset of str
        Status meanings that pause: ``WAITING``, ``ON_HOLD``.
    next_reply_from_creation : bool
        Whether the creation already waits for a reply under the metric next reply.
    reopen : {"new_cycle", "continue"}
        What reopening does to the resolution clock.
    pause_after_followups : int or None
        Public replies in a row without an answer, after the first one, that pause the
        clocks until the customer writes. None never does.
    manual_pauses : bool
        Whether documented pauses (third party, product bug, customer's wish) stop clocks.
    """

    first_response: frozenset[str] = frozenset({"agent_reply"})
    not_paused: frozenset[str] = frozenset()
    pause_on: frozenset[str] = frozenset(PAUSING_STATES)
    next_reply_from_creation: bool = False
    reopen: Literal["new_cycle", "continue"] = "new_cycle"
    pause_after_followups: int | None = 2
    manual_pauses: bool = True

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "PolicyRules":
        """Read rules; what is absent keeps its default, what is unknown is refused."""
        unknown = content.keys() - cls.__dataclass_fields__.keys()
        if unknown:
            raise ValueError(f"unknown clock rules: {sorted(unknown)}")
        values = dict(content)
        for name, allowed in _RULE_CHOICES.items():
            if name in values:
                values[name] = frozenset(_choices(values[name], allowed, name))
        rules = cls(**values)
        rules.check()
        return rules

    def check(self) -> None:
        """Raise ``ValueError`` naming the rule that cannot be."""
        if self.reopen not in REOPEN_CHOICES:
            raise ValueError(f"reopen is new_cycle or continue, not {self.reopen!r}")
        after = self.pause_after_followups
        if after is not None and (type(after) is not int or not 1 <= after <= 20):
            raise ValueError(f"pause_after_followups is 1 to 20 or null, not {after!r}")
        for name in ("next_reply_from_creation", "manual_pauses"):
            if type(getattr(self, name)) is not bool:
                raise ValueError(f"{name} is true or false: {getattr(self, name)!r}")

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data, complete and in a stable order."""
        return {
            "first_response": sorted(self.first_response),
            "not_paused": sorted(self.not_paused),
            "pause_on": sorted(self.pause_on),
            "next_reply_from_creation": self.next_reply_from_creation,
            "reopen": self.reopen,
            "pause_after_followups": self.pause_after_followups,
            "manual_pauses": self.manual_pauses,
        }


@dataclass(frozen=True)
class PolicyDefinition:
    """Everything a policy version says. JSON: ``from_dict`` and ``to_dict``.

    Parameters
    ----------
    conditions : mapping of str to tuple
        Field (see ``CONDITION_FIELDS``) to accepted values: any of them matches (OR),
        every field must (AND), an absent field accepts all. A category accepts its
        subtree.
    targets : mapping of priority to mapping of metric to int or None
        Open seconds promised to a tier with multiplier 1.
    multipliers : mapping of tier code to float
        Factor on every target; an absent tier has 1.
    tier_targets : mapping of tier to mapping as ``targets``
        Explicit values; they win over the multiplier. None there promises nothing.
    calendar : str
        Key of the calendar of all priorities not named in ``priority_calendars``.
    priority_calendars : mapping of priority to key
        Such as ``{"P1": "always"}``.
    calendars : mapping of key to NamedCalendar
        The hours themselves, frozen at publication; a draft has none.
    rules : PolicyRules
        What starts, pauses and stops the clocks.
    """

    conditions: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    targets: Targets = field(default_factory=dict)
    multipliers: Mapping[str, float] = field(default_factory=dict)
    tier_targets: Mapping[str, Targets] = field(default_factory=dict)
    calendar: str = ALWAYS
    priority_calendars: Mapping[str, str] = field(default_factory=dict)
    calendars: Mapping[str, NamedCalendar] = field(default_factory=dict)
    rules: PolicyRules = field(default_factory=PolicyRules)

    # JSON ----------------------------------------------------------------------------

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "PolicyDefinition":
        """Read a definition.

        Raises
        ------
        ValueError
            Naming the key or value that cannot be read.
        """
        unknown = content.keys() - cls.__dataclass_fields__.keys()
        if unknown:
            raise ValueError(f"unknown parts of a policy: {sorted(unknown)}")
        return cls(
            conditions=_conditions(_part(content, "conditions")),
            targets=_targets(_part(content, "targets")),
            multipliers={
                tier: _multiplier(tier, value)
                for tier, value in _part(content, "multipliers").items()
            },
            tier_targets={
                tier: _targets(rows)
                for tier, rows in _part(content, "tier_targets").items()
            },
            calendar=str(content.get("calendar", ALWAYS)),
            priority_calendars={
                _row(priority): str(key)
                for priority, key in _part(content, "priority_calendars").items()
            },
            calendars={
                key: _named_calendar(frozen)
                for key, frozen in _part(content, "calendars").items()
            },
            rules=PolicyRules.from_dict(_part(content, "rules")),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data; ``from_dict`` gives an equal definition back."""
        return {
            "conditions": {name: list(v) for name, v in self.conditions.items()},
            "targets": _plain(self.targets),
            "multipliers": dict(self.multipliers),
            "tier_targets": {t: _plain(rows) for t, rows in self.tier_targets.items()},
            "calendar": self.calendar,
            "priority_calendars": dict(self.priority_calendars),
            "calendars": {
                key: {**frozen.hours.to_dict(), "name": frozen.name}
                for key, frozen in self.calendars.items()
            },
            "rules": self.rules.to_dict(),
        }

    # Who it is for -------------------------------------------------------------------

    def matches(self, facts: TicketFacts) -> bool:
        """Whether the policy is meant for such a ticket."""
        return all(
            _accepts(name, accepted, facts)
            for name, accepted in self.conditions.items()
        )

    # What it promises ----------------------------------------------------------------

    def target(self, tier: str, priority: str, metric: str) -> int | None:
        """Open seconds promised, or None.

        An explicit value of the tier wins, then the priority's target times the
        tier's multiplier, rounded to whole seconds and never below one.
        """
        explicit = self.tier_targets.get(tier, {}).get(priority, {})
        if metric in explicit:
            return explicit[metric]
        base = self.targets.get(priority, {}).get(metric)
        if base is None:
            return None
        return max(1, round(base * self.multipliers.get(tier, 1.0)))

    def targets_for(self, tier: str) -> dict[str, dict[str, int | None]]:
        """All targets of a tier as ``run_clocks`` takes them: metric, then priority."""
        found = self._targets_by_tier.get(tier)
        if found is None:
            found = {
                metric: {row: self.target(tier, row, metric) for row in ROWS}
                for metric in METRICS
            }
            self._targets_by_tier[tier] = found
        return found

    @cached_property
    def _targets_by_tier(self) -> dict[str, dict[str, dict[str, int | None]]]:
        return {}

    # When time counts ----------------------------------------------------------------

    def calendar_key_for(self, priority: str) -> str:
        return self.priority_calendars.get(priority, self.calendar)

    def calendar_for(self, priority: str) -> BusinessCalendar:
        """The calendar that counts for a priority.

        Raises
        ------
        ValueError
            If its hours are neither frozen here nor built in.
        """
        return self.hours_of(self.calendar_key_for(priority))

    def hours_of(self, key: str) -> BusinessCalendar:
        """The hours behind a key; ``ValueError`` as in ``calendar_for``."""
        frozen = self.calendars.get(key)
        if frozen is not None:
            return frozen.hours
        if key == ALWAYS:
            return ALWAYS_OPEN
        raise ValueError(f"the policy names calendar {key!r} but holds no hours of it")

    @cached_property
    def clock_calendars(self) -> Calendars:
        """What ``run_clocks`` takes: one calendar, or a mapping with ``""`` for the rest."""
        if not self.priority_calendars:
            return self.hours_of(self.calendar)
        by_priority = {
            priority: self.hours_of(key)
            for priority, key in self.priority_calendars.items()
        }
        return {NO_PRIORITY: self.hours_of(self.calendar), **by_priority}

    @property
    def calendar_keys(self) -> set[str]:
        """Every calendar it names."""
        return {self.calendar, *self.priority_calendars.values()}

    def with_calendars(
        self, calendars: Mapping[str, NamedCalendar]
    ) -> "PolicyDefinition":
        """The same policy with the hours of the calendars that it names."""
        named = {k: calendars[k] for k in sorted(self.calendar_keys) if k in calendars}
        return replace(self, calendars=named)

    @cached_property
    def clock_rules(self) -> ClockRules:
        """The part of the rules that ``run_clocks`` reads."""
        return ClockRules(
            first_response=self.rules.first_response,
            not_paused=self.rules.not_paused,
            next_reply_from_creation=self.rules.next_reply_from_creation,
            reopen=self.rules.reopen,
        )

    def promise_to(self, facts: TicketFacts, metric: str) -> tuple[Any, ...]:
        """What decides a clock of a ticket of this priority; equal ones give equal clocks.

        A ticket whose priority has changed may also hold time counted on the calendar
        of its former priority, which this does not tell.
        """
        target = self.target(facts.tier, facts.priority, metric)
        return target, self.calendar_for(facts.priority), self.rules


ALWAYS_OPEN = BusinessCalendar.always_open("UTC")

_RULE_CHOICES: Mapping[str, Collection[str]] = {
    "first_response": FIRST_RESPONSES,
    "not_paused": METRICS,
    "pause_on": PAUSING_STATES,
}


def in_subtree(path: str, root: str) -> bool:
    """Whether a category path is ``root`` or lies below it."""
    return path == root or path.startswith(root + PATH_SEPARATOR)


def _accepts(name: str, accepted: tuple[Any, ...], facts: TicketFacts) -> bool:
    if name == "tag":
        return not facts.tags.isdisjoint(accepted)
    if name == "category":
        return any(in_subtree(facts.category, root) for root in accepted)
    return getattr(facts, name) in accepted


def _part(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = content.get(name) or {}
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} is an object, not {value!r}")  # noqa: TRY004
    return value


def _choices(values: Any, allowed: Collection[str], name: str) -> list[str]:
    if not isinstance(values, list | tuple | set | frozenset):
        raise ValueError(f"{name} is a list, not {values!r}")  # noqa: TRY004
    wrong = [value for value in values if value not in allowed]
    if wrong:
        raise ValueError(f"{name} knows {', '.join(allowed)}, not {wrong[0]!r}")
    return list(values)


def _conditions(content: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    kept = {}
    for name in CONDITION_FIELDS:
        values = content.get(name) or ()
        if not isinstance(values, list | tuple):
            raise ValueError(f"condition {name} is a list, not {values!r}")  # noqa: TRY004
        if values:
            kept[name] = tuple(_condition_value(name, value) for value in values)
    unknown = content.keys() - set(CONDITION_FIELDS)
    if unknown:
        raise ValueError(f"unknown conditions: {sorted(unknown)}")
    return kept


def _condition_value(name: str, value: Any) -> Any:
    wanted = int if name == "organisation" else str
    if type(value) is not wanted or value == "":
        raise ValueError(f"not a value of condition {name}: {value!r}")
    if name == "priority" and value not in PRIORITIES:
        raise ValueError(f"unknown priority: {value!r}")
    return value


def _row(priority: str) -> str:
    if priority not in ROWS:
        raise ValueError(f"unknown priority: {priority!r}")
    return priority


def _targets(content: Any) -> dict[str, dict[str, int | None]]:
    if not isinstance(content, Mapping):
        raise ValueError(f"targets are an object, not {content!r}")  # noqa: TRY004
    return {
        _row(priority): {
            _metric(metric): _seconds(metric, seconds)
            for metric, seconds in _part(content, priority).items()
        }
        for priority in content
    }


def _metric(metric: str) -> str:
    if metric not in METRICS:
        raise ValueError(f"unknown metric: {metric!r}")
    return metric


def _seconds(metric: str, seconds: Any) -> int | None:
    if seconds is None:
        return None
    if type(seconds) is not int or not 0 < seconds <= 2**31 - 1:
        raise ValueError(f"target of {metric} is whole seconds above 0: {seconds!r}")
    return seconds


def _multiplier(tier: str, value: Any) -> float:
    if type(value) not in (int, float) or not 0 < value <= 1000:
        raise ValueError(f"multiplier of {tier!r} is above 0, at most 1000: {value!r}")
    return float(value)


def _named_calendar(content: Any) -> NamedCalendar:
    if not isinstance(content, Mapping):
        raise ValueError(f"a frozen calendar is an object: {content!r}")  # noqa: TRY004
    hours = {key: value for key, value in content.items() if key != "name"}
    return NamedCalendar(
        str(content.get("name", "")), BusinessCalendar.from_dict(hours)
    )


def _plain(targets: Targets) -> dict[str, dict[str, int | None]]:
    return {priority: dict(row) for priority, row in targets.items()}
