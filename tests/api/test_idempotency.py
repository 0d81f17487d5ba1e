"""A repeated post acts once and is answered alike."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from supportops.api.models import KeptAnswer
from supportops.api.tasks import forget_answers
from tests.factories.api import caller, client_with, token_of
from tests.factories.people import UserFactory
from tests.factories.tickets import ContactFactory, open_ticket
from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db

TICKETS = "/api/v1/tickets/"


def post(client, path, body, key="first-try"):
    return client.post(path, body, headers={"Idempotency-Key": key})


@pytest.fixture
def reply_to():
    return f"{TICKETS}{open_ticket().pk}/reply/"


def test_same_key_and_body_acts_once_and_answers_alike():
    client = caller("Agent")
    body = {"subject": "Help", "requester": ContactFactory().pk}

    first = post(client, TICKETS, body)
    second = post(client, TICKETS, body)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert Ticket.objects.count() == 1


def test_order_of_names_in_the_body_is_nothing(reply_to):
    client = caller("Agent")

    post(client, reply_to, {"body": "Hello", "public": False})
    again = post(client, reply_to, {"public": False, "body": "Hello"})

    assert again.status_code == 201
    assert Message.objects.count() == 1


def test_same_key_with_another_body_is_refused(reply_to):
    client = caller("Agent")
    post(client, reply_to, {"body": "Hello"})

    refused = post(client, reply_to, {"body": "Good-bye"})

    assert refused.status_code == 409
    assert refused.json()["code"] == "idempotency_key_reused"
    assert list(Message.objects.values_list("body", flat=True)) == ["Hello"]


def test_same_key_at_another_address_is_refused(reply_to):
    client = caller("Agent")
    other = open_ticket()
    post(client, reply_to, {"body": "Hello"})

    refused = post(client, f"{TICKETS}{other.pk}/reply/", {"body": "Hello"})

    assert refused.json()["code"] == "idempotency_key_reused"
    assert other.messages.count() == 0


def test_keys_of_two_people_do_not_meet(reply_to):
    for _person in range(2):
        assert post(caller("Agent"), reply_to, {"body": "Hello"}).status_code == 201

    assert Message.objects.count() == 2


def test_two_tokens_of_one_person_share_their_keys(reply_to):
    user = UserFactory(role="Agent")

    post(caller(user=user), reply_to, {"body": "Hello"})
    post(caller(user=user), reply_to, {"body": "Hello"})

    assert Message.objects.count() == 1


def test_without_a_key_every_post_acts(reply_to):
    client = caller("Agent")

    for _time in range(2):
        client.post(reply_to, {"body": "Hello"})

    assert Message.objects.count() == 2
    assert KeptAnswer.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "code"), [({"body": ""}, "invalid"), ({"public": True}, "invalid")]
)
def test_an_error_keeps_nothing_so_the_key_may_be_used_again(reply_to, body, code):
    client = caller("Agent")

    assert post(client, reply_to, body).json()["code"] == code
    assert KeptAnswer.objects.count() == 0
    assert post(client, reply_to, {"body": "Hello"}).status_code == 201


def test_a_refusal_keeps_nothing_and_writes_nothing():
    ticket = open_ticket()
    client = caller("Agent")
    path = f"{TICKETS}{ticket.pk}/resume/"

    for _time in range(2):
        assert post(client, path, {}).json()["code"] == "not_paused"

    ticket.refresh_from_db()
    assert ticket.last_seq == 1
    assert KeptAnswer.objects.count() == 0


def test_a_key_lives_for_a_day(reply_to):
    client = caller("Agent")
    post(client, reply_to, {"body": "Hello"})
    KeptAnswer.objects.update(
        created_at=timezone.now() - timedelta(hours=24, seconds=1)
    )

    post(client, reply_to, {"body": "Hello"})

    assert Message.objects.count() == 2
    assert KeptAnswer.objects.count() == 1


def test_task_forgets_answers_after_a_day(reply_to):
    client = caller("Agent")
    for key in ("old", "new"):
        post(client, reply_to, {"body": key}, key)
    KeptAnswer.objects.filter(key="old").update(
        created_at=timezone.now() - timedelta(hours=25)
    )

    forget_answers()

    assert [kept.key for kept in KeptAnswer.objects.all()] == ["new"]


@pytest.mark.parametrize("key", ["x" * 81, "tab\there", "ünï"])
def test_an_odd_key_is_refused_by_name(reply_to, key):
    response = post(caller("Agent"), reply_to, {"body": "Hello"}, key)

    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["Idempotency-Key"]
    assert Message.objects.count() == 0


def test_a_kept_answer_opens_nothing_without_the_scope(reply_to):
    user = UserFactory(role="Agent")
    post(caller(user=user), reply_to, {"body": "Hello"})

    again = post(
        caller(user=user, scopes=["tickets:read"]), reply_to, {"body": "Hello"}
    )

    assert again.status_code == 403


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_posts_at_once_act_once(reply_to):
    secret = token_of(UserFactory(role="Agent"))[1]
    clients = [client_with(secret) for _call in range(4)]
    gate, answers = threading.Barrier(len(clients)), []

    def call(client):
        gate.wait()
        answers.append(post(client, reply_to, {"body": "Hello"}))
        connection.close()

    threads = [threading.Thread(target=call, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Message.objects.count() == 1
