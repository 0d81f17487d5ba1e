"""``Authorization: Bearer so_…`` signs a request in as the token's owner."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from supportops.api.models import ApiToken, hash_of

# Writing "last used" at every call would make each read a write.
LAST_USED_GRAIN = timedelta(minutes=5)


class TokenAuthentication(BaseAuthentication):
    keyword = b"bearer"

    def authenticate(self, request: Request) -> tuple | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword:
            return None
        if len(parts) != 2:
            raise AuthenticationFailed(
                _("Send the token as “Authorization: Bearer so_…”.")
            )
        now = timezone.now()
        token = (
            ApiToken.objects.select_related("user")
            .filter(secret_hash=hash_of(parts[1].decode("latin-1")))
            .first()
        )
        if token is None or token.revoked_at or not token.user.is_active:
            raise AuthenticationFailed(_("This token is unknown or was revoked."))
        if token.expires_at and token.expires_at <= now:
            raise AuthenticationFailed(
                _("This token expired on %(day)s. Ask for a new one.")
                % {"day": token.expires_at.date().isoformat()}
            )
        if token.last_used_at is None or now - token.last_used_at > LAST_USED_GRAIN:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    """Tells the OpenAPI document about the header."""

    target_class = "supportops.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "so_…"}
