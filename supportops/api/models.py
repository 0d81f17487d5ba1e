"""Tokens: who may call the API, for what, until when."""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

PREFIX = "so_"
KEY_LENGTH = 80


def hash_of(secret: str) -> str:
    """Return what is stored of a token: it has 256 random bits, so plain SHA-256 does."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


class ApiToken(models.Model):
    """A token acts as its owner, narrowed to its scopes; only its hash is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(_("name"), max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(_("begins with"), max_length=8, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        permissions = [("manage_apitoken", "Can see and revoke everybody's tokens")]
        indexes = [models.Index(fields=["user", "-id"], name="api_apitoken_newest")]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    def is_live(self, at: datetime) -> bool:
        """Whether it opens the door at this moment, if its owner may sign in."""
        return self.revoked_at is None and (
            self.expires_at is None or self.expires_at > at
        )


class KeptAnswer(models.Model):
    """What a POST with an ``Idempotency-Key`` was answered, kept for a day."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    key = models.CharField(max_length=KEY_LENGTH)
    digest = models.CharField(max_length=64, help_text=_("Of address and body."))
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="api_keptanswer_by_age")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"], name="api_keptanswer_one_per_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}:{self.key}"
