"""The words a team files tickets under: statuses and their moves, categories, channels."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class StatusCategory(models.TextChoices):
    """What a status means to clocks and reports. Fixed: the engine reasons with these."""

    OPEN = "OPEN", _("Open")
    WAITING = "WAITING", _("Waiting on customer")
    ON_HOLD = "ON_HOLD", _("On hold")
    RESOLVED = "RESOLVED", _("Resolved")
    CLOSED = "CLOSED", _("Closed")


PAUSING = frozenset({StatusCategory.WAITING, StatusCategory.ON_HOLD})
ENDED = frozenset({StatusCategory.RESOLVED, StatusCategory.CLOSED})


class Status(models.Model):
    """A step of the ticket's life, named by the team, with a fixed meaning."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    category = models.CharField(_("meaning"), max_length=10, choices=StatusCategory)
    is_intake = models.BooleanField(
        _("nobody works on it yet"),
        default=False,
        help_text=_("Leaving such a status counts as taking charge of the ticket."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("Retired statuses keep their history.")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("status")
        verbose_name_plural = _("statuses")

    def __str__(self) -> str:
        return self.name


class StatusMove(models.Model):
    """One allowed move. What is not listed is refused."""

    source = models.ForeignKey(
        Status,
        on_delete=models.CASCADE,
        related_name="moves_out",
        verbose_name=_("from"),
    )
    target = models.ForeignKey(
        Status, on_delete=models.CASCADE, related_name="moves_in", verbose_name=_("to")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("allowed move")
        verbose_name_plural = _("allowed moves")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target"],
                name="tickets_statusmove_once",
                violation_error_message=_("This move is already allowed."),
            ),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")),
                name="tickets_statusmove_goes_somewhere",
                violation_error_message=_("A move leads to another status."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}→{self.target_id}"


class Category(models.Model):
    """What a ticket is about, as a tree."""

    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    path = models.CharField(
        max_length=400,
        unique=True,
        editable=False,
        help_text=_("Names from the root, joined by “ / ”."),
    )

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.path or self.name


class ProductArea(models.Model):
    name = models.CharField(_("name"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("product area")
        verbose_name_plural = _("product areas")

    def __str__(self) -> str:
        return self.name


class Channel(models.Model):
    """How a ticket reached us."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)
    icon = models.CharField(
        _("icon"),
        max_length=40,
        default="mail",
        help_text=_("A Material Symbols name."),
    )

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def __str__(self) -> str:
        return self.name
