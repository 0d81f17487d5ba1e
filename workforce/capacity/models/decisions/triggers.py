"""What reopens a decision."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workforce.capacity.models.decisions.record import Decision


class Trigger(models.Model):
    """A bound on a live metric. Crossed, it reopens an approved decision."""

    class Direction(models.TextChoices):
        ABOVE = "ABOVE", _("rises above")
        BELOW = "BELOW", _("falls below")

    class Purpose(models.TextChoices):
        REVIEW = "REVIEW", _("Reopens the decision")
        GUARDRAIL = "GUARDRAIL", _("Quality guardrail of automation")

    class State(models.TextChoices):
        WATCHING = "WATCHING", _("Watching")
        FIRED = "FIRED", _("Fired")
        OFF = "OFF", _("Off")

    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="triggers"
    )
    metric = models.CharField(_("metric"), max_length=60)
    filters = models.JSONField(
        _("only for"), default=dict, blank=True,
        help_text=_("Dimensions of the catalogue, such as channel or team."),
    )  # fmt: skip
    direction = models.CharField(_("when it"), max_length=5, choices=Direction)
    threshold = models.FloatField(_("threshold"))
    window_days = models.PositiveSmallIntegerField(_("over days"), default=7)
    minimum_n = models.PositiveIntegerField(_("with at least, facts"), default=20)
    purpose = models.CharField(
        _("purpose"), max_length=10, choices=Purpose, default=Purpose.REVIEW
    )
    contingency = models.CharField(_("what is done then"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.WATCHING
    )
    last_value = models.FloatField(_("last value"), null=True, blank=True)
    last_n = models.PositiveIntegerField(_("facts"), null=True, blank=True)
    last_low = models.FloatField(_("interval from"), null=True, blank=True)
    last_high = models.FloatField(_("interval to"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    fired_at = models.DateTimeField(_("fired"), null=True, blank=True)

    class Meta:
        verbose_name = _("trigger")
        verbose_name_plural = _("triggers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(window_days__gte=1, window_days__lte=366),
                name="capacity_trigger_window_1_to_366_days",
            ),
            models.CheckConstraint(
                condition=~Q(state="FIRED") | Q(fired_at__isnull=False),
                name="capacity_trigger_fired_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.direction} {self.threshold}"
