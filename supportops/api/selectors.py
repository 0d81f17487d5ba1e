"""Reads of API tokens."""

from typing import Any

from django.db.models import QuerySet

from supportops.api.models import ApiToken

MANAGE = "api.manage_apitoken"


def tokens_visible_to(user: Any) -> QuerySet[ApiToken]:
    """Return a person's own tokens; all of them for whoever manages tokens."""
    tokens = ApiToken.objects.select_related("user", "revoked_by").order_by("-pk")
    return tokens if user.has_perm(MANAGE) else tokens.filter(user_id=user.pk)
