"""Where each input of a calculation comes from: typed, live, or the formula's default."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from workforce.capacity.core.cost import DEFINITIONS, Expression, Input
from workforce.capacity.selectors.costs.facts import Fact

Origin = Literal["TYPED", "LIVE", "DEFAULT"]


@dataclass(frozen=True)
class InputValue:
    """One input as it was used.

    ``typed`` is what a person entered, ``live`` what was measured; ``value`` the one
    that counts. ``low`` and ``high`` are the range that a person gave, if any.
    """

    definition: Input
    value: float
    origin: Origin
    typed: float | None
    low: float | None
    high: float | None
    source: str
    as_of: date | None
    live: float | None
    live_words: str
    live_on: date | None

    @property
    def key(self) -> str:
        return self.definition.key

    @property
    def range(self) -> tuple[float, float] | None:
        if self.low is None or self.high is None:
            return None
        return self.low, self.high


def input_values(
    kind: str, stored: Mapping[str, Mapping[str, Any]], facts: Mapping[str, Fact]
) -> list[InputValue]:
    """Return every input of a formula, in its order."""
    inputs = DEFINITIONS[kind].inputs
    typed = {each.key: _typed(stored, each.key) for each in inputs}
    plain = {
        each.key: each.default if typed[each.key] is None else typed[each.key]
        for each in inputs
    }
    return [_value(each, stored.get(each.key, {}), plain, facts) for each in inputs]


def _typed(stored: Mapping[str, Mapping[str, Any]], key: str) -> float | None:
    value = stored.get(key, {}).get("value")
    return None if value is None else float(value)


def _value(
    each: Input,
    row: Mapping[str, Any],
    plain: Mapping[str, float | None],
    facts: Mapping[str, Fact],
) -> InputValue:
    live = _live(each, plain, facts)
    typed = plain[each.key] if row.get("value") is not None else None
    origin: Origin = "TYPED" if typed is not None else "LIVE" if live else "DEFAULT"
    used = typed if typed is not None else live.value if live else each.default
    as_of = row.get("as_of")
    return InputValue(
        definition=each,
        value=used,
        origin=origin,
        typed=typed,
        low=row.get("low"),
        high=row.get("high"),
        source=row.get("source") or "",
        as_of=date.fromisoformat(as_of) if as_of else None,
        live=live.value if live else None,
        live_words=live.words if live else "",
        live_on=live.as_of if live else None,
    )


def _live(
    each: Input, plain: Mapping[str, float | None], facts: Mapping[str, Fact]
) -> Fact | None:
    """Return the measured value, when all it is made of is known and it is in limits."""
    if not each.live:
        return None
    expression = Expression.parse(each.live)
    used = [name for name in expression.names if name not in plain]
    if any(name not in facts for name in used):
        return None
    values = {name: value for name, value in plain.items() if value is not None}
    values |= {name: facts[name].value for name in used}
    found = float(expression.value(values))
    if not each.low <= found <= each.high:
        return None
    return Fact(found, facts[used[0]].words, facts[used[0]].as_of)
