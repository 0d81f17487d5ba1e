"""Taking an import back: what it created and nobody has touched since."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from tickets.imports.models import ImportedTicket, ImportRun
from tickets.imports.selectors import untouched_of
from tickets.imports.services.locking import only_import_of
from tickets.imports.services.running import Progress, Silence
from tickets.models import Message, Ticket, TicketEvent

BATCH = 300


class UndoRefused(OperationRefused):
    code = "undo_refused"


def undo_import(
    *, run: ImportRun, at: datetime, progress: Progress | None = None
) -> dict[str, int]:
    """Delete what the run created and nobody touched since; return the counts.

    Works in batches, each one transaction: safe to start again. People, teams and
    organisations that the import named stay.

    Raises ``UndoRefused`` while the run is under way, ``ImportBusy`` while another
    import of its source is.
    """
    if run.state in {ImportRun.State.UPLOADED, ImportRun.State.RUNNING}:
        raise UndoRefused(
            _(
                "This import has not ended, so there is nothing to undo. Cancel it first."
            )
        )
    progress = progress or Silence()
    with only_import_of(run.source):
        total = untouched_of(run).count()
        deleted = 0
        while ids := list(
            untouched_of(run).order_by("pk").values_list("ticket_id", flat=True)[:BATCH]
        ):
            _delete(ids)
            deleted += len(ids)
            progress.writing(deleted, total, deleted, 0)
        kept = ImportedTicket.objects.filter(run=run).count()
    run.state = ImportRun.State.UNDONE
    run.finished_at = at
    run.save(update_fields=["state", "finished_at"])
    return {"deleted": deleted, "kept": kept}


@transaction.atomic
def _delete(ticket_ids: list[int]) -> None:
    tickets = Ticket.objects.filter(pk__in=ticket_ids)
    ImportedTicket.objects.filter(ticket_id__in=ticket_ids).delete()
    TicketEvent.objects.filter(ticket_id__in=ticket_ids).delete()
    Message.objects.filter(ticket_id__in=ticket_ids).delete()
    tickets.delete()
