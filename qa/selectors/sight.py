"""Whose quality figures a person may see: own, of teams led, of teams only, or all."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Count, Q

from supportops.metrics.registry import Visibility
from workforce.people.models import Team, User

EVERYBODYS = "qa.view_all_reviews"
FIGURES = "qa.view_quality"
INDIVIDUALS = "qa.view_review"
NOBODY = -1
FEWEST = 3
"""People a team has at least before its figure is shown to who may see no person's."""


def teams_led(user: User) -> list[int]:
    return list(Team.objects.filter(lead=user).values_list("pk", flat=True))


def large_teams() -> list[int]:
    """Return the teams in which a figure is nobody's in particular."""
    counted = Count(
        "members", filter=Q(members__is_active=True, members__is_automation=False)
    )
    teams = Team.objects.annotate(people=counted).filter(people__gte=FEWEST)
    return list(teams.values_list("pk", flat=True))


def sight_of(user: AbstractBaseUser | AnonymousUser) -> Visibility | None:
    """Say which reviews' figures somebody sees; ``None`` for all of them.

    Agents see their own, team leads also their teams'. Who reads quality figures but no
    reviews (executives, workforce managers) sees teams of ``FEWEST`` people or more and
    no single person: a team of one is one.
    """
    if not isinstance(user, User) or not user.is_active:
        return Visibility(agent=NOBODY, teams=frozenset())
    if user.has_perm(EVERYBODYS):
        return None
    if user.has_perm(FIGURES) and not user.has_perm(INDIVIDUALS):
        return Visibility(agent=NOBODY, teams=frozenset(large_teams()), by_agent=False)
    return Visibility(agent=user.pk, teams=frozenset(teams_led(user)))


def visible_agents(user: AbstractBaseUser | AnonymousUser) -> set[int] | None:
    """Whose reviews are in the scores that somebody sees; ``None`` for everybody's."""
    sight = sight_of(user)
    if sight is None:
        return None
    members = User.objects.filter(team__in=sight.teams).values_list("pk", flat=True)
    return {sight.agent, *members}
