"""Past states of rows in the admin: who sees them, and who may bring them back."""

import pytest
from django.urls import reverse

from tests.factories.capacity import make_queue
from tests.factories.people import TeamFactory, UserFactory
from workforce.capacity.models import PlannedStaff

pytestmark = pytest.mark.django_db


def block_of(queue) -> PlannedStaff:
    """Return a block that said 4 people once and says 6 now."""
    block = PlannedStaff.objects.create(
        queue=queue, weekday=0, starts_minute=540, ends_minute=600, people=4
    )
    block.people = 6
    block.save()
    return block


def past_of(row) -> str:
    name = f"admin:capacity_{row._meta.model_name}_simple_history"
    return reverse(name, args=[row.pk, row.history.earliest().pk])


def test_team_lead_reads_past_states_of_own_queues_only(client):
    lead = UserFactory(role="Team lead")
    own, foreign = make_queue(), make_queue()
    own.teams.add(TeamFactory(lead=lead))
    client.force_login(lead)

    for queue, status in ((own, 200), (foreign, 403)):
        block = block_of(queue)
        history = reverse("admin:capacity_plannedstaff_history", args=[block.pk])
        assert client.get(history).status_code == status
        assert client.get(past_of(block)).status_code == status


def test_what_is_gone_is_read_by_who_sees_every_queue(client):
    block = block_of(make_queue())
    address, key = past_of(block), block.pk
    block.delete()
    history = reverse("admin:capacity_plannedstaff_history", args=[key])

    client.force_login(UserFactory(role="Team lead"))
    assert client.get(history).status_code == 403
    assert client.get(address).status_code == 403
    client.force_login(UserFactory(role="Workforce manager"))
    assert client.get(history).status_code == 200


@pytest.mark.parametrize("role", ["Team lead", "Workforce manager", "Administrator"])
def test_nobody_brings_a_past_state_back_where_the_admin_changes_nothing(client, role):
    person = UserFactory(role=role)
    queue = make_queue()
    queue.teams.add(TeamFactory(lead=person))
    block = block_of(queue)
    client.force_login(person)

    answer = client.post(past_of(block), {})

    block.refresh_from_db()
    assert (answer.status_code, block.people, block.history.count()) == (403, 6, 2)
