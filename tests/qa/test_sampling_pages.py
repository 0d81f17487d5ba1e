"""Pages of sampling: plans, previews, draws, coverage, replacements, the planner."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from qa.models import SampleItem, SamplingDraw, SamplingPlan
from qa.selectors import sampling as selectors
from qa.services import sampling as services
from qa.views.sampling_reports import month_bounds
from supportops.common import roles
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.quality import agent, published_card, reviewer, write_review
from tests.factories.sampling import (
    IN_WEEK,
    NEXT_MONDAY,
    WEEK,
    plan,
    resolved_ticket,
    resolved_tickets,
)

pytestmark = pytest.mark.django_db

CHANGELIST = "/admin/qa/samplingplan/"
PERIOD = {"start": "2026-03-02", "last": "2026-03-08"}


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(NEXT_MONDAY, tick=False):
        yield


@pytest.fixture
def lead(client):
    user = UserFactory(role=roles.SUPPORT_LEAD)
    client.force_login(user)
    return user


@pytest.fixture
def judge(client):
    """Return a QA reviewer who is signed in."""
    user = reviewer()
    client.force_login(user)
    return user


def page(name, *args):
    return reverse(f"qa:sampling-{name}", args=args)


def take(of, seed=1):
    return services.take_draw(
        plan_id=of.pk, starts_on=WEEK, seed=seed, actor=None, at=NEXT_MONDAY
    )


def drawn(agents=1, **values):
    """Return a draw over some agents with six tickets each."""
    for _ in range(agents):
        resolved_tickets(agent(), 6)
    values.setdefault("reviewers", [reviewer(), reviewer()])
    return take(plan(strata=["priority"], **values))


# Plans ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_plans_query_count_does_not_grow(
    client, lead, rows, django_assert_num_queries
):
    version = published_card()
    for n in range(rows):
        plan(name=f"Plan {n}", version=version, reviewers=[reviewer()])
    client.get(CHANGELIST)

    with django_assert_num_queries(10):
        text = client.get(CHANGELIST).content.decode()

    assert all(f"Plan {n}" in text for n in range(rows))


def test_list_without_a_plan_leads_to_the_first_step(client, lead):
    text = client.get(CHANGELIST).content.decode()

    assert "Make the first plan" in text
    assert "/admin/qa/samplingplan/add/" in text


def plan_data(**values):
    return {
        "name": "Weekly", "scorecard": published_card().scorecard_id, "is_active": "on",
        "quota_rule": "TEAM_SIZE", "allocation": "PROPORTIONAL", "rule_limit": 1,
        "strata": ["category", "priority"], "rules": ["reopened", "breached"],
        "overlap_share": "0.08", "gold_share": "0.02", "due_hours": 48,
        "is_automatic": "on", "weekday": 0, "time_zone": "Europe/Berlin", **values,
    }  # fmt: skip


def test_form_makes_a_plan_and_leads_to_its_page(client, lead):
    judge = reviewer()

    response = client.post(f"{CHANGELIST}add/", plan_data(reviewers=[judge.pk]))

    made = SamplingPlan.objects.get()
    assert response["Location"] == page("plan", made.pk)
    assert (made.strata, made.rules) == (
        ["category", "priority"],
        ["reopened", "breached"],
    )
    assert list(made.reviewers.all()) == [judge]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"quota_rule": "FIXED"}, "Say how many tickets a week."),
        ({"time_zone": "Berlin"}, "is no time zone"),
        ({"strata": ["mood"]}, "mood is not one of the available choices"),
        ({"overlap_share": "1.2"}, "less than or equal to 1"),
        ({"pair_limit": "0"}, "A limit is 1 or more"),
    ],
)
def test_form_refuses_what_cannot_be_and_writes_nothing(client, lead, change, message):
    text = client.post(f"{CHANGELIST}add/", plan_data(**change)).content.decode()

    assert message in text
    assert not SamplingPlan.objects.exists()


def test_form_offers_reviewers_only_who_may_score(client, lead):
    judge, worker = reviewer(), agent()

    form = client.get(f"{CHANGELIST}add/").context["adminform"].form

    offered = set(form.fields["reviewers"].queryset)
    assert judge in offered
    assert worker not in offered


def test_plan_without_reviewers_says_so_with_a_way_to_mend_it(client, lead):
    bare = plan()

    text = client.get(page("plan", bare.pk)).content.decode()

    assert "Nobody may review: no draw can be taken. Name reviewers." in text
    assert f"{CHANGELIST}{bare.pk}/change/" in text
    assert "Nothing has been drawn yet." in text


def test_plan_page_says_what_is_wrong_with_the_people(client, lead):
    version = published_card()
    plain = UserFactory()
    alone = plan(version=version, reviewers=[plain], rules=["reopened"], rule_limit=0)

    text = client.get(page("plan", alone.pk)).content.decode()

    assert f"{plain} may not score reviews." in text
    assert "With one reviewer no ticket can be reviewed twice" in text
    assert "nothing is flagged" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_plan_page_query_count_does_not_grow(
    client, judge, rows, django_assert_num_queries
):
    of = plan(reviewers=[judge])
    for week in range(rows):
        resolved_ticket(agent(), IN_WEEK - timedelta(weeks=week))
        services.take_draw(
            plan_id=of.pk, starts_on=WEEK - timedelta(weeks=week), seed=1, actor=None,
            at=NEXT_MONDAY,
        )  # fmt: skip
    client.get(page("plan", of.pk))

    with django_assert_num_queries(14):
        response = client.get(page("plan", of.pk))

    assert len(response.context["draws"]) == rows


# Preview ----------------------------------------------------------------------------------


def test_preview_shows_the_draw_and_taking_it_writes_exactly_that(client, lead):
    ada = agent()
    resolved_tickets(ada, 6)
    resolved_tickets(ada, 2, priority="P1", reopen_count=1)
    of = plan(
        strata=["priority"], rules=["reopened"], overlap_share="0.1",
        reviewers=[reviewer(), reviewer()],
    )  # fmt: skip

    response = client.get(page("preview", of.pk))
    shown = response.context["preview"]
    text = response.content.decode()
    sent = client.post(
        page("preview", of.pk),
        {
            "starts_on": "2026-03-02",
            "seed": shown.seed,
            "expected_hash": shown.frame_hash,
        },
    )

    assert shown.starts_on == WEEK
    assert "Frame: 8 tickets" in text
    assert "Drawn at random, chance" in text
    assert "± " in text
    draw = SamplingDraw.objects.get()
    assert sent["Location"] == page("draw", draw.pk)
    assert (draw.taken_by, draw.seed) == (lead, shown.seed)
    assert list(
        draw.items.order_by("position").values_list("ticket", "why", "reviewer")
    ) == [(item.ticket, item.why, item.reviewer) for item in shown.items]


def test_preview_says_when_a_seed_was_typed(client, lead):
    resolved_ticket(agent())
    of = plan(reviewers=[reviewer()])

    usual = client.get(page("preview", of.pk))
    typed = client.get(page("preview", of.pk), {"starts_on": "2026-03-02", "seed": 5})

    assert "the one this week has by itself" in usual.content.decode()
    assert typed.context["preview"].seed == 5
    assert "typed; by itself" in typed.content.decode()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"starts_on": "2026-03-03", "seed": 1}, "covers a week from Monday"),
        ({"starts_on": "2026-03-09", "seed": 1}, "is not over yet"),
        ({"starts_on": "soon", "seed": 1}, "Enter a valid date."),
        ({"starts_on": "2026-03-02", "seed": -1}, "greater than or equal to 0"),
    ],
)
def test_preview_says_what_it_cannot_show(client, lead, query, message):
    of = plan(reviewers=[reviewer()])

    response = client.get(page("preview", of.pk), query)

    assert message in response.content.decode()
    assert "preview" not in response.context


def test_preview_of_an_empty_week_leads_on(client, lead):
    response = client.get(page("preview", plan(reviewers=[reviewer()]).pk))

    text = response.content.decode()
    assert "No ticket of this week matches the plan" in text
    assert "Take this draw" not in text


def test_draw_after_the_frame_has_changed_is_refused_and_writes_nothing(client, lead):
    resolved_ticket(agent())
    of = plan(reviewers=[reviewer()])
    data = {"starts_on": "2026-03-02", "seed": 1, "expected_hash": "0" * 64}

    response = client.post(page("preview", of.pk), data)

    assert response.status_code == 409
    assert "Tickets have changed since the preview." in response.content.decode()
    assert not SamplingDraw.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_preview_query_count_does_not_grow(
    client, lead, rows, django_assert_num_queries
):
    for _ in range(rows):
        resolved_tickets(agent(), 3)
    of = plan(strata=["priority"], reviewers=[reviewer() for _ in range(rows)])
    client.get(page("preview", of.pk))

    with django_assert_num_queries(31):
        response = client.get(page("preview", of.pk))

    assert len(response.context["agents"]) == rows


# Draws ------------------------------------------------------------------------------------


def test_draw_page_proves_itself_and_hands_items_on(client, lead):
    draw = drawn()
    item = draw.items.first()
    other = reviewer()

    text = client.get(page("draw", draw.pk)).content.decode()
    client.post(page("reassign", draw.pk), {"item": [item.pk], "reviewer": other.pk})

    assert "Drawn again: same items?" in text
    assert "Proven" in text
    item.refresh_from_db()
    assert item.reviewer == other


def test_draw_page_says_what_a_replay_gives_otherwise(client, lead):
    draw = drawn()
    draw.items.order_by("pk").first().delete()

    text = client.get(page("draw", draw.pk)).content.decode()

    assert "Differs" in text
    assert "is in the replay and not in the draw." in text


def test_handing_on_says_what_was_refused_and_does_the_rest(client, lead):
    draw = drawn()
    done, still_open = draw.items.order_by("pk")[:2]
    SampleItem.objects.filter(pk=done.pk).update(state="DONE")
    other = reviewer()

    response = client.post(
        page("reassign", draw.pk),
        {"item": [done.pk, still_open.pk], "reviewer": other.pk},
        follow=True,
    )

    text = response.content.decode()
    assert f"Ticket #{done.ticket_id} is not open any more: Done." in text
    assert f"1 review given to {other}." in text
    assert draw.items.filter(reviewer=other).get() == still_open


def test_handing_on_without_a_choice_changes_nothing(client, lead):
    draw = drawn()
    before = set(draw.items.values_list("pk", "reviewer"))

    response = client.post(page("reassign", draw.pk), {}, follow=True)

    assert "Choose items and a reviewer." in response.content.decode()
    assert set(draw.items.values_list("pk", "reviewer")) == before


def test_reviewers_do_not_see_which_reviews_are_second_ones(client, judge):
    draw = drawn(overlap_share="0.5", reviewers=[judge, reviewer()])

    response = client.get(page("draw", draw.pk))

    text = response.content.decode()
    assert "By agent" in text
    assert "items" not in response.context
    assert "Second, blind review" not in text
    assert client.get(page("draw", draw.pk), {"csv": ""}).status_code == 403


def test_draw_csv_holds_every_item_with_its_chance(client, lead):
    draw = drawn()

    lines = client.get(page("draw", draw.pk), {"csv": ""}).getvalue().decode()

    header, *rows = lines.lstrip("\ufeff").strip().splitlines()
    assert header.startswith("position,ticket,agent,stratum,why,rule,probability,")
    assert len(rows) == draw.items.count() == 5
    assert all(",RANDOM,,0.8333333333333334," in row for row in rows)


@pytest.mark.parametrize("rows", [1, 3])
def test_draw_page_query_count_does_not_grow(
    client, lead, rows, django_assert_num_queries
):
    draw = drawn(agents=rows)
    client.get(page("draw", draw.pk))

    with django_assert_num_queries(11):
        response = client.get(page("draw", draw.pk))

    assert len(response.context["items"]) == 5 * rows


# Replacing --------------------------------------------------------------------------------


def test_reviewer_replaces_an_own_item_with_a_reason(client, judge):
    item = drawn(reviewers=[judge]).items.first()

    response = client.post(
        page("replace", item.pk), {"code": "SPAM", "reason": "Only a test"}
    )

    item.refresh_from_db()
    assert response.status_code == 302
    assert (item.state, item.reason_code, item.ended_by) == ("REPLACED", "SPAM", judge)
    assert item.replaced_by.reviewer == judge


def test_reviewer_replaces_nobody_elses_item(client, judge):
    item = drawn().items.first()

    assert client.get(page("replace", item.pk)).status_code == 404
    assert (
        client.post(
            page("replace", item.pk), {"code": "SPAM", "reason": "x"}
        ).status_code
        == 404
    )
    item.refresh_from_db()
    assert item.state == "OPEN"


def test_replacing_without_words_is_refused(client, lead):
    item = drawn().items.first()

    response = client.post(page("replace", item.pk), {"code": "SPAM", "reason": ""})

    assert response.status_code == 422
    item.refresh_from_db()
    assert item.state == "OPEN"


# Coverage ---------------------------------------------------------------------------------


def test_coverage_counts_what_was_resolved_drawn_and_done():
    draw = drawn(agents=2, quota_rule="FIXED", quota=2)
    first, second = sorted(
        {item.agent for item in draw.items.all()}, key=lambda a: a.pk
    )
    lonely = resolved_ticket(agent(), IN_WEEK, outcome="DUPLICATE").assignee
    idle = resolved_ticket(agent()).assignee
    draw.items.filter(agent=first).update(state="DONE")
    replaced = draw.items.filter(agent=second).first()
    services.replace_item(
        item_id=replaced.pk, actor=None, reason="x", code="SPAM", at=NEXT_MONDAY
    )

    rows = selectors.coverage(WEEK, date(2026, 3, 9))

    found = {
        row.agent: (row.resolved, row.drawn, row.done, row.random, row.is_covered)
        for row in rows
    }
    assert found == {
        first: (6, 2, 2, 2, True),
        second: (6, 2, 0, 0, False),
        idle: (1, 0, 0, 0, False),
    }
    assert lonely not in found
    assert rows[-1].agent == first  # who is at zero comes first


def test_coverage_of_a_team_and_of_other_days():
    team = TeamFactory()
    resolved_ticket(agent(team=team))
    resolved_ticket(agent())

    assert len(selectors.coverage(WEEK, date(2026, 3, 9), [team.pk])) == 1
    assert selectors.coverage(date(2026, 3, 9), date(2026, 3, 16)) == []


def test_coverage_page_names_who_is_at_zero_and_exports(client, judge):
    ada = resolved_ticket(agent()).assignee

    response = client.get(page("coverage"))
    csv = client.get(page("coverage"), PERIOD | {"csv": ""}).getvalue().decode()

    assert response.context["zero"][0].agent == ada
    assert "0 of 1 with a resolved ticket; target 100 %" in response.content.decode()
    assert f"{ada},,1,0,0,0" in csv


def test_coverage_page_says_when_there_is_nothing_or_the_days_are_wrong(client, judge):
    empty = client.get(page("coverage"))
    wrong = client.get(page("coverage"), {"start": "2026-03-08", "last": "2026-03-02"})

    assert "Nobody resolved a ticket in these days" in empty.content.decode()
    assert wrong.status_code == 400
    assert "The last day is before the first." in wrong.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_coverage_query_count_does_not_grow(
    client, judge, rows, django_assert_num_queries
):
    for _ in range(rows):
        resolved_ticket(agent(team=TeamFactory()))
    client.get(page("coverage"), PERIOD)

    with django_assert_num_queries(8):
        response = client.get(page("coverage"), PERIOD)

    assert len(response.context["rows"]) == rows


# Replacements -----------------------------------------------------------------------------


def test_replacements_are_counted_by_reviewer_and_reason(client, lead):
    draw = drawn(agents=2, quota_rule="FIXED", quota=3)
    items = list(draw.items.order_by("pk"))
    for item, code in zip(items, ("SPAM", "SPAM", "LANGUAGE"), strict=False):
        services.replace_item(
            item_id=item.pk, actor=item.reviewer, reason="x", code=code, at=NEXT_MONDAY
        )

    rows = selectors.replacements(WEEK, date(2026, 3, 9))
    text = client.get(page("replacements")).content.decode()

    assert sum(row.replaced for row in rows) == 3
    assert sum(row.items for row in rows) == 9
    total = {}
    for row in rows:
        for code, n in row.reasons.items():
            total[code] = total.get(code, 0) + n
    assert total == {"SPAM": 2, "LANGUAGE": 1}
    assert "3 of 9; 12 to 65 % at 95 %" in text


def test_replacements_without_a_draw_lead_on(client, lead):
    assert (
        "Nothing was drawn for these weeks"
        in client.get(page("replacements")).content.decode()
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_replacements_query_count_does_not_grow(
    client, lead, rows, django_assert_num_queries
):
    draw = drawn(agents=rows)
    for item in draw.items.order_by("pk")[:rows]:
        services.replace_item(
            item_id=item.pk, actor=item.reviewer, reason="x", code="SPAM",
            at=NEXT_MONDAY,
        )  # fmt: skip
    client.get(page("replacements"))

    with django_assert_num_queries(8):
        response = client.get(page("replacements"))

    assert len(response.context["page"].object_list) == rows


# Precision --------------------------------------------------------------------------------


def scored(who, scores):
    tickets = resolved_tickets(who, len(scores))
    version, judge = published_card(), reviewer()
    for ticket, score in zip(tickets, scores, strict=True):
        write_review(
            score=score, agent=who, ticket=ticket, version=version, reviewer=judge,
            at=NEXT_MONDAY - timedelta(hours=1),
        )  # fmt: skip


def test_spread_is_the_agents_own_then_everybodys_then_assumed():
    ada, ben, new = agent(), agent(), agent()
    resolved_ticket(new)
    scored(ada, [70, 90] * 5)

    own = selectors.score_spreads(agent_ids=[ada.pk, new.pk], at=NEXT_MONDAY)
    assert own[ada.pk].points == pytest.approx(10.540926)
    assert (own[ada.pk].source, own[ada.pk].n) == ("own", 10)
    assert (own[new.pk].source, own[new.pk].points) == ("assumed", 12.0)

    scored(ben, [40, 60] * 5)
    pooled = selectors.score_spreads(agent_ids=[new.pk], at=NEXT_MONDAY)[new.pk]
    # 100 points² ten times each, over 18 degrees of freedom: agents differ by 30 points
    # and that is no spread of theirs.
    assert (pooled.source, pooled.n) == ("everybody", 20)
    assert pooled.points == pytest.approx((2000 / 18) ** 0.5)


def test_planner_says_how_many_reviews_it_takes_by_the_end_of_the_month(client, lead):
    ada = agent()
    resolved_tickets(ada, 25)

    response = client.get(page("precision"))

    (line,) = response.context["rows"]
    # 25 tickets in the 8 ⅓ days until Monday 08:00 make 93 in March; spread 12 assumed.
    assert (line["agent"], line["have"], line["population"]) == (ada, 0, 93)
    assert line["further"] == 20
    text = response.content.decode()
    assert "20 more reviews" in text
    assert "12.0, assumed: there are too few reviews yet" in text


def test_planner_counts_the_reviews_there_are(client, lead):
    ada = agent()
    scored(ada, [78, 82] * 6)

    response = client.get(page("precision"), {"score": "85", "other": "80"})

    (line,) = response.context["rows"]
    assert (line["have"], line["further"]) == (12, 0)
    assert "Enough already" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"score": "80", "other": "80"}, "Two equal means cannot be told apart."),
        ({"month": "2026-05"}, "That month has not begun."),
        ({"score": "101"}, "less than or equal to 100"),
    ],
)
def test_planner_says_what_it_cannot_plan(client, lead, query, message):
    response = client.get(page("precision"), query)

    assert response.status_code == 400
    assert message in response.content.decode()


def test_team_leads_plan_and_cover_their_own_teams_only(client):
    boss = UserFactory(role=roles.TEAM_LEAD)
    own = resolved_ticket(agent(team=TeamFactory(lead=boss))).assignee
    resolved_ticket(agent(team=TeamFactory()))
    client.force_login(boss)

    planned = client.get(page("precision")).context["rows"]
    covered = client.get(page("coverage"))
    exported = client.get(page("coverage"), {"csv": ""}).getvalue().decode()

    assert [line["agent"] for line in planned] == [own]
    assert [row.agent for row in covered.context["rows"]] == [own]
    assert "You see the teams that you lead." in covered.content.decode()
    assert len(exported.strip().splitlines()) == 2


def test_team_leads_see_the_draws_counts_of_their_own_teams_only(client):
    boss = UserFactory(role=roles.TEAM_LEAD)
    own = resolved_ticket(agent(team=TeamFactory(lead=boss))).assignee
    draw = drawn()
    client.force_login(boss)

    rows = client.get(page("draw", draw.pk)).context["agents"]

    assert [row.agent for row in rows] == [own]


@pytest.mark.parametrize("rows", [1, 3])
def test_planner_query_count_does_not_grow(
    client, lead, rows, django_assert_num_queries
):
    for _ in range(rows):
        resolved_ticket(agent(team=TeamFactory()))
    client.get(page("precision"))

    with django_assert_num_queries(9):
        response = client.get(page("precision"))

    assert len(response.context["rows"]) == rows


# Roles ------------------------------------------------------------------------------------

ALL = (
    roles.AGENT,
    roles.TEAM_LEAD,
    roles.SUPPORT_LEAD,
    roles.QA_REVIEWER,
    roles.WORKFORCE_MANAGER,
    roles.EXECUTIVE,
)
REVIEWING = {roles.TEAM_LEAD, roles.SUPPORT_LEAD, roles.QA_REVIEWER}
LEADING = {roles.SUPPORT_LEAD}


@pytest.mark.parametrize("role", ALL)
def test_pages_open_for_the_roles_they_are_for(client, role):
    draw = drawn()
    client.force_login(UserFactory(role=role))

    opened = {
        address: client.get(address).status_code == 200
        for address in (
            page("plan", draw.plan_id),
            page("draw", draw.pk),
            page("coverage"),
            page("precision"),
            page("preview", draw.plan_id),
            page("replacements"),
        )
    }

    assert list(opened.values()) == [role in REVIEWING] * 4 + [role in LEADING] * 2


@pytest.mark.parametrize("role", sorted(set(ALL) - LEADING))
def test_others_take_no_draw_and_hand_nothing_on(client, role):
    draw = drawn()
    client.force_login(UserFactory(role=role))
    before = set(draw.items.values_list("pk", "reviewer"))
    week_before = {"starts_on": "2026-02-23", "seed": 1, "expected_hash": "x"}

    taken = client.post(page("preview", draw.plan_id), week_before)
    handed = client.post(
        page("reassign", draw.pk),
        {"item": [draw.items.first().pk], "reviewer": reviewer().pk},
    )

    assert (taken.status_code, handed.status_code) == (403, 403)
    assert SamplingDraw.objects.count() == 1
    assert set(draw.items.values_list("pk", "reviewer")) == before


def test_month_bounds_reach_into_the_next_year():
    assert month_bounds(date(2026, 12, 31), UTC) == (
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    )
