"""How each forecasting method would have done on the volumes of a CSV file."""

import csv
import json
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from sla.core.public_holidays import public_holidays
from workforce.capacity.core.forecast import BEST, METHODS, Backtest
from workforce.capacity.core.forecast.backtesting import backtest_series
from workforce.capacity.core.forecast.opening import open_slots
from workforce.capacity.core.forecast.series import STEPS, Series, read_series
from workforce.capacity.core.forecast.training import Context, make_context

COLUMNS = ("timestamp", "volume")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
COLUMN_HEADS = (
    f"{'method':<20} {'WAPE':>7} {'day':>7} {'bias':>7} {'MASE':>6} "
    f"{'in 80':>6} {'in 95':>6} {'day 80':>6} {'day 95':>6} {'s':>7} {'origins':>7}"
)


@dataclass(frozen=True)
class VolumeFile:
    """A file's history and what it is called."""

    path: str
    freq: str
    series: Series

    @property
    def closed(self) -> list[str]:
        """Weekdays on which nothing is open."""
        usual = open_slots(self.series).any(axis=1)
        return [
            name for name, is_open in zip(WEEKDAYS, usual, strict=True) if not is_open
        ]


class Command(BaseCommand):
    help = (
        "Forecast the volumes of CSV files from several past days, knowing only what "
        "was known then, and compare the methods. Files have the columns timestamp "
        "(local wall clock) and volume. Needs no data in the database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--freq", choices=list(STEPS), help="interval; found in the file if absent"
        )
        parser.add_argument(
            "--horizon-days", nargs="+", type=int, default=[5, 10], metavar="N",
            help="open days ahead: working days where the file has no weekends",
        )  # fmt: skip
        parser.add_argument("--origins", type=int, default=14)
        parser.add_argument(
            "--step", type=int, help="calendar days between origins; a week if absent"
        )
        parser.add_argument(
            "--first-origin", type=date.fromisoformat, metavar="YYYY-MM-DD",
            help="first day not known at the first origin; the last ones if absent",
        )  # fmt: skip
        parser.add_argument(
            "--methods", nargs="+", choices=[*METHODS, BEST], default=[*METHODS, BEST]
        )
        parser.add_argument("--country", default="", help="ISO code, for its holidays")
        parser.add_argument("--subdivision", default="")
        parser.add_argument(
            "--holidays", nargs="+", type=date.fromisoformat, default=[],
            metavar="YYYY-MM-DD", help="holidays besides those of the country",
        )  # fmt: skip
        parser.add_argument(
            "--plant-outlier", nargs="?", type=float, const=300.0, metavar="PERCENT",
            help="change the third day before each origin by so much (300)",
        )  # fmt: skip
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        reports = []
        for path in options["files"]:
            volumes = _read(Path(path), options["freq"])
            tested = [
                _backtest(volumes, days, options) for days in options["horizon_days"]
            ]
            if options["format"] == "text":
                self._print(volumes, tested, options["plant_outlier"])
            reports.append(_report(volumes, tested))
        if options["format"] == "json":
            self.stdout.write(json.dumps({"files": reports}, indent=2))

    def _print(
        self, volumes: VolumeFile, tested: Sequence[Backtest], planted: float | None
    ) -> None:
        days = volumes.series.days.astype("datetime64[D]")
        closed = f", closed on {' '.join(volumes.closed)}" if volumes.closed else ""
        self.stdout.write(
            f"{volumes.path}: {days.size} days from {days[0]} to {days[-1]}, "
            f"intervals of {volumes.freq}{closed}"
        )
        if planted is not None:
            self.stdout.write(f"third day before each origin changed by {planted:+g} %")
        for result in tested:
            self.stdout.write(
                f"\n{result.horizon} open days ahead, {result.origins} origins, "
                f"noise floor {100 * result.noise_floor:.1f} %"
            )
            self.stdout.write(COLUMN_HEADS)
            for name in result.methods:
                self.stdout.write(_row(result, name))
            self.stdout.write(f"best: {result.best}")
        self.stdout.write("")


def _row(result: Backtest, name: str) -> str:
    figures, days = result.methods[name], result.day_coverage[name]
    shares = [figures.wape, figures.day_wape, figures.bias]
    inside = [figures.coverage[80], figures.coverage[95], days[80], days[95]]
    return (
        f"{name:<20} {shares[0]:>7.2%} {shares[1]:>7.2%} {shares[2]:>+7.2%} "
        f"{figures.mase:>6.3f} {' '.join(f'{share:>6.1%}' for share in inside)} "
        f"{figures.seconds:>7.3f} {figures.origins:>7}"
    )


def _report(volumes: VolumeFile, tested: Sequence[Backtest]) -> dict[str, Any]:
    days = volumes.series.days.astype("datetime64[D]")
    return {
        "file": volumes.path,
        "freq": volumes.freq,
        "days": int(days.size),
        "first": str(days[0]),
        "last": str(days[-1]),
        "closed": volumes.closed,
        "horizons": [result.to_dict() for result in tested],
    }


def _backtest(volumes: VolumeFile, days: int, options: dict[str, Any]) -> Backtest:
    if days < 1:
        raise CommandError(f"--horizon-days must be at least 1: {days}")
    try:
        return backtest_series(
            volumes.series,
            days=days,
            methods=options["methods"],
            origins=options["origins"],
            step=options["step"],
            first_origin=options["first_origin"],
            context=_context(volumes.series, options),
            planted=options["plant_outlier"],
        )
    except ValueError as error:
        raise CommandError(f"{volumes.path}: {error}") from error


def _context(series: Series, options: dict[str, Any]) -> Context:
    days = set(options["holidays"])
    if options["country"]:
        first, last = series.days[[0, -1]].astype("datetime64[D]").tolist()
        try:
            days |= set(
                public_holidays(
                    options["country"],
                    options["subdivision"],
                    first.year,
                    last.year + 1,
                )
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
    return make_context(days, (), (), ())


def _read(path: Path, freq: str | None) -> VolumeFile:
    if not path.is_file():
        raise CommandError(f"{path}: there is no such file")
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            moments, volumes = _columns(path, csv.DictReader(lines))
    except (UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{path}: not a CSV file in UTF-8: {error}") from error
    try:
        found = freq or _frequency(moments)
        return VolumeFile(str(path), found, read_series(moments, volumes, found))
    except ValueError as error:
        raise CommandError(f"{path}: {error}") from error


def _columns(path: Path, rows: "csv.DictReader[str]") -> tuple[np.ndarray, list[float]]:
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or [])]
    if missing:
        raise CommandError(
            f"{path}: the first line must name the columns timestamp and volume; "
            f"missing: {', '.join(missing)}"
        )
    moments: list[np.datetime64] = []
    volumes: list[float] = []
    for row in rows:
        try:
            moments.append(np.datetime64((row["timestamp"] or "").strip(), "s"))
            volumes.append(_volume(row["volume"]))
        except ValueError as error:
            raise CommandError(f"{path}, line {rows.line_num}: {error}") from error
    if not moments:
        raise CommandError(f"{path}: there are no rows below the first line")
    return np.array(moments), volumes


def _volume(text: str | None) -> float:
    """An empty cell is unknown, not 0."""
    return float(text) if text and text.strip() else float("nan")


def _frequency(moments: np.ndarray) -> str:
    """The coarsest interval that every timestamp starts."""
    seconds = moments.astype(np.int64)
    for name, step in reversed(STEPS.items()):
        if not (seconds % step).any():
            return name
    raise ValueError("timestamps do not start at quarters of an hour; give --freq")
