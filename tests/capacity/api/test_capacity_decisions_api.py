"""Events and decisions through the API."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Permission

from supportops.common import roles
from tests.factories.api import caller
from tests.factories.capacity import make_decision, make_queue, ready_decision
from tests.factories.people import TeamFactory, UserFactory
from workforce.capacity.models import DecisionInput, DecisionVersion, Event

pytestmark = pytest.mark.django_db

EVENTS = "/api/v1/capacity/events/"
DECISIONS = "/api/v1/capacity/decisions/"
RELEASE = {
    "name": "Release 5", "kind": "RELEASE", "starts_on": "2026-04-01",
    "ends_on": "2026-04-03",
}  # fmt: skip


def rows(response) -> list[dict]:
    assert response.status_code == 200, response.json()
    return response.json()["results"]


def event(*queues, **fields) -> Event:
    day = date(2026, 4, 1)
    columns = {"name": "Outage", "kind": "OWN", "starts_on": day, "ends_on": day}
    row = Event.objects.create(**columns | fields)
    row.queues.set(queues)
    return row


# Events -----------------------------------------------------------------------------------


def test_event_is_entered_and_found():
    queue = make_queue("Care")
    client = caller(roles.WORKFORCE_MANAGER)

    made = client.post(EVENTS, {**RELEASE, "percent": 12.5, "queues": [queue.pk]})

    assert made.status_code == 201, made.json()
    row = made.json()
    assert (row["percent"], row["treatment"], row["repeats"]) == (
        12.5, "REPEAT", "NEVER",
    )  # fmt: skip
    assert row["queues"] == [{"id": queue.pk, "name": "Care · phone"}]
    assert client.get(f"{EVENTS}{row['id']}/").json() == row
    assert rows(client.get(EVENTS, {"kind": "RELEASE"})) == [row]
    assert rows(client.get(EVENTS, {"is_active": "false"})) == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"ends_on": "2026-03-31"}, 409),
        ({"treatment": "ADJUST"}, 409),
        ({"percent": -101}, 400),
        ({"kind": "PARTY"}, 400),
        ({"queues": [999_999]}, 400),
        ({"day": "2026-04-01"}, 400),
    ],
)
def test_event_that_cannot_be_is_not_entered(change, status):
    response = caller(roles.WORKFORCE_MANAGER).post(EVENTS, RELEASE | change)

    assert response.status_code == status, response.json()
    if status == 409:
        assert response.json()["code"] == "event_unusable"
    assert not Event.objects.exists()


def test_an_event_is_entered_once_for_a_key():
    client = caller(roles.WORKFORCE_MANAGER)
    for _ in range(2):
        made = client.post(EVENTS, RELEASE, HTTP_IDEMPOTENCY_KEY="e1")
        assert made.status_code == 201

    assert Event.objects.count() == 1


def test_entering_events_needs_scope_permission_and_sight():
    lead = UserFactory(role=roles.TEAM_LEAD)
    own, other = make_queue(), make_queue()
    own.teams.add(TeamFactory(lead=lead))
    reader = caller(roles.WORKFORCE_MANAGER, scopes=["capacity:read"])

    assert reader.post(EVENTS, RELEASE).status_code == 403
    for role in (roles.AGENT, roles.TEAM_LEAD, roles.SUPPORT_LEAD, roles.EXECUTIVE):
        assert caller(role).post(EVENTS, RELEASE).status_code == 403
    lead.user_permissions.add(Permission.objects.get(codename="add_event"))
    client = caller(user=lead)
    for queues in ([], [other.pk], [own.pk, other.pk]):
        refused = client.post(EVENTS, {**RELEASE, "queues": queues})
        assert refused.status_code == 400
        assert next(iter(refused.json()["fields"])).startswith("queues")
    assert not Event.objects.exists()
    assert client.post(EVENTS, {**RELEASE, "queues": [own.pk]}).status_code == 201


def test_events_name_only_queues_that_the_caller_sees():
    lead = UserFactory(role=roles.TEAM_LEAD)
    own, other = make_queue(), make_queue()
    own.teams.add(TeamFactory(lead=lead))
    shared, everywhere, foreign = event(own, other), event(), event(other)
    client = caller(user=lead)

    found = {row["id"]: row["queues"] for row in rows(client.get(EVENTS))}

    assert found == {
        shared.pk: [{"id": own.pk, "name": str(own)}], everywhere.pk: [],
    }  # fmt: skip
    assert client.get(f"{EVENTS}{foreign.pk}/").status_code == 404
    assert caller(roles.AGENT).get(EVENTS).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_event_list_costs_the_same_at_one_and_three(count, django_assert_num_queries):
    for _ in range(count):
        event(make_queue())
    client = caller(roles.SUPPORT_LEAD)
    client.get(EVENTS)

    # Token, two for permissions, events, their queues.
    with django_assert_num_queries(5):
        assert len(rows(client.get(EVENTS))) == count


# Decisions --------------------------------------------------------------------------------


def version_of(decision, number: int = 1) -> DecisionVersion:
    return DecisionVersion.objects.create(
        decision=decision, number=number, content={"sections": []}, reason="First",
        created_by=decision.owner, created_at=datetime(2026, 3, 3, tzinfo=UTC),
    )  # fmt: skip


def test_decision_with_its_record_versions_and_triggers():
    decision = ready_decision(state="APPROVED")
    version_of(decision)

    row = caller(roles.EXECUTIVE).get(f"{DECISIONS}{decision.pk}/").json()

    assert (row["state"], row["chosen"], row["next_review"]) == (
        "APPROVED", "A", "2027-06-01",
    )  # fmt: skip
    sections = {each["key"]: each["data"] for each in row["sections"]}
    assert sections["question"]["question"] == "E-mail or chat?"
    (version,) = row["versions"]
    assert (version["number"], version["reason"]) == (1, "First")
    assert "content" not in version
    (trigger,) = row["triggers"]
    assert (trigger["metric"], trigger["direction"], trigger["threshold"]) == (
        "ticket_volume", "ABOVE", 10.0,
    )  # fmt: skip
    assert (trigger["state"], trigger["standing"], trigger["value"]) == (
        "WATCHING", "CLEAR", 0.0,
    )  # fmt: skip


def test_trigger_of_an_unknown_metric_says_so():
    decision = ready_decision(state="APPROVED")
    decision.triggers.update(metric="gone")

    row = caller(roles.EXECUTIVE).get(f"{DECISIONS}{decision.pk}/").json()

    (trigger,) = row["triggers"]
    assert (trigger["value"], trigger["n"], trigger["standing"]) == (
        None, None, "UNKNOWN",
    )  # fmt: skip
    assert "gone" in trigger["problem"]


def test_drafts_are_for_who_may_see_them():
    draft, approved = make_decision(), ready_decision(state="APPROVED")
    seen_by = {roles.WORKFORCE_MANAGER, roles.SUPPORT_LEAD, roles.ADMINISTRATOR}

    for role in (*seen_by, roles.TEAM_LEAD, roles.EXECUTIVE):
        client = caller(role)
        found = {row["id"] for row in rows(client.get(DECISIONS))}
        assert (draft.pk in found) == (role in seen_by), role
        assert approved.pk in found
        status = client.get(f"{DECISIONS}{draft.pk}/").status_code
        assert status == (200 if role in seen_by else 404)
    for role in (roles.AGENT, roles.QA_REVIEWER):
        assert caller(role).get(DECISIONS).status_code == 403


def test_costs_in_a_record_are_for_who_sees_costs():
    decision = ready_decision(state="APPROVED")
    DecisionInput.objects.create(
        decision=decision, key="cost_per_hour", about="COST", name="Hour of an agent",
        value=41.75, unit="EUR", source="Payroll", position=2,
    )  # fmt: skip

    def text(role):
        return caller(role).get(f"{DECISIONS}{decision.pk}/").content.decode()

    assert "41.75" in text(roles.EXECUTIVE)
    assert "41.75" not in text(roles.TEAM_LEAD)


def test_decisions_are_found_by_kind_state_and_owner():
    one = ready_decision(state="APPROVED")
    two = make_decision(kind="SEGMENTS", state="RETIRED")
    client = caller(roles.SUPPORT_LEAD)

    def ids(**query):
        return {row["id"] for row in rows(client.get(DECISIONS, query))}

    assert ids() == {one.pk, two.pk}
    assert ids(kind="SEGMENTS") == ids(state="RETIRED") == {two.pk}
    assert ids(owner=one.owner_id) == {one.pk}
    assert ids(changed_from="2026-03-03T00:00:00Z") == set()
    assert client.get(DECISIONS, {"status": "DRAFT"}).status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_decision_list_costs_the_same_at_one_and_three(
    count, django_assert_num_queries
):
    for _ in range(count):
        ready_decision(state="APPROVED").queues.add(make_queue())
    client = caller(roles.SUPPORT_LEAD)
    client.get(DECISIONS)

    # Token, two for permissions, decisions, their queues, their triggers.
    with django_assert_num_queries(6):
        assert len(rows(client.get(DECISIONS))) == count
