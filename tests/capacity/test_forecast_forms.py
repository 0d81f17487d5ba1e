"""What people do on the pages of forecasts, and who may."""

import pytest
import time_machine
from django.urls import reverse

from supportops.common import roles
from supportops.jobs.models import Job
from tests.capacity.forecasted import NOW, TODAY, taught_queue
from tests.factories.capacity import make_queue, published_forecast
from tests.factories.people import TeamFactory, UserFactory
from workforce.capacity.models import (
    Forecast,
    Overlay,
    QueueMethod,
)

pytestmark = pytest.mark.django_db

INDEX = "/capacity/forecasts/"
READERS = [
    roles.TEAM_LEAD,
    roles.SUPPORT_LEAD,
    roles.WORKFORCE_MANAGER,
    roles.EXECUTIVE,
]


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def sign_in(client, role: str):
    user = UserFactory(role=role)
    client.force_login(user)
    return user


@pytest.fixture
def manager(client):
    return sign_in(client, roles.WORKFORCE_MANAGER)


def page_of(queue, name: str = "forecast", *more: int) -> str:
    return reverse(f"capacity:{name}", args=[queue.pk, *more])


def held_and_draft(queue=None):
    """Return a queue with a published forecast of 100 a day and a draft of 120."""
    queue = queue or taught_queue()
    held = published_forecast(queue, [100.0] * 70, first=TODAY)
    draft = published_forecast(queue, [120.0] * 91, first=TODAY, state="DRAFT", at=NOW)
    return queue, held, draft


def test_choosing_a_method_is_kept_and_may_compute_at_once(client, manager):
    queue = taught_queue()
    given = {"method": "trend", "horizon_days": 28}

    client.post(page_of(queue, "forecast-method"), given)
    assert QueueMethod.objects.get(queue=queue).method == "trend"
    assert not Job.objects.exists()

    client.post(page_of(queue, "forecast-method"), given | {"compute": "1"})
    assert Job.objects.get().params["queue_ids"] == [queue.pk]


def test_impossible_horizon_changes_nothing(client, manager):
    queue = make_queue()

    client.post(
        page_of(queue, "forecast-method"), {"method": "trend", "horizon_days": 900}
    )

    assert not QueueMethod.objects.exists()


def test_computing_all_and_chosen_queues(client, manager):
    first, second = make_queue(), make_queue()
    make_queue(is_active=False)
    address = reverse("capacity:forecasts-compute")

    client.post(address, {"all": "1"})
    client.post(address, {"queue": [str(second.pk), "x"]})
    client.post(address, {})

    asked = [job.params["queue_ids"] for job in Job.objects.order_by("pk")]
    assert asked == [[first.pk, second.pk], [second.pk]]


def publish_form(held, draft, **changes) -> dict:
    form = {"draft": draft.pk, "replaces": held.pk if held else ""}
    return form | changes


def test_publishing_shows_what_changes_and_then_does_it(client, manager):
    queue, held, draft = held_and_draft()
    outage = Overlay.objects.get(kind="OUTAGE").pk
    address = page_of(queue, "forecast-publish") + f"?overlay={outage}"

    page = client.get(address)
    assert page.context["weeks"][0].before == pytest.approx(700.0)
    assert page.context["weeks"][0].new.mean == pytest.approx(3360.0)
    assert "+380.0 %" in page.content.decode()
    assert Forecast.objects.get(pk=draft.pk).state == "DRAFT"

    client.post(address, publish_form(held, draft, note="Outage planned"))

    draft.refresh_from_db()
    assert (draft.state, draft.published_by) == ("PUBLISHED", manager)
    assert draft.days.first().mean == pytest.approx(480.0)
    assert Forecast.objects.get(pk=held.pk).state == "SUPERSEDED"


def test_publishing_what_was_not_seen_is_refused(client, manager):
    queue, held, draft = held_and_draft()
    address = page_of(queue, "forecast-publish")

    other = client.post(address, publish_form(None, draft))
    newer = client.post(address, {**publish_form(held, draft), "draft": draft.pk + 1})

    assert (other.status_code, newer.status_code) == (409, 409)
    assert "so-refusal" in other.content.decode()
    draft.refresh_from_db()
    assert draft.state == "DRAFT"


def test_publishing_without_a_draft_leads_back(client, manager):
    queue = make_queue()

    assert client.get(page_of(queue, "forecast-publish")).status_code == 302
    assert client.post(page_of(queue, "forecast-publish")).status_code == 302


def test_several_drafts_are_published_after_one_look(client, manager):
    rows = [held_and_draft() for _ in range(2)]
    bare = make_queue()
    address = reverse("capacity:forecasts-publish")
    chosen = [queue.pk for queue, _held, _draft in rows]

    page = client.get(address, {"queue": [*chosen, bare.pk]})
    assert [row.change for row in page.context["rows"]] == pytest.approx([0.2, 0.2])

    form = {"queue": chosen}
    for queue, held, draft in rows:
        form |= {f"draft-{queue.pk}": draft.pk, f"replaces-{queue.pk}": held.pk}
    # The second one's draft has been computed again in the meantime.
    form[f"draft-{chosen[1]}"] = 0
    client.post(address, form)

    states = [Forecast.objects.get(pk=draft.pk).state for _q, _h, draft in rows]
    assert states == ["PUBLISHED", "DRAFT"]


def test_draft_is_discarded(client, manager):
    queue, held, _draft = held_and_draft()

    client.post(page_of(queue, "forecast-discard"))

    assert list(queue.forecasts.all()) == [held]
    assert client.post(page_of(queue, "forecast-discard")).status_code == 302


def test_own_overlay_is_saved_shown_and_deleted(client, manager):
    queue, _held, _draft = held_and_draft()
    form = {"name": "Campaign", "percent": "20", "response": "Two more people"}

    response = client.post(page_of(queue, "forecast-overlays"), form)

    own = Overlay.objects.get(name="Campaign")
    assert list(own.queues.all()) == [queue]
    assert f"overlay={own.pk}" in response.url
    client.post(page_of(queue, "forecast-overlay-delete", own.pk))
    assert not Overlay.objects.filter(pk=own.pk).exists()


def test_wrong_overlay_is_told_and_not_saved(client, manager):
    queue = make_queue()
    before = Overlay.objects.count()

    client.post(page_of(queue, "forecast-overlays"), {"name": "X", "percent": "-200"})
    client.post(page_of(queue, "forecast-overlays"), {"name": "", "percent": "5"})

    assert Overlay.objects.count() == before


def test_overlay_of_another_queue_is_not_there(client, manager):
    queue, other = make_queue(), make_queue()
    own = Overlay.objects.create(name="Theirs", percent=5)
    own.queues.add(other)

    address = page_of(queue, "forecast-overlay-delete", own.pk)

    assert client.post(address).status_code == 404
    assert Overlay.objects.filter(pk=own.pk).exists()


@pytest.mark.parametrize("role", READERS)
def test_readers_see_and_only_planners_have_the_buttons(client, role):
    user = sign_in(client, role)
    queue, _held, _draft = held_and_draft()
    queue.teams.add(TeamFactory(lead=user))

    page = client.get(page_of(queue))
    index = client.get(INDEX).content.decode()

    assert page.status_code == 200
    is_planner = role == roles.WORKFORCE_MANAGER
    assert ("Publish the draft…" in page.content.decode()) == is_planner
    assert ("Compute all" in index) == is_planner
    assert ("Save one of your own" in page.content.decode()) == is_planner


@pytest.mark.parametrize("role", [roles.AGENT, roles.QA_REVIEWER])
def test_others_see_nothing(client, role):
    queue, _held, _draft = held_and_draft()
    sign_in(client, role)

    for address in (INDEX, page_of(queue), page_of(queue, "forecast-csv")):
        assert client.get(address).status_code == 403


WRITES = [
    ("forecast-method", {"method": "trend", "horizon_days": "28"}),
    ("forecast-overlays", {"name": "X", "percent": "5"}),
    ("forecast-publish", {}),
    ("forecast-discard", {}),
]


@pytest.mark.parametrize(("name", "form"), WRITES)
@pytest.mark.parametrize("role", [roles.TEAM_LEAD, roles.SUPPORT_LEAD, roles.EXECUTIVE])
def test_only_planners_change_anything(client, role, name, form):
    user = sign_in(client, role)
    queue, _held, draft = held_and_draft()
    queue.teams.add(TeamFactory(lead=user))

    assert client.post(page_of(queue, name), form).status_code == 403
    assert (
        client.post(reverse("capacity:forecasts-compute"), {"all": "1"}).status_code
        == 403
    )
    assert client.post(reverse("capacity:forecasts-publish")).status_code == 403

    assert Forecast.objects.get(pk=draft.pk).state == "DRAFT"
    assert not QueueMethod.objects.exists()
    assert not Overlay.objects.filter(name="X").exists()
    assert not Job.objects.exists()


def test_team_lead_sees_the_queues_of_their_teams_only(client):
    lead = sign_in(client, roles.TEAM_LEAD)
    mine, _held, _draft = held_and_draft(taught_queue("Mine"))
    mine.teams.add(TeamFactory(lead=lead))
    other, held, _draft = held_and_draft(taught_queue("Theirs"))

    assert [line.queue for line in client.get(INDEX).context["lines"]] == [mine]
    rows = client.get(reverse("capacity:forecasts-months")).context["rows"]
    assert [row.queue for row in rows] == [mine]
    assert client.get(page_of(mine)).status_code == 200
    assert client.get(page_of(other)).status_code == 404
    assert client.get(page_of(other, "forecast-csv")).status_code == 404
    listed = client.get(reverse("admin:capacity_forecast_changelist"))
    assert {row.queue for row in listed.context["cl"].result_list} == {mine}
    one = reverse("admin:capacity_forecast_change", args=[held.pk])
    assert client.get(one).status_code != 200


def test_admin_shows_a_forecast_and_changes_none(client):
    sign_in(client, roles.WORKFORCE_MANAGER)
    _queue, held, _draft = held_and_draft()
    address = reverse("admin:capacity_forecast_change", args=[held.pk])

    page = client.get(address)

    assert page.status_code == 200
    assert client.post(address, {"note": "x"}).status_code == 403
    assert client.get(reverse("admin:capacity_forecast_add")).status_code == 403
    delete = reverse("admin:capacity_forecast_delete", args=[held.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
