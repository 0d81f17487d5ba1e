from datetime import UTC, datetime

import pytest

from supportops.notifications import services
from supportops.notifications.models import Kind, Notification, Preference
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
INBOX = "/admin/notifications/notification/"
CHOICES = INBOX + "choices/"


def told(*people, key="k", url="/admin/", **values):
    services.notify(
        recipients=people,
        kind=Kind.SLA_BREACH,
        dedup_key=key,
        url=url,
        at=NOON,
        **{"title": "Missed", **values},
    )
    return Notification.objects.order_by("-pk").first()


@pytest.fixture
def ana(client):
    user = UserFactory(role="Agent")
    client.force_login(user)
    return user


def test_inbox_shows_ones_own_and_no_one_elses(client, ana):
    told(ana, title="Mine <1>")
    told(UserFactory(), key="other", title="Not mine")

    html = client.get(INBOX).content.decode()

    assert "Mine &lt;1&gt;" in html
    assert "Not mine" not in html


def test_empty_inbox_says_what_will_come(client, ana):
    assert "promise on your tickets" in client.get(INBOX).content.decode()


def test_opening_marks_read_and_goes_to_the_page(client, ana):
    row = told(ana, url="/admin/tickets/ticket/7/change/")

    answer = client.post(f"{INBOX}{row.pk}/open/")

    row.refresh_from_db()
    assert row.read_at is not None
    assert answer.url == "/admin/tickets/ticket/7/change/"


@pytest.mark.parametrize("url", ["https://evil.example", "//evil.example/x", ""])
def test_opening_never_leaves_the_portal(client, ana, url):
    row = told(ana, url=url)

    assert client.post(f"{INBOX}{row.pk}/open/").url == INBOX


def test_opening_someone_elses_is_not_found_and_marks_nothing(client, ana):
    row = told(UserFactory())

    assert client.post(f"{INBOX}{row.pk}/open/").status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


def test_mark_all_read_up_to_what_was_shown(client, ana):
    shown = told(ana)
    told(ana, key="later")

    client.post(INBOX, {"up_to": shown.pk})

    assert ana.notifications.filter(read_at__isnull=True).count() == 1


def test_unread_filter(client, ana):
    told(ana, title="Old news")
    services.mark_all_read(user=ana, at=NOON)
    told(ana, key="new", title="Fresh")

    html = client.get(INBOX + "?show=unread").content.decode()

    assert "Fresh" in html
    assert "Old news" not in html


def test_choices_are_saved(client, ana):
    client.post(CHOICES, {"app-SLA_BREACH": "on", "mail-DRIFT": "on"})

    chosen = Preference.objects.filter(user=ana)
    found = {row.kind: (row.in_app, row.by_email) for row in chosen}
    assert found["SLA_BREACH"] == (True, False)
    assert found["DRIFT"] == (False, True)
    assert found["SLA_WARNING"] == (False, False)


def test_choices_page_shows_what_is_in_force(client, ana):
    services.save_choices(user=ana, choices={"DRIFT": (False, False)})

    html = client.get(CHOICES).content.decode()

    assert html.count("checked") == 2 * (len(Kind) - 1)


@pytest.mark.parametrize("path", [INBOX, CHOICES])
def test_customers_and_visitors_are_kept_out(client, path):
    assert client.get(path).status_code == 302
    client.force_login(UserFactory(is_staff=False))
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_query_count_does_not_grow(client, ana, count, django_assert_num_queries):
    for number in range(count):
        told(ana, key=str(number))
    client.get(INBOX)

    with django_assert_num_queries(7):
        client.get(INBOX)
