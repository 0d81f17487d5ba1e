"""Who reads a decision, and who may change it."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet

from workforce.capacity.models import Decision
from workforce.people.models import User

VIEW = "capacity.view_decision"
ADD = "capacity.add_decision"
CHANGE = "capacity.change_decision"
APPROVE = "capacity.approve_decision"

State = Decision.State
EDITABLE = (State.DRAFT, State.REOPENED, State.REJECTED)
"""States in which a decision is worked on; in every other one it stays as it is."""
CLOSED = (State.RETIRED,)


def decisions_visible_to(
    user: AbstractBaseUser | AnonymousUser,
) -> QuerySet[Decision]:
    """Return every decision that was once proposed, and the drafts of who writes them.

    A draft is seen by its owner and by whoever may change decisions.
    """
    if not isinstance(user, User) or not user.is_active or not user.has_perm(VIEW):
        return Decision.objects.none()
    if user.has_perm(CHANGE):
        return Decision.objects.all()
    return Decision.objects.filter(~Q(state=State.DRAFT) | Q(owner=user))


def can_edit(decision: Decision, user: User) -> bool:
    """Tell whether ``user`` may change this decision now."""
    return decision.state in EDITABLE and user.has_perm(CHANGE)


def people_with(permission: str) -> QuerySet[User]:
    """Everybody active on the staff whose roles give ``permission``, by name."""
    codename = permission.partition(".")[2]
    app = permission.partition(".")[0]
    held = Q(
        groups__permissions__codename=codename,
        groups__permissions__content_type__app_label=app,
    ) | Q(
        user_permissions__codename=codename,
        user_permissions__content_type__app_label=app,
    )
    people = User.objects.filter(is_active=True, is_staff=True)
    return (
        people.filter(held | Q(is_superuser=True))
        .distinct()
        .order_by("first_name", "last_name", "pk")
    )
