"""Reads of sampling: what a reviewer has to do, coverage, replacements, precision."""

from qa.selectors.sampling.items import (
    ASSUMED,
    OWN,
    CoverageRow,
    PlannedAgent,
    Spread,
    agents_overseen_by,
    coverage,
    draw_agents,
    draws_of,
    items_of,
    open_items_of,
    planned_agents,
    plans_with_draws,
    replaced_items,
    replacements,
    score_spreads,
)

__all__ = [
    "ASSUMED",
    "OWN",
    "CoverageRow",
    "PlannedAgent",
    "Spread",
    "agents_overseen_by",
    "coverage",
    "draw_agents",
    "draws_of",
    "items_of",
    "open_items_of",
    "planned_agents",
    "plans_with_draws",
    "replaced_items",
    "replacements",
    "score_spreads",
]
