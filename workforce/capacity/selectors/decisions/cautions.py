"""What a reader is warned of: a recommendation that the figures contradict or cannot carry.

Read from the sections of a record as its reader may see them, of now or of a version:
nothing is said of costs to who does not see costs.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from workforce.capacity.core.cautions import Held, alike, best_at, lost_beyond
from workforce.capacity.selectors.decisions.inputs import amount

Data = Mapping[str, Any]


def cautions_of(sections: Iterable[Data]) -> list[str]:
    """Return every caution in words, the gravest first; none without a choice."""
    data = {each["key"]: each["data"] for each in sections}
    letter = data.get("recommendation", {}).get("chosen", "")
    if not letter:
        return []
    options = data.get("options", {})
    scenarios = data.get("flip", {}).get("scenarios", [])
    return [
        *_stale(options),
        *_against_chart(letter, scenarios),
        *_against_criteria(letter, data.get("criteria", {})),
        *_not_told_apart(letter, options),
        *_within_ranges(letter, scenarios),
    ]


def _stale(options: Data) -> list[str]:
    if not options.get("is_stale"):
        return []
    return [_("Inputs or options have changed since the options were computed.")]


def _against_chart(letter: str, scenarios: Iterable[Data]) -> list[str]:
    """At the inputs' values every scenario says the same, so the first one is enough."""
    first = next(iter(scenarios), None)
    if first is None or (base := _base(first)) is None:
        return []
    cheap = best_at(_stretches(first, "cheapest"), base)
    fast = best_at(_stretches(first, "fastest"), base)
    names = {"letter": letter, "cheap": cheap, "fast": fast}
    if letter in (cheap, fast):
        return []
    if cheap and cheap == fast:
        return [
            _(
                "The flip chart contradicts this: at the inputs' values %(fast)s is "
                "fastest and costs least, not %(letter)s."
            )
            % names
        ]
    if cheap:
        return [
            _(
                "The flip chart contradicts this: at the inputs' values %(cheap)s costs "
                "least and %(fast)s is fastest; %(letter)s is neither."
            )
            % names
        ]
    return [
        _(
            "On the flip chart %(fast)s is fastest at the inputs' values, not %(letter)s."
        )
        % names
    ]


def _against_criteria(letter: str, criteria: Data) -> list[str]:
    best = [each["letter"] for each in criteria.get("scores", ()) if each["is_best"]]
    if not best or best == [letter]:
        return []
    return [
        _("By the weighted criteria %(best)s scores highest, not %(letter)s.")
        % {"best": best[0], "letter": letter}
    ]


def _not_told_apart(letter: str, options: Data) -> list[str]:
    measures = options.get("measures", ())
    leads = {each["label"]: each.get("leads", ()) for each in measures}
    found = alike(leads, letter)
    if not found:
        return []
    parts = [
        _("%(measure)s (%(letters)s)")
        % {"measure": measure, "letters": ", ".join(letters)}
        for measure, letters in found.items()
    ]
    words = _(
        "The plausible ranges overlap, so that these options cannot be told apart: "
        "%(parts)s."
    ) % {"parts": "; ".join(parts)}
    if len(found) < len(leads):
        return [words]
    return [_("%(words)s No figure decides for %(letter)s.")
            % {"words": words, "letter": letter}]  # fmt: skip


def _within_ranges(letter: str, scenarios: Iterable[Data]) -> list[str]:
    """Inputs whose plausible range contains a flip away from the option."""
    found = []
    for each in scenarios:
        base = _base(each)
        if not each.get("is_typed") or base is None:
            continue
        for name, words in (
            ("cheapest", _("costs least")), ("fastest", _("is fastest")),
        ):  # fmt: skip
            bounds = lost_beyond(_stretches(each, name), base, letter)
            if bounds is not None:
                found.append(
                    _("%(letter)s %(best)s only %(where)s; plausible is %(range)s.")
                    % {
                        "letter": letter,
                        "best": words,
                        "where": _where(each, *bounds),
                        "range": each["range"],
                    }
                )
    return found


def _where(scenario: Data, low: float | None, high: float | None) -> str:
    names = {
        "name": scenario["name"],
        "low": _text(low, scenario),
        "high": _text(high, scenario),
    }
    if low is None:
        return _("while “%(name)s” is below %(high)s") % names
    if high is None:
        return _("while “%(name)s” is above %(low)s") % names
    return _("while “%(name)s” lies between %(low)s and %(high)s") % names


def _text(value: float | None, scenario: Data) -> str:
    if value is None:
        return ""
    return amount(float(f"{value:.4g}"), scenario["unit"])


def _base(scenario: Data) -> float | None:
    """The value of the input; a scenario shown without costs keeps it as ``base``."""
    if "base" in scenario:
        return float(scenario["base"])
    found = [each["at"] for each in scenario.get("cases", ()) if each["case"] == "base"]
    return float(found[0]) if found else None


def _stretches(scenario: Data, name: str) -> list[Held]:
    return [
        Held(each["low"], each["high"], each["letter"])
        for each in scenario.get(name, ())
    ]
