"""Pages of sampling: plans, previews, draws, coverage, replacements, the planner."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from qa.models import SampleItem, SamplingDraw, SamplingPlan
from qa.services import sampling as services
from supportops.common import roles
from tests.factories.people import UserFactory
from tests.factories.quality import agent, published_card, reviewer
from tests.factories.sampling import (
    IN_WEEK,
    NEXT_MONDAY,
    WEEK,
    drawn,
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

    with django_assert_num_queries(37):
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

    with django_assert_num_queries(12):
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
