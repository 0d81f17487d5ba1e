"""Drafts, publication, reverting, order and retirement of policies."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from sla.core.policy import TicketFacts
from sla.models import Policy, PolicyVersion, SlaClock
from sla.selectors import policies as selectors
from sla.selectors import policy_moves
from sla.services import calendars as calendar_services
from sla.services import policies as services
from supportops.jobs.models import Job
from tests.factories import sla as make
from tests.factories.people import UserFactory
from tests.factories.tickets import OrganisationFactory, open_ticket
from tickets.models import CustomerTier

pytestmark = pytest.mark.django_db

JAN = datetime(2026, 1, 1, tzinfo=UTC)
FEB = datetime(2026, 2, 1, tzinfo=UTC)
MARCH = datetime(2026, 3, 1, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, tzinfo=UTC)
P1 = TicketFacts(tier="business", priority="P1")
FASTER = make.definition(targets={"P1": {"first_response": 600}})


def spans(policy: Policy) -> list[tuple[int, datetime | None, datetime | None]]:
    return list(
        policy.versions.order_by("number").values_list(
            "number", "effective_from", "effective_to"
        )
    )


def first_response(created_at: datetime, facts: TicketFacts = P1) -> int | None:
    entry = selectors.versions_in_force().version_for(created_at, facts)
    return entry and entry.definition.target(
        facts.tier, facts.priority, "first_response"
    )


# Drafts -----------------------------------------------------------------------------------


def test_shipped_draft_is_ready_to_publish():
    version = PolicyVersion.objects.get(policy__name="Standard support")

    published = make.publish(version)

    p1 = published.definition["targets"]["P1"]
    assert p1 == {
        "first_response": 900,
        "next_reply": None,
        "periodic_update": 1800,
        "resolution": 14_400,
    }
    free = selectors.definition_of(published).targets_for("free")
    assert free["first_response"]["P1"] == 14_400
    assert free["first_response"]["P2"] == 14_400
    assert free["resolution"]["P1"] == 86_400


def test_create_policy_puts_it_last_and_refuses_a_taken_name():
    first = make.draft("Promises")

    assert first.policy.position == 20  # after the shipped one
    with pytest.raises(services.PolicyNameTaken, match="“Promises”"):
        make.draft("Promises")
    assert Policy.objects.filter(name="Promises").count() == 1


def test_create_policy_refuses_a_definition_that_cannot_be_and_writes_nothing():
    with pytest.raises(services.DefinitionUnreadable, match="first_response"):
        make.draft(targets={"P1": {"first_response": -5}})

    assert not Policy.objects.filter(name="Promises").exists()


def test_save_draft_refuses_when_somebody_saved_meanwhile_and_writes_nothing():
    version = make.draft()
    services.save_draft(
        version_id=version.pk,
        definition=FASTER,
        actor=None,
        at=FEB,
        expected_changed_at=version.changed_at,
    )

    with pytest.raises(services.DraftChangedMeanwhile, match="2026-02-01"):
        services.save_draft(
            version_id=version.pk,
            definition=make.definition(),
            actor=None,
            at=MARCH,
            expected_changed_at=version.changed_at,
        )

    version.refresh_from_db()
    assert version.definition["targets"] == {"P1": {"first_response": 600}}
    assert version.changed_at == FEB


def test_a_policy_has_one_draft():
    version = make.draft()

    with pytest.raises(services.DraftExists, match="already has a draft"):
        services.start_draft(policy_id=version.policy_id, actor=None, at=FEB)

    services.discard_draft(version_id=version.pk)
    fresh = services.start_draft(policy_id=version.policy_id, actor=None, at=FEB)
    assert fresh.number == 1


# Publication ------------------------------------------------------------------------------


def test_publish_freezes_calendars_and_records_who_when_and_why():
    office = make.business_hours(places=[("DE", "BY")])
    lead = UserFactory()
    version = make.published(
        calendar=str(office.pk), at=FEB, actor=lead, reason="contract 2026"
    )

    frozen = version.definition["calendars"][str(office.pk)]
    assert frozen["name"] == "Office"
    assert frozen["weekly"]["0"] == [["09:00", "18:00"]]
    assert frozen["holidays"]["2026-01-06"] == "Epiphany"
    assert (version.published_by, version.published_at, version.reason) == (
        lead,
        FEB,
        "contract 2026",
    )
    assert version.checksum == services.checksum_of(version.definition)


def test_editing_a_calendar_leaves_what_was_published():
    office = make.business_hours()
    version = make.published(calendar=str(office.pk))

    calendar_services.save_calendar(
        calendar_id=office.pk,
        content=calendar_services.CalendarContent(
            name="Office", weekly={0: [(600, 660)]}
        ),
        actor=None,
        at=FEB,
        expected_changed_at=office.changed_at,
    )

    version.refresh_from_db()
    entry = selectors.versions_in_force().version_for(MARCH, P1)
    monday = datetime(2026, 3, 2, tzinfo=UTC).date()
    assert entry.definition.calendar_for("P1").open_seconds_on(monday) == 9 * 3600


@pytest.mark.parametrize("reason", ["", "   "])
def test_publish_without_a_reason_is_refused_and_writes_nothing(reason):
    version = make.draft()

    with pytest.raises(services.ReasonMissing):
        make.publish(version, reason=reason)

    version.refresh_from_db()
    assert version.is_draft
    assert version.effective_from is None


def test_publish_refuses_lint_errors_and_writes_nothing():
    version = make.draft(calendar="999999")

    with pytest.raises(services.PolicyHasErrors, match="999999 does not exist"):
        make.publish(version)

    version.refresh_from_db()
    assert version.is_draft


def test_publish_twice_is_refused():
    version = make.published()

    with pytest.raises(services.VersionIsPublished, match="Start a new draft"):
        make.publish(version)


def test_a_new_version_ends_the_one_before_it():
    version = make.published(effective_from=JAN)
    make.publish(make.redefine(version.policy, FASTER), effective_from=MARCH)

    assert spans(version.policy) == [(1, JAN, MARCH), (2, MARCH, None)]
    assert first_response(FEB) == 900
    assert first_response(MARCH) == 600
    assert first_response(JAN - timedelta(seconds=1)) is None


def test_a_version_with_an_earlier_start_replaces_later_ones_from_there():
    version = make.published(effective_from=JAN)
    policy = version.policy
    make.publish(make.redefine(policy, FASTER), effective_from=MARCH)
    third = make.definition(targets={"P1": {"first_response": 60}})
    make.publish(make.redefine(policy, third), effective_from=FEB, at=APRIL)

    assert spans(policy) == [(1, JAN, FEB), (2, MARCH, MARCH), (3, FEB, None)]
    assert [first_response(moment) for moment in (JAN, FEB, APRIL)] == [900, 60, 60]


def test_publish_with_a_past_date_asks_for_the_tickets_created_since():
    older = open_ticket(at=JAN + timedelta(days=1), priority="P1")
    newer = open_ticket(at=MARCH + timedelta(hours=1), priority="P1")
    make.published(conditions={"priority": ["P1"]}, effective_from=MARCH, at=APRIL)

    job = Job.objects.get(kind="sla.recompute")
    tickets = selectors.tickets_to_judge_again(
        version_ids=job.params["version_ids"],
        created_from=datetime.fromisoformat(job.params["created_from"]),
    )
    assert list(tickets) == [newer]
    assert older not in tickets


def test_publish_with_a_future_date_asks_for_nothing():
    open_ticket(at=FEB, priority="P1")
    make.published(effective_from=APRIL, at=MARCH)

    assert not Job.objects.filter(kind="sla.recompute").exists()
    assert first_response(MARCH) is None


# Reverting, retiring, order ---------------------------------------------------------------


def test_revert_publishes_what_an_old_version_said_as_a_new_one():
    first = make.published(effective_from=JAN)
    make.publish(make.redefine(first.policy, FASTER), effective_from=FEB)

    reverted, _job = services.revert_to(
        version_id=first.pk,
        actor=None,
        at=MARCH,
        effective_from=MARCH,
        reason="too fast for us",
    )

    assert reverted.number == 3
    assert reverted.based_on == first
    assert reverted.definition == first.definition
    assert [first_response(moment) for moment in (JAN, FEB, MARCH)] == [900, 600, 900]


def test_revert_with_a_draft_open_is_refused_and_writes_nothing():
    first = make.published(effective_from=JAN)
    make.redefine(first.policy, FASTER)

    with pytest.raises(services.DraftExists):
        services.revert_to(
            version_id=first.pk,
            actor=None,
            at=MARCH,
            effective_from=MARCH,
            reason="back",
        )

    assert first.policy.versions.count() == 2


def test_retire_ends_the_promise_and_says_who_and_why():
    version = make.published(effective_from=JAN)
    lead = UserFactory()
    services.retire_policy(
        policy_id=version.policy_id,
        actor=lead,
        at=FEB,
        effective_to=MARCH,
        reason="contract ended",
    )

    version.refresh_from_db()
    assert version.effective_to == MARCH
    assert (version.retired_by, version.retired_reason) == (lead, "contract ended")
    assert first_response(FEB) == 900
    assert first_response(MARCH) is None
    with pytest.raises(services.NothingInForce):
        services.retire_policy(
            policy_id=version.policy_id,
            actor=lead,
            at=APRIL,
            effective_to=APRIL,
            reason="again",
        )


def test_the_first_matching_policy_in_order_applies():
    make.published("Everybody", effective_from=JAN)
    make.published(
        "Enterprise",
        effective_from=JAN,
        conditions={"tier": ["enterprise"]},
        targets={"P1": {"first_response": 60}},
    )
    enterprise = TicketFacts(tier="enterprise", priority="P1")
    ids = list(Policy.objects.order_by("position").values_list("pk", flat=True))

    assert first_response(FEB, enterprise) == 900
    services.reorder_policies(
        policy_ids=[ids[0], ids[2], ids[1]],
        actor=None,
        at=MARCH,
        effective_from=MARCH,
        reason="enterprise first",
    )

    assert first_response(FEB, enterprise) == 900  # promised before the change
    assert first_response(MARCH, enterprise) == 60
    assert first_response(MARCH, P1) == 900


def test_reorder_keeps_a_version_that_is_planned_for_later():
    everybody = make.published("Everybody", effective_from=JAN)
    policy = everybody.policy
    make.publish(make.redefine(policy, FASTER), effective_from=APRIL, at=FEB)
    urgent = make.published(
        "Urgent", effective_from=JAN, targets={"P1": {"first_response": 60}}
    )
    shipped = Policy.objects.get(name="Standard support").pk
    order = [shipped, urgent.policy_id, policy.pk]

    services.reorder_policies(
        policy_ids=order,
        actor=None,
        at=FEB,
        effective_from=MARCH,
        reason="urgent first",
    )

    assert spans(policy) == [
        (1, JAN, MARCH),
        (2, APRIL, APRIL),
        (3, MARCH, APRIL),
        (4, APRIL, None),
    ]
    targets = [
        selectors.definition_of(version).target("", "P1", "first_response")
        for version in policy.versions.order_by("number")
    ]
    assert targets == [900, 600, 900, 600]
    positions = policy.versions.order_by("number").values_list("position", flat=True)
    assert list(positions) == [20, 20, 30, 30]
    assert [first_response(moment) for moment in (FEB, MARCH, APRIL)] == [900, 60, 60]


def test_reorder_keeps_a_planned_retirement():
    first = make.published("First", effective_from=JAN)
    second = make.published("Second", effective_from=JAN)
    services.retire_policy(
        policy_id=first.policy_id,
        actor=None,
        at=FEB,
        effective_to=APRIL,
        reason="contract ends",
    )
    shipped = Policy.objects.get(name="Standard support").pk

    services.reorder_policies(
        policy_ids=[shipped, second.policy_id, first.policy_id],
        actor=None,
        at=FEB,
        effective_from=MARCH,
        reason="second first",
    )

    assert spans(first.policy) == [(1, JAN, MARCH), (2, MARCH, APRIL)]
    assert first.policy.versions.get(number=2).retired_reason == "contract ends"


def test_moves_of_an_order_follow_a_version_that_is_planned_for_later():
    everybody = make.published("Everybody", effective_from=JAN)
    policy = everybody.policy
    make.publish(make.redefine(policy, FASTER), effective_from=APRIL, at=FEB)
    urgent = make.published(
        "Urgent", effective_from=JAN, conditions={"priority": ["P1"]}
    )
    shipped = Policy.objects.get(name="Standard support").pk
    for moment in (FEB, MARCH):
        open_ticket(at=moment, priority="P2")

    moves = policy_moves.moves_of_order(
        [shipped, urgent.policy_id, policy.pk], effective_from=JAN
    )

    assert (moves.tickets, moves.open_promises) == (0, 0)


def test_reorder_refuses_an_incomplete_list_and_writes_nothing():
    version = make.published("Everybody", effective_from=JAN)

    with pytest.raises(services.OrderIncomplete):
        services.reorder_policies(
            policy_ids=[version.policy_id],
            actor=None,
            at=MARCH,
            effective_from=MARCH,
            reason="only one",
        )

    version.policy.refresh_from_db()
    assert version.policy.position == 20
    assert version.policy.versions.count() == 1


def test_new_hours_are_published_for_the_policies_that_use_them():
    office = make.business_hours()
    uses = make.published("Office hours", calendar=str(office.pk))
    make.published("Always")
    office = calendar_services.save_calendar(
        calendar_id=office.pk,
        content=calendar_services.CalendarContent(
            name="Office", weekly={0: [(600, 660)]}
        ),
        actor=None,
        at=FEB,
        expected_changed_at=office.changed_at,
    )

    [(version, _job)] = services.republish_with_new_hours(
        calendar_id=office.pk,
        actor=None,
        at=MARCH,
        effective_from=MARCH,
        reason="shorter days",
    )

    assert version.policy == uses.policy
    assert version.definition["calendars"][str(office.pk)]["weekly"] == {
        "0": [["10:00", "11:00"]]
    }
    with pytest.raises(services.NothingInForce):
        services.republish_with_new_hours(
            calendar_id=office.pk,
            actor=None,
            at=APRIL,
            effective_from=APRIL,
            reason="again",
        )


def test_new_hours_keep_a_version_that_is_planned_for_later():
    office = make.business_hours()
    uses = make.published(calendar=str(office.pk))
    faster = {**FASTER, "calendar": str(office.pk)}
    make.publish(make.redefine(uses.policy, faster), effective_from=APRIL, at=FEB)
    calendar_services.save_calendar(
        calendar_id=office.pk,
        content=calendar_services.CalendarContent(
            name="Office", weekly={0: [(600, 660)]}
        ),
        actor=None,
        at=FEB,
        expected_changed_at=office.changed_at,
    )

    published = services.republish_with_new_hours(
        calendar_id=office.pk,
        actor=None,
        at=MARCH,
        effective_from=MARCH,
        reason="shorter days",
    )

    assert [version.number for version, _job in published] == [3, 4]
    assert spans(uses.policy)[2:] == [(3, MARCH, APRIL), (4, APRIL, None)]
    assert [first_response(moment) for moment in (MARCH, APRIL)] == [900, 600]
    hours = [
        version.definition["calendars"][str(office.pk)]["weekly"]
        for version, _job in published
    ]
    assert hours == [{"0": [["10:00", "11:00"]]}] * 2


# What was published stays ------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"definition": {}},
        {"effective_from": APRIL},
        {"state": "DRAFT"},
        {"reason": "another"},
        {"position": 1},
    ],
)
def test_the_database_refuses_to_change_a_published_version(change):
    version = make.published()

    with (
        pytest.raises(IntegrityError, match="never changes"),
        transaction.atomic(),
    ):
        PolicyVersion.objects.filter(pk=version.pk).update(**change)

    version.refresh_from_db()
    assert version.effective_from == JAN
    assert version.definition["calendar"] == "always"


def test_save_refuses_to_change_a_published_version():
    version = make.published()
    version.definition = {}

    with pytest.raises(TypeError, match="never changes"):
        version.save()


# Selectors --------------------------------------------------------------------------------


def test_versions_in_force_costs_one_query_while_nothing_is_published(
    django_assert_num_queries,
):
    make.published("One")
    make.published("Two", conditions={"tier": ["free"]})
    selectors.versions_in_force()

    with django_assert_num_queries(1):
        book = selectors.versions_in_force()

    assert [entry.policy_name for entry in book.entries] == ["One", "Two"]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, ["a", "b", "c"]),
        ({"tier": ["free"]}, ["a"]),
        ({"priority": ["P1", "P2"]}, ["a", "b"]),
        ({"tag": ["vip"]}, ["b"]),
        ({"priority": ["P1"], "tag": ["vip"]}, []),
    ],
)
def test_conditions_mean_the_same_in_sql_and_in_the_core(conditions, expected):
    free = OrganisationFactory(tier=CustomerTier.objects.get(code="free"))
    open_ticket(at=FEB, subject="a", priority="P1", organisation=free)
    open_ticket(at=FEB, subject="b", priority="P2", tags=["vip"])
    open_ticket(at=FEB, subject="c")
    version = make.published(conditions=conditions)
    definition = selectors.definition_of(version)

    tickets = selectors.affected_tickets(definitions=[definition], effective_from=JAN)

    assert sorted(tickets.values_list("subject", flat=True)) == expected
    everything = selectors.affected_tickets(
        definitions=[selectors.definition_of(make.published("All"))],
        effective_from=JAN,
    )
    facts = selectors.facts_of_tickets(everything, with_tags=True)
    matched = [pk for pk, _created_at, about in facts if definition.matches(about)]
    assert sorted(matched) == sorted(tickets.values_list("pk", flat=True))


def running_clock(ticket, metric: str) -> SlaClock:
    return SlaClock.objects.update_or_create(
        ticket=ticket,
        metric=metric,
        cycle=1,
        defaults={
            "state": "running",
            "started_at": ticket.created_at,
            "elapsed_seconds": 0,
            "computed_at": ticket.created_at,
            "watched_since": ticket.created_at,
        },
    )[0]


@pytest.mark.parametrize("rows", [1, 3])
def test_moves_count_open_clocks_whose_promise_changes(
    rows, django_assert_max_num_queries
):
    version = make.published(effective_from=JAN)
    SlaClock.objects.all().delete()
    for _row in range(rows):
        ticket = open_ticket(at=FEB, priority="P1")
        running_clock(ticket, "first_response")
        running_clock(ticket, "resolution")
    unaffected = open_ticket(at=FEB, priority="P2")
    running_clock(unaffected, "first_response")
    draft = make.redefine(
        version.policy,
        make.definition(
            targets={
                "P1": {"first_response": 600, "resolution": 14_400},
                "P2": {"first_response": 3_600, "resolution": 28_800},
            }
        ),
    )
    selectors.versions_in_force()

    with django_assert_max_num_queries(4):
        moves = policy_moves.moves_of_publication(
            draft,
            selectors.definition_of(draft, {}),
            effective_from=JAN,
            position=draft.position,
        )

    assert (moves.open_promises, moves.open_tickets) == (rows, rows)
    assert moves.renewed_in(version.policy_id) == moves.tickets == rows + 1


@pytest.mark.parametrize("tag", [None, "vip"])
def test_moves_leave_out_tickets_that_keep_their_policy(
    tag, django_assert_max_num_queries
):
    make.published(
        "Everybody since February",
        effective_from=FEB,
        conditions={"tag": [tag]} if tag else {},
    )
    open_ticket(at=JAN, priority="P1", tags=["vip"])
    open_ticket(at=JAN + timedelta(days=1), priority="P2", tags=["vip"])
    for _number in range(3):
        open_ticket(at=MARCH, priority="P1", tags=["vip"])
    behind = make.draft("All of the history")
    selectors.versions_in_force()

    with django_assert_max_num_queries(6):
        moves = policy_moves.moves_of_publication(
            behind,
            selectors.definition_of(behind, {}),
            effective_from=JAN,
            position=behind.position,
        )

    assert moves.gained_by(behind.policy_id) == 2
    assert moves.tickets == 2
    first = policy_moves.moves_of_publication(
        behind,
        selectors.definition_of(behind, {}),
        effective_from=JAN,
        position=1,
    )
    assert first.gained_by(behind.policy_id) == 5


def test_a_policy_is_unreachable_only_behind_one_in_force_all_the_time():
    broad = make.published("Broad", effective_from=FEB)
    behind = make.draft("Behind")
    definition = selectors.definition_of(behind, {})

    def codes(effective_from: datetime) -> list[str]:
        found = selectors.lint_of(
            behind.policy, definition, at=MARCH, effective_from=effective_from
        )
        return [finding.code for finding in found]

    assert "unreachable" not in codes(JAN)
    assert "unreachable" in codes(FEB)
    services.retire_policy(
        policy_id=broad.policy_id,
        actor=None,
        at=MARCH,
        effective_to=APRIL,
        reason="ends",
    )
    assert "unreachable" not in codes(FEB)


def test_moves_of_an_order_count_what_another_policy_takes_over():
    everybody = make.published("Everybody", effective_from=JAN)
    urgent = make.published(
        "Urgent",
        effective_from=JAN,
        conditions={"priority": ["P1"]},
        targets={"P1": {"first_response": 60}},
    )
    for priority in ("P1", "P2"):
        ticket = open_ticket(at=FEB, priority=priority)
        running_clock(ticket, "first_response")
    shipped = Policy.objects.get(name="Standard support").pk
    order = [shipped, urgent.policy_id, everybody.policy_id]

    moves = policy_moves.moves_of_order(order, effective_from=JAN)

    assert (
        moves.open_promises
        == SlaClock.objects.filter(
            ticket__priority="P1",
            state="running",
            metric__in=["first_response", "resolution"],
        ).count()
    )
    assert (moves.open_tickets, moves.switched, moves.tickets) == (1, 1, 1)
    unchanged = policy_moves.moves_of_order(
        [shipped, everybody.policy_id, urgent.policy_id], effective_from=JAN
    )
    assert unchanged.open_promises == 0


# Two at once ------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_publications_at_once_run_one_after_the_other():
    version = make.published(effective_from=JAN)
    policy = version.policy
    draft = make.redefine(policy, FASTER)
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def publish() -> None:
        barrier.wait()
        try:
            make.publish(draft, effective_from=MARCH)
            outcomes.append("published")
        except services.VersionIsPublished:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["published", "refused"]
    assert spans(policy) == [(1, JAN, MARCH), (2, MARCH, None)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_publications_of_two_policies_at_once_both_count():
    one, two = make.draft("One"), make.draft("Two")
    barrier = threading.Barrier(2)
    failures: list[BaseException] = []

    def publish(version: PolicyVersion) -> None:
        barrier.wait()
        try:
            make.publish(version, effective_from=JAN)
        except BaseException as error:  # noqa: BLE001 -- shown by the assertion
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=(v,)) for v in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    names = [entry.policy_name for entry in selectors.versions_in_force().entries]
    assert names == ["One", "Two"]
