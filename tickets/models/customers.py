"""Who writes to us: organisations, their tier, and their people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from workforce.people.models import validate_time_zone


class CustomerTier(models.Model):
    """A class of customers that promises may differ for, such as Enterprise."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)
    rank = models.PositiveSmallIntegerField(
        _("rank"), default=100, help_text=_("1 is served first.")
    )
    default_multiplier = models.FloatField(
        _("SLA multiplier"),
        default=1.0,
        help_text=_("A new policy starts with it: 0.5 halves every target."),
    )

    class Meta:
        verbose_name = _("customer tier")
        verbose_name_plural = _("customer tiers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(default_multiplier__gt=0),
                name="tickets_customertier_multiplier_positive",
                violation_error_message=_("The multiplier must be above zero."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A customer. Its tier decides what is promised to it."""

    class Health(models.TextChoices):
        GOOD = "GOOD", _("Good")
        WATCH = "WATCH", _("Watch")
        AT_RISK = "AT_RISK", _("At risk")
        UNKNOWN = "UNKNOWN", _("Unknown")

    name = models.CharField(_("name"), max_length=200)
    tier = models.ForeignKey(
        CustomerTier,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("tier"),
    )
    plan = models.CharField(_("plan"), max_length=80, blank=True)
    mrr = models.DecimalField(
        _("monthly revenue"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    health = models.CharField(
        _("health"), max_length=10, choices=Health, default=Health.UNKNOWN
    )
    csm = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="csm_of",
        verbose_name=_("customer success manager"),
    )
    region = models.ForeignKey(
        "people.Region", on_delete=models.SET_NULL, null=True, blank=True
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, validators=[validate_time_zone]
    )
    source = models.CharField(_("imported from"), max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = [models.Index(fields=["name"], name="tickets_organisation_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~models.Q(external_id=""),
                name="tickets_organisation_one_per_external_id",
            ),
            models.CheckConstraint(
                condition=models.Q(mrr__isnull=True) | models.Q(mrr__gte=0),
                name="tickets_organisation_mrr_not_negative",
                violation_error_message=_("Monthly revenue cannot be below zero."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person at a customer, reachable under several addresses."""

    name = models.CharField(_("name"), max_length=200)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("organisation"),
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, validators=[validate_time_zone]
    )
    is_vip = models.BooleanField(_("VIP"), default=False)
    source = models.CharField(_("imported from"), max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [models.Index(fields=["name"], name="tickets_contact_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~models.Q(external_id=""),
                name="tickets_contact_one_per_external_id",
            )
        ]

    def __str__(self) -> str:
        return self.name or f"Contact {self.pk}"


class ContactAddress(models.Model):
    class Kind(models.TextChoices):
        EMAIL = "EMAIL", _("E-mail")
        PHONE = "PHONE", _("Phone")
        CHAT = "CHAT", _("Chat handle")

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="addresses"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.EMAIL)
    value = models.CharField(
        _("address"), max_length=254, help_text=_("E-mail addresses in lower case.")
    )

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value"],
                name="tickets_contactaddress_one_owner",
                violation_error_message=_("Another contact has this address."),
            )
        ]

    def __str__(self) -> str:
        return self.value
