"""What came in, interval by interval, and what was marked as unusual."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workforce.capacity.models.queues import Queue


class Source(models.TextChoices):
    TICKETS = "TICKETS", _("Tickets")
    IMPORT = "IMPORT", _("Import")


class Volumes(models.Model):
    """The facts of both grains: counts of contacts, seconds of work."""

    offered = models.PositiveIntegerField(_("offered"), default=0)
    handled = models.PositiveIntegerField(_("handled"), default=0)
    abandoned = models.PositiveIntegerField(_("abandoned"), default=0)
    timed = models.PositiveIntegerField(
        _("with a known handle time"), default=0,
        help_text=_("Handled contacts whose handle time is known."),
    )  # fmt: skip
    handle_seconds = models.PositiveBigIntegerField(
        _("handle time, seconds"), default=0, help_text=_("Sum over those contacts.")
    )
    backlog = models.PositiveIntegerField(
        _("backlog"), null=True, blank=True, help_text=_("Open at the end.")
    )

    class Meta:
        abstract = True


class IntervalVolume(Volumes):
    """One queue in one interval. Intervals without anything have no row."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="intervals")
    starts_at = models.DateTimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    source = models.CharField(_("source"), max_length=8, choices=Source)
    imported_by = models.ForeignKey(
        "capacity.VolumeImport",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="intervals",
        verbose_name=_("import"),
    )

    class Meta:
        verbose_name = _("interval volume")
        verbose_name_plural = _("interval volumes")
        indexes = [
            models.Index(fields=["imported_by"], name="capacity_interval_import")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "starts_at"], name="capacity_interval_one_per_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.starts_at:%Y-%m-%d %H:%M}"


class DayVolume(Volumes):
    """The sum of a queue's intervals on one local day; written with them."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("day"))

    class Meta:
        verbose_name = _("day volume")
        verbose_name_plural = _("day volumes")
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "day"], name="capacity_day_one_per_queue"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.day}"


class DirtyVolumeDay(models.Model):
    """A queue's day whose tickets changed and that is to be counted again."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["queue", "day"], name="capacity_dirty_days")]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.day}"


class OutlierDay(models.Model):
    """A day far from what was expected: found, then confirmed or dismissed by a person.

    The volumes stay as they are. Training replaces a day that is not dismissed.
    """

    class State(models.TextChoices):
        FOUND = "FOUND", _("Found")
        CONFIRMED = "CONFIRMED", _("Confirmed: one-off")
        DISMISSED = "DISMISSED", _("Dismissed: real demand")

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="outliers")
    day = models.DateField(_("day"))
    actual = models.PositiveIntegerField(_("actual"))
    expected = models.FloatField(_("expected"))
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.FOUND
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    found_at = models.DateTimeField(_("found"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("outlier")
        verbose_name_plural = _("outliers")
        permissions = [("decide_outlier", "Can confirm and dismiss outliers")]
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "day"], name="capacity_outlier_one_per_day"
            ),
            models.CheckConstraint(
                condition=Q(state="FOUND", decided_at__isnull=True)
                | ~Q(state="FOUND") & Q(decided_at__isnull=False),
                name="capacity_outlier_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.day}"

    @property
    def off_by(self) -> float | None:
        """How far the day was from what was expected, as a share of that."""
        return self.actual / self.expected - 1 if self.expected > 0 else None


class VolumeImport(models.Model):
    """One CSV file of interval volumes: what was read, refused, and can be undone."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")
        UNDONE = "UNDONE", _("Undone")

    file = models.FileField(_("file"), upload_to="volumes/")
    file_name = models.CharField(_("file name"), max_length=200)
    mapping = models.JSONField(_("columns"), default=dict, blank=True)
    time_zone = models.CharField(_("time zone of the file"), max_length=64)
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.WAITING
    )
    job = models.ForeignKey(
        "jobs.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    rows_new = models.PositiveIntegerField(_("new intervals"), default=0)
    rows_replaced = models.PositiveIntegerField(_("replaced intervals"), default=0)
    rows_same = models.PositiveIntegerField(_("unchanged"), default=0)
    rows_refused = models.PositiveIntegerField(_("refused"), default=0)
    refusals = models.JSONField(_("refused rows"), default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("created"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    first_at = models.DateTimeField(_("first interval"), null=True, blank=True)
    last_at = models.DateTimeField(_("last interval"), null=True, blank=True)

    class Meta:
        verbose_name = _("volume import")
        verbose_name_plural = _("volume imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(first_at__isnull=True) | Q(first_at__lte=F("last_at")),
                name="capacity_import_first_before_last",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.file_name}"


class ReplacedVolume(Volumes):
    """What an import overwrote, kept so that undoing it brings the numbers back."""

    import_run = models.ForeignKey(
        VolumeImport, on_delete=models.CASCADE, related_name="replaced"
    )
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=8, choices=Source)
    former_import = models.ForeignKey(
        VolumeImport, on_delete=models.SET_NULL, null=True, related_name="overwritten"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["import_run", "queue", "starts_at"],
                name="capacity_replaced_once_per_import",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.starts_at:%Y-%m-%d %H:%M}"
