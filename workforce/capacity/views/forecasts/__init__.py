"""Pages of forecasts. What they share: the queue of an address, and who acts."""

from typing import Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from workforce.capacity.models import Queue
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.people.models import User

VIEW = "capacity.view_forecast"
RUN = "capacity.run_forecast"
PUBLISH = "capacity.publish_forecast"


def actor_of(request: HttpRequest) -> User:
    """Return who acts: a staff page has let nobody else through."""
    return cast("User", request.user)


def queue_or_404(request: HttpRequest, pk: int) -> Queue:
    """Return a queue that the person may see."""
    return get_object_or_404(queues_visible_to(request.user), pk=pk)


def rights_of(request: HttpRequest) -> dict[str, Any]:
    """What the person may do, for the buttons of a page."""
    return {
        "may_run": request.user.has_perm(RUN),
        "may_publish": request.user.has_perm(PUBLISH),
    }
