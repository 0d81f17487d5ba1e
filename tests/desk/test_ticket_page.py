from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sla.models import SlaClock
from sla.services import clocks, policies
from supportops.common.templatetags.times import exact
from supportops.desk.promises import time_left
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.sla import NEW_YEAR, draft
from tests.factories.tickets import CategoryFactory, ContactAddressFactory, open_ticket
from tickets import services
from tickets.models import Ticket


def page(ticket):
    return reverse("admin:tickets_ticket_change", args=[ticket.pk])


@pytest.fixture
def agent(client):
    user = UserFactory(role="Agent")
    client.force_login(user)
    return user


@pytest.mark.django_db
def test_ticket_page_shows_customer_conversation_and_promises(client, agent):
    ticket = open_ticket(body="The door is shut.", priority="P1", assignee=agent)
    version = draft()
    policies.publish_policy(
        version_id=version.pk,
        actor=None,
        at=NEW_YEAR,
        effective_from=NEW_YEAR,
        reason="test",
    )
    clocks.recompute([ticket.pk], timezone.now())

    text = client.get(page(ticket)).content.decode()

    assert str(ticket.requester) in text
    assert "The door is shut." in text
    assert "First response" in text
    assert "Why then?" in text
    assert "Promised" in text


@pytest.mark.django_db
def test_message_text_is_escaped(client, agent):
    ticket = open_ticket(body="<script>alert(1)</script>", assignee=agent)

    text = client.get(page(ticket)).content.decode()

    assert "<script>alert(1)</script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


@pytest.mark.django_db
def test_reply_is_written_and_the_page_comes_back(client, agent):
    ticket = open_ticket(assignee=agent)

    response = client.post(
        page(ticket), {"verb": "reply", "body": "On my way.", "public": "1"}
    )

    assert response.status_code == 302
    message = ticket.messages.latest("at")
    assert (message.body, message.direction) == ("On my way.", "OUT")


@pytest.mark.django_db
def test_internal_note_stays_internal(client, agent):
    ticket = open_ticket(assignee=agent)

    client.post(page(ticket), {"verb": "reply", "body": "Hm.", "public": ""})

    assert ticket.messages.latest("at").direction == "INTERNAL"
    ticket.refresh_from_db()
    assert ticket.first_response_at is None


@pytest.mark.django_db
def test_refusal_says_why_keeps_what_was_typed_and_writes_nothing(client, agent):
    ticket = open_ticket(assignee=agent)
    before = ticket.events.count()

    response = client.post(
        page(ticket),
        {"verb": "status", "status": "assigned", "reason": "went to Ana"},
    )

    assert response.status_code == 422
    text = response.content.decode()
    assert 'value="went to Ana"' in text
    assert 'role="alert"' in text
    assert ticket.events.count() == before


@pytest.mark.django_db
def test_status_form_offers_only_allowed_moves(client, agent):
    ticket = open_ticket(assignee=agent, priority="P3", category=CategoryFactory())

    context = client.get(page(ticket)).context
    offered = {
        code for code, _ in context["actions"]["status"]["form"]["status"].field.choices
    }

    assert "closed" in offered or "triaged" in offered
    assert "reopened" not in offered


@pytest.mark.django_db
def test_priority_needs_the_triage_permission(client, agent):
    ticket = open_ticket(assignee=agent, priority="P3")

    response = client.post(
        page(ticket), {"verb": "priority", "priority": "P1", "reason": "boss"}
    )

    assert response.status_code == 403
    ticket.refresh_from_db()
    assert ticket.priority == "P3"


@pytest.mark.django_db
def test_team_lead_changes_priority_with_a_reason(client):
    lead = UserFactory(role="Team lead")
    client.force_login(lead)
    ticket = open_ticket(assignee=lead, priority="P3")

    client.post(
        page(ticket), {"verb": "priority", "priority": "P2", "reason": "all users"}
    )

    ticket.refresh_from_db()
    assert ticket.priority == "P2"
    assert ticket.events.latest("seq").reason == "all users"


@pytest.mark.django_db
def test_reader_sees_the_page_without_actions(client):
    client.force_login(UserFactory(role="Executive"))
    ticket = open_ticket()

    response = client.get(page(ticket))

    assert response.status_code == 200
    assert response.context["actions"] == {}


@pytest.mark.django_db
def test_ticket_of_another_team_is_not_found(client, agent):
    ticket = open_ticket(team=TeamFactory(), assignee=UserFactory(role="Agent"))

    assert client.get(page(ticket)).status_code == 404
    response = client.post(page(ticket), {"verb": "reply", "body": "x", "public": "1"})
    assert response.status_code == 404
    assert not ticket.messages.filter(direction="OUT").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("messages", [1, 3])
def test_ticket_page_query_count_does_not_grow_with_messages(
    client, agent, messages, django_assert_num_queries
):
    ticket = open_ticket(assignee=agent)
    for number in range(messages):
        services.reply(
            ticket_id=ticket.pk,
            at=timezone.now(),
            actor=agent,
            body=f"Message {number}",
            public=False,
        )
    client.get(page(ticket))

    with django_assert_num_queries(24):
        response = client.get(page(ticket))

    assert f"Message {messages - 1}" in response.content.decode()


@pytest.mark.django_db
def test_new_ticket_finds_the_contact_by_address(client, agent):
    known = ContactAddressFactory(value="mira@example.com").contact

    client.post(
        reverse("admin:tickets_ticket_add"),
        {"subject": "No sound", "requester_email": "Mira@Example.com", "body": "Help"},
    )

    ticket = Ticket.objects.get(subject="No sound")
    assert ticket.requester == known


@pytest.mark.django_db
def test_new_ticket_keeps_what_was_typed_when_something_is_missing(client, agent):
    response = client.post(
        reverse("admin:tickets_ticket_add"),
        {"subject": "No sound", "requester_email": "", "body": "Help"},
    )

    assert response.status_code == 422
    assert 'value="No sound"' in response.content.decode()
    assert not Ticket.objects.exists()


def pause(ticket, actor):
    services.pause_clocks(
        ticket_id=ticket.pk,
        at=timezone.now(),
        actor=actor,
        kind="THIRD_PARTY",
        reason="The carrier repairs its line.",
    )


@pytest.mark.django_db
def test_pause_by_hand_is_seen_while_the_ticket_waits_for_the_customer(client, agent):
    ticket = open_ticket(assignee=agent, status="waiting")
    assert "pause" in client.get(page(ticket)).context["actions"]

    response = client.post(
        page(ticket),
        {"verb": "pause", "kind": "THIRD_PARTY", "reason": "The carrier repairs."},
        follow=True,
    )

    text = response.content.decode()
    assert "The clocks are paused." in text
    assert "Clocks paused by hand" in text
    assert "Third party: “The carrier repairs.”, since" in text
    assert "resume" in response.context["actions"]
    assert "pause" not in response.context["actions"]


@pytest.mark.django_db
def test_resume_ends_the_pause_on_the_page(client, agent):
    ticket = open_ticket(assignee=agent)
    assert "resume" not in client.get(page(ticket)).context["actions"]
    pause(ticket, agent)

    response = client.post(page(ticket), {"verb": "resume"}, follow=True)

    text = response.content.decode()
    assert "The pause by hand is ended." in text
    assert "Clocks paused by hand" not in text
    assert "pause" in response.context["actions"]


@pytest.mark.django_db
def test_refused_action_stays_beside_its_reason(client, agent):
    ticket = open_ticket(assignee=agent)
    pause(ticket, agent)

    response = client.post(
        page(ticket), {"verb": "pause", "kind": "OTHER", "reason": "once more"}
    )

    assert response.status_code == 422
    assert "are paused already" in response.content.decode()
    assert 'value="once more"' in response.content.decode()


@pytest.mark.django_db
def test_closed_ticket_offers_a_note_and_says_how_to_write_to_the_customer(
    client, agent
):
    ticket = open_ticket(assignee=agent)
    services.change_status(
        ticket_id=ticket.pk,
        at=timezone.now(),
        actor=agent,
        status="closed",
        outcome="OUT_OF_SCOPE",
    )

    response = client.get(page(ticket))

    actions = response.context["actions"]
    choices = actions["reply"]["form"]["public"].field.choices
    assert [value for value, _label in choices] == [""]
    assert "reopen it first" in response.content.decode()
    assert not {"pause", "resume"} & set(actions)


@pytest.mark.django_db
def test_merged_ticket_offers_no_action(client):
    lead = UserFactory(role="Team lead")
    client.force_login(lead)
    older, newer = open_ticket(assignee=lead), open_ticket(assignee=lead)
    services.merge_tickets(
        duplicate_id=newer.pk,
        into_id=older.pk,
        at=timezone.now(),
        actor=lead,
        reason="Twice the same.",
    )

    assert client.get(page(newer)).context["actions"] == {}
    assert "merge" in client.get(page(older)).context["actions"]


@pytest.mark.django_db
def test_events_name_statuses_and_pauses_in_words(client, agent):
    ticket = open_ticket(assignee=agent, status="waiting")
    pause(ticket, agent)

    text = " ".join(client.get(page(ticket)).content.decode().split())

    assert "Created: Waiting on customer" in text
    assert ": Third party" in text


@pytest.mark.django_db
def test_met_promise_says_when_it_was_due_and_when_it_was_met(client, agent):
    ticket = open_ticket(priority="P1", assignee=agent, at=NEW_YEAR)
    now = timezone.now()
    clock = {"ticket": ticket, "target_seconds": 3600, "elapsed_seconds": 0}
    clock |= {"computed_at": now, "watched_since": now, "started_at": NEW_YEAR}
    SlaClock.objects.create(
        metric="first_response",
        state="met",
        due_at=now + timedelta(hours=2),
        stopped_at=now - timedelta(hours=1),
        judged_at=now - timedelta(hours=1),
        is_kept=True,
        **clock,
    )
    SlaClock.objects.create(
        metric="resolution",
        state="running",
        due_at=now - timedelta(hours=3),
        **clock,
    )

    text = " ".join(client.get(page(ticket)).content.decode().split())

    assert f"Due {exact(now + timedelta(hours=2))}" in text
    assert f"Met {exact(now - timedelta(hours=1))}" in text
    assert f"Was due {exact(now - timedelta(hours=3))}" in text


def test_time_left_of_a_paused_promise_is_in_open_hours():
    clock = SlaClock(state="paused", target_seconds=180_000, elapsed_seconds=3_600)

    assert time_left(clock, NEW_YEAR) == "paused, 49 h left"
