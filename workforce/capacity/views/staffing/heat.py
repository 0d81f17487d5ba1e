"""The week as a table of cells: text and shade of each measure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workforce.capacity.core.staffing import Assumptions as Given
from workforce.capacity.forms.staffing import clock
from workforce.capacity.selectors.staffing.grid import WeekGrid, week_grid
from workforce.capacity.selectors.staffing.staffed import COVERED, Staffed
from workforce.capacity.views.staffing.numbers import MINUS, Quick

MEASURES: dict[str, tuple[str | Promise, str | Promise]] = {
    "required": (_("Needed"), _("people at work, before rounding")),
    "planned": (_("Planned"), _("people at work: planned people without shrinkage")),
    "gap": (
        _("Gap"),
        _("needed less planned, people at work: + short, − spare"),
    ),
    "service_level": (
        _("Service level"),
        _("% served in time with the planned people"),
    ),
    "occupancy": (_("Occupancy"), _("% of their time that planned people are busy")),
}
UNPLANNED = {
    "service_level": _("% served in time with the people needed"),
    "occupancy": _("% of their time that the people needed are busy"),
}
LOW_OCCUPANCY = 0.7
"""Below seven tenths people wait for work more than is good for the budget."""
NEAR = 0.1
SHADES = 4

Cell = tuple[str, str]
EMPTY: Cell = ("", "none")


@dataclass(frozen=True)
class HeatRow:
    label: str
    cells: list[Cell]


def grid_of(staffed: Staffed) -> WeekGrid:
    """Lay out every measure; without planned people those of the needed ones."""
    need = staffed.need
    planned = staffed.is_planned
    busy = need.volumes > 0
    measures = {
        "required": need.exact,
        "planned": staffed.available,
        "gap": -staffed.gap,
        "service_level": staffed.service_level
        if planned
        else np.where(busy, need.service_level, np.nan),
        "occupancy": staffed.occupancy
        if planned
        else np.where(need.exact > 0, need.occupancy, np.nan),
    }
    closed = need.hours <= 0
    shown = {
        name: np.where(closed, np.nan, values) for name, values in measures.items()
    }
    return week_grid(need.times, shown).without_empty_rows()


def cells_of(
    grid: WeekGrid, given: Given, *, is_kept_anyway: bool = False
) -> dict[str, list[Cell]]:
    """Text and shade of every cell, row by row, for each measure.

    Where work can wait and is in time anyway, no gap is an alarm.
    """
    quick = Quick()
    most = max(
        (np.nanmax(grid.cells[name], initial=0.0) for name in ("required", "planned")),
        default=0.0,
    )
    makers: dict[str, Callable[[float, float], Cell]] = {
        "required": lambda value, _need: (quick.one(value), _step(value, most)),
        "planned": lambda value, _need: (quick.one(value), _step(value, most)),
        "gap": lambda value, need: _gap(value, need, quick, is_kept_anyway),
        "service_level": lambda value, _need: _level(value, given.service_level),
        "occupancy": lambda value, _need: _occupancy(value, given.max_occupancy),
    }
    needed = grid.cells["required"].ravel().tolist()
    return {
        name: [
            EMPTY if value != value else makers[name](value, need)
            for value, need in zip(
                grid.cells[name].ravel().tolist(), needed, strict=True
            )
        ]
        for name in MEASURES
    }


def _step(value: float, most: float) -> str:
    if value <= 0 or most <= 0:
        return "q0"
    return f"q{min(SHADES, int(np.ceil(SHADES * value / most)))}"


def _gap(value: float, need: float, quick: Quick, is_kept: bool) -> Cell:
    text = quick.one(abs(value))
    if abs(value) < 0.05:
        return text, "ok"
    if value < 0:
        return f"{MINUS}{text}", "ok"
    if is_kept:
        return f"+{text}", "idle"
    is_uncovered = need > 0 and need - value < COVERED * need
    return f"+{text}", "late" if is_uncovered else "watch"


def _level(value: float, wanted: float) -> Cell:
    text = f"{100 * value:.0f}"
    if value >= wanted - 0.0005:
        return text, "ok"
    return text, "watch" if value >= wanted - NEAR else "late"


def _occupancy(value: float, most: float) -> Cell:
    return f"{100 * value:.0f}", occupancy_shade(value, most)


def occupancy_shade(value: float, most: float) -> str:
    if value > most + 0.0005:
        return "late"
    return "ok" if value >= min(LOW_OCCUPANCY, most) else "idle"


def rows_of(grid: WeekGrid, cells: list[Cell], width: int = 7) -> list[HeatRow]:
    """Cells as rows with the time of day at which each begins."""
    return [
        HeatRow(clock(int(minute)), cells[width * row : width * (row + 1)])
        for row, minute in enumerate(grid.minutes)
    ]


def weekday_names() -> list[tuple[str, str]]:
    return [(str(WEEKDAYS_ABBR[day]), str(WEEKDAYS[day])) for day in range(7)]


def measures_for(staffed: Staffed) -> list[tuple[str, Any, Any]]:
    """Code, name and what it counts of each measure."""
    unplanned = {} if staffed.is_planned else UNPLANNED
    return [
        (code, name, unplanned.get(code, words))
        for code, (name, words) in MEASURES.items()
    ]


def words_for(staffed: Staffed) -> dict[str, str]:
    return {code: str(words) for code, _name, words in measures_for(staffed)}
