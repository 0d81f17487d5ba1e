"""Imports of ticket histories: each run with its settings, report and ledger."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One file read once, or again after a stop."""

    class Format(models.TextChoices):
        CSV = "csv", _("Event log (CSV) with a mapping")
        JSONL = "jsonl", _("JSON Lines, one ticket a line")
        ZENDESK = "zendesk", _("Zendesk export")

    class State(models.TextChoices):
        UPLOADED = "UPLOADED", _("Uploaded")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")
        CANCELLED = "CANCELLED", _("Cancelled")
        UNDONE = "UNDONE", _("Undone")

    source = models.SlugField(
        _("source"),
        max_length=60,
        help_text=_("A short name for the system it came from, such as volvo."),
    )
    file_name = models.CharField(_("file"), max_length=255)
    path = models.CharField(max_length=500, editable=False)
    format = models.CharField(_("format"), max_length=10, choices=Format)
    mapping = models.JSONField(_("mapping"), default=dict, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.UPLOADED
    )
    report = models.JSONField(_("report"), default=dict, blank=True)
    arrivals = models.JSONField(
        _("arrivals per month"), default=dict, blank=True, editable=False
    )
    notices = models.JSONField(default=list, blank=True, editable=False)
    error = models.TextField(_("error"), blank=True)
    rejects_path = models.CharField(max_length=500, blank=True, editable=False)
    job = models.OneToOneField(
        "jobs.Job",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="import_run",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    created_at = models.DateTimeField(_("created"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"#{self.pk} {self.source}: {self.file_name}"


class ImportedTicket(models.Model):
    """What an import has already written for one outside record.

    ``digest`` covers the first ``rows`` rows of the record: the same file again changes
    nothing, a longer one appends what is new, and a rewritten past is refused.
    """

    ticket = models.OneToOneField(
        "tickets.Ticket", on_delete=models.CASCADE, related_name="imported"
    )
    run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, related_name="imported_tickets"
    )
    updated_run = models.ForeignKey(
        ImportRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The later import that added to it."),
    )
    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=120)
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    last_seq = models.PositiveIntegerField(
        help_text=_("The ticket's last event written by an import.")
    )

    class Meta:
        verbose_name = _("imported ticket")
        verbose_name_plural = _("imported tickets")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                name="ticket_imports_once_per_external_id",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"
