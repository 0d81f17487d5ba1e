"""Calls made up from the OpenAPI document itself: none may end in a 5xx."""

from datetime import timedelta
from functools import cache

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kb.models import Flag, KnownQuestion, Synonym
from supportops.wsgi import application
from tests.factories.api import token_of
from tests.factories.capacity import fill_days, plan_staff, published_forecast
from tests.factories.decisions import own_decisions
from tests.factories.kb import make_article, published_article
from tests.factories.people import UserFactory
from tests.factories.quality import write_review
from tests.factories.reviewing import own_forecast_review
from tests.factories.sla import business_hours, published
from tests.factories.tickets import open_ticket
from tests.factories.tickets import status as status_named

pytestmark = pytest.mark.django_db

EXAMPLES = 8
OPERATIONS = [
    "calendars_list",
    "calendars_retrieve",
    "calibrations_list",
    "calibrations_retrieve",
    "capacity_decisions_list",
    "capacity_decisions_retrieve",
    "capacity_events_create",
    "capacity_events_list",
    "capacity_events_retrieve",
    "capacity_forecasts_intervals",
    "capacity_forecasts_list",
    "capacity_forecasts_publish",
    "capacity_forecasts_retrieve",
    "capacity_investigations_list",
    "capacity_investigations_retrieve",
    "capacity_planned_staff_list",
    "capacity_planned_staff_retrieve",
    "capacity_queues_accuracy",
    "capacity_queues_list",
    "capacity_queues_requirement",
    "capacity_queues_retrieve",
    "capacity_queues_volumes",
    "capacity_queues_write_volumes",
    "clocks_list",
    "clocks_retrieve",
    "draws_list",
    "draws_retrieve",
    "events_list",
    "events_retrieve",
    "kb_articles_archive",
    "kb_articles_create",
    "kb_articles_list",
    "kb_articles_publish",
    "kb_articles_retrieve",
    "kb_articles_save",
    "kb_flags_create",
    "kb_flags_list",
    "kb_flags_retrieve",
    "kb_known_questions_create",
    "kb_known_questions_list",
    "kb_known_questions_retrieve",
    "kb_search",
    "kb_synonyms_create",
    "kb_synonyms_list",
    "kb_synonyms_retrieve",
    "kb_synonyms_save",
    "kb_topics_list",
    "kb_topics_retrieve",
    "kb_versions_list",
    "kb_versions_retrieve",
    "messages_list",
    "messages_retrieve",
    "metrics_figure",
    "metrics_list",
    "metrics_retrieve",
    "metrics_trend",
    "policies_list",
    "policies_retrieve",
    "policy_versions_list",
    "policy_versions_retrieve",
    "reviews_acknowledge",
    "reviews_dispute",
    "reviews_list",
    "reviews_release",
    "reviews_retrieve",
    "sample_items_list",
    "sample_items_retrieve",
    "scorecard_versions_list",
    "scorecard_versions_retrieve",
    "scorecards_list",
    "scorecards_retrieve",
    "scores_list",
    "tickets_assign",
    "tickets_create",
    "tickets_customer_message",
    "tickets_fields",
    "tickets_level",
    "tickets_list",
    "tickets_merge",
    "tickets_pause",
    "tickets_priority",
    "tickets_reply",
    "tickets_resume",
    "tickets_retrieve",
    "tickets_severity",
    "tickets_status",
    "tickets_tags",
    "tickets_team",
]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(autouse=True)
def _the_connection_of_the_test():
    """Calls go straight to WSGI, where the end of a request closes the connection.

    Django's own test client keeps it open in the same way.
    """
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


@pytest.fixture
def headers(monkeypatch):
    monkeypatch.setattr(
        "supportops.api.throttling.PerTokenThrottle.THROTTLE_RATES",
        {"token": "100000/min"},
    )
    return as_administrator()


def as_administrator():
    secret = token_of(UserFactory(role="Administrator"))[1]
    return {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}


@pytest.fixture
def ticket():
    """One row of everything, so that calls reach beyond an empty list."""
    business_hours()
    published()
    write_review()
    write_capacity()
    write_articles()
    return open_ticket(body="It does not start", priority="P2", tags=["vip"])


def write_capacity() -> None:
    """A queue with volumes, a plan and a forecast of the days around today."""
    owner = UserFactory()
    own_decisions(owner)
    queue = own_forecast_review(owner)["capacity:accuracy-queue"]
    today = timezone.now().date()
    fill_days(queue, [40] * 7, first=today - timedelta(days=7))
    published_forecast(queue, [40.0] * 7, first=today, state="DRAFT")
    plan_staff(queue, 3, weekdays=[0])


def write_articles() -> None:
    """Articles, and one of what hangs on them."""
    article = published_article()
    make_article("A draft")
    Synonym.objects.create(term="invoice", same_as=["bill"])
    KnownQuestion.objects.create(
        text="new password", article=article, source="HAND", created_at=timezone.now()
    )
    Flag.objects.create(
        kind="WRONG", article=article, text="Old menu", flagged_at=timezone.now()
    )


@cache
def document():
    """Load the document once: writing it, and reading the code's constants, takes a second."""
    return schemathesis.openapi.from_wsgi(
        "/api/v1/schema/?format=json", application, headers=as_administrator()
    )


def test_every_operation_is_tried():
    found = [
        operation.ok().definition.raw["operationId"]
        for operation in document().get_all_operations()
    ]

    assert sorted(found) == OPERATIONS


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_made_up_calls_are_answered_as_documented(operation_id, headers, ticket):
    operation = document().find_operation_by_id(operation_id)
    assert status_named("new").pk  # the lifecycle is there

    # Its own number now and then: made-up numbers hardly ever hit the one ticket.
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), is_ours=st.booleans())
    def call(case, is_ours):
        if is_ours and "id" in case.path_parameters:
            case.path_parameters["id"] = str(ticket.pk)
        case.call_and_validate(checks=CHECKS, headers=headers)

    call()
