"""Articles as Markdown files: out of the portal and back in."""

from kb.services.exchange.archives import ArchiveRefused, File, read_upload, refuse_size
from kb.services.exchange.exporting import export_zip
from kb.services.exchange.importing import apply, plan, refuse_changed
from kb.services.exchange.keeping import forget, keep, kept
from kb.services.exchange.rows import Plan, Row, Verdict

__all__ = [
    "ArchiveRefused",
    "File",
    "Plan",
    "Row",
    "Verdict",
    "apply",
    "export_zip",
    "forget",
    "keep",
    "kept",
    "plan",
    "read_upload",
    "refuse_changed",
    "refuse_size",
]
