import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from supportops.common import roles
from tests.factories.people import (
    RegionFactory,
    SkillFactory,
    SkillLevelFactory,
    TeamFactory,
    UserFactory,
)
from workforce.people.models import Team, User

pytestmark = pytest.mark.django_db

USERS = reverse("admin:people_user_changelist")
TEAMS = reverse("admin:people_team_changelist")
SKILLS = reverse("admin:people_skill_changelist")


def sign_in(client, role):
    user = UserFactory(role=role)
    client.force_login(user)
    return user


@pytest.mark.parametrize("rows", [1, 3])
def test_user_changelist_query_count_does_not_grow(
    client, rows, django_assert_num_queries
):
    client.force_login(UserFactory(is_superuser=True, username="aaa"))
    for _ in range(rows):
        UserFactory(team=TeamFactory(), role=roles.AGENT)

    with django_assert_num_queries(6):
        response = client.get(USERS)

    assert len(response.context["cl"].result_list) == rows + 1


@pytest.mark.parametrize("rows", [1, 3])
def test_team_changelist_query_count_does_not_grow(
    client, rows, django_assert_num_queries
):
    client.force_login(UserFactory(is_superuser=True))
    for _ in range(rows):
        team = TeamFactory(region=RegionFactory(), lead=UserFactory())
        UserFactory(team=team)
        UserFactory(team=team, is_active=False)

    with django_assert_num_queries(5):
        response = client.get(TEAMS)

    assert [row.active_members for row in response.context["cl"].result_list] == (
        [1] * rows
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_skill_changelist_query_count_does_not_grow(
    client, rows, django_assert_num_queries
):
    client.force_login(UserFactory(is_superuser=True))
    for _ in range(rows):
        SkillLevelFactory(skill=SkillFactory())

    with django_assert_num_queries(5):
        client.get(SKILLS)


@pytest.mark.parametrize(
    ("role", "page", "status"),
    [
        (roles.AGENT, USERS, 403),
        (roles.AGENT, TEAMS, 200),
        (roles.TEAM_LEAD, USERS, 200),
        (roles.SUPPORT_LEAD, USERS, 200),
        (roles.SUPPORT_LEAD, reverse("admin:people_user_add"), 403),
        (roles.SUPPORT_LEAD, reverse("admin:people_team_add"), 200),
        (roles.SUPPORT_LEAD, reverse("admin:auth_group_changelist"), 403),
        (roles.WORKFORCE_MANAGER, reverse("admin:people_skill_add"), 200),
        (roles.EXECUTIVE, reverse("admin:people_team_add"), 403),
        (roles.QA_REVIEWER, TEAMS, 200),
        (roles.ADMINISTRATOR, reverse("admin:people_user_add"), 200),
        (roles.ADMINISTRATOR, reverse("admin:auth_group_changelist"), 200),
    ],
)
def test_pages_of_people_open_for_the_roles_that_keep_them(client, role, page, status):
    sign_in(client, role)

    assert client.get(page).status_code == status


def test_an_administrator_adds_a_user_with_a_role(client):
    sign_in(client, roles.ADMINISTRATOR)
    agent = Group.objects.get(name=roles.AGENT)

    response = client.post(
        reverse("admin:people_user_add"),
        {
            "username": "grace",
            "first_name": "Grace",
            "last_name": "Hopper",
            "email": "grace@example.com",
            "usable_password": "true",
            "password1": "cobol-1959-x",
            "password2": "cobol-1959-x",
            "is_staff": "on",
            "groups": [agent.pk],
        },
    )

    assert response.status_code == 302
    grace = User.objects.get(username="grace")
    assert grace.groups.get() == agent
    assert grace.check_password("cobol-1959-x")


def change_data(user, **changes):
    return {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "time_zone": "UTC",
        "is_active": "on",
        "is_staff": "on",
        "skill_levels-TOTAL_FORMS": "0",
        "skill_levels-INITIAL_FORMS": "0",
        **changes,
    }


def test_an_administrator_cannot_make_anybody_a_superuser(client):
    admin = sign_in(client, roles.ADMINISTRATOR)
    page = reverse("admin:people_user_change", args=[admin.pk])

    response = client.post(
        page, change_data(admin, is_superuser="on", last_name="Changed")
    )

    assert response.status_code == 302
    admin.refresh_from_db()
    assert (admin.last_name, admin.is_superuser) == ("Changed", False)


def test_an_administrator_cannot_change_or_delete_a_superuser(client):
    sign_in(client, roles.ADMINISTRATOR)
    root = UserFactory(is_superuser=True, last_name="Root")

    changed = client.post(
        reverse("admin:people_user_change", args=[root.pk]),
        change_data(root, last_name="Hijacked"),
    )
    password = client.post(
        reverse("admin:auth_user_password_change", args=[root.pk]),
        {
            "usable_password": "true",
            "password1": "taken-over-1",
            "password2": "taken-over-1",
        },
    )
    deleted = client.post(
        reverse("admin:people_user_delete", args=[root.pk]), {"post": "yes"}
    )

    assert [r.status_code for r in (changed, password, deleted)] == [403, 403, 403]
    root.refresh_from_db()
    assert root.last_name == "Root"
    assert root.check_password("secret")


def test_a_user_keeps_skills_with_their_level(client):
    sign_in(client, roles.ADMINISTRATOR)
    user, skill = UserFactory(), SkillFactory()

    response = client.post(
        reverse("admin:people_user_change", args=[user.pk]),
        change_data(
            user,
            **{
                "skill_levels-TOTAL_FORMS": "1",
                "skill_levels-0-user": user.pk,
                "skill_levels-0-skill": skill.pk,
                "skill_levels-0-level": "9",
            },
        ),
    )
    assert response.status_code == 200
    assert "A skill level is a number from 1 to 5." in response.content.decode()
    assert not user.skill_levels.exists()


def test_imported_names_are_told_from_our_own(client):
    client.force_login(UserFactory(is_superuser=True))
    User.objects.create(username="volvo:siebel", imported_from="volvo", is_active=False)

    own = client.get(USERS, {"origin": "own"}).context["cl"].result_list
    imported = client.get(USERS, {"origin": "imported"}).context["cl"].result_list

    assert [user.username for user in imported] == ["volvo:siebel"]
    assert "volvo:siebel" not in [user.username for user in own]


def test_a_team_is_saved_with_its_lead_and_region(client):
    sign_in(client, roles.SUPPORT_LEAD)
    region, lead = RegionFactory(), UserFactory()

    response = client.post(
        reverse("admin:people_team_add"),
        {"name": "Billing", "level": "L2", "region": region.pk, "lead": lead.pk},
    )

    assert response.status_code == 302
    team = Team.objects.get(name="Billing")
    assert (team.region, team.lead, team.imported_from) == (region, lead, "")


def test_the_form_of_a_new_user_says_what_no_password_means_here(client):
    sign_in(client, roles.ADMINISTRATOR)

    html = client.get(reverse("admin:people_user_add")).content.decode()

    assert "nobody can sign in to this account" in html
    assert "LDAP" not in html
