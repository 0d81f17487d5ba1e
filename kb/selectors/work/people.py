"""Who may own a gap or a content duty."""

from django.db.models import Q, QuerySet

from workforce.people.models import User

DECIDE_GAPS = "change_gaptask"
DO_DUTIES = "change_contentduty"


def who_may(codename: str) -> QuerySet[User]:
    """Return the people on the staff whose roles give a permission of this app, by name."""
    held = Q(
        groups__permissions__codename=codename,
        groups__permissions__content_type__app_label="kb",
    ) | Q(
        user_permissions__codename=codename,
        user_permissions__content_type__app_label="kb",
    )
    people = User.objects.filter(is_active=True, is_staff=True, is_automation=False)
    return (
        people.filter(held | Q(is_superuser=True))
        .distinct()
        .order_by("first_name", "last_name", "pk")
    )
