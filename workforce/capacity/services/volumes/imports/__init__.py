"""Volumes from files: kept, mapped, read by a worker, undone."""

from workforce.capacity.services.volumes.imports.running import run_import
from workforce.capacity.services.volumes.imports.steps import (
    IMPORT,
    UNDO,
    ImportStarted,
    UndoRefused,
    cancel_import,
    follow_job,
    import_volumes,
    keep_upload,
    settle_mapping,
    start_undo,
)
from workforce.capacity.services.volumes.imports.undoing import undo_import

__all__ = [
    "IMPORT",
    "UNDO",
    "ImportStarted",
    "UndoRefused",
    "cancel_import",
    "follow_job",
    "import_volumes",
    "keep_upload",
    "run_import",
    "settle_mapping",
    "start_undo",
    "undo_import",
]
