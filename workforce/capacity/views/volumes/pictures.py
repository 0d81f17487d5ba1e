"""Small pictures of volumes: a year as a line, the mean week as a shaded table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from numpy.typing import NDArray

from workforce.capacity.core.volumes.profile import WeekProfile

WIDTH, HEIGHT = 120, 28
SHADES = 4


def sparkline(values: NDArray[np.float64], label: str) -> SafeString:
    """A line over equal steps; it breaks where nothing is known. Zero is at the foot."""
    top = float(np.nanmax(values)) if np.isfinite(values).any() else 0.0
    step = WIDTH / max(1, len(values) - 1)
    runs: list[list[str]] = [[]]
    for place, value in enumerate(values.tolist()):
        if value != value:
            runs.append([])
            continue
        y = HEIGHT - 2 - (HEIGHT - 4) * (value / top if top else 0.0)
        runs[-1].append(f"{place * step:.1f},{y:.1f}")
    lines = format_html_join(
        "", '<polyline points="{}"/>', ((" ".join(_seen(run)),) for run in runs if run)
    )
    return format_html(
        '<svg class="cv-spark" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        "<title>{}</title>{}</svg>",
        WIDTH,
        HEIGHT,
        label,
        label,
        lines,
    )


def _seen(points: list[str]) -> list[str]:
    """One point alone draws nothing: twice it is a dot."""
    return points * 2 if len(points) == 1 else points


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One interval of the day: its start and the seven weekdays' text and shade."""

    label: str
    cells: list[tuple[str, str]]


def heat_rows(profile: WeekProfile, minutes: int) -> list[HeatRow]:
    """The mean week from the first to the last interval in which anything came."""
    used = np.flatnonzero(np.nan_to_num(profile.mean).any(axis=1))
    if not used.size:
        return []
    most = float(np.nanmax(profile.mean))
    texts: dict[float, str] = {}
    return [
        HeatRow(
            f"{slot * minutes // 60:02}:{slot * minutes % 60:02}",
            [_cell(value, most, texts) for value in profile.mean[slot].tolist()],
        )
        for slot in range(int(used[0]), int(used[-1]) + 1)
    ]


def _cell(value: float, most: float, texts: dict[float, str]) -> tuple[str, str]:
    if value != value:
        return "", "none"
    digits = 1 if most < 100 else 0
    shown = round(value, digits)
    if shown not in texts:
        texts[shown] = number_format(shown, digits)
    return texts[shown], f"q{int(np.ceil(SHADES * value / most)) if most else 0}"


def weekday_heads(days: Sequence[int]) -> list[tuple[str, str, int]]:
    """Short name, full name and number of days of each weekday."""
    return [
        (str(WEEKDAYS_ABBR[weekday]), str(WEEKDAYS[weekday]), int(days[weekday]))
        for weekday in range(7)
    ]
