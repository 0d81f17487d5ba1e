"""What a decision's inputs and options come to as numbers the model takes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from workforce.capacity.core.options import (
    DRIVERS,
    Channel,
    Plan,
    Range,
    Setting,
)
from workforce.capacity.core.options.drivers import CHANNEL_COST, HANDLE, driver_of
from workforce.capacity.models import Decision, DecisionInput, DecisionOption, Queue
from workforce.capacity.selectors.decisions.inputs import (
    amount,
    range_flaw_of,
    value_words,
)
from workforce.capacity.selectors.decisions.reading import MIX
from workforce.capacity.selectors.weighing.wanted import COST_KEYS, WANTED

DEFAULT_WEEKS = 13.0
LIVE_NAMES = frozenset({"phone", "chat", "call", "voice", "messaging"})
ROUNDING = 0.02
"""Typed shares are rounded: so far from 100 % they are brought to it."""
_HUNDREDTHS = ("%", "points")
_SAME = 0.005
"""People and shares are typed with two places."""
_PER_MINUTE = {"h": 60.0, "hours": 60.0, "seconds": 1 / 60, "s": 1 / 60}


@dataclass(frozen=True)
class Missing:
    """An input that is needed and has no usable value, and what to enter."""

    key: str
    name: str
    hint: str


@dataclass(frozen=True)
class Gathered:
    """Everything the model takes; ``setting`` is ``None`` while something is missing."""

    setting: Setting | None
    plans: list[Plan]
    missing: list[Missing]
    problems: list[str]
    digest: str
    currency: str
    used: list[dict[str, str]] = field(default_factory=list)

    @property
    def can_compute(self) -> bool:
        return self.setting is not None and bool(self.plans) and not self.problems


def gather(
    decision: Decision,
    options: Sequence[DecisionOption],
    levels: tuple[float, ...] = (1.0,),
) -> Gathered:
    """Read inputs and options of a decision.

    ``levels`` is the load of parts of the week; it is no input that somebody typed and
    so does not make results stale.
    """
    rows = {row.key: row for row in decision.inputs.all()}
    drivers, problems = _drivers(rows)
    mix = _mix_of(rows)
    missing = _missing(rows, drivers, mix)
    problems += _mix_problems(mix) + _today_problems(rows)
    plans, refused = _plans(options)
    currencies = _currencies(rows)
    problems += refused + _currency_problems(currencies)
    setting = None
    if not missing and not problems:
        today = Plan(
            "today",
            _whole(mix),
            rows["staffing_fte"].value or 0.0,
            rows["automation_coverage"].share or 0.0,
        )
        setting = Setting(
            channels=_channels([today, *plans]),
            drivers=drivers,
            today=today,
            weeks=weeks_of(decision),
            levels=levels,
        )
    return Gathered(
        setting=setting,
        plans=plans,
        missing=missing,
        problems=problems,
        digest=_digest(decision, rows, options),
        currency=currencies[0] if currencies else "",
        used=_used(rows),
    )


def weeks_of(decision: Decision) -> float:
    """The horizon in weeks: a quarter when none is set."""
    if decision.starts_on is None or decision.ends_on is None:
        return DEFAULT_WEEKS
    return ((decision.ends_on - decision.starts_on).days + 1) / 7


def share_of(value: float, unit: str) -> float:
    return value / 100 if unit in _HUNDREDTHS else value


def factor_of(key: str, unit: str) -> float:
    """What a typed value is multiplied by to be in the model's unit."""
    if unit in _HUNDREDTHS:
        return 0.01
    is_minutes = key in ("handle_minutes", "automation_minutes")
    if is_minutes or key.startswith(HANDLE):
        return _PER_MINUTE.get(unit, 1.0)
    return 1.0


def typed_factor_of(key: str, rows: Mapping[str, DecisionInput]) -> tuple[float, str]:
    """How a driver is shown again: factor and unit."""
    row = rows.get(key)
    if row is not None:
        return 1 / factor_of(key, row.unit), row.unit
    known, driver = WANTED.get(key), driver_of(key)
    unit = str(known.unit) if known else ""
    return (100.0 if driver.is_share or driver.is_signed else 1.0), unit


def is_driver(key: str) -> bool:
    return key in DRIVERS or key.startswith((HANDLE, CHANNEL_COST))


def _drivers(rows: Mapping[str, DecisionInput]) -> tuple[dict[str, Range], list[str]]:
    found: dict[str, Range] = {}
    problems = []
    for key, row in rows.items():
        if not is_driver(key) or row.value is None:
            continue
        factor, driver = factor_of(key, row.unit), driver_of(key)
        value = row.value * factor
        if not driver.is_signed and (value < 0 or (driver.is_share and value > 1)):
            problems.append(
                _("“%(name)s” is %(value)s: that cannot be.")
                % {"name": row.name, "value": amount(row.value, row.unit)}
            )
            continue
        if range_flaw_of(row):
            problems.append(
                _("“%(name)s” is %(value)s, outside its own range.")
                % {"name": row.name, "value": amount(row.value, row.unit)}
            )
            continue
        ends = [None if end is None else end * factor for end in (row.low, row.high)]
        found[key] = Range(value, *ends)
    _deduce_cost(rows, found)
    return found, problems


def _deduce_cost(rows: Mapping[str, DecisionInput], found: dict[str, Range]) -> None:
    """Take a person's cost from the cost of a ticket where only that is known."""
    ticket, people = rows.get("cost_per_ticket"), rows.get("staffing_fte")
    volume = found.get("tickets_per_week")
    is_known = ticket and ticket.value and people and people.value and volume
    if "cost_per_fte_week" in found or not is_known:
        return
    assert ticket is not None and people is not None and volume is not None  # noqa: PT018, S101 -- for mypy
    each = volume.value / (people.value or 1.0)
    ends = [None if end is None else end * each for end in (ticket.low, ticket.high)]
    found["cost_per_fte_week"] = Range((ticket.value or 0.0) * each, *ends)


def _mix_of(rows: Mapping[str, DecisionInput]) -> dict[str, float]:
    return {
        key.removeprefix(MIX): share_of(row.value, row.unit)
        for key, row in rows.items()
        if key.startswith(MIX) and row.value is not None
    }


def _mix_problems(mix: Mapping[str, float]) -> list[str]:
    total = sum(mix.values())
    if not mix or (abs(total - 1) <= ROUNDING and min(mix.values()) >= 0):
        return []
    return [
        _("The channel shares of the inputs add up to %(total)s, not 100 %%.")
        % {"total": amount(round(100 * total, 1), "%")}
    ]


def _today_problems(rows: Mapping[str, DecisionInput]) -> list[str]:
    """People and automation of today that cannot be."""
    people, covered = rows.get("staffing_fte"), rows.get("automation_coverage")
    return [
        _("“%(name)s” is %(value)s: that cannot be.")
        % {"name": row.name, "value": amount(row.value, row.unit)}
        for row, most in ((people, None), (covered, 1.0))
        if row is not None
        and row.value is not None
        and (row.value < 0 or (most is not None and (row.share or 0.0) > most))
    ]


def _whole(mix: Mapping[str, float]) -> dict[str, float]:
    total = sum(mix.values())
    return {name: share / total for name, share in mix.items()}


def is_today(option: DecisionOption, rows: Mapping[str, DecisionInput]) -> bool:
    """Tell whether an option is what the inputs say is done today."""
    people, covered = rows.get("staffing_fte"), rows.get("automation_coverage")
    if people is None or people.value is None or option.people is None:
        return False
    automated = (covered.share if covered else None) or 0.0
    mix, own = _mix_of(rows), {channel_key(k): v for k, v in option.mix.items()}
    names = {*mix, *own}
    return (
        abs(option.people - people.value) < _SAME
        and abs(option.automation - automated) < _SAME
        and all(abs(mix.get(n, 0.0) - own.get(n, 0.0)) <= ROUNDING for n in names)
    )


def _missing(
    rows: Mapping[str, DecisionInput],
    drivers: Mapping[str, Range],
    mix: Mapping[str, float],
) -> list[Missing]:
    found = []
    if not mix:
        words = _("the share of contacts of each channel, together 100 %")
        found.append(Missing(MIX, _("Channel mix"), words))
    for key, wanted in WANTED.items():
        row = rows.get(key)
        has_value = row is not None and row.value is not None
        if wanted.is_needed and not has_value and key not in drivers:
            found.append(Missing(key, str(wanted.name), str(wanted.hint)))
    return found


def _plans(options: Sequence[DecisionOption]) -> tuple[list[Plan], list[str]]:
    plans, problems = [], []
    for option in options:
        if option.people is None:
            problems.append(
                _("Option %(letter)s has no number of people.")
                % {"letter": option.letter}
            )
        elif not option.mix or abs(sum(option.mix.values()) - 1) > ROUNDING:
            problems.append(
                _("The channel shares of option %(letter)s do not add up to 100 %%.")
                % {"letter": option.letter}
            )
        else:
            plans.append(
                Plan(
                    option.letter, _whole(option.mix), option.people, option.automation
                )
            )
    return plans, problems


def _channels(plans: Sequence[Plan]) -> tuple[Channel, ...]:
    names = list(dict.fromkeys(name for plan in plans for name in plan.mix))
    live = live_channels()
    return tuple(Channel(name, is_live(name, live)) for name in names)


def live_channels() -> dict[str, bool]:
    """Say of every planned channel whether it is answered live."""
    rows = list(Queue.objects.order_by("pk").values_list("channel", "handling"))
    return {
        key: handling != Queue.Handling.DEFERRED
        for name, handling in rows
        for key in (channel_key(name), name.lower())
    }


def channel_key(name: str) -> str:
    """Write a channel as it stands in the key of an input: e_mail for E-mail."""
    return slugify(name).replace("-", "_") or "channel"


def is_live(name: str, known: Mapping[str, bool]) -> bool:
    return known.get(name.lower(), name.lower() in LIVE_NAMES)


def _digest(
    decision: Decision,
    rows: Mapping[str, DecisionInput],
    options: Sequence[DecisionOption],
) -> str:
    """What results hang on, as a short text: another one means they are stale."""
    held: list[Any] = [
        [key, row.value, row.low, row.high, row.unit]
        for key, row in sorted(rows.items())
        if _plays(key)
    ]
    held += [
        [each.letter, sorted(each.mix.items()), each.people, each.automation]
        for each in options
    ]
    held.append(round(weeks_of(decision), 6))
    return hashlib.sha256(json.dumps(held).encode()).hexdigest()[:16]


def _plays(key: str) -> bool:
    others = ("staffing_fte", "automation_coverage", "cost_per_ticket")
    return is_driver(key) or key.startswith(MIX) or key in others


def _currencies(rows: Mapping[str, DecisionInput]) -> list[str]:
    """The units somebody wrote beside costs, such as EUR, each once."""
    person = rows.get("cost_per_fte_week")
    is_deduced = person is None or person.value is None
    keys = [*sorted(COST_KEYS), *(["cost_per_ticket"] if is_deduced else [])]
    units = [
        rows[key].unit.split("/")[0].strip()
        for key in keys
        if key in rows and rows[key].value is not None
    ]
    return list(dict.fromkeys(unit for unit in units if unit))


def _currency_problems(currencies: Sequence[str]) -> list[str]:
    if len(currencies) < 2:
        return []
    return [
        _("Costs are in %(units)s: write all of them in one currency.")
        % {"units": ", ".join(currencies)}
    ]


def _used(rows: Mapping[str, DecisionInput]) -> list[dict[str, str]]:
    return [
        {
            "key": key,
            "name": row.name,
            "about": row.about,
            "text": value_words(row),
            "source": row.source,
        }
        for key, row in rows.items()
        if _plays(key) and row.value is not None
    ]
