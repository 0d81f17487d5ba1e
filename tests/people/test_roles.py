import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from supportops.common import roles
from tests.factories.people import SkillLevelFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def holders(permission: str) -> set[str]:
    app_label, codename = permission.split(".")
    groups = Group.objects.filter(
        permissions__content_type__app_label=app_label, permissions__codename=codename
    )
    return set(groups.values_list("name", flat=True))


def test_the_seven_roles_are_there():
    assert set(Group.objects.values_list("name", flat=True)) >= set(roles.ROLES)


@pytest.mark.parametrize(
    ("permission", "expected"),
    [
        ("tickets.view_ticket", set(roles.ROLES)),
        (
            "tickets.work_ticket",
            {roles.AGENT, roles.TEAM_LEAD, roles.SUPPORT_LEAD, roles.ADMINISTRATOR},
        ),
        (
            "tickets.triage_ticket",
            {roles.TEAM_LEAD, roles.SUPPORT_LEAD, roles.ADMINISTRATOR},
        ),
        (
            "tickets.merge_ticket",
            {roles.TEAM_LEAD, roles.SUPPORT_LEAD, roles.ADMINISTRATOR},
        ),
        (
            "tickets.view_all_tickets",
            set(roles.ROLES) - {roles.AGENT, roles.TEAM_LEAD},
        ),
        ("tickets.change_statusmove", {roles.SUPPORT_LEAD, roles.ADMINISTRATOR}),
        ("tickets.change_priorityrule", {roles.SUPPORT_LEAD, roles.ADMINISTRATOR}),
        ("tickets.delete_ticket", {roles.ADMINISTRATOR}),
        ("people.change_user", {roles.ADMINISTRATOR}),
        (
            "people.change_team",
            {roles.SUPPORT_LEAD, roles.WORKFORCE_MANAGER, roles.ADMINISTRATOR},
        ),
        ("auth.change_group", {roles.ADMINISTRATOR}),
        ("django_celery_beat.change_periodictask", {roles.ADMINISTRATOR}),
        ("axes.delete_accessattempt", {roles.ADMINISTRATOR}),
    ],
)
def test_a_permission_is_held_by_exactly_these_roles(permission, expected):
    assert holders(permission) == expected


@pytest.mark.parametrize("level", [0, 6])
def test_the_database_refuses_a_skill_level_out_of_range(level):
    with (
        pytest.raises(IntegrityError, match="people_skilllevel_between_1_and_5"),
        transaction.atomic(),
    ):
        SkillLevelFactory(level=level)


def test_a_person_has_a_skill_once():
    first = SkillLevelFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        SkillLevelFactory(user=first.user, skill=first.skill)


def test_people_are_named_by_their_name_or_else_their_sign_in():
    assert str(UserFactory(first_name="Ada", last_name="Byron")) == "Ada Byron"
    assert str(UserFactory(first_name="", last_name="", username="bot")) == "bot"
    assert str(TeamFactory(name="Billing")) == "Billing"
