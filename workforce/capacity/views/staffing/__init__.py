"""Pages of staffing. What they share: the queue and the week of an address, who acts."""

from datetime import date
from typing import cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from supportops.common.asked_days import asked_day
from workforce.capacity.models import Queue
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.capacity.selectors.staffing.picture import Span, typical_week, week_of
from workforce.people.models import User

VIEW = "capacity.view_assumptions"
KEEP = "capacity.change_assumptions"
VIEW_PLAN = "capacity.view_plannedstaff"
CHANGE_PLAN = "capacity.change_plannedstaff"


def actor_of(request: HttpRequest) -> User:
    """Return who acts: a staff page has let nobody else through."""
    return cast("User", request.user)


def queue_or_404(request: HttpRequest, pk: int) -> Queue:
    """Return a queue that the person may see."""
    return get_object_or_404(queues_visible_to(request.user), pk=pk)


def today_of(queue: Queue) -> date:
    """The day it is in the queue's zone."""
    return timezone.now().astimezone(ZoneInfo(queue.time_zone)).date()


def span_of(request: HttpRequest, queue: Queue) -> Span:
    """The week that an address asks for; the typical one without any."""
    day = asked_day(request.GET.get("week") or request.POST.get("week"))
    return week_of(day) if day else typical_week(today_of(queue))
