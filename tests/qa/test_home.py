import pytest
from django.urls import reverse

from supportops.common import roles
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (roles.QA_REVIEWER, "qa:inbox"),
        (roles.TEAM_LEAD, "qa:inbox"),
        (roles.EXECUTIVE, "qa:overview"),
        (roles.WORKFORCE_MANAGER, "qa:overview"),
        (roles.AGENT, "qa:me"),
    ],
)
def test_home_leads_everybody_to_their_own_page(client, role, page):
    client.force_login(UserFactory(role=role))

    answer = client.get("/quality/", follow=True)

    assert answer.redirect_chain == [(reverse(page), 302)]
    assert answer.status_code == 200


def test_home_shows_nothing_to_who_has_no_role_or_has_not_signed_in(client):
    assert client.get("/quality/").url.startswith(reverse("admin:login"))

    client.force_login(UserFactory(role=None, is_staff=True))
    assert client.get("/quality/", follow=True).status_code == 403


def test_inbox_has_an_address_of_its_own():
    assert reverse("qa:home") == "/quality/"
    assert reverse("qa:inbox") == "/quality/inbox/"
