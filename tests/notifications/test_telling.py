from datetime import UTC, datetime

import pytest
from django.db import transaction

from supportops.notifications import selectors, services
from supportops.notifications.models import Kind, Notification, Preference
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def tell(*people, key="clock:1:80", **values):
    values = {"kind": Kind.SLA_WARNING, "title": "80 % used", "at": NOON, **values}
    return services.notify(recipients=people, dedup_key=key, **values)


def test_each_recipient_gets_one_row_in_both_channels():
    ana, bo = UserFactory(), UserFactory()

    assert tell(ana, bo, ana) == 2

    row = ana.notifications.get()
    assert (row.in_app, row.email_state, row.email_next_at) == (True, "PENDING", NOON)
    assert row.dedup_key == f"clock:1:80:{ana.pk}"


def test_the_same_occasion_is_told_once():
    ana = UserFactory()
    tell(ana)

    assert tell(ana, title="again") == 0
    assert ana.notifications.get().title == "80 % used"


def test_people_who_cannot_sign_in_are_not_told():
    assert tell(UserFactory(is_active=False)) == 0


def test_person_without_an_address_is_told_in_the_app_only():
    ana = UserFactory(email="")

    tell(ana)

    assert ana.notifications.get().email_state == "NONE"


def test_choices_decide_the_channels_by_kind():
    ana = UserFactory()
    services.save_choices(
        user=ana, choices={"SLA_WARNING": (False, True), "SLA_BREACH": (False, False)}
    )

    assert tell(ana, key="a") == 1
    assert tell(ana, key="b", kind=Kind.SLA_BREACH) == 0
    assert tell(ana, key="c", kind=Kind.DRIFT) == 1

    assert ana.notifications.get(dedup_key__startswith="a:").in_app is False
    assert selectors.inbox(ana).get().kind == "DRIFT"


def test_unknown_kind_is_refused_and_nothing_is_stored():
    ana = UserFactory()

    with pytest.raises(ValueError, match="NOISE"):
        services.save_choices(user=ana, choices={"DRIFT": (1, 1), "NOISE": (1, 1)})

    assert not Preference.objects.exists()


def test_choosing_again_replaces_the_choice():
    ana = UserFactory()
    services.save_choices(user=ana, choices={"DRIFT": (True, False)})
    services.save_choices(user=ana, choices={"DRIFT": (False, True)})

    chosen = {kind.value: (app, mail) for kind, app, mail in selectors.choices_of(ana)}
    assert chosen["DRIFT"] == (False, True)
    assert chosen["SLA_BREACH"] == (True, True)


def test_nothing_is_told_when_the_transaction_is_undone():
    ana = UserFactory()

    with transaction.atomic():
        tell(ana)
        transaction.set_rollback(True)

    assert not Notification.objects.exists()


def test_title_becomes_one_line_that_fits():
    ana = UserFactory()

    tell(ana, title="Breach\nBcc: everyone@example.com " + "x" * 300)

    title = ana.notifications.get().title
    assert title.startswith("Breach Bcc: everyone@example.com xxx")
    assert (len(title), title[-1]) == (200, "…")


@pytest.mark.parametrize("count", [1, 3])
def test_telling_many_costs_the_same_queries(count, django_assert_num_queries):
    people = [UserFactory() for _ in range(count)]
    messages = [
        services.Message(people, Kind.SLA_BREACH, f"clock:{n}", "Missed")
        for n in range(count)
    ]

    with django_assert_num_queries(5):
        assert services.notify_all(messages, at=NOON) == count * count


def test_mark_read_touches_only_ones_own():
    ana, bo = UserFactory(), UserFactory()
    tell(ana, bo)
    ids = list(Notification.objects.values_list("pk", flat=True))

    assert services.mark_read(user=ana, notification_ids=ids, at=NOON) == 1
    assert bo.notifications.get().read_at is None


def test_mark_all_read_leaves_what_came_after_the_page_was_drawn():
    ana = UserFactory()
    tell(ana, key="seen")
    seen = ana.notifications.get()
    tell(ana, key="new")

    assert services.mark_all_read(user=ana, at=NOON, up_to_id=seen.pk) == 1
    assert selectors.inbox(ana).unread().count() == 1
