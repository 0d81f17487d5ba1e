"""The pictures of the accuracy page: a line over periods, errors by weekday and hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from workforce.capacity.charts.bands import Area, Chart, Line
from workforce.capacity.selectors.accuracy import Row
from workforce.capacity.selectors.accuracy.reports import Cell

MOST_STEPS = 200
STEPS = (0.05, 0.10, 0.20, 0.35)
"""Where the shades of the heat map begin."""


@dataclass(frozen=True)
class HeatRow:
    weekday: str | Promise
    cells: list["HeatCell"]


@dataclass(frozen=True)
class HeatCell:
    hour: int
    cell: Cell | None
    shade: int
    is_high: bool


def heat_rows(cells: Mapping[tuple[int, int], Cell]) -> list[HeatRow]:
    """Return seven rows of the hours that occur; nothing when no interval was judged."""
    hours = sorted({hour for _weekday, hour in cells})
    return [
        HeatRow(
            WEEKDAYS[weekday],
            [_heat_cell(hour, cells.get((weekday, hour))) for hour in hours],
        )
        for weekday in range(7)
        if any((weekday, hour) in cells for hour in hours)
    ]


def _heat_cell(hour: int, cell: Cell | None) -> HeatCell:
    lean = cell.bias if cell is not None else None
    shade = 0 if lean is None else sum(abs(lean) >= step for step in STEPS)
    return HeatCell(hour, cell, shade, lean is not None and lean > 0)


def label_of(row: Row, grain: str) -> str:
    if grain == "month":
        return date_format(row.start, "M Y")
    return date_format(row.start, "j M")


def rows_chart(rows: Sequence[Row], grain: str) -> Chart | None:
    """Draw actual against expected, oldest first; the newest where there are many."""
    shown = list(reversed(rows[:MOST_STEPS]))
    if len(shown) < 2:
        return None
    outside = sum(row.is_outside for row in shown)
    return Chart(
        label=_("Actual against expected; %(outside)d of %(n)d outside the 95 %% band.")
        % {"outside": outside, "n": len(shown)},
        names=[label_of(row, grain) for row in shown],
        unit=_("contacts"),
        areas=[
            Area(
                _("95 % band"),
                "wide",
                [row.low95 for row in shown],
                [row.high95 for row in shown],
            )
        ],
        lines=[
            Line(_("Expected"), "expected", [row.expected for row in shown]),
            Line(_("Actual"), "actual", [row.actual for row in shown]),
        ],
    )
