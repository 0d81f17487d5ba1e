"""Scores of agents with what they are worth: interval, number, basis, adjustment."""

from qa.selectors.scores.board import (
    Mean,
    forget,
    scoreboard,
    window,
)

__all__ = [
    "Mean",
    "forget",
    "scoreboard",
    "window",
]
