from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from qa.models import (
    CalibrationDecision,
    CalibrationSession,
    GoldTicket,
    Review,
    RubricChange,
)
from qa.selectors import calibration as selectors
from qa.selectors.case_law import case_law
from qa.services import calibration as services
from qa.services import gold, rubric
from qa.services.calibration.refusals import (
    BaselineMissing,
    CalibrationStateWrong,
    DecisionIncomplete,
    DueInThePast,
    NoTickets,
    NotYourCalibration,
    ParticipantUnfit,
    ReasonMissing,
    TicketWithoutAgent,
    TooFewFinished,
    TooFewParticipants,
    Undecided,
    VersionNotPublished,
)
from supportops.common import roles
from supportops.notifications.models import Kind, Notification
from tests.factories.calibration import LOWER, SAME, calibration, write_sheet
from tests.factories.people import UserFactory
from tests.factories.quality import published_card, reviewer
from tests.factories.tickets import MONDAY_9AM, open_ticket

pytestmark = pytest.mark.django_db

LATER = MONDAY_9AM + timedelta(hours=5)
State = CalibrationSession.State


def people_of(session):
    return [row.user for row in session.participants.order_by("pk")]


def score_all(session, *, but_last=0):
    """Let everybody score everything: the first agrees with nobody on ticket 1."""
    people = people_of(session)
    for place, person in enumerate(people[: len(people) - but_last]):
        for item in session.items.order_by("position"):
            levels = LOWER if place == 0 and item.position == 1 else SAME
            write_sheet(session, item.position, person, levels)


def opened(**values):
    session = calibration(**values)
    score_all(session)
    return services.reveal(session_id=session.pk, actor=session.facilitator, at=LATER)


def decide(session, *, position=1, criterion="solution", **values):
    item = session.items.get(position=position)
    values = {"level": "p3", "reason": "The cause was found late.", **values}
    return services.decide(
        item_id=item.pk,
        criterion=criterion,
        actor=session.facilitator,
        at=LATER,
        **values,
    )


def decided(**values):
    session = opened(**values)
    decide(session)
    return services.finish_decisions(
        session_id=session.pk, actor=session.facilitator, at=LATER
    )


def closed(**values):
    session = decided(**values)
    return services.close(session_id=session.pk, actor=session.facilitator, at=LATER)


# Draft ------------------------------------------------------------------------------------


def test_tickets_are_judged_for_their_assignee_in_the_order_given():
    session = calibration(is_started=False)
    one, two = open_ticket(assignee=UserFactory()), open_ticket(assignee=UserFactory())

    services.set_tickets(
        session_id=session.pk,
        ticket_ids=[two.pk, one.pk, two.pk],
        actor=session.facilitator,
        at=MONDAY_9AM,
    )

    assert list(
        session.items.order_by("position").values_list("ticket_id", "agent_id")
    ) == [(two.pk, two.assignee_id), (one.pk, one.assignee_id)]


def test_ticket_without_assignee_is_refused_and_the_list_stays():
    session = calibration(is_started=False)
    before = list(session.items.values_list("ticket_id", flat=True))
    nobodys = open_ticket()

    with pytest.raises(TicketWithoutAgent):
        services.set_tickets(
            session_id=session.pk,
            ticket_ids=[nobodys.pk],
            actor=session.facilitator,
            at=MONDAY_9AM,
        )

    assert list(session.items.values_list("ticket_id", flat=True)) == before


def test_nobody_scores_their_own_work():
    session = calibration(is_started=False)
    person = people_of(session)[0]
    own = open_ticket(assignee=person)

    with pytest.raises(ParticipantUnfit):
        services.set_tickets(
            session_id=session.pk,
            ticket_ids=[own.pk],
            actor=session.facilitator,
            at=MONDAY_9AM,
        )

    assert session.items.filter(agent=person).count() == 0


def test_who_may_not_score_cannot_take_part():
    session = calibration(is_started=False)

    with pytest.raises(ParticipantUnfit):
        services.set_participants(
            session_id=session.pk,
            users=[UserFactory(role=roles.AGENT)],
            actor=session.facilitator,
            at=MONDAY_9AM,
        )

    assert session.participants.count() == 3


def test_draft_is_written_whole_or_not_at_all():
    session = calibration(is_started=False)
    new = reviewer()
    own = open_ticket(assignee=new)

    with pytest.raises(ParticipantUnfit):
        services.write_draft(
            session_id=session.pk,
            version_id=session.version_id,
            values={"title": "Other"},
            users=[new],
            ticket_ids=[own.pk],
            actor=session.facilitator,
            at=MONDAY_9AM,
        )

    session.refresh_from_db()
    assert (session.title, session.items.count()) == ("Hard ones", 2)
    assert session.participants.count() == 3


def test_only_a_published_version_can_be_calibrated():
    version = published_card()
    draft = type(version).objects.create(
        scorecard=version.scorecard,
        number=2,
        definition=version.definition,
        created_at=MONDAY_9AM,
    )

    with pytest.raises(VersionNotPublished):
        calibration(version=draft)

    assert CalibrationSession.objects.count() == 0


# Scoring ----------------------------------------------------------------------------------


def test_starting_freezes_tickets_and_tells_each_participant_once():
    session = calibration(tickets=1)

    item = session.items.get()
    assert (session.state, session.started_at) == (State.SCORING, MONDAY_9AM)
    assert item.last_seq == item.ticket.last_seq > 0
    told = Notification.objects.filter(kind=Kind.CALIBRATION)
    assert {row.recipient_id for row in told} == {p.pk for p in people_of(session)}
    assert told.count() == 3
    assert told.first().url == f"/quality/calibrations/{session.pk}/"


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"tickets": 0}, NoTickets),
        ({"reviewers": 1}, TooFewParticipants),
        ({"min_participants": 4}, TooFewParticipants),
    ],
)
def test_scoring_needs_tickets_and_people(values, refusal):
    with pytest.raises(refusal):
        calibration(**values)

    assert CalibrationSession.objects.filter(state=State.SCORING).count() == 0
    assert Notification.objects.count() == 0


def test_scoring_needs_a_due_time_ahead():
    session = calibration(is_started=False)

    with pytest.raises(DueInThePast):
        services.start_scoring(
            session_id=session.pk, actor=session.facilitator, at=session.due_at
        )


def test_baseline_must_be_named_and_take_part():
    with pytest.raises(BaselineMissing):
        calibration(mode=CalibrationSession.Mode.BASELINE)
    with pytest.raises(BaselineMissing):
        calibration(mode=CalibrationSession.Mode.BASELINE, baseline=reviewer())


def test_participant_is_in_after_the_last_sheet_only():
    session = calibration()
    person = people_of(session)[0]

    write_sheet(session, 1, person, SAME)
    assert session.participants.get(user=person).finished_at is None
    write_sheet(session, 2, person, SAME)

    assert session.participants.get(user=person).finished_at == MONDAY_9AM + timedelta(
        hours=1
    )


def test_facilitator_is_told_once_when_everybody_is_in():
    session = calibration()
    score_all(session)
    services.finish_participant(
        session_id=session.pk, user=people_of(session)[0], at=LATER
    )

    told = Notification.objects.filter(recipient=session.facilitator)
    assert [row.body for row in told] == [
        "All sheets are in. Open the scores and talk them through."
    ]


def test_late_participants_are_reminded_once_a_day_before():
    session = calibration()
    score_all(session, but_last=1)
    late = people_of(session)[-1]

    first = services.remind_late(at=session.due_at - timedelta(hours=25))
    second = services.remind_late(at=session.due_at - timedelta(hours=23))
    third = services.remind_late(at=session.due_at - timedelta(hours=22))

    assert (first, second, third) == (0, 1, 0)
    assert Notification.objects.filter(recipient=late).count() == 2


def test_facilitator_hears_who_is_missing_after_the_due_time():
    session = calibration()
    score_all(session, but_last=1)

    services.remind_late(at=session.due_at + timedelta(minutes=1))

    told = Notification.objects.get(recipient=session.facilitator)
    assert str(people_of(session)[-1]) in told.body


# Opening ----------------------------------------------------------------------------------


def test_opening_marks_late_ones_missing_and_drops_their_drafts():
    session = calibration()
    score_all(session, but_last=1)
    late = people_of(session)[-1]
    item = session.items.get(position=1)
    draft = Review.objects.create(
        ticket_id=item.ticket_id,
        agent_id=item.agent_id,
        reviewer=late,
        version=session.version,
        kind=Review.Kind.CALIBRATION,
        calibration_item=item,
        started_at=MONDAY_9AM,
        changed_at=MONDAY_9AM,
    )

    services.reveal(session_id=session.pk, actor=session.facilitator, at=LATER)

    draft.refresh_from_db()
    assert draft.state == Review.State.SKIPPED
    assert session.participants.get(user=late).is_missing
    assert session.participants.filter(is_missing=True).count() == 1


def test_scores_stay_closed_under_the_least_number_of_participants():
    session = calibration(min_participants=3)
    score_all(session, but_last=1)

    with pytest.raises(TooFewFinished):
        services.reveal(session_id=session.pk, actor=session.facilitator, at=LATER)

    session.refresh_from_db()
    assert session.state == State.SCORING
    assert session.participants.filter(is_missing=True).count() == 0


def test_who_has_taken_a_sheet_back_has_not_finished():
    session = calibration()
    score_all(session)
    person = people_of(session)[2]
    Review.objects.filter(reviewer=person, calibration_item__position=1).update(
        state=Review.State.DRAFT, submitted_at=None
    )

    services.reveal(session_id=session.pk, actor=session.facilitator, at=LATER)

    row = session.participants.get(user=person)
    assert (row.finished_at, row.is_missing) == (None, True)


def test_late_sheet_is_not_taken_once_scores_are_open():
    session = opened()

    with pytest.raises(CalibrationStateWrong):
        services.finish_participant(
            session_id=session.pk, user=people_of(session)[0], at=LATER
        )


# Decisions --------------------------------------------------------------------------------


def test_every_large_difference_needs_a_decision():
    session = opened()

    with pytest.raises(Undecided, match="Solution"):
        services.finish_decisions(
            session_id=session.pk, actor=session.facilitator, at=LATER
        )

    session.refresh_from_db()
    assert session.state == State.REVEALED


def with_small_difference(threshold="20"):
    """One ticket, three sheets: one level, 15 points, apart on the solution."""
    session = calibration(tickets=1, threshold=threshold)
    for place, person in enumerate(people_of(session)):
        levels = {"solution": "p4" if place else "p3", "tone": "p4"}
        write_sheet(session, 1, person, levels)
    return services.reveal(session_id=session.pk, actor=session.facilitator, at=LATER)


def test_small_difference_may_stay_open_and_stands_in_the_minutes():
    session = with_small_difference()

    done = services.finish_decisions(
        session_id=session.pk, actor=session.facilitator, at=LATER
    )

    ticket = session.items.get().ticket_id
    assert done.state == State.DECIDED
    assert "Only small differences were found" in done.minutes
    assert (
        f"- #{ticket} Solution: 3 points, 4 points (15.0 points apart)" in done.minutes
    )
    closed = services.close(session_id=session.pk, actor=session.facilitator, at=LATER)
    # What is left open is not agreed: reviewers are compared with each other.
    assert closed.statistics["reference"] == "others"


def test_gap_of_the_threshold_needs_a_decision():
    session = with_small_difference(threshold="15")

    with pytest.raises(Undecided):
        services.finish_decisions(
            session_id=session.pk, actor=session.facilitator, at=LATER
        )


def test_gold_ticket_needs_a_decision_on_small_differences_too():
    session = with_small_difference()
    how = {"actor": session.facilitator, "at": LATER}
    services.finish_decisions(session_id=session.pk, **how)
    item = session.items.get()

    with pytest.raises(gold.NothingAgreed, match="without a decision on Solution"):
        gold.create_gold(item_id=item.pk, **how)
    assert GoldTicket.objects.count() == 0
    decide(session, level="p4")

    assert gold.create_gold(item_id=item.pk, **how).score == 100


def test_newer_decision_takes_the_place_of_the_older():
    session = opened()
    older = decide(session)

    newer = decide(session, level="p2", reason="The cause was never found.")

    older.refresh_from_db()
    assert (older.is_active, newer.is_active) == (False, True)


@pytest.mark.parametrize(
    "values",
    [
        {"reason": "  "},
        {"level": ""},
        {"level": "p9"},
        {"criterion": "speed"},
        {"level": "not-applicable"},
    ],
)
def test_incomplete_decision_is_refused(values):
    session = opened()

    with pytest.raises(DecisionIncomplete):
        decide(session, **values)

    assert CalibrationDecision.objects.count() == 0


def test_unclear_criterion_opens_one_change_of_rubric_with_its_tickets():
    session = opened()

    decide(session, is_unclear=True, reason="What counts as a cause?")
    decide(session, position=2, is_unclear=True, reason="And when it is guessed?")

    change = RubricChange.objects.get()
    assert change.criterion_key == "solution"
    assert change.text == "What counts as a cause?\n\nAnd when it is guessed?"
    assert change.tickets.count() == 2


def test_case_law_is_what_decided_rounds_agreed():
    session = opened()
    decide(session, quote="It was the proxy.")
    scorecard = session.version.scorecard_id
    assert case_law(scorecard) == {}

    services.finish_decisions(
        session_id=session.pk, actor=session.facilitator, at=LATER
    )

    (case,) = case_law(scorecard)["solution"]
    assert (case.level, case.quote) == ("p3", "It was the proxy.")
    assert case.ticket_id == session.items.get(position=1).ticket_id


def test_case_law_leaves_out_what_was_agreed_on_the_ticket_in_hand():
    session = opened()
    decide(session, quote="It was the proxy.")
    services.finish_decisions(
        session_id=session.pk, actor=session.facilitator, at=LATER
    )
    scorecard = session.version.scorecard_id
    decided_on, other = (each.ticket_id for each in session.items.order_by("position"))

    assert case_law(scorecard, except_ticket=decided_on) == {}
    assert list(case_law(scorecard, except_ticket=other)) == ["solution"]


def test_case_law_takes_one_query(django_assert_num_queries):
    session = decided()

    with django_assert_num_queries(1):
        case_law(session.version.scorecard_id)


def test_minutes_say_who_how_far_apart_and_what_was_decided():
    session = decided()

    ticket = session.items.get(position=1).ticket_id
    assert "# Hard ones" in session.minutes
    assert f"### #{ticket} Solution: 3 points" in session.minutes
    assert "Given: 2 points, 4 points (30.0 points apart)." in session.minutes
    assert "1 of 2 tickets are more than 5 points apart (range)." in session.minutes


def test_minutes_can_be_changed_until_the_round_is_closed():
    session = decided()
    services.change_minutes(
        session_id=session.pk, text="Ours.", actor=session.facilitator
    )
    services.close(session_id=session.pk, actor=session.facilitator, at=LATER)

    with pytest.raises(CalibrationStateWrong):
        services.change_minutes(
            session_id=session.pk, text="Other.", actor=session.facilitator
        )

    session.refresh_from_db()
    assert session.minutes == "Ours."


# Closing ----------------------------------------------------------------------------------


def test_closing_freezes_the_statistics():
    session = closed()

    statistics = session.statistics
    assert session.state == State.CLOSED
    # Ticket 1: 70, 100, 100; ticket 2: 100 three times.
    assert [row["range"] for row in statistics["tickets"]] == [30.0, 0.0]
    assert statistics["tickets_over"] == 1
    # Squares 400 + 100 + 100 over 2 + 2 degrees of freedom.
    assert statistics["pooled_sd"] == pytest.approx(150**0.5)
    assert {row["note"] for row in statistics["figures"]} == {"not_enough"}
    assert {row["value"] for row in statistics["figures"]} == {None}
    assert statistics["reference"] == "consensus"


def test_baseline_is_what_the_others_are_compared_with():
    people = [reviewer() for _ in range(3)]
    session = closed(
        people=people, mode=CalibrationSession.Mode.BASELINE, baseline=people[0]
    )

    assert session.statistics["reference"] == "baseline"
    # 100 - 70 on the first ticket, 0 on the second.
    assert [row["bias"] for row in session.statistics["severity"]] == [15.0, 15.0]


@pytest.mark.parametrize(
    "values", [{"minutes": "x"}, {"statistics": {}}, {"state": "DECIDED"}]
)
def test_closed_calibration_never_changes(values):
    session = closed()

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        CalibrationSession.objects.filter(pk=session.pk).update(**values)


def test_items_and_participants_of_a_closed_calibration_never_change():
    session = closed()

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        session.items.update(position=9)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        session.participants.update(is_missing=True)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        session.participants.create(user=reviewer())


def test_decision_never_changes_but_may_lose_its_force():
    session = opened()
    decision = decide(session)

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        CalibrationDecision.objects.filter(pk=decision.pk).update(reason="x")
    CalibrationDecision.objects.filter(pk=decision.pk).update(is_active=False)

    decision.refresh_from_db()
    assert not decision.is_active


def test_calling_off_needs_a_reason_and_tells_participants():
    session = calibration()
    with pytest.raises(ReasonMissing):
        services.cancel(
            session_id=session.pk, actor=session.facilitator, reason=" ", at=LATER
        )

    services.cancel(
        session_id=session.pk, actor=session.facilitator, reason="Outage", at=LATER
    )

    session.refresh_from_db()
    assert session.state == State.CANCELLED
    assert Notification.objects.filter(body="Outage").count() == 3


def test_opened_round_cannot_be_called_off():
    session = opened()

    with pytest.raises(CalibrationStateWrong):
        services.cancel(
            session_id=session.pk, actor=session.facilitator, reason="x", at=LATER
        )


# Whose it is ------------------------------------------------------------------------------


def test_only_who_runs_a_round_takes_its_steps():
    stranger = UserFactory(role=roles.QA_REVIEWER)
    draft, session, done = calibration(is_started=False), calibration(), decided()
    score_all(session)
    who = {"actor": stranger}
    steps = [
        (services.start_scoring, {"session_id": draft.pk, "at": LATER}),
        (services.reveal, {"session_id": session.pk, "at": LATER}),
        (services.cancel, {"session_id": session.pk, "reason": "x", "at": LATER}),
        (services.rewrite_minutes, {"session_id": done.pk}),
        (services.change_minutes, {"session_id": done.pk, "text": "x"}),
        (services.close, {"session_id": done.pk, "at": LATER}),
        (gold.create_gold, {"item_id": done.items.first().pk, "at": LATER}),
        (services.set_participants, {"session_id": draft.pk, "users": [], "at": LATER}),
    ]

    for step, values in steps:
        with pytest.raises(NotYourCalibration):
            step(**values, **who)

    states = [CalibrationSession.objects.get(pk=s.pk) for s in (draft, session, done)]
    assert [row.state for row in states] == ["DRAFT", "SCORING", "DECIDED"]
    assert states[2].minutes == done.minutes
    assert (draft.participants.count(), GoldTicket.objects.count()) == (3, 0)


def test_stranger_neither_decides_nor_ends_the_talk():
    session = opened()
    how = {"actor": UserFactory(role=roles.QA_REVIEWER), "at": LATER}

    with pytest.raises(NotYourCalibration):
        services.decide(
            item_id=session.items.first().pk,
            criterion="solution",
            level="p3",
            reason="x",
            **how,
        )
    decide(session)
    with pytest.raises(NotYourCalibration):
        services.finish_decisions(session_id=session.pk, **how)

    assert CalibrationDecision.objects.count() == 1


@pytest.mark.parametrize("is_facilitator", [True, False])
def test_facilitator_and_who_may_run_any_take_the_steps(is_facilitator):
    runner = UserFactory(role=roles.QA_REVIEWER)
    session = calibration(facilitator=runner)
    actor = runner if is_facilitator else UserFactory(role=roles.SUPPORT_LEAD)

    services.cancel(session_id=session.pk, actor=actor, reason="Outage", at=LATER)

    session.refresh_from_db()
    assert session.state == State.CANCELLED


def test_who_set_a_round_up_writes_its_draft_but_does_not_start_it():
    session = calibration(is_started=False)
    author = UserFactory(role=roles.QA_REVIEWER)
    CalibrationSession.objects.filter(pk=session.pk).update(created_by=author)

    services.set_participants(
        session_id=session.pk,
        users=people_of(session)[:2],
        actor=author,
        at=MONDAY_9AM,
    )
    with pytest.raises(NotYourCalibration):
        services.start_scoring(session_id=session.pk, actor=author, at=MONDAY_9AM)

    assert session.participants.count() == 2


# What comes of it -------------------------------------------------------------------------


def test_gold_ticket_has_the_agreed_levels_and_their_score():
    session = decided()
    item = session.items.get(position=1)

    made = gold.create_gold(item_id=item.pk, actor=session.facilitator, at=LATER)

    # Solution 3 of 4 at 60 %, tone 4 of 4 at 40 %.
    assert (float(made.score), made.answers) == (
        85.0,
        {"solution": "p3", "tone": "p4"},
    )
    assert made.agent_id == item.agent_id


def test_ticket_with_an_unclear_criterion_does_not_become_gold():
    session = opened()
    decide(session, is_unclear=True)
    services.finish_decisions(
        session_id=session.pk, actor=session.facilitator, at=LATER
    )

    with pytest.raises(gold.NothingAgreed):
        gold.create_gold(
            item_id=session.items.get(position=1).pk,
            actor=session.facilitator,
            at=LATER,
        )

    assert GoldTicket.objects.count() == 0


def test_withdrawn_gold_is_used_again_when_made_again():
    session = decided()
    item = session.items.get(position=2)
    how = {"item_id": item.pk, "actor": session.facilitator, "at": LATER}
    made = gold.create_gold(**how)

    assert gold.withdraw_gold(gold_id=made.pk)
    assert not gold.withdraw_gold(gold_id=made.pk)
    assert gold.create_gold(**how).pk == made.pk

    made.refresh_from_db()
    assert made.is_active


def test_rubric_change_is_settled_once_with_what_was_done():
    session = opened()
    decide(session, is_unclear=True)
    change = RubricChange.objects.get()
    how = {"change_id": change.pk, "actor": session.facilitator, "at": LATER}
    with pytest.raises(ReasonMissing):
        rubric.settle_change(is_done=True, settlement="", **how)

    rubric.settle_change(is_done=True, settlement="New anchor", **how)

    with pytest.raises(rubric.ChangeSettled):
        rubric.settle_change(is_done=False, settlement="No", **how)
    change.refresh_from_db()
    assert (change.state, change.settlement) == ("DONE", "New anchor")


def test_comparison_takes_the_same_queries_for_one_and_three_tickets(
    django_assert_num_queries,
):
    for tickets in (1, 3):
        session = opened(tickets=tickets)
        # What a permission asks of the person is cached after the first look.
        assert selectors.is_open_to(session, session.facilitator)
        with django_assert_num_queries(6):
            found = selectors.comparison(session, session.facilitator)
            assert len(found.flagged) == 1
            found.ratings()
