from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from qa.core.reviewer_drift import Drift
from qa.models import (
    Answer,
    Certification,
    GoldTicket,
    ReliabilityFigure,
    Review,
    ReviewerSeverity,
    RubricChange,
)
from qa.selectors import reliability as selectors
from qa.selectors.reviews import reviews_visible_to
from qa.services import certification, reliability
from qa.services.calibration.refusals import ReasonMissing
from qa.services.scorecards import start_draft
from qa.views.reliability import chosen_reviewer, least_clear
from supportops.common import roles
from supportops.notifications.models import Kind, Notification
from tests.factories.people import UserFactory
from tests.factories.quality import agent, published_card, reviewer, write_review
from tests.factories.tickets import MONDAY_9AM, open_ticket

pytestmark = pytest.mark.django_db

ENDS = date(2026, 4, 1)
LATER = MONDAY_9AM + timedelta(days=40)
POINTS = ("p4", "p3", "p2", "p1", "p0")


def compute(version, **values):
    return reliability.compute(
        scorecard_id=version.scorecard_id, ends_on=ENDS, at=LATER, draws=100, **values
    )


def write_pair(version, one, two, scores, levels=None, *, worked_by=None):
    """Two blind reviews of one new ticket: the first drawn, the second an overlap."""
    worked_by = worked_by or agent()
    ticket = open_ticket(assignee=worked_by)
    for place, (person, score) in enumerate(zip((one, two), scores, strict=True)):
        review = write_review(
            agent=worked_by,
            ticket=ticket,
            version=version,
            reviewer=person,
            score=score,
            kind=Review.Kind.OVERLAP if place else Review.Kind.ASSIGNED,
        )
        if levels:
            Answer.objects.create(
                review=review, criterion_key="solution", level=levels[place]
            )


def test_figures_of_a_window_are_stored_once():
    version, one, two = published_card(), reviewer(), reviewer()
    for place in range(24):
        write_pair(version, one, two, (60 + place, 61 + place))

    first, second = compute(version), compute(version)

    assert (first, second) == (9, 0)
    alpha = ReliabilityFigure.objects.get(method="ALPHA_INTERVAL")
    assert (alpha.tickets, alpha.reviewers, alpha.ratings) == (24, 2, 48)
    assert alpha.starts_on == ENDS - timedelta(days=90)
    assert alpha.low < alpha.value < alpha.high
    assert alpha.value > 0.95


def test_few_pairs_give_no_number():
    version, one, two = published_card(), reviewer(), reviewer()
    write_pair(version, one, two, (60, 80))

    compute(version)

    rows = ReliabilityFigure.objects.values_list("value", "note", "tickets")
    assert {row[:2] for row in rows} == {(None, "not_enough")}
    assert ReliabilityFigure.objects.get(method="POOLED_SD").tickets == 1


def test_stored_figure_never_changes():
    version = published_card()
    compute(version)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ReliabilityFigure.objects.update(value=1.0)


def test_superseding_review_is_no_judgement_of_its_own():
    version, one = published_card(), reviewer()
    worked_by = agent()
    ticket = open_ticket(assignee=worked_by)
    values = {"agent": worked_by, "ticket": ticket, "version": version}
    first = write_review(reviewer=one, score=60, **values)
    write_review(reviewer=reviewer(), score=90, supersedes=first, **values)

    found = selectors.paired_ratings(version.scorecard_id, date(2026, 1, 1), ENDS)

    assert found.tickets == ()


def test_severity_counts_tickets_drawn_at_random_and_second_reviews_only():
    version, one, two = published_card(), reviewer(), reviewer()
    write_pair(version, one, two, (60, 80))
    write_review(version=version, reviewer=one, score=10, basis=Review.Basis.TARGETED)

    found = selectors.everyday(version.scorecard_id, date(2026, 1, 1), ENDS)

    assert sorted(found.scores.tolist()) == [60.0, 80.0]


def test_harsh_reviewer_is_named_and_the_steady_one_is_not():
    version, harsh, other = published_card(), reviewer(), reviewer()
    people = [agent() for _ in range(6)]
    for place in range(48):
        base = 80 + (place * 7) % 11 - 5
        write_pair(
            version,
            harsh,
            other,
            (base - 12, base + place % 3),
            worked_by=people[place % 6],
        )

    compute(version)

    row = ReviewerSeverity.objects.get(reviewer=harsh)
    assert selectors.verdict_of(row) == "harsh"
    assert row.low < row.bias < row.high < 0
    assert row.n == 48


def test_unscorable_criterion_opens_a_change_with_the_disputed_tickets(client):
    version, one, two = published_card(), reviewer(), reviewer()
    for place in range(30):
        levels = POINTS[place % 5], POINTS[4 - place % 5]
        write_pair(version, one, two, (80, 80), levels)
    compute(version)
    client.force_login(UserFactory(role=roles.SUPPORT_LEAD))
    card = {"scorecard": version.scorecard_id}
    page = client.get(reverse("qa:reliability"), card)
    assert "not scorable as written" in page.content.decode()

    client.post(reverse("qa:reliability-unclear"), {**card, "criterion": "solution"})

    change = RubricChange.objects.get()
    assert change.criterion_key == "solution"
    # The two were opposite, so equal on every fifth ticket only.
    assert change.tickets.count() == 24


def test_scorecard_with_a_draft_is_in_use_all_the_same(client):
    version = published_card(name="Work")
    lead = UserFactory(role=roles.SUPPORT_LEAD)
    start_draft(scorecard_id=version.scorecard_id, actor=lead, at=LATER)
    write_pair(version, reviewer(), reviewer(), (80, 85))
    client.force_login(lead)

    assert version.scorecard_id in reliability.scorecards_in_use()
    page = client.get(reverse("qa:reliability"), {"scorecard": version.scorecard_id})
    assert page.status_code == 200
    assert page.context["card"] == version.scorecard


def test_worst_criterion_comes_first_and_is_named_on_top(client):
    version = published_card()
    for key, value in (("tone", 0.71), ("solution", 0.25)):
        ReliabilityFigure.objects.create(
            scorecard=version.scorecard,
            criterion_key=key,
            method=ReliabilityFigure.Method.ALPHA_ORDINAL,
            starts_on=ENDS - timedelta(days=90),
            ends_on=ENDS,
            tickets=40,
            reviewers=2,
            ratings=80,
            value=value,
            low=value - 0.2,
            high=value + 0.1,
            computed_at=LATER,
        )
    client.force_login(UserFactory(role=roles.QA_REVIEWER))

    page = client.get(reverse("qa:reliability"), {"scorecard": version.scorecard_id})

    assert [row["criterion"] for row in page.context["figures"]] == ["solution", "tone"]
    assert "Least agreement: Solution, alpha 0.25" in page.content.decode()


def test_one_criterion_is_not_called_the_least_clear():
    row = {"criterion": "tone", "method": "ALPHA_ORDINAL", "value": 0.2}

    assert least_clear([row]) is None


def drift_of(newest):
    """Seven quiet fortnights with limits of two points, then ``newest``."""
    points = np.array([0.0] * 7 + [newest])
    starts = LATER.date().toordinal() + 14 * np.arange(8)
    upper = np.full(8, 2.0)
    beyond = np.abs(points) > upper
    return Drift(starts, np.full(8, 5), points, points, -upper, upper, 0.0, beyond)


def test_whoever_drifts_furthest_is_shown_first(client):
    anna, bert, cara = (
        UserFactory(first_name=name, role=roles.QA_REVIEWER)
        for name in ("Anna", "Bert", "Cara")
    )
    found = {anna.pk: drift_of(0.5), bert.pk: drift_of(-3), cara.pk: drift_of(5)}
    people = [anna, bert, cara]

    assert chosen_reviewer(people, found, "") == cara
    assert chosen_reviewer(people, found, str(anna.pk)) == anna
    assert chosen_reviewer(people, {anna.pk: found[anna.pk]}, "") == anna
    assert chosen_reviewer([], found, "") is None


def test_page_without_figures_says_what_happens(client):
    version = published_card()
    client.force_login(UserFactory(role=roles.QA_REVIEWER))

    page = client.get(reverse("qa:reliability"), {"scorecard": version.scorecard_id})

    text = page.content.decode()
    assert "Nothing is computed yet" in text
    assert "Nobody has scored with this scorecard yet." in text


def test_page_compares_only_reviews_that_its_reader_may_see(client):
    version, one, two = published_card(), reviewer(), reviewer()
    for place in range(3):
        write_pair(version, one, two, (60 + place, 70))
    compute(version)
    user = UserFactory(role=roles.QA_REVIEWER)
    blind = Review.objects.filter(version=version).order_by("pk").first()
    write_review(
        agent=blind.agent,
        ticket=blind.ticket,
        version=version,
        reviewer=user,
        state=Review.State.DRAFT,
    )

    pairs = selectors.peer_pairs(
        version.scorecard_id,
        one.pk,
        date(2026, 1, 1),
        ENDS,
        readable=reviews_visible_to(user),
    )

    assert blind.ticket_id not in {ticket for ticket, _own, _other in pairs}
    assert len(pairs) == 2


# Certificates -----------------------------------------------------------------------------


def take_exam(version, person, *, tickets=10, bias=0.0, at=MONDAY_9AM):
    for place in range(tickets):
        worked_by = agent()
        ticket = open_ticket(assignee=worked_by)
        known = 50 + 5 * place
        GoldTicket.objects.create(
            ticket=ticket,
            agent=worked_by,
            version=version,
            score=Decimal(known),
            created_by=worked_by,
            created_at=at,
        )
        write_review(
            agent=worked_by,
            ticket=ticket,
            version=version,
            reviewer=person,
            kind=Review.Kind.GOLD,
            basis=Review.Basis.TARGETED,
            score=min(100, max(0, known + bias)),
            state=Review.State.SUBMITTED,
            at=at,
        )


def test_passed_exam_certifies_by_itself_and_tells_the_reviewer():
    version, person = published_card(), reviewer()
    take_exam(version, person, bias=3)

    counts = certification.review_certificates(at=LATER)

    assert counts == {"lapsed": 0, "granted": 1}
    row = Certification.objects.get()
    assert (row.reviewer, row.granted_by) == (person, None)
    assert row.evidence["bias"] == 3.0
    assert row.valid_until == LATER + timedelta(days=180)
    assert selectors.certified(version.scorecard_id) == {person.pk}
    assert Notification.objects.get(kind=Kind.CERTIFICATE).recipient == person


@pytest.mark.parametrize("values", [{"tickets": 9}, {"bias": 6}, {"bias": -6}])
def test_exam_needs_ten_tickets_within_five_points(values):
    version, person = published_card(), reviewer()
    take_exam(version, person, **values)

    assert certification.review_certificates(at=LATER)["granted"] == 0
    assert Certification.objects.count() == 0


def test_certificate_lapses_on_its_date_and_the_old_exam_earns_no_new_one():
    version, person = published_card(), reviewer()
    take_exam(version, person)
    certification.review_certificates(at=LATER)
    end = LATER + timedelta(days=180)

    assert certification.review_certificates(at=end - timedelta(seconds=1)) == {
        "lapsed": 0,
        "granted": 0,
    }
    assert certification.review_certificates(at=end) == {"lapsed": 1, "granted": 0}
    assert certification.review_certificates(at=end) == {"lapsed": 0, "granted": 0}
    assert Certification.objects.get().state == Certification.State.LAPSED


def test_drift_ends_a_certificate_once_it_has_settled():
    version, person = published_card(), reviewer()
    lead = UserFactory(role=roles.SUPPORT_LEAD)
    certification.grant(
        scorecard_id=version.scorecard_id, reviewer=person, actor=lead, at=MONDAY_9AM
    )

    def severity(day):
        ReviewerSeverity.objects.create(
            scorecard=version.scorecard,
            reviewer=person,
            starts_on=day - timedelta(days=90),
            ends_on=day,
            bias=-6,
            se=1,
            low=-8,
            high=-4,
            n=40,
            computed_at=LATER,
        )

    severity(MONDAY_9AM.date() + timedelta(days=29))
    assert certification.review_certificates(at=LATER)["lapsed"] == 0
    severity(MONDAY_9AM.date() + timedelta(days=30))
    assert certification.review_certificates(at=LATER)["lapsed"] == 1

    ended = Certification.objects.get()
    assert "-6.0 points from the others" in ended.ended_reason


def test_second_certificate_is_refused_and_withdrawing_needs_a_reason():
    version, person = published_card(), reviewer()
    lead = UserFactory(role=roles.SUPPORT_LEAD)
    how = {"actor": lead, "at": MONDAY_9AM}
    held = certification.grant(
        scorecard_id=version.scorecard_id, reviewer=person, **how
    )

    with pytest.raises(certification.CertificateExists):
        certification.grant(scorecard_id=version.scorecard_id, reviewer=person, **how)
    with pytest.raises(ReasonMissing):
        certification.revoke(certification_id=held.pk, reason=" ", **how)
    certification.revoke(certification_id=held.pk, reason="On leave", **how)
    with pytest.raises(certification.CertificateEnded):
        certification.revoke(certification_id=held.pk, reason="Again", **how)

    assert selectors.certified(version.scorecard_id) == set()


def test_who_may_not_score_is_not_certified():
    version = published_card()

    with pytest.raises(certification.ReviewerUnfit):
        certification.grant(
            scorecard_id=version.scorecard_id,
            reviewer=agent(),
            actor=None,
            at=MONDAY_9AM,
        )


def test_own_reliability_has_the_newest_row_and_the_certificate():
    version, person = published_card(), reviewer()
    assert selectors.own_reliability(person) == []
    certification.grant(
        scorecard_id=version.scorecard_id, reviewer=person, actor=None, at=MONDAY_9AM
    )

    (own,) = selectors.own_reliability(person)

    assert (own.scorecard, own.severity) == (version.scorecard, None)
    assert (own.certification.state, own.verdict) == ("CERTIFIED", "unknown")


def test_command_computes_the_window_before_a_date(capsys):
    published_card()

    call_command("compute_reliability", until="2026-04-01")

    assert "certificates granted, 0 lapsed" in capsys.readouterr().out
    assert set(ReliabilityFigure.objects.values_list("ends_on", flat=True)) == {ENDS}
