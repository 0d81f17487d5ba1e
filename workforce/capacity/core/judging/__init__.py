"""How good a published forecast was: figures by grain, verdicts, patterns of error."""

from workforce.capacity.core.judging.figures import (
    GRAINS,
    HELD,
    HELD_LEAST,
    Figures,
    Verdict,
    figures,
    held_back,
    verdict_of,
)
from workforce.capacity.core.judging.snapshots import (
    HORIZONS,
    Snapshots,
    judging_snapshots,
)
from workforce.capacity.core.judging.sums import Judged, judged_of, sum_by

__all__ = [
    "GRAINS",
    "HELD",
    "HELD_LEAST",
    "HORIZONS",
    "Figures",
    "Judged",
    "Snapshots",
    "Verdict",
    "figures",
    "held_back",
    "judged_of",
    "judging_snapshots",
    "sum_by",
    "verdict_of",
]
