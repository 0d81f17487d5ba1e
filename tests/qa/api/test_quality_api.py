"""Scorecards, reviews, draws, calibrations and scores through the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from qa.models import (
    Answer,
    CalibrationItem,
    CalibrationSession,
    Dispute,
    Participant,
    Pin,
    Review,
    RootCause,
)
from qa.services import disputes
from supportops.common import roles
from tests.factories.api import caller
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.quality import agent, published_card, reviewer, write_review
from tests.factories.tickets import MONDAY_9AM
from tests.qa.sampled import sample_item

pytestmark = pytest.mark.django_db

API = "/api/v1"
SOON = timedelta(hours=5)


def rows(response) -> list[dict]:
    assert response.status_code == 200, response.json()
    return response.json()["results"]


def released(**values) -> Review:
    values.setdefault("dispute_until", timezone.now() + SOON)
    review = write_review(score=55, **values)
    answer = Answer.objects.create(
        review=review, criterion_key="tone", level="p1", share=0.25, comment="Curt"
    )
    Answer.objects.create(
        review=review, criterion_key="solution", level="p3", share=0.75
    )
    cause = RootCause.objects.get_or_create(name="In a hurry", kind="SKILL")[0]
    answer.root_causes.add(cause)
    message = review.ticket.messages.create(at=MONDAY_9AM, direction="OUT", body="Hi")
    Pin.objects.create(
        review=review, message=message, start=0, end=2, quote="Hi", tone="PRAISE",
        text="Short", criterion_key="tone", created_at=MONDAY_9AM,
    )  # fmt: skip
    return review


def at(review: Review, verb: str = "") -> str:
    return f"{API}/reviews/{review.pk}/" + (f"{verb}/" if verb else "")


# Scorecards -------------------------------------------------------------------------------


def test_scorecard_names_its_versions_and_a_version_what_it_judges():
    version = published_card(name="Ours")
    client = caller(roles.AGENT)

    card = client.get(f"{API}/scorecards/{version.scorecard_id}/").json()
    full = client.get(f"{API}/scorecard-versions/{version.pk}/").json()

    assert card["name"] == "Ours"
    assert [row["number"] for row in card["versions"]] == [1]
    assert "definition" not in card["versions"][0]
    assert full["definition"]["sections"][0]["criteria"][1]["key"] == "tone"
    found = rows(
        client.get(
            f"{API}/scorecard-versions/",
            {"scorecard": version.scorecard_id, "state": "PUBLISHED"},
        )
    )
    assert [row["id"] for row in found] == [version.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_scorecard_lists_cost_the_same_at_one_and_three(
    count, django_assert_num_queries
):
    client = caller(roles.AGENT)
    before = len(rows(client.get(f"{API}/scorecards/")))
    for _ in range(count):
        published_card()

    # Token, two for permissions, scorecards, versions.
    with django_assert_num_queries(5):
        assert len(rows(client.get(f"{API}/scorecards/"))) == before + count
    with django_assert_num_queries(4):
        rows(client.get(f"{API}/scorecard-versions/"))


# Reviews ----------------------------------------------------------------------------------


def test_review_shows_answers_pins_and_score():
    review = released(strengths="Quick")

    row = caller(user=review.agent).get(at(review)).json()

    assert (row["score"], row["passed"], row["state"]) == (55.0, False, "RELEASED")
    assert row["agent"] == {"id": review.agent.pk, "name": str(review.agent)}
    assert (row["scorecard"], row["strengths"]) == (
        review.version.scorecard_id, "Quick",
    )  # fmt: skip
    tone = row["answers"][0]
    assert (tone["criterion"], tone["level"], tone["share"]) == ("tone", "p1", 0.25)
    assert tone["root_causes"] == ["In a hurry"]
    assert row["pins"][0]["quote"] == "Hi"


@pytest.mark.parametrize("count", [1, 3])
def test_review_list_costs_the_same_at_one_and_three(count, django_assert_num_queries):
    for _ in range(count):
        review = released(agent=agent(team=TeamFactory()))
        disputes.open_dispute(
            review_id=review.pk, agent=review.agent, kind="SCORE", reason="",
            lines=[{"criterion": "tone", "reason": "Kind"}], at=timezone.now(),
        )  # fmt: skip
    client = caller(roles.SUPPORT_LEAD)
    client.get(f"{API}/reviews/")

    # Token, two for permissions, reviews, answers, causes, pins, disputes, lines.
    with django_assert_num_queries(9):
        assert len(rows(client.get(f"{API}/reviews/"))) == count


def test_reviews_are_found_by_whom_what_and_when():
    one = released()
    two = write_review(state="SUBMITTED", kind="OVERLAP")
    client = caller(roles.SUPPORT_LEAD)

    def ids(**query):
        found = rows(client.get(f"{API}/reviews/", query))
        return {row["id"] for row in found}

    assert ids() == {one.pk, two.pk}
    assert ids(agent=one.agent.pk) == {one.pk}
    assert ids(reviewer=two.reviewer.pk) == {two.pk}
    assert ids(ticket=one.ticket_id) == {one.pk}
    assert ids(scorecard=two.version.scorecard_id) == {two.pk}
    assert ids(state="SUBMITTED") == {two.pk}
    assert ids(kind=["ASSIGNED", "OVERLAP"]) == {one.pk, two.pk}
    assert ids(released_from="2026-03-03T09:00:00Z") == {one.pk}
    assert ids(released_before="2026-03-03T09:00:00Z") == set()
    assert client.get(f"{API}/reviews/", {"agents": 1}).status_code == 400


def test_reviews_of_others_are_not_there():
    review = released()
    stranger = caller(roles.AGENT)

    assert rows(stranger.get(f"{API}/reviews/")) == []
    assert rows(stranger.get(f"{API}/reviews/", {"ticket": review.ticket_id})) == []
    assert stranger.get(at(review)).status_code == 404
    for verb in ("release", "acknowledge", "dispute"):
        assert stranger.post(at(review, verb), {}).status_code in {403, 404}


def test_review_endpoints_need_scope_and_permission():
    review = released()
    no_scope = caller(user=review.agent, scopes=["tickets:read", "tickets:write"])
    read_only = caller(user=review.agent, scopes=["qa:read"])

    assert no_scope.get(at(review)).status_code == 403
    assert read_only.get(at(review)).status_code == 200
    assert read_only.post(at(review, "acknowledge"), {}).status_code == 403
    assert caller(roles.EXECUTIVE).get(f"{API}/reviews/").status_code == 403
    review.refresh_from_db()
    assert review.acknowledged_at is None


def test_release_through_the_api():
    review = write_review(state="SUBMITTED")
    client = caller(user=review.reviewer)

    assert client.post(at(review, "release"), {}).json()["state"] == "RELEASED"
    again = client.post(at(review, "release"), {})

    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_release")


def test_release_of_somebody_elses_is_a_conflict():
    review = write_review(state="SUBMITTED")

    response = caller(roles.QA_REVIEWER).post(at(review, "release"), {})

    assert (response.status_code, response.json()["code"]) == (409, "not_yours")
    review.refresh_from_db()
    assert review.state == "SUBMITTED"


def test_acknowledge_through_the_api_once():
    review = released()
    client = caller(user=review.agent)
    key = {"HTTP_IDEMPOTENCY_KEY": "k1"}

    first = client.post(at(review, "acknowledge"), {"words": "Thanks"}, **key)
    replay = client.post(at(review, "acknowledge"), {"words": "Thanks"}, **key)
    other = client.post(at(review, "acknowledge"), {"words": "Again"})

    assert (first.status_code, first.json()["acknowledgement"]) == (200, "Thanks")
    assert replay.json() == first.json()
    assert replay.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (409, "wrong_state")


def test_dispute_through_the_api():
    review = released()
    client = caller(user=review.agent)
    line = {"criterion": "tone", "proposed_level": "p3", "reason": "I was kind"}

    bad = client.post(at(review, "dispute"), {"lines": [{"criterion": "tone"}]})
    unknown = client.post(at(review, "dispute"), {"line": []})
    none = client.post(at(review, "dispute"), {})
    done = client.post(at(review, "dispute"), {"lines": [line]})

    assert bad.json()["fields"] == {"lines.0.reason": ["This field is required."]}
    assert unknown.status_code == 400
    assert (none.status_code, none.json()["code"]) == (409, "line_unusable")
    assert done.status_code == 200, done.json()
    (shown,) = done.json()["disputes"]
    assert (shown["state"], shown["lines"][0]["proposed_level"]) == ("OPEN", "p3")
    assert Dispute.objects.count() == 1


def test_dispute_after_the_deadline_is_a_conflict():
    review = released(dispute_until=MONDAY_9AM)
    line = {"criterion": "tone", "reason": "I was kind"}

    response = caller(user=review.agent).post(at(review, "dispute"), {"lines": [line]})

    assert (response.status_code, response.json()["code"]) == (409, "too_late")


def test_handed_over_review_does_not_say_whose_it_was():
    old = write_review(state="CLOSED", is_current=False)
    new = write_review(ticket=old.ticket, supersedes=old)
    same = write_review(agent=old.agent, supersedes=new)

    assert caller(user=new.agent).get(at(new)).json()["supersedes"] is None
    Review.objects.filter(pk=same.pk).update(agent=new.agent)
    assert caller(user=new.agent).get(at(same)).json()["supersedes"] == new.pk


# Draws ------------------------------------------------------------------------------------


def test_draw_shows_seed_and_hash_without_its_frame():
    item = sample_item(reviewed_by=reviewer())
    client = caller(roles.SUPPORT_LEAD)

    draw = client.get(f"{API}/draws/{item.draw_id}/").json()

    assert (draw["seed"], draw["frame_size"]) == (1, 100)
    assert "frame" not in draw
    found = rows(client.get(f"{API}/sample-items/", {"draw": item.draw_id}))
    assert [(row["ticket"], row["probability"]) for row in found] == [
        (item.ticket_id, 0.1)
    ]
    assert rows(client.get(f"{API}/draws/", {"plan": item.draw.plan_id})) == [draw]
    for path in ("draws", "sample-items"):
        assert caller(roles.AGENT).get(f"{API}/{path}/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_draw_lists_cost_the_same_at_one_and_three(count, django_assert_num_queries):
    for _ in range(count):
        sample_item(reviewed_by=reviewer())
    client = caller(roles.SUPPORT_LEAD)
    client.get(f"{API}/draws/")

    # Token, two for permissions, the rows.
    for path in ("draws", "sample-items"):
        with django_assert_num_queries(4):
            assert len(rows(client.get(f"{API}/{path}/"))) == count


# Calibrations -----------------------------------------------------------------------------


def calibration(state: str, **values) -> CalibrationSession:
    facilitator = reviewer()
    session = CalibrationSession.objects.create(
        title="March", version=published_card(), facilitator=facilitator,
        due_at=MONDAY_9AM, created_by=facilitator, created_at=MONDAY_9AM,
        statistics={"alpha": 0.71}, **values,
    )  # fmt: skip
    CalibrationItem.objects.create(
        session=session, ticket=write_review().ticket, agent=agent(), position=1
    )
    Participant.objects.create(session=session, user=reviewer())
    CalibrationSession.objects.filter(pk=session.pk).update(state=state)
    return session


@pytest.mark.parametrize("state", ["SCORING", "REVEALED", "DECIDED", "CANCELLED"])
def test_calibration_statistics_are_not_shown_before_closing(state):
    session = calibration(state)

    row = caller(user=session.facilitator).get(f"{API}/calibrations/{session.pk}/")

    assert row.json()["state"] == state
    assert row.json()["statistics"] is None
    assert "0.71" not in row.content.decode()


def test_calibration_statistics_are_shown_once_closed_and_not_in_lists():
    session = calibration("CLOSED")
    client = caller(user=session.facilitator)

    row = client.get(f"{API}/calibrations/{session.pk}/").json()
    (listed,) = rows(client.get(f"{API}/calibrations/"))

    assert row["statistics"] == {"alpha": 0.71}
    assert (row["tickets"], row["participants"], row["finished"]) == (1, 1, 0)
    assert "statistics" not in listed


def test_calibrations_are_not_for_agents():
    session = calibration("CLOSED")

    for path in ("calibrations/", f"calibrations/{session.pk}/"):
        assert caller(roles.AGENT).get(f"{API}/{path}").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_calibration_list_costs_the_same_at_one_and_three(
    count, django_assert_num_queries
):
    for _ in range(count):
        calibration("CLOSED")
    client = caller(roles.SUPPORT_LEAD)
    client.get(f"{API}/calibrations/")

    # Token, two for permissions, calibrations.
    with django_assert_num_queries(4):
        assert len(rows(client.get(f"{API}/calibrations/"))) == count


# Scores -----------------------------------------------------------------------------------

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


def test_scores_carry_number_and_interval():
    version, one = published_card(), agent(team=TeamFactory())
    for score in (70, 80, 90):
        write_review(agent=one, score=score, version=version)

    board = caller(roles.SUPPORT_LEAD).get(f"{API}/scores/", MARCH).json()

    (row,) = board["agents"]
    assert (row["agent"], row["random"]["value"], row["random"]["n"]) == (
        one.pk,
        80.0,
        3,
    )
    # 80 ± 4.303 · 10 / √3
    assert row["random"]["low"] == pytest.approx(55.16, abs=0.01)
    assert (board["start"], board["end"]) == ("2026-03-01", "2026-04-01")


def test_scores_show_team_leads_their_own_and_executives_no_person():
    lead = UserFactory(role=roles.TEAM_LEAD)
    large = TeamFactory()
    version, ours = published_card(), agent(team=TeamFactory(lead=lead))
    for person in (ours, *(agent(team=large) for _ in range(3))):
        write_review(agent=person, version=version)

    own = caller(user=lead).get(f"{API}/scores/", MARCH).json()
    of_teams = caller(roles.EXECUTIVE).get(f"{API}/scores/", MARCH).json()

    assert [row["agent"] for row in own["agents"]] == [ours.pk]
    assert of_teams["agents"] == []
    assert [row["team"] for row in of_teams["teams"]] == [large.pk]
    assert caller(roles.AGENT).get(f"{API}/scores/", MARCH).status_code == 403


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "tomorrow"}, "from"),
        ({"team": "x"}, "team"),
        ({"scorecard": "9" * 30}, "scorecard"),
        ({"agent": 1}, "agent"),
    ],
)
def test_scores_refuse_what_cannot_be_read(query, field):
    response = caller(roles.SUPPORT_LEAD).get(f"{API}/scores/", query)

    assert (response.status_code, set(response.json()["fields"])) == (400, {field})
