"""Every write to API tokens."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from supportops.api.models import ApiToken, hash_of, new_secret
from supportops.api.scopes import SCOPES
from supportops.common.errors import OperationRefused


class UnknownScope(OperationRefused):
    code = "unknown_scope"


def issue_token(
    *,
    user: AbstractBaseUser,
    name: str,
    scopes: list[str],
    at: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Create a token and return it with its secret, which is shown this once.

    Raises ``UnknownScope`` when a scope is not in the list.
    """
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown:
        raise UnknownScope(
            _("There is no scope %(unknown)s. Choose from: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(SCOPES)}
        )
    secret = new_secret()
    token = ApiToken.objects.create(
        user_id=user.pk,
        name=name,
        secret_hash=hash_of(secret),
        hint=secret[:8],
        scopes=sorted(set(scopes)),
        created_at=at,
        expires_at=expires_at,
    )
    return token, secret


def revoke_token(*, token_id: int, at: datetime) -> None:
    """Stop a token at once and for good; its row stays for the record."""
    ApiToken.objects.filter(pk=token_id, revoked_at__isnull=True).update(revoked_at=at)
