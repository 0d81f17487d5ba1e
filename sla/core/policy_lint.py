"""What is wrong or doubtful about a policy before it is published."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from sla.core import calendar_lint
from sla.core.history import (
    FIRST_RESPONSE,
    METRICS,
    NEXT_REPLY,
    PERIODIC_UPDATE,
    RESOLUTION,
)
from sla.core.policy import (
    ALWAYS,
    NO_PRIORITY,
    PRIORITIES,
    PolicyDefinition,
    in_subtree,
)

ERROR, WARNING, INFO = "error", "warning", "info"
SEVERITIES = (ERROR, WARNING, INFO)
SWEEP_SECONDS = 30
"""How often the alert sweep runs: a shorter target is over before anyone is warned."""
# Shown per tier; past this the list says the same thing again.
MOST_FINDINGS = 60

SEVERITY_OF: Mapping[str, str] = {
    "nothing_promised": ERROR,
    "unknown_calendar": ERROR,
    "no_first_response": ERROR,
    "unreachable": WARNING,
    "missing_priority": WARNING,
    "shorter_than_sweep": WARNING,
    "first_after_resolution": WARNING,
    "next_after_resolution": WARNING,
    "update_after_resolution": INFO,
    "faster_than_more_urgent": INFO,
    "no_priority_row": INFO,
    "unknown_tier": WARNING,
    "rule_without_effect": INFO,
}


class Finding(NamedTuple):
    """One doubt: a stable code, ``error``, ``warning`` or ``info``, and its values.

    A finding about a calendar has the code ``calendar.<code of calendar_lint>`` and its
    English wording under ``message``.
    """

    code: str
    severity: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Surroundings:
    """What a policy is checked against.

    Parameters
    ----------
    earlier : sequence of (str, PolicyDefinition)
        Name and definition of the policies tried before it.
    tiers : collection of str
        Codes of the tiers that exist.
    holiday_years : mapping of str to (mapping of str to collection of int)
        Calendar key to country to the years whose holidays are loaded.
    """

    earlier: Sequence[tuple[str, PolicyDefinition]] = ()
    tiers: Collection[str] = ()
    holiday_years: Mapping[str, Mapping[str, Collection[int]]] = field(
        default_factory=dict
    )


def lint_policy(
    definition: PolicyDefinition, surroundings: Surroundings, *, today: date
) -> list[Finding]:
    """List what is wrong or doubtful, errors first; errors keep it from being published.

    Parameters
    ----------
    definition : PolicyDefinition
        With the calendars it names: one that it names but does not hold is unknown.
    surroundings : Surroundings
        The other policies, tiers and loaded holidays.
    today : date
        Calendars are checked from here on.

    Returns
    -------
    list of Finding
        Sorted by severity, then in the order of the checks.
    """
    found = [
        *_promises(definition),
        *_reachable(definition, surroundings.earlier),
        *_tiers(definition, surroundings.tiers),
        *_target_order(definition),
        *_calendars(definition, surroundings.holiday_years, today),
        *_rules(definition),
    ]
    found.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    return found[:MOST_FINDINGS]


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity == ERROR for finding in findings)


def is_broader(broad: PolicyDefinition, narrow: PolicyDefinition) -> bool:
    """Whether every ticket that ``narrow`` is for is also one that ``broad`` is for."""
    return all(
        _covers(name, accepted, narrow.conditions.get(name, ()))
        for name, accepted in broad.conditions.items()
    )


def _covers(name: str, broad: Collection[Any], narrow: Collection[Any]) -> bool:
    if not narrow:
        return False
    if name == "category":
        return all(any(in_subtree(path, root) for root in broad) for path in narrow)
    return set(narrow) <= set(broad)


def _finding(code: str, **params: Any) -> Finding:
    return Finding(code, SEVERITY_OF[code], params)


def _rows_in_scope(definition: PolicyDefinition) -> tuple[str, ...]:
    """The priorities that its own condition lets through."""
    accepted = definition.conditions.get("priority")
    return PRIORITIES if accepted is None else tuple(sorted(accepted))


def _promises(definition: PolicyDefinition) -> Iterator[Finding]:
    promised = {
        row
        for row in (*PRIORITIES, NO_PRIORITY)
        if any(definition.targets.get(row, {}).values())
        or any(any(t.get(row, {}).values()) for t in definition.tier_targets.values())
    }
    if not promised:
        yield _finding("nothing_promised")
        return
    missing = [row for row in _rows_in_scope(definition) if row not in promised]
    if missing:
        yield _finding("missing_priority", priorities=missing)
    if NO_PRIORITY not in promised and "priority" not in definition.conditions:
        yield _finding("no_priority_row")


def _reachable(
    definition: PolicyDefinition, earlier: Sequence[tuple[str, PolicyDefinition]]
) -> Iterator[Finding]:
    for name, other in earlier:
        if is_broader(other, definition):
            yield _finding("unreachable", policy=name)
            return


def _tiers(definition: PolicyDefinition, tiers: Collection[str]) -> Iterator[Finding]:
    named = {
        *definition.multipliers,
        *definition.tier_targets,
        *definition.conditions.get("tier", ()),
    }
    for tier in sorted(named - set(tiers)):
        yield _finding("unknown_tier", tier=tier)


def _target_order(definition: PolicyDefinition) -> Iterator[Finding]:
    """Compare the times that result, tier by tier; a doubt shared by tiers is told once."""
    seen: dict[tuple[Any, ...], list[str]] = {}
    for tier in ("", *sorted({*definition.multipliers, *definition.tier_targets})):
        for key in _doubts_of(definition, tier):
            seen.setdefault(key, []).append(tier)
    for (code, *rest), tiers in seen.items():
        names = [] if tiers[0] == "" else tiers
        yield _finding(code, tiers=names, **dict(rest))


def _doubts_of(definition: PolicyDefinition, tier: str) -> Iterator[tuple[Any, ...]]:
    rows = {
        row: {metric: definition.target(tier, row, metric) for metric in METRICS}
        for row in (*PRIORITIES, NO_PRIORITY)
    }
    for row, targets in rows.items():
        for metric, seconds in targets.items():
            if seconds is not None and seconds < SWEEP_SECONDS:
                yield "shorter_than_sweep", ("priority", row), ("metric", metric)
        for metric, code in _NOT_AFTER_RESOLUTION.items():
            if _longer(targets[metric], targets[RESOLUTION]):
                yield code, ("priority", row)
    for metric in METRICS:
        for urgent, other in pairwise(PRIORITIES):
            same_hours = definition.calendar_key_for(
                urgent
            ) == definition.calendar_key_for(other)
            if same_hours and _longer(rows[urgent][metric], rows[other][metric]):
                yield (
                    "faster_than_more_urgent",
                    ("priority", other),
                    ("urgent", urgent),
                    ("metric", metric),
                )


_NOT_AFTER_RESOLUTION = {
    FIRST_RESPONSE: "first_after_resolution",
    NEXT_REPLY: "next_after_resolution",
    PERIODIC_UPDATE: "update_after_resolution",
}


def _longer(seconds: int | None, limit: int | None) -> bool:
    return seconds is not None and limit is not None and seconds > limit


def _calendars(
    definition: PolicyDefinition,
    holiday_years: Mapping[str, Mapping[str, Collection[int]]],
    today: date,
) -> Iterator[Finding]:
    for key in sorted(definition.calendar_keys):
        frozen = definition.calendars.get(key)
        if frozen is None:
            if key != ALWAYS:
                yield _finding("unknown_calendar", key=key)
            continue
        for doubt in calendar_lint.lint(
            frozen.hours.to_dict(),
            today=today,
            countries_years=holiday_years.get(key),
        ):
            yield Finding(
                f"calendar.{doubt.code}",
                doubt.severity,
                {**doubt.params, "calendar": frozen.name, "message": doubt.message},
            )


def _rules(definition: PolicyDefinition) -> Iterator[Finding]:
    rules = definition.rules
    if not rules.first_response:
        yield _finding("no_first_response")
    if rules.not_paused >= set(METRICS) and (rules.pause_on or rules.manual_pauses):
        yield _finding("rule_without_effect", rule="pause_on")


def working_day_seconds(definition: PolicyDefinition, key: str) -> int:
    """Open seconds of the most common working weekday of a calendar, which ``wd`` means.

    Returns
    -------
    int
        0 for a calendar that is unknown or has no weekly hours.
    """
    frozen = definition.calendars.get(key)
    if frozen is None:
        return 86_400 if key == ALWAYS else 0
    weekly = frozen.hours.definition.weekly
    lengths = [sum(end - start for start, end in hours) for hours in weekly if hours]
    return max(sorted(lengths, reverse=True), key=lengths.count) if lengths else 0
