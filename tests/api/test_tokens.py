"""Issuing and revoking tokens, through the services and the admin's pages."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from supportops.api import services
from supportops.api.models import ApiToken
from supportops.api.services import ExpiredAlready, NoScope, UnknownScope
from tests.factories.api import client_with, token_of
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
LIST = "admin:api_apitoken_changelist"
ADD = "admin:api_apitoken_add"


@pytest.fixture
def agent():
    return UserFactory(role="Agent")


@pytest.fixture
def administrator():
    return UserFactory(role="Administrator")


def sign_in(client, user):
    client.force_login(user)
    return client


def new_token(client, **fields):
    fields = {
        "name": "Nightly export",
        "scopes": ["tickets:read"],
        "lifetime": "90",
        **fields,
    }
    return client.post(reverse(ADD), fields)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"scopes": []}, NoScope),
        ({"scopes": ["tickets:read", "tickets:burn"]}, UnknownScope),
        ({"expires_at": NOON}, ExpiredAlready),
    ],
)
def test_issue_token_refuses_what_would_not_work(agent, values, refusal):
    with pytest.raises(refusal):
        services.issue_token(
            **{"user": agent, "name": "x", "scopes": ["sla:read"], "at": NOON, **values}
        )

    assert ApiToken.objects.count() == 0


def test_revoke_token_keeps_the_first_moment_and_person(agent, administrator):
    token = token_of(agent)[0]

    def revoke(actor, at):
        return services.revoke_token(token_id=token.pk, actor=actor, at=at)

    assert revoke(administrator, NOON) is True
    assert revoke(agent, NOON + timedelta(hours=1)) is False

    token.refresh_from_db()
    assert (token.revoked_at, token.revoked_by) == (NOON, administrator)


@pytest.mark.parametrize(
    ("revoked", "expires", "is_live"),
    [
        (None, None, True),
        (None, NOON + timedelta(seconds=1), True),
        (None, NOON, False),
        (NOON, None, False),
    ],
)
def test_token_is_live_until_it_ends(revoked, expires, is_live):
    assert ApiToken(revoked_at=revoked, expires_at=expires).is_live(NOON) is is_live


def test_new_token_page_shows_the_secret_once(client, agent):
    page = new_token(sign_in(client, agent))

    assert page.status_code == 200
    assert page.headers["Cache-Control"].startswith("no-store")
    html = page.content.decode()
    secret = re.search(r'value="(so_[\w-]{43})"', html)[1]
    assert client_with(secret).get("/api/v1/tickets/").status_code == 200
    token = ApiToken.objects.get()
    assert (token.user, token.name, token.scopes) == (
        agent,
        "Nightly export",
        ["tickets:read"],
    )
    assert token.expires_at - token.created_at == timedelta(days=90)
    for name, args in ((LIST, []), ("admin:api_apitoken_change", [token.pk])):
        shown = client.get(reverse(name, args=args)).content.decode()
        assert token.hint in shown
        assert secret not in shown
    entry = LogEntry.objects.get()
    assert secret not in entry.change_message


def test_new_token_page_has_no_inline_script(client, agent):
    sign_in(client, agent)
    plain = client.get(reverse(LIST)).content.decode()
    pages = [client.get(reverse(ADD)), new_token(client)]

    # unfold's own frame is the measure: we add none.
    inline = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>")
    for page in pages:
        html = page.content.decode()
        assert len(inline.findall(html)) <= len(inline.findall(plain))
        assert not re.search(r"\son\w+=", html)


def test_token_may_live_until_it_is_revoked(client, agent):
    new_token(sign_in(client, agent), lifetime="")

    assert ApiToken.objects.get().expires_at is None


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"lifetime": "9999"},
    ],
)
def test_new_token_page_refuses_and_writes_nothing(client, agent, fields):
    page = new_token(sign_in(client, agent), **fields)

    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert ApiToken.objects.count() == 0


def test_agent_cannot_make_a_token_of_somebody_else(client, agent):
    program = UserFactory(is_automation=True)

    new_token(sign_in(client, agent), owner=program.pk)

    assert ApiToken.objects.get().user == agent


def test_administrator_may_make_a_token_of_a_program_only(client, administrator, agent):
    program = UserFactory(is_automation=True)
    root = UserFactory(is_automation=True, is_superuser=True)
    retired = UserFactory(is_automation=True, is_active=False)
    sign_in(client, administrator)

    for refused in (agent, root, retired):
        new_token(client, owner=refused.pk)
    assert ApiToken.objects.count() == 0

    new_token(client, owner=program.pk)
    assert ApiToken.objects.get().user == program


def test_list_shows_own_tokens_and_everybodys_to_administrators(
    client, agent, administrator
):
    token_of(agent, name="Mine")
    token_of(UserFactory(role="Agent"), name="Theirs")

    own = sign_in(client, agent).get(reverse(LIST)).content.decode()
    assert "Mine" in own
    assert "Theirs" not in own
    everything = sign_in(client, administrator).get(reverse(LIST)).content.decode()
    assert "Mine" in everything
    assert "Theirs" in everything


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_at_one_and_three_rows(
    client, administrator, count, django_assert_num_queries
):
    for _token in range(count):
        token = token_of(UserFactory())[0]
        services.revoke_token(token_id=token.pk, actor=UserFactory(), at=NOON)
    sign_in(client, administrator).get(reverse(LIST))

    # Session, person, two for permissions, count, tokens with their people.
    with django_assert_num_queries(6):
        client.get(reverse(LIST))


@pytest.mark.parametrize("name", [LIST, ADD])
def test_pages_need_a_role(client, name):
    assert client.get(reverse(name)).status_code == 302

    sign_in(client, UserFactory())
    assert client.get(reverse(name)).status_code == 403


def test_revoke_asks_first(client, agent):
    token = token_of(agent)[0]
    page = reverse("admin:api_apitoken_revoke", args=[token.pk])
    sign_in(client, agent)

    assert token.hint in client.get(page).content.decode()
    token.refresh_from_db()
    assert token.revoked_at is None

    client.post(page)
    token.refresh_from_db()
    assert token.revoked_by == agent
    assert abs(timezone.now() - token.revoked_at) < timedelta(minutes=1)


def test_revoke_of_another_persons_token_is_not_found(client, agent):
    token = token_of(UserFactory(role="Agent"))[0]
    page = reverse("admin:api_apitoken_revoke", args=[token.pk])

    sign_in(client, agent).post(page)

    token.refresh_from_db()
    assert token.revoked_at is None


def test_revoke_needs_a_role(client):
    user = UserFactory()
    token = token_of(user)[0]

    page = reverse("admin:api_apitoken_revoke", args=[token.pk])
    assert sign_in(client, user).post(page).status_code == 403

    token.refresh_from_db()
    assert token.revoked_at is None


def test_selected_tokens_are_revoked_but_only_visible_ones(client, agent):
    mine, theirs = token_of(agent)[0], token_of(UserFactory(role="Agent"))[0]

    sign_in(client, agent).post(
        reverse(LIST),
        {"action": "revoke_selected", "_selected_action": [mine.pk, theirs.pk]},
    )

    revoked = set(
        ApiToken.objects.exclude(revoked_at=None).values_list("pk", flat=True)
    )
    assert revoked == {mine.pk}


def test_token_is_neither_changed_nor_deleted(client, administrator):
    token = token_of(administrator)[0]
    sign_in(client, administrator)

    change = reverse("admin:api_apitoken_change", args=[token.pk])
    assert client.post(change, {"name": "Other"}).status_code == 403
    delete = reverse("admin:api_apitoken_delete", args=[token.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403

    token.refresh_from_db()
    assert token.name == "Test"
