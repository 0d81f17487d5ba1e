"""What differs between two policy definitions, as data that a page turns into words."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sla.core.history import METRICS
from sla.core.policy import (
    ALWAYS,
    CONDITION_FIELDS,
    ROWS,
    PolicyDefinition,
    Targets,
)


class Change(NamedTuple):
    """One difference.

    Attributes
    ----------
    code : str
        ``condition``, ``target``, ``multiplier``, ``tier_target``, ``calendar``,
        ``calendar_hours`` or ``rule``.
    params : dict
        Always ``before`` and ``after``; and ``field``, ``priority``, ``metric``,
        ``tier``, ``name`` as the code needs. Targets are open seconds or None.
    """

    code: str
    params: dict[str, Any]


def diff(old: PolicyDefinition, new: PolicyDefinition) -> list[Change]:
    """List what changes from ``old`` to ``new``, in the order in which a policy is read.

    Returns
    -------
    list of Change
        Empty when both say the same. Each edited value is named once: a new base
        target is not repeated for every tier that multiplies it.

    Examples
    --------
    >>> old = PolicyDefinition(targets={"P2": {"first_response": 3600}})
    >>> new = PolicyDefinition(targets={"P2": {"first_response": 2700}})
    >>> [change] = diff(old, new)
    >>> change.code, change.params["before"], change.params["after"]
    ('target', 3600, 2700)
    """
    return [
        *_conditions(old, new),
        *_targets("target", old.targets, new.targets, {}),
        *_multipliers(old, new),
        *_tier_targets(old, new),
        *_calendars(old, new),
        *_rules(old, new),
    ]


def _conditions(old: PolicyDefinition, new: PolicyDefinition) -> Iterator[Change]:
    for name in CONDITION_FIELDS:
        before, after = old.conditions.get(name, ()), new.conditions.get(name, ())
        if set(before) != set(after):
            yield Change(
                "condition",
                {"field": name, "before": list(before), "after": list(after)},
            )


def _targets(
    code: str, old: Targets, new: Targets, extra: Mapping[str, Any]
) -> Iterator[Change]:
    for priority in ROWS:
        for metric in METRICS:
            before = old.get(priority, {}).get(metric)
            after = new.get(priority, {}).get(metric)
            if before != after:
                yield Change(
                    code,
                    {
                        **extra,
                        "priority": priority,
                        "metric": metric,
                        "before": before,
                        "after": after,
                    },
                )


def _multipliers(old: PolicyDefinition, new: PolicyDefinition) -> Iterator[Change]:
    for tier in sorted({*old.multipliers, *new.multipliers}):
        before, after = old.multipliers.get(tier, 1.0), new.multipliers.get(tier, 1.0)
        if before != after:
            yield Change("multiplier", {"tier": tier, "before": before, "after": after})


def _tier_targets(old: PolicyDefinition, new: PolicyDefinition) -> Iterator[Change]:
    """Explicit values that come, go or change, as the times that result before and after."""
    for tier in sorted({*old.tier_targets, *new.tier_targets}):
        was, will = old.tier_targets.get(tier, {}), new.tier_targets.get(tier, {})
        for priority in ROWS:
            for metric in METRICS:
                gone = _explicit(was, priority, metric)
                come = _explicit(will, priority, metric)
                if gone != come:
                    yield Change(
                        "tier_target",
                        {
                            "tier": tier,
                            "priority": priority,
                            "metric": metric,
                            "before": old.target(tier, priority, metric),
                            "after": new.target(tier, priority, metric),
                        },
                    )


def _explicit(rows: Targets, priority: str, metric: str) -> tuple[int | None, ...]:
    row = rows.get(priority, {})
    return (row[metric],) if metric in row else ()


def _calendars(old: PolicyDefinition, new: PolicyDefinition) -> Iterator[Change]:
    if old.calendar != new.calendar:
        yield _calendar_change("", old, old.calendar, new, new.calendar)
    for priority in ROWS:
        before = old.priority_calendars.get(priority, old.calendar)
        after = new.priority_calendars.get(priority, new.calendar)
        named = {*old.priority_calendars, *new.priority_calendars}
        if before != after and priority in named:
            yield _calendar_change(priority, old, before, new, after)
    for key in sorted(old.calendars.keys() & new.calendars.keys()):
        was, will = old.calendars[key], new.calendars[key]
        if was.hours != will.hours:
            yield Change(
                "calendar_hours",
                {"name": will.name, "before": was.hours, "after": will.hours},
            )


def _calendar_change(
    priority: str,
    old: PolicyDefinition,
    before: str,
    new: PolicyDefinition,
    after: str,
) -> Change:
    return Change(
        "calendar",
        {
            "priority": priority,
            "before": calendar_name(old, before),
            "after": calendar_name(new, after),
        },
    )


def calendar_name(definition: PolicyDefinition, key: str) -> str:
    """The frozen name of a calendar, else its key."""
    frozen = definition.calendars.get(key)
    if frozen is not None:
        return frozen.name
    return "24/7" if key == ALWAYS else key


def _rules(old: PolicyDefinition, new: PolicyDefinition) -> Iterator[Change]:
    before, after = old.rules.to_dict(), new.rules.to_dict()
    for name, value in before.items():
        if value != after[name]:
            yield Change("rule", {"field": name, "before": value, "after": after[name]})
