"""Scorecards, their versions, and why an answer falls short."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Scorecard(models.Model):
    """What good work looks like, under one name through all its versions."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    description = models.TextField(_("description"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    requires_certificate = models.BooleanField(
        _("certified reviewers only"),
        default=False,
        help_text=_("Others may practise on gold tickets and in calibrations."),
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")
        permissions = [("publish_scorecard", "Can publish and archive scorecards")]

    def __str__(self) -> str:
        return self.name


MAY_CHANGE = frozenset({"state", "archived_at", "archived_by"})
"""What may still be written to a published version; a trigger keeps the rest too."""


class ScorecardVersion(models.Model):
    """One state of a scorecard. Every review pins one.

    ``definition`` is the JSON of ``qa.core.scorecard.Scorecard``. Only a published
    version can be used, and a published one never changes.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        PUBLISHED = "PUBLISHED", _("Published")
        ARCHIVED = "ARCHIVED", _("Archived")

    state_as_read = State.DRAFT

    scorecard = models.ForeignKey(
        Scorecard, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT
    )
    definition = models.JSONField(_("definition"), default=dict)
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
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        verbose_name = _("scorecard version")
        verbose_name_plural = _("scorecard versions")
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "number"], name="qa_scorecardversion_number_once"
            ),
            models.UniqueConstraint(
                fields=["scorecard"],
                condition=Q(state="DRAFT"),
                name="qa_scorecardversion_one_draft",
                violation_error_message=_("This scorecard already has a draft."),
            ),
            models.UniqueConstraint(
                fields=["scorecard"],
                condition=Q(state="PUBLISHED"),
                name="qa_scorecardversion_one_published",
            ),
            models.CheckConstraint(
                condition=Q(state="DRAFT")
                | Q(published_at__isnull=False, reason__gt=""),
                name="qa_scorecardversion_published_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard_id} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        written = kwargs.get("update_fields")
        only_its_end = written is not None and set(written) <= MAY_CHANGE
        if self.state_as_read != self.State.DRAFT and not only_its_end:
            raise TypeError("A published scorecard never changes; start a draft.")
        super().save(*args, **kwargs)
        self.state_as_read = self.State(self.state)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.state_as_read != self.State.DRAFT:
            raise TypeError("A published scorecard is kept; archive it.")
        return super().delete(*args, **kwargs)

    @classmethod
    def from_db(
        cls,
        db: str | None,
        field_names: Collection[str],
        values: Collection[Any],
        **kwargs: Any,
    ) -> "ScorecardVersion":
        version = super().from_db(db, field_names, values, **kwargs)
        version.state_as_read = version.__dict__.get("state", cls.State.DRAFT)
        return version

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class RootCause(models.Model):
    """Why an answer fell short; chosen by reviewers, counted by coaches."""

    class Kind(models.TextChoices):
        KNOWLEDGE = "KNOWLEDGE", _("Knowledge")
        SKILL = "SKILL", _("Skill")
        PROCESS = "PROCESS", _("Process")
        TOOL = "TOOL", _("Tool")
        WILL = "WILL", _("Motivation")

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    criterion_key = models.SlugField(
        _("criterion"),
        max_length=60,
        blank=True,
        help_text=_("Offered at this criterion only; empty for all."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("root cause")
        verbose_name_plural = _("root causes")

    def __str__(self) -> str:
        return self.name
