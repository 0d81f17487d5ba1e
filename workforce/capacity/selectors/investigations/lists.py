"""Which investigations a person sees, and who can own one."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet

from workforce.capacity.models import Investigation, Queue
from workforce.capacity.selectors.queues import VIEW_ALL, queues_visible_to
from workforce.people.models import User

RESOLVE = "capacity.resolve_investigation"
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def investigations_visible_to(
    user: AbstractBaseUser | AnonymousUser,
) -> QuerySet[Investigation]:
    """Return those of the queues that a person sees, open ones first, then newest."""
    return (
        Investigation.objects.filter(queue__in=queues_visible_to(user).values("pk"))
        .select_related("queue", "owner", "closed_by")
        .order_by("-state", "-starts_on", "queue__name", "pk")
    )


def possible_owners(queue: Queue) -> QuerySet[User]:
    """Return the active people who may resolve investigations and see the queue."""
    holders = User.objects.with_perm(RESOLVE, backend=MODEL_BACKEND).filter(
        is_active=True
    )
    everywhere = User.objects.with_perm(VIEW_ALL, backend=MODEL_BACKEND)
    leads = queue.teams.values("lead")
    return holders.filter(pk__in=everywhere.values("pk")) | holders.filter(pk__in=leads)
