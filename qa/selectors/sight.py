"""Whose quality figures a person may see: own, of teams led, of teams only, or all."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from supportops.metrics.registry import Visibility
from workforce.people.models import Team, User

EVERYBODYS = "qa.view_all_reviews"
FIGURES = "qa.view_quality"
INDIVIDUALS = "qa.view_review"


def teams_led(user: User) -> list[int]:
    return list(Team.objects.filter(lead=user).values_list("pk", flat=True))


def sight_of(user: AbstractBaseUser | AnonymousUser) -> Visibility | None:
    """Say which reviews' figures somebody sees; ``None`` for all of them.

    Agents see their own, team leads also their teams'. Who reads quality figures but no
    reviews (executives, workforce managers) sees every team and no single person.
    """
    if not isinstance(user, User) or not user.is_active:
        return Visibility(agent=-1, teams=frozenset())
    if user.has_perm(EVERYBODYS):
        return None
    if user.has_perm(FIGURES) and not user.has_perm(INDIVIDUALS):
        return Visibility(
            agent=user.pk, teams=frozenset(), all_teams=True, by_agent=False
        )
    return Visibility(agent=user.pk, teams=frozenset(teams_led(user)))


def visible_agents(user: AbstractBaseUser | AnonymousUser) -> set[int] | None:
    """Whose reviews are in the scores that somebody sees; ``None`` for everybody's.

    Who sees teams only has everybody's too: the page leaves out the names.
    """
    sight = sight_of(user)
    if sight is None or sight.all_teams:
        return None
    members = User.objects.filter(team__in=sight.teams).values_list("pk", flat=True)
    return {sight.agent, *members}
