"""Which queues a person sees: the one rule behind every page, list, export and endpoint."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet

from workforce.capacity.models import Queue
from workforce.people.models import User

VIEW = "capacity.view_capacity"
VIEW_ALL = "capacity.view_all_queues"


def queues_visible_to(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Queue]:
    """Return every queue, or those fed by a team that the person leads or is in.

    A queue that names no team stands for all of them, so only who sees all sees it.
    """
    if not isinstance(user, User) or not user.is_active or not user.has_perm(VIEW):
        return Queue.objects.none()
    if user.has_perm(VIEW_ALL):
        return Queue.objects.all()
    return Queue.objects.filter(Q(teams__lead=user) | Q(teams__members=user)).distinct()
