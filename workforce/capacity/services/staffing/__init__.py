"""Every write of staffing: assumptions, and the blocks of planned people."""

from workforce.capacity.services.staffing.assumptions import save_assumptions
from workforce.capacity.services.staffing.block_files import read_blocks
from workforce.capacity.services.staffing.blocks import (
    BLOCK_COLUMNS,
    Changes,
    copy_day,
    import_blocks,
    save_blocks,
    start_from_template,
)
from workforce.capacity.services.staffing.refusals import (
    AssumptionsChangedMeanwhile,
    AssumptionsInvalid,
    BlocksInvalid,
    FileUnreadable,
    NothingToCopy,
    PlanChangedMeanwhile,
    PlanNotEmpty,
)

__all__ = [
    "BLOCK_COLUMNS",
    "AssumptionsChangedMeanwhile",
    "AssumptionsInvalid",
    "BlocksInvalid",
    "Changes",
    "FileUnreadable",
    "NothingToCopy",
    "PlanChangedMeanwhile",
    "PlanNotEmpty",
    "copy_day",
    "import_blocks",
    "read_blocks",
    "save_assumptions",
    "save_blocks",
    "start_from_template",
]
