"""One conversation, two requests at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from kb.models import Conversation
from kb.services import assistant
from tests.factories.kb_assistant import ASKED_AT, VISITOR, make_conversation
from tickets.models import Ticket


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_hand_overs_at_once_open_one_ticket():
    talk = make_conversation({})
    barrier = Barrier(2)

    def run(name):
        try:
            barrier.wait(timeout=10)
            return assistant.hand_over(
                conversation_id=talk.pk,
                visitor=VISITOR,
                name=name,
                email=f"{name}@example.com",
                at=ASKED_AT,
            )
        except assistant.ConversationRefused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, ("ada", "bob")))

    assert sorted(type(each).__name__ for each in results) == [
        "ConversationRefused",
        "Ticket",
    ]
    assert Ticket.objects.count() == 1
    assert Conversation.objects.get().ticket == Ticket.objects.get()
