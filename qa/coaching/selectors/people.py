"""Who coaches whom."""

from django.db.models import Q, QuerySet

from supportops.common import roles
from workforce.people.models import Team, User

COACH = "coaching.coach_agent"
VIEW_ALL = "coaching.view_all_coaching"


def working_people() -> QuerySet[User]:
    """Persons who can be coached: active, on the staff, in a team, no programs."""
    return User.objects.filter(
        is_active=True,
        is_staff=True,
        is_automation=False,
        imported_from="",
        team__isnull=False,
    )


def coachable_by(user: User) -> QuerySet[User]:
    """People whom this person may coach, never themselves.

    Members of the teams they lead; with ``view_all_coaching`` everybody in a team.
    """
    if not user.has_perm(COACH):
        return User.objects.none()
    people = working_people().exclude(pk=user.pk)
    if user.has_perm(VIEW_ALL):
        return people
    return people.filter(team__in=led_teams(user))


def may_coach(user: User, agent: User) -> bool:
    return coachable_by(user).filter(pk=agent.pk).exists()


def led_teams(user: User) -> QuerySet[Team]:
    return Team.objects.filter(lead=user)


def teams_of_coach(user: User) -> QuerySet[Team]:
    """Teams whose members this person may coach."""
    teams = Team.objects.filter(imported_from="").order_by("name")
    return teams if user.has_perm(VIEW_ALL) else teams.filter(lead=user)


def coaches() -> QuerySet[User]:
    """People who may be chosen as a coach: by role, or as lead of a team."""
    by_role = Q(groups__name__in=[roles.TEAM_LEAD, roles.SUPPORT_LEAD])
    return (
        User.objects.filter(by_role, is_active=True, is_staff=True)
        .distinct()
        .order_by("last_name", "first_name", "pk")
    )


def support_leads() -> QuerySet[User]:
    """Who hears of a talk that nobody is the coach of."""
    return User.objects.filter(groups__name=roles.SUPPORT_LEAD, is_active=True)
