"""Every write to API tokens."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils.translation import gettext as _

from supportops.api.models import ApiToken, hash_of, new_secret
from supportops.api.scopes import SCOPES
from supportops.common.errors import OperationRefused


class UnknownScope(OperationRefused):
    code = "unknown_scope"


class NoScope(OperationRefused):
    code = "no_scope"


class ExpiredAlready(OperationRefused):
    code = "expired_already"


def issue_token(
    *,
    user: AbstractBaseUser | AnonymousUser,
    name: str,
    scopes: Collection[str],
    at: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Create a token and return it with its secret, which is shown this once.

    Raises ``UnknownScope``, ``NoScope``, ``ExpiredAlready``.
    """
    _refuse_odd_scopes(scopes)
    if expires_at is not None and expires_at <= at:
        raise ExpiredAlready(
            _("The token would expire before it is made. Choose a later day.")
        )
    secret = new_secret()
    token = ApiToken.objects.create(
        user_id=user.pk,
        name=name.strip(),
        secret_hash=hash_of(secret),
        hint=secret[:8],
        scopes=sorted(set(scopes)),
        created_at=at,
        expires_at=expires_at,
    )
    return token, secret


def revoke_token(
    *, token_id: int, actor: AbstractBaseUser | AnonymousUser | None, at: datetime
) -> bool:
    """Stop a token at once and for good; its row stays for the record.

    Returns whether it was still in force.
    """
    live = ApiToken.objects.filter(pk=token_id, revoked_at__isnull=True)
    return bool(live.update(revoked_at=at, revoked_by_id=actor.pk if actor else None))


def _refuse_odd_scopes(scopes: Collection[str]) -> None:
    if not scopes:
        raise NoScope(_("A token without a scope opens nothing. Choose at least one."))
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown:
        raise UnknownScope(
            _("There is no scope %(unknown)s. Choose from: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(SCOPES)}
        )
