"""What customers read about their promises, without signing in."""

from datetime import UTC, datetime

import pytest

from sla.core.policy import PolicyDefinition, PolicyRules
from sla.models import Policy, PolicyVersion
from sla.services import policies as services
from sla.views.public_sla import exclusions
from supportops.common import roles
from tests.factories import sla as make
from tests.factories.people import UserFactory
from tests.factories.tickets import OrganisationFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def publish_standard() -> None:
    make.publish(
        PolicyVersion.objects.get(policy__name="Standard support"),
        effective_from=datetime(2026, 1, 1, tzinfo=UTC),
    )


def test_public_page_states_the_promises_of_a_tier_without_a_login(client):
    publish_standard()

    page = client.get("/sla/enterprise/").content.decode()

    for text in (
        "Support promises, Enterprise",
        "7 min",
        "24 hours a day, 7 days a week",
        "Mon–Fri 09:00–18:00 (UTC)",
        "When 2 reminders stay unanswered",
        "In force since 1 January 2026.",
    ):
        assert text in page
    assert "Next reply" not in page  # nothing is promised there


def test_public_page_follows_the_clock_rules():
    quiet = PolicyDefinition(
        rules=PolicyRules(
            pause_on=frozenset(),
            pause_after_followups=None,
            manual_pauses=False,
            reopen="continue",
        )
    )

    assert exclusions(quiet) == [
        "Requests out of scope and duplicates carry no promise."
    ]


def test_public_page_states_the_rules_of_each_policy_that_applies(client):
    publish_standard()
    make.published(
        "P1 without pauses",
        conditions={"priority": ["P1"]},
        targets={"P1": {"resolution": 3600}},
        rules={"pause_on": [], "manual_pauses": False, "pause_after_followups": None},
    )
    ids = list(Policy.objects.order_by("-position").values_list("pk", flat=True))
    services.reorder_policies(
        policy_ids=ids,
        actor=None,
        at=NOW,
        effective_from=NOW,
        reason="P1 first",
    )

    page = client.get("/sla/business/").content.decode()

    assert "When time does not count: P1</h2>" in page
    assert "When time does not count: P2, P3, P4, P5</h2>" in page
    assert page.count("on hold does not count") == 1


def test_public_page_without_a_published_policy_says_so(client):
    page = client.get("/sla/").content.decode()

    assert "No support promises are published at present." in page


def test_public_page_of_an_unknown_tier_is_not_found(client):
    assert client.get("/sla/platinum/").status_code == 404


def test_public_page_can_be_kept_inside(client, settings):
    settings.SLA_PAGE_PUBLIC = False

    assert client.get("/sla/").status_code == 404
    client.force_login(UserFactory(role=roles.AGENT))
    assert client.get("/sla/").status_code == 200


def test_public_page_keeps_agreements_with_single_customers_private(client):
    customer = OrganisationFactory(name="Secret Customer")
    publish_standard()
    make.published(
        "Secret agreement",
        conditions={"organisation": [customer.pk]},
        targets={"P1": {"first_response": 11}},
    )

    page = client.get("/sla/enterprise/").content.decode()

    assert "11 s" not in page
    assert "Secret" not in page
