"""Every write of an import: reading a file in, asking a worker to, undoing it."""

from tickets.imports.services.histories import StatusMissing
from tickets.imports.services.locking import ImportBusy
from tickets.imports.services.opening import (
    ImportRefused,
    ImportZoneMissing,
    describe_source,
    load_mapping,
    parse_json,
    shipped_mappings,
)
from tickets.imports.services.previewing import Preview, preview
from tickets.imports.services.running import Progress, import_file
from tickets.imports.services.runs import execute, import_from_command
from tickets.imports.services.undoing import UndoRefused, undo_import
from tickets.imports.services.uploads import (
    UNDO_WORK,
    WORK,
    ImportStarted,
    cancel_import,
    follow_job,
    keep_upload,
    run_import,
    run_undo,
    settle_mapping,
    source_of,
    start_import,
    start_undo,
)

__all__ = [
    "UNDO_WORK",
    "WORK",
    "ImportBusy",
    "ImportRefused",
    "ImportStarted",
    "ImportZoneMissing",
    "Preview",
    "Progress",
    "StatusMissing",
    "UndoRefused",
    "cancel_import",
    "describe_source",
    "execute",
    "follow_job",
    "import_file",
    "import_from_command",
    "keep_upload",
    "load_mapping",
    "parse_json",
    "preview",
    "run_import",
    "run_undo",
    "settle_mapping",
    "shipped_mappings",
    "source_of",
    "start_import",
    "start_undo",
    "undo_import",
]
