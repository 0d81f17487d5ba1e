"""Day segments: the facts of one day in columns, from which every figure is read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Segment(models.Model):
    """The rows of one kind (``promises``, ``arrivals``…) that belong to one UTC day.

    A page over a period reads the period's segments and counts with numpy: it costs
    the same however many tickets there are outside the period, and any mix of filters
    gives exact figures.
    """

    kind = models.CharField(max_length=30)
    day = models.DateField()
    rows = models.PositiveIntegerField()
    payload = models.BinaryField()
    digest = models.CharField(
        max_length=32,
        help_text=_("Of the payload: workers keep what they have already read."),
    )
    built_at = models.DateTimeField()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        permissions = [("view_catalogue", "Can read the metric catalogue")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "day"], name="metrics_segment_one_per_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class DirtyDay(models.Model):
    """A day whose segment is older than its facts. Workers rebuild and remove it.

    Rows are only ever added and removed by id: marking a day while it is rebuilt adds
    a row that the rebuild does not remove, so no change is missed.
    """

    kind = models.CharField(max_length=30)
    day = models.DateField()

    class Meta:
        verbose_name = _("day to rebuild")
        verbose_name_plural = _("days to rebuild")
        indexes = [models.Index(fields=["day", "kind"], name="metrics_dirtyday_by_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
