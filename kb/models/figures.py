"""What a ticket costs and what is claimed: the inputs of self-service's value."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class KnowledgeValue(models.Model):
    """The inputs of the value page that somebody typed; one row.

    An empty field means the figure is counted, not typed. The cost per ticket starts at
    the one of the worked example.
    """

    visits_per_month = models.PositiveIntegerField(
        _("visits a month"), null=True, blank=True,
        help_text=_("Empty: readers of articles, as counted in the period shown."),
    )  # fmt: skip
    deflection_rate = models.DecimalField(
        _("deflection rate"), max_digits=5, decimal_places=4, null=True, blank=True,
        help_text=_("Empty: readers without a ticket, as counted in the period shown."),
    )  # fmt: skip
    cost_per_ticket = models.DecimalField(
        _("cost per ticket"), max_digits=10, decimal_places=2, default="15.00"
    )
    source = models.CharField(_("where these come from"), max_length=200, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("changed by"),
    )  # fmt: skip
    changed_at = models.DateTimeField(_("changed"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("value of self-service")
        verbose_name_plural = _("values of self-service")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="kb_value_one_row"),
            models.CheckConstraint(
                condition=Q(cost_per_ticket__gte=0),
                name="kb_value_cost_not_negative",
                violation_error_message=_("A ticket costs nothing or more."),
            ),
            models.CheckConstraint(
                condition=Q(deflection_rate__isnull=True)
                | Q(deflection_rate__gte=0, deflection_rate__lte=1),
                name="kb_value_rate_is_share",
                violation_error_message=_("The rate lies between 0 and 100 %."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Value of self-service"))


class SearchDay(models.Model):
    """What came of a UTC day's searches, counted once the day can change no more.

    Answers and places opened take too long to count over a year of searches. A row is
    only an aid: where it disagrees with the searches, they are counted.
    """

    day = models.DateField(_("day"), unique=True)
    searches = models.PositiveIntegerField(_("searches"))
    counts = models.JSONField(_("counts by place and language"), default=dict)
    settled_at = models.DateTimeField(_("counted"))

    class Meta:
        verbose_name = _("day of searches")
        verbose_name_plural = _("days of searches")

    def __str__(self) -> str:
        return f"{self.day}"
