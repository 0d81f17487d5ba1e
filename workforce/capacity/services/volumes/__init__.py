"""Every write to volumes: counting tickets, imports, outliers."""

from workforce.capacity.services.volumes.counting import (
    count_day,
    refresh_dirty,
)
from workforce.capacity.services.volumes.marking import (
    mark_days,
    mark_deleted,
    mark_queue,
    mark_tickets,
)
from workforce.capacity.services.volumes.outliers import (
    DecisionNeedsReason,
    decide_outlier,
    decide_outliers,
    mark_all_outliers,
    mark_outliers,
)
from workforce.capacity.services.volumes.rebuilding import (
    REBUILD,
    NothingToCount,
    rebuild,
    rebuild_as_job,
    start_rebuild,
)

__all__ = [
    "REBUILD",
    "DecisionNeedsReason",
    "NothingToCount",
    "count_day",
    "decide_outlier",
    "decide_outliers",
    "mark_all_outliers",
    "mark_days",
    "mark_deleted",
    "mark_outliers",
    "mark_queue",
    "mark_tickets",
    "rebuild",
    "rebuild_as_job",
    "refresh_dirty",
    "start_rebuild",
]
