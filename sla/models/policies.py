"""Policies and their versions: what is promised to whom, from when."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Policy(models.Model):
    """A promise to a group of tickets. The first policy in order that matches applies."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    description = models.TextField(_("description"), blank=True)
    position = models.PositiveSmallIntegerField(
        _("order"),
        default=100,
        help_text=_("Of the next version to be published; lower is tried first."),
    )

    class Meta:
        verbose_name = _("SLA policy")
        verbose_name_plural = _("SLA policies")
        permissions = [
            ("publish_policy", "Can publish and retire policy versions"),
            ("view_compliance", "Can read compliance figures"),
        ]

    def __str__(self) -> str:
        return self.name


MAY_CHANGE = frozenset({"effective_to", "retired_by", "retired_at", "retired_reason"})
"""What may still be written to a published version; a trigger keeps the rest too."""


class PolicyVersion(models.Model):
    """One state of a policy: a draft, or what was in force for a span of time.

    ``definition`` is the JSON of ``sla.core.policy.PolicyDefinition``; a published one
    holds frozen calendars. A ticket keeps the version that was in force when it was
    created, so a later version never rewrites what was promised before it.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        PUBLISHED = "PUBLISHED", _("Published")

    was_published_as_read = False

    policy = models.ForeignKey(
        Policy, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT
    )
    definition = models.JSONField(_("definition"), default=dict)
    checksum = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_(
            "SHA-256 of the published definition, so that caches can trust it."
        ),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    effective_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    effective_to = models.DateTimeField(_("in force until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    based_on = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    retired_reason = models.CharField(
        _("reason for retiring"), max_length=500, blank=True
    )

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "number"], name="sla_policyversion_number_once"
            ),
            models.UniqueConstraint(
                fields=["policy"],
                condition=Q(state="DRAFT"),
                name="sla_policyversion_one_draft",
                violation_error_message=_("This policy already has a draft."),
            ),
            models.UniqueConstraint(
                fields=["policy"],
                condition=Q(state="PUBLISHED", effective_to__isnull=True),
                name="sla_policyversion_one_without_end",
            ),
            models.CheckConstraint(
                condition=Q(state="DRAFT")
                | Q(
                    published_at__isnull=False,
                    effective_from__isnull=False,
                    reason__gt="",
                ),
                name="sla_policyversion_published_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True)
                | Q(effective_to__gte=F("effective_from")),
                name="sla_policyversion_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        written = kwargs.get("update_fields")
        only_its_end = written is not None and set(written) <= MAY_CHANGE
        if self.was_published_as_read and not only_its_end:
            raise TypeError("A published policy version never changes; start a draft.")
        super().save(*args, **kwargs)
        self.was_published_as_read = self.state == self.State.PUBLISHED

    @classmethod
    def from_db(
        cls,
        db: str | None,
        field_names: Collection[str],
        values: Collection[Any],
        **kwargs: Any,
    ) -> "PolicyVersion":
        version = super().from_db(db, field_names, values, **kwargs)
        version.was_published_as_read = (
            version.__dict__.get("state") == cls.State.PUBLISHED
        )
        return version

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT
