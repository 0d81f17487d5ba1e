"""What a person wants to be told, and how."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from supportops.notifications.models import Kind, Preference


@transaction.atomic
def save_choices(*, user: Any, choices: Mapping[str, tuple[bool, bool]]) -> None:
    """Store ``kind: (in the app, by e-mail)`` for one person; absent kinds stay.

    Raises ``ValueError`` for a kind that does not exist.
    """
    unknown = sorted(set(choices) - set(Kind.values))
    if unknown:
        raise ValueError(f"unknown kinds of notification: {unknown}")
    Preference.objects.bulk_create(
        [
            Preference(user=user, kind=kind, in_app=in_app, by_email=by_email)
            for kind, (in_app, by_email) in choices.items()
        ],
        update_conflicts=True,
        update_fields=["in_app", "by_email"],
        unique_fields=["user", "kind"],
    )
