"""Options side by side: what each is, what it brings, which is best and how surely."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workforce.capacity.core.decisions import distinct_facts
from workforce.capacity.core.options import Measure
from workforce.capacity.models import Decision, DecisionInput, DecisionOption, Evidence
from workforce.capacity.selectors.decisions.inputs import amount
from workforce.capacity.selectors.decisions.trigger_rows import moment_text
from workforce.capacity.selectors.weighing.flips import flip_words
from workforce.capacity.selectors.weighing.setting import gather, is_today
from workforce.people.models import User

Words = str | Promise
MEASURES: tuple[tuple[Measure, str, Words, Words], ...] = (
    (Measure.VOLUME, "handled", gettext_lazy("Volume handled a week"), ""),
    (Measure.RESOLUTION, "hours", gettext_lazy("Resolution time, mean"), ""),
    (Measure.CSAT, "csat", gettext_lazy("CSAT"), "%"),
    (Measure.COST, "cost", gettext_lazy("Cost a week"), ""),
)
DETAILS: tuple[tuple[str, Words, Words, bool], ...] = (
    ("people", gettext_lazy("By people a week"), "", False),
    ("automated", gettext_lazy("By automation a week"), "", False),
    ("left", gettext_lazy("Left over a week: the backlog grows"), "", False),
    (
        "live_wait",
        gettext_lazy("Wait, live channels"),
        "",
        False,
    ),
    (
        "deferred_wait",
        gettext_lazy("Wait, channels that can wait"),
        "",
        False,
    ),
    ("busy", gettext_lazy("People are busy"), "%", False),
    ("cost_each", gettext_lazy("Cost of a contact handled"), "", True),
)
_PERCENT = {"csat", "busy"}
_TIMES = {"hours", "live_wait", "deferred_wait"}
_IN_MINUTES = 3.0
"""Times whose largest value is below so many hours are written in minutes."""
_ABOUT_COST = DecisionInput.About.COST


def options_of(decision: Decision) -> list[DecisionOption]:
    return list(decision.options.order_by("letter"))


def options_facts(decision: Decision) -> dict[str, str]:
    return distinct_facts(
        (_("Option %(letter)s") % {"letter": row.letter}, option_words(row))
        for row in options_of(decision)
    )


def option_words(row: DecisionOption) -> str:
    parts = [
        row.name,
        mix_words(row),
        "" if row.people is None else amount(row.people, _("FTE")),
        _("automation %(share)s") % {"share": share_text(row.automation)},
        row.description,
    ]
    return "; ".join(part for part in parts if part)


def mix_words(row: DecisionOption) -> str:
    return ", ".join(f"{name} {share_text(share)}" for name, share in row.mix.items())


def share_text(share: float) -> str:
    """Write a share in percent, with a place behind the point where it has one."""
    percent = round(100 * share, 1)
    return f"{number_format(percent, 0 if percent == round(percent) else 1)} %"


def options(decision: Decision, reader: User | None, at: datetime) -> dict[str, Any]:
    """Write the options out with what was last computed, and what keeps them from it."""
    rows = options_of(decision)
    held = gather(decision, rows)
    computed = [row for row in rows if row.results]
    is_whole = bool(rows) and len(computed) == len(rows)
    measures = [_measure(each, rows) for each in MEASURES] if is_whole else []
    return {
        "options": [_option(row) for row in rows],
        "measures": measures,
        "today": _beside_today(decision, rows, measures) if is_whole else {},
        "details": [_detail(each, rows) for each in DETAILS] if is_whole else [],
        "computed": moment_text(rows[0].computed_at) if is_whole else "",
        "is_stale": is_whole and any(_is_stale(row, held.digest) for row in rows),
        "is_partly": bool(computed) and not is_whole,
        "missing": [{"name": each.name, "hint": each.hint} for each in held.missing],
        "problems": held.problems,
        "can_compute": held.can_compute,
        "used": held.used,
    }


def _beside_today(
    decision: Decision, rows: Sequence[DecisionOption], measures: list[dict[str, Any]]
) -> dict[str, Any]:
    """Find what is done today: an option of that kind, else what was computed of it.

    Gives each of ``measures`` its figure of today where only that was computed.
    """
    inputs = {row.key: row for row in decision.inputs.all()}
    letter = next((row.letter for row in rows if is_today(row, inputs)), "")
    if letter:
        return {"letter": letter}
    entry = decision.evidence.filter(kind=Evidence.Kind.COMPUTED).first()
    figures = entry.details.get("today") if entry else None
    if not figures or entry is None or entry.details["digest"] != _digest_of(rows):
        return {}
    for each, (_measure_of, name, _label, _unit) in zip(
        measures, MEASURES, strict=True
    ):
        each["today"] = _cell_of(figures[name], each["scale"], each["unit"])
    return {"letter": "", "is_computed": True}


def _digest_of(rows: Sequence[DecisionOption]) -> str:
    return str(rows[0].results["digest"])


def _is_stale(row: DecisionOption, digest: str) -> bool:
    return bool(row.results.get("digest") != digest)


def _option(row: DecisionOption) -> dict[str, Any]:
    return {
        "letter": row.letter,
        "name": row.name,
        "description": row.description,
        "mix": [
            {"name": name, "text": share_text(share), "share": share}
            for name, share in row.mix.items()
        ],
        "people": amount(row.people, _("FTE")),
        "automation": share_text(row.automation),
    }


def _measure(
    each: tuple[Measure, str, Words, Words], rows: Sequence[DecisionOption]
) -> dict[str, Any]:
    measure, name, label, unit = each
    scale, unit = _written(name, rows, str(unit) or _unit_of(measure, rows))
    leads = [row.letter for row in rows if measure.value in row.results["leads"]]
    cells = [
        {
            **_cell(name, row, scale, unit),
            "letter": row.letter,
            "is_best": leads == [row.letter],
            "chance": amount(round(100 * row.results["best"][measure.value]), "%"),
        }
        for row in rows
    ]
    return {
        "key": measure.value,
        "label": str(label),
        "cells": cells,
        "leads": leads,
        "scale": scale,
        "unit": unit,
        "words": _verdict(leads, cells) if len(rows) > 1 else "",
    }


def _written(name: str, rows: Sequence[DecisionOption], unit: str) -> tuple[float, str]:
    """How a figure is written for all options alike: factor and unit."""
    if name in _PERCENT:
        return 100.0, unit
    if name not in _TIMES:
        return 1.0, unit
    longest = max(row.results["figures"][name][0] or 0.0 for row in rows)
    if longest < _IN_MINUTES:
        return 60.0, _("minutes")
    return 1.0, _("open hours")


def _unit_of(measure: Measure, rows: Sequence[DecisionOption]) -> str:
    return _currency(rows) if measure is Measure.COST else ""


def _verdict(leads: Sequence[str], cells: Sequence[dict[str, Any]]) -> str:
    if len(leads) == 1:
        chance = next(each["chance"] for each in cells if each["letter"] == leads[0])
        return _("%(letter)s is best in %(chance)s of the draws.") % {
            "letter": leads[0],
            "chance": chance,
        }
    return _("%(letters)s cannot be told apart.") % {"letters": _listed(leads)}


def _listed(letters: Sequence[str]) -> str:
    if len(letters) < 2:
        return "".join(letters)
    return _("%(first)s and %(last)s") % {
        "first": ", ".join(letters[:-1]),
        "last": letters[-1],
    }


def _currency(rows: Sequence[DecisionOption]) -> str:
    """What the inputs' costs are in; the installation's currency where none is named."""
    return str(rows[0].results["currency"] or settings.CURRENCY)


def _cell(name: str, row: DecisionOption, scale: float, unit: str) -> dict[str, Any]:
    return _cell_of(row.results["figures"][name], scale, unit)


def _cell_of(
    figures: Sequence[float | None], scale: float, unit: str
) -> dict[str, Any]:
    value, low, high = (
        None if number is None else _figures(scale * number) for number in figures
    )
    interval = ""
    if low is not None and high is not None and low != high:
        interval = _("%(low)s to %(high)s") % {
            "low": amount(low),
            "high": amount(high, unit),
        }
    return {"value": value, "text": amount(value, unit), "interval": interval}


def _figures(number: float) -> float:
    """Round to as many places as the simulation can vouch for."""
    return round(number, 0 if abs(number) >= 100 else 1 if abs(number) >= 10 else 2)


def _detail(
    each: tuple[str, Words, Words, bool], rows: Sequence[DecisionOption]
) -> dict[str, Any]:
    name, label, unit, is_cost = each
    unit = _currency(rows) if is_cost else str(unit)
    scale, unit = _written(name, rows, unit)
    return {
        "key": name,
        "label": str(label),
        "is_cost": is_cost,
        "cells": [_cell(name, row, scale, unit) for row in rows],
    }


def without_costs(section: dict[str, Any]) -> dict[str, Any]:
    """Leave out what options cost: fewer people see that."""
    return {
        **section,
        "measures": [
            each for each in section["measures"] if each["key"] != Measure.COST.value
        ],
        "details": [each for each in section["details"] if not each["is_cost"]],
        "used": [each for each in section["used"] if each["about"] != _ABOUT_COST],
        "is_redacted": True,
    }


# Scenario ranges --------------------------------------------------------------------------


def flip_facts(decision: Decision) -> dict[str, str]:
    """Nothing is decided here: ranges are those of the inputs."""
    return {}


def flip(decision: Decision, reader: User | None, at: datetime) -> dict[str, Any]:
    """Write out the scenarios that were last computed."""
    entry = decision.evidence.filter(kind=Evidence.Kind.COMPUTED).first()
    if entry is None:
        return {"scenarios": [], "computed": "", "is_stale": False}
    held = gather(decision, options_of(decision))
    return {
        "scenarios": [_scenario(each) for each in entry.details.get("flips", ())],
        "computed": moment_text(entry.at),
        "is_stale": entry.details.get("digest") != held.digest,
        "currency": held.currency or settings.CURRENCY,
    }


def _scenario(stored: dict[str, Any]) -> dict[str, Any]:
    return {
        **stored,
        "range": _("%(low)s to %(high)s")
        % {
            "low": amount(_figures(stored["points"][0])),
            "high": amount(_figures(stored["points"][-1]), stored["unit"]),
        },
        "words": flip_words(stored, _amount),
        "base": next(each["at"] for each in stored["cases"] if each["case"] == "base"),
        "cuts": sorted(
            {
                each["low"]
                for name in ("cheapest", "fastest")
                for each in stored[name][1:]
            }
        ),
        "case_rows": [_case(stored, case) for case in stored["cases"]],
    }


def _amount(value: float, unit: str) -> str:
    return amount(_figures(value), unit)


CASES: dict[str, Words] = {
    "low": gettext_lazy("Low"),
    "base": gettext_lazy("Base"),
    "high": gettext_lazy("High"),
}


def _case(stored: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    scales = {Measure.CSAT: 100.0}
    cells = [
        {
            "letter": letter,
            **{
                measure.value: amount(
                    _figures(scales.get(measure, 1.0) * case[measure.value][place])
                )
                for measure in Measure
            },
        }
        for place, letter in enumerate(stored["letters"])
    ]
    return {
        "name": str(CASES[case["case"]]),
        "at": _amount(case["at"], stored["unit"]),
        "cells": cells,
    }


def flip_without_costs(section: dict[str, Any]) -> dict[str, Any]:
    return {
        **section,
        "scenarios": [
            _without_costs(each) for each in section["scenarios"] if not each["is_cost"]
        ],
        "is_redacted": True,
    }


def _without_costs(scenario: dict[str, Any]) -> dict[str, Any]:
    kept = {
        name: value
        for name, value in scenario.items()
        if name not in ("cost", "cheapest", "cases")
    }
    return {
        **kept,
        "cuts": [each["low"] for each in scenario["fastest"][1:]],
        "words": flip_words({**kept, "cheapest": []}, _amount),
        "case_rows": [
            {
                **row,
                "cells": [
                    {name: text for name, text in cell.items() if name != "COST"}
                    for cell in row["cells"]
                ],
            }
            for row in scenario["case_rows"]
        ],
    }
