"""Writes of what a decision weighs: options, results, criteria, segments."""

from workforce.capacity.services.weighing import parts  # noqa: F401 -- registers
from workforce.capacity.services.weighing.computing import compute_options
from workforce.capacity.services.weighing.filling import (
    add_missing_inputs,
    add_status_quo,
    fill_segments,
)

__all__ = [
    "add_missing_inputs",
    "add_status_quo",
    "compute_options",
    "fill_segments",
]
