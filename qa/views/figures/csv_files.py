"""The tables of the quality page as CSV, from the same reads as the page."""

from collections.abc import Iterator
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from qa.core.scoreboard import Mean, Scoreboard
from qa.selectors import overview
from supportops.metrics import display
from supportops.metrics.exports import csv_response
from supportops.metrics.scopes import Scope, ScopeInvalid

Row = tuple[Any, ...]
_MEAN = ("mean", "low", "high", "n")


def table_csv(
    table: str, scope: Scope, board: Scoreboard, *, people: bool
) -> HttpResponseBase:
    """Return one table of the page. Raises ``ScopeInvalid`` for an unknown one."""
    if table == "agents" and people:
        header, rows = _agents(board)
    elif table == "teams":
        header, rows = _teams(board)
    elif table == "trend":
        header, rows = _trend(scope)
    elif table == "bands":
        header, rows = _bands(scope)
    elif table in {"figures", "1", ""}:
        header, rows = _figures(scope)
    else:
        raise ScopeInvalid(_("There is no table “%(name)s” here.") % {"name": table})
    name = f"quality-{table or 'figures'}-{scope.start}-{scope.period.last}"
    return csv_response(name, header, rows)


def _mean(mean: Mean) -> Row:
    return (mean.value, mean.low, mean.high, mean.n)


def _agents(board: Scoreboard) -> tuple[Row, Iterator[Row]]:
    header = (
        "agent", "team", "score", "low", "high", "shrinkage", "rank_from", "rank_to",
        *(f"random_{part}" for part in _MEAN),
        *(f"targeted_{part}" for part in _MEAN),
        "share_random", "weighted_mean", "critical_fails",
    )  # fmt: skip
    rows = (
        (
            row.name, row.team, row.adjusted, row.low, row.high, row.shrinkage,
            row.rank_low, row.rank_high, *_mean(row.random), *_mean(row.targeted),
            row.share_random, row.weighted, row.fails.hits,
        )
        for row in board.agents
    )  # fmt: skip
    return header, rows


def _teams(board: Scoreboard) -> tuple[Row, Iterator[Row]]:
    header = (
        "team", "agents", *(f"random_{part}" for part in _MEAN),
        *(f"targeted_{part}" for part in _MEAN),
        "critical_fails", "critical_share", "critical_low", "critical_high",
    )  # fmt: skip
    rows = (
        (
            row.name, row.agents, *_mean(row.random), *_mean(row.targeted),
            row.fails.hits, row.fails.value, row.fails.low, row.fails.high,
        )
        for row in board.teams
    )  # fmt: skip
    return header, rows


def _trend(scope: Scope) -> tuple[Row, Iterator[Row]]:
    found = overview.trend(scope)
    header = ("week_from", *_MEAN, "lower_limit", "upper_limit", "signal")
    rows = (
        (
            week.start.isoformat(), week.value, week.low, week.high, week.n,
            week.lower, week.upper, week.is_signal,
        )
        for week in found.weeks
    )  # fmt: skip
    return header, rows


def _bands(scope: Scope) -> tuple[Row, Iterator[Row]]:
    header = ("from", "below_or_to", "reviews", "n", "share", "low", "high")
    rows = (
        (band.low, band.high, band.hits, band.n, band.share, band.least, band.most)
        for band in overview.bands(scope)
    )
    return header, rows


def _figures(scope: Scope) -> tuple[Row, Iterator[Row]]:
    header = (
        "code", "name", "unit", "value", "low", "high", "n", "target",
        "value_before", "n_before",
    )  # fmt: skip
    rows = (
        (
            item.metric.code, item.metric.name, item.metric.unit.value,
            item.figure.value, item.figure.low, item.figure.high, item.figure.n,
            display.target_text(item.metric, item.figure),
            item.before.value, item.before.n,
        )
        for item in overview.headline(scope)
    )  # fmt: skip
    return header, rows
