"""Who is there today."""

from collections.abc import Iterable

from django.db.models import Count, Q

from workforce.capacity.models import Queue
from workforce.people.models import User


def people_of(queues: Iterable[Queue]) -> dict[str, int]:
    """Return how many people work on these queues, by support level.

    Active members of the queues' teams; of any team when no queue is named or one of
    them stands for all teams. A person without a level takes that of the team; "" is
    for those where neither is known.
    """
    team_ids: set[int] = set()
    is_everybody = True
    for queue in queues:
        teams = {team.pk for team in queue.teams.all()}
        if not teams:
            is_everybody = True
            break
        is_everybody = False
        team_ids |= teams
    within = Q(team__isnull=False) if is_everybody else Q(team__in=team_ids)
    rows = (
        User.objects.filter(
            within, is_active=True, is_automation=False, imported_from=""
        )
        .values_list("level", "team__level")
        .annotate(n=Count("pk"))
        .order_by()
    )
    found: dict[str, int] = {}
    for own, of_team, n in rows:
        level = own or of_team or ""
        found[level] = found.get(level, 0) + n
    return found
