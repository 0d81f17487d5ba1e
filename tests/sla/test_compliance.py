"""The compliance page: its figures are the catalogue's, its lists are what they count."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from sla.models import SlaClock
from sla.selectors import compliance
from supportops.common import roles
from supportops.metrics import catalogue, selectors, services
from supportops.metrics.registry import visibility_of
from supportops.metrics.scopes import Scope
from tests.factories.facts import NOW, random_world
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import CategoryFactory, open_ticket
from workforce.people.models import User

pytestmark = pytest.mark.django_db

PAGE = "sla:compliance"
LIST = "sla:promises"
DAYS = {"from": "2026-04-20", "to": "2026-05-19"}


def scope(**values):
    return Scope(date(2026, 4, 20), date(2026, 5, 20), at=NOW, **values)


@pytest.fixture
def lead(client):
    """A support lead in Berlin, signed in."""
    user = UserFactory(role=roles.SUPPORT_LEAD, time_zone="Europe/Berlin")
    client.force_login(user)
    return user


def table(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def clock(ticket, **values):
    judged = values.pop("judged_at")
    values = {
        "metric": "resolution",
        "state": "missed",
        "target_seconds": 3600,
        "elapsed_seconds": 4000,
        "started_at": judged - timedelta(hours=1),
        "stopped_at": judged,
        "is_kept": False,
        "computed_at": NOW,
        "watched_since": NOW,
        **values,
    }
    return SlaClock.objects.create(ticket=ticket, judged_at=judged, **values)


def rebuild():
    services.mark_all()
    services.refresh(at=NOW)


@pytest.mark.parametrize("seed", [11, 12])
def test_page_export_and_catalogue_show_the_same_figures(client, lead, seed):
    random_world(seed=seed)

    page = client.get(reverse(PAGE), DAYS)
    export = table(client.get(reverse(PAGE), DAYS | {"csv": "figures"}))

    shown = {item.metric.code: item for item, _drill in page.context["figures"]}
    assert list(shown) == list(compliance.HEADLINE)
    for row in export:
        figure = catalogue.get(row["code"]).compute(scope())
        before = catalogue.get(row["code"]).compute(
            Scope(date(2026, 3, 21), date(2026, 4, 20), at=NOW)
        )
        item = shown[row["code"]]
        assert (item.figure, item.before) == (figure, before)
        assert float(row["value"]) == figure.value
        assert int(row["n"]) == figure.n
        assert int(row["previous_n"]) == before.n


def test_figures_agree_with_counting_clocks(client, lead):
    world = random_world(seed=13)
    inside = [
        c
        for c in world.clocks
        if c.judged_at and date(2026, 4, 20) <= c.judged_at.date() < date(2026, 5, 20)
    ]
    counted = [c for c in inside if not c.is_excluded]
    missed = [c for c in counted if not c.is_kept]

    page = client.get(reverse(PAGE), DAYS)

    whole = page.context["whole"]
    assert (whole.hits, whole.n) == (len(counted) - len(missed), len(counted))
    assert page.context["excluded_count"] == len(inside) - len(counted)
    assert page.context["heat_total"] == len(missed)
    shown = {item.metric.code: item.figure for item, _ in page.context["figures"]}
    assert shown["breach_count"].value == len({c.ticket_id for c in missed})


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"metric": "resolution"},
        {"priority": "P2"},
        {"priority": ["P1", "none"], "metric": "first_response"},
        {"team": "none"},
    ],
)
def test_every_number_opens_exactly_the_promises_it_counts(client, lead, filters):
    random_world(seed=14)
    given = DAYS | filters

    page = client.get(reverse(PAGE), given)

    for item, drill in page.context["figures"]:
        if item.metric.code in {"response_sla", "resolution_sla"}:
            opened = client.get(reverse(LIST) + drill).context["page"].paginator.count
            assert opened == item.figure.n - item.figure.hits
        if item.metric.code in {"breach_count", "severe_breach_count"}:
            assert (
                client.get(reverse(LIST) + drill).context["tickets"]
                == item.figure.value
            )
    cells = [cell for _name, row in page.context["matrix"] for cell in row]
    groups = [pair for _n, _c, ranked in page.context["rankings"] for pair in ranked]
    drills = [
        (cell["figure"], cell["address"]) for cell in cells[:6] if cell["figure"]
    ] + [(group.figure, address) for group, address in groups[:6]]
    drills += [(figure, days) for _start, figure, days in page.context["trend"][:4]]
    assert len(drills) > 5
    for figure, address in drills:
        opened = client.get(reverse(LIST) + address).context["page"].paginator.count
        assert opened == figure.n - figure.hits


def test_heat_cells_open_their_promises_in_the_viewers_zone(client, lead):
    """The night of 29 March 2026: Berlin's clocks go from 01:59 to 03:00."""
    ticket = open_ticket(at=datetime(2026, 3, 28, tzinfo=UTC))
    for cycle, moment in enumerate(
        [(29, 0, 59), (29, 1, 0), (29, 1, 30), (28, 23, 30)], start=1
    ):
        day, hour, minute = moment
        judged = datetime(2026, 3, day, hour, minute, tzinfo=UTC)
        clock(ticket, judged_at=judged, cycle=cycle)
    rebuild()
    days = {"from": "2026-03-28", "to": "2026-03-29"}

    page = client.get(reverse(PAGE), days)

    cells = {
        (str(weekday), cell["hour"]): cell
        for weekday, row in page.context["heat"]
        for cell in row
        if cell["count"]
    }
    # 23:30 UTC on Saturday is already Sunday 00:30 in Berlin.
    assert {key: cell["count"] for key, cell in cells.items()} == {
        ("Sunday", 0): 1,
        ("Sunday", 1): 1,
        ("Sunday", 3): 2,
    }
    opened = client.get(reverse(LIST) + cells["Sunday", 3]["address"])
    assert [c.judged_at.minute for c in opened.context["clocks"]] == [30, 0]
    assert "Sunday at 3:00" in opened.content.decode()


def test_days_are_half_open_at_midnight_utc(client, lead):
    ticket = open_ticket(at=datetime(2026, 3, 1, tzinfo=UTC))
    edges = [
        datetime(2026, 3, 2, 0, 0, tzinfo=UTC),
        datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 3, 0, 0, tzinfo=UTC),
    ]
    for cycle, moment in enumerate(edges, start=1):
        clock(ticket, judged_at=moment, cycle=cycle)
    rebuild()

    counts = [
        client.get(reverse(PAGE), {"from": day, "to": day}).context["whole"].n
        for day in ("2026-03-02", "2026-03-03")
    ]

    assert counts == [2, 1]


def test_previous_period_stands_beside_the_figures(client, lead):
    ticket = open_ticket(at=datetime(2026, 2, 1, tzinfo=UTC))
    kept = {"is_kept": True, "state": "met", "elapsed_seconds": 60}
    clock(ticket, judged_at=datetime(2026, 3, 31, 23, tzinfo=UTC), cycle=1, **kept)
    clock(ticket, judged_at=datetime(2026, 4, 1, tzinfo=UTC), cycle=2)
    clock(ticket, judged_at=datetime(2026, 4, 30, 23, tzinfo=UTC), cycle=3, **kept)
    rebuild()

    with time_machine.travel(datetime(2026, 5, 9, tzinfo=UTC), tick=False):
        page = client.get(reverse(PAGE), {"period": "last_month"})

    shown = {item.metric.code: item for item, _ in page.context["figures"]}
    resolution = shown["resolution_sla"]
    assert (resolution.figure.value, resolution.figure.n) == (0.5, 2)
    assert (resolution.before.value, resolution.before.n) == (1.0, 1)
    assert "−50.0 points" in page.content.decode()
    assert "1 Mar 2026 – 31 Mar 2026" in page.content.decode()


def test_csv_of_every_table_sums_to_the_figures(client, lead):
    random_world(seed=15)
    whole = catalogue.get("promises_kept").compute(scope())

    for name in ("trend", "matrix", "team", "category", "agent", "channel"):
        rows = table(client.get(reverse(PAGE), DAYS | {"csv": name}))
        assert sum(int(row["n"]) for row in rows) == whole.n, name
        assert sum(int(row["kept"]) for row in rows) == whole.hits, name
    hours = table(client.get(reverse(PAGE), DAYS | {"csv": "hours"}))
    counts = [int(v) for row in hours for k, v in row.items() if ":" in k]
    assert len(counts) == 168
    assert sum(counts) == whole.n - whole.hits


def test_promises_csv_lists_what_the_page_counts_and_runs_nothing(client, lead):
    ticket = open_ticket(
        at=datetime(2026, 4, 30, tzinfo=UTC), subject='=HYPERLINK("http://x")'
    )
    clock(ticket, judged_at=datetime(2026, 5, 1, tzinfo=UTC))
    rebuild()

    (row,) = table(client.get(reverse(LIST), DAYS | {"csv": "1", "outcome": "missed"}))

    assert row["subject"] == '\'=HYPERLINK("http://x")'
    assert (row["target_seconds"], row["elapsed_seconds"]) == ("3600", "4000")
    assert row["judged_at"] == "2026-05-01T00:00:00+00:00"


def test_team_names_in_csv_run_nothing(client, lead):
    team = TeamFactory(name="+cmd|' /C calc'!A0")
    ticket = open_ticket(at=datetime(2026, 4, 30, tzinfo=UTC), team=team)
    clock(ticket, judged_at=datetime(2026, 5, 1, tzinfo=UTC))
    rebuild()

    (row,) = table(client.get(reverse(PAGE), DAYS | {"csv": "team"}))

    assert row["team"] == "'+cmd|' /C calc'!A0"


def test_people_see_only_the_promises_of_tickets_they_may_see(client):
    world = random_world(seed=16)
    lead_of_one = UserFactory(role=roles.TEAM_LEAD, team=world.teams[0])
    visible = visibility_of(lead_of_one)
    assert visible is not None
    own = scope(visible=visible)
    client.force_login(lead_of_one)

    page = client.get(reverse(PAGE), DAYS)
    opened = client.get(reverse(LIST), DAYS)

    metric = catalogue.get("promises_kept")
    assert page.context["whole"] == metric.compute(own)
    assert 0 < page.context["whole"].n < metric.compute(scope()).n
    assert opened.context["page"].paginator.count == page.context["whole"].n
    other = world.teams[1].pk
    for row in opened.context["clocks"]:
        assert row.ticket.team_id != other or row.ticket.assignee_id == lead_of_one.pk
    assert "your team" in page.content.decode()


def test_a_promise_that_changed_hands_since_is_not_shown(client):
    """The day segment may be half a minute old; the ticket decides who reads it."""
    mine, theirs = TeamFactory(), TeamFactory()
    ticket = open_ticket(at=datetime(2026, 4, 30, tzinfo=UTC), team=mine)
    clock(ticket, judged_at=datetime(2026, 5, 1, tzinfo=UTC))
    rebuild()
    client.force_login(UserFactory(role=roles.TEAM_LEAD, team=mine))
    type(ticket).objects.filter(pk=ticket.pk).update(team=theirs)

    opened = client.get(reverse(LIST), DAYS)

    assert opened.context["clocks"] == []
    assert table(client.get(reverse(LIST), DAYS | {"csv": "1"})) == []


@pytest.mark.parametrize("name", [PAGE, LIST])
def test_pages_refuse_who_has_no_permission(client, name):
    client.force_login(UserFactory())
    assert client.get(reverse(name)).status_code == 403

    client.logout()
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert "login" in response.url


@pytest.mark.parametrize("name", [PAGE, LIST])
@pytest.mark.parametrize("role", [roles.SUPPORT_LEAD, roles.TEAM_LEAD, roles.EXECUTIVE])
def test_pages_open_for_those_who_answer_for_promises(client, name, role):
    client.force_login(UserFactory(role=role))

    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize(
    ("name", "params", "words"),
    [
        (PAGE, {"period": "eon"}, "no known period"),
        (PAGE, {"from": "2026-05-02", "to": "2026-05-01"}, "before it starts"),
        (PAGE, {"from": "1.5.2026"}, "A date is written as"),
        (PAGE, {"from": "1026-01-01"}, "between 1970 and 2199"),
        (PAGE, {"team": "x'--"}, "no known team"),
        (PAGE, {"priority": "P9"}, "no known priority"),
        (PAGE, {"category": "999999"}, "no known category"),
        (PAGE, {"metric": "happiness"}, "no known promise"),
        (PAGE, {"csv": "secrets"}, "no table of this page"),
        (LIST, {"outcome": "lost"}, "no outcome"),
        (LIST, {"slot": "168"}, "0 to 167"),
        (LIST, {"slot": "-1"}, "0 to 167"),
    ],
)
def test_an_address_that_cannot_be_read_says_why(client, lead, name, params, words):
    response = client.get(reverse(name), params)

    assert response.status_code == 400
    assert words in response.content.decode()


def test_a_category_stands_for_everything_beneath_it(client, lead):
    world = random_world(seed=17)
    root = next(
        t.category
        for t in world.tickets
        if t.category
        and not t.category.parent_id
        and t.category.name.startswith("Root")
    )
    whole = client.get(reverse(PAGE), DAYS | {"category": root.pk}).context["whole"]

    counted = [
        c
        for c in world.clocks
        if c.judged_at
        and not c.is_excluded
        and date(2026, 4, 20) <= c.judged_at.date() < date(2026, 5, 20)
        and c.ticket.category
        and c.ticket.category.path.startswith(root.path)
    ]
    assert whole.n == len(counted)


def test_a_category_of_the_ranking_stays_chosen_when_opened(client, lead):
    random_world(seed=17)
    page = client.get(reverse(PAGE), DAYS)
    ranked = next(
        groups for _n, code, groups in page.context["rankings"] if code == "category"
    )
    group, drill = next(pair for pair in ranked if pair[0].key != "none")

    opened = client.get(reverse(LIST) + drill)

    field = next(f for f in opened.context["filters"] if f["code"] == "category")
    # Nothing is beneath it, so its own option says the same: it is listed once.
    assert field["value"] == group.key.removeprefix("only-")
    names = [name for _value, name in field["options"]]
    assert names.count(group.name) == 1


def test_a_category_with_others_beneath_is_told_from_itself_alone(client, lead):
    root = CategoryFactory(name="Printing")
    beneath = CategoryFactory(name="Toner", parent=root)
    for day, category in ((1, root), (2, beneath)):
        judged = datetime(2026, 5, day, 12, tzinfo=UTC)
        ticket = open_ticket(at=judged - timedelta(days=1), category=category)
        clock(ticket, judged_at=judged)
    rebuild()

    page = client.get(reverse(PAGE), DAYS | {"category": f"only-{root.pk}"})

    field = next(f for f in page.context["filters"] if f["code"] == "category")
    assert field["value"] == f"only-{root.pk}"
    assert field["options"] == [
        (str(root.pk), "Printing"),
        (str(beneath.pk), "Printing / Toner"),
        (f"only-{root.pk}", "Printing alone"),
    ]


def test_empty_page_leads_to_the_latest_days(client, lead):
    assert "once a policy is published" in client.get(reverse(PAGE)).content.decode()

    ticket = open_ticket(at=datetime(2020, 5, 1, tzinfo=UTC))
    clock(ticket, judged_at=datetime(2020, 5, 2, 12, tzinfo=UTC))
    rebuild()
    page = client.get(reverse(PAGE))

    assert page.context["latest"] == "?from=2020-05-02&to=2020-05-02"
    found = client.get(reverse(PAGE) + page.context["latest"])
    assert found.context["whole"].n == 1


def test_chart_data_is_json_that_the_table_repeats(client, lead):
    random_world(seed=18)
    page = client.get(reverse(PAGE), DAYS)

    found = re.search(
        r'<script id="trend-data" type="application/json">(.*?)</script>',
        page.content.decode(),
        re.DOTALL,
    )
    chart = json.loads(found.group(1))

    assert chart["labels"][0] == "2026-04-20"
    assert chart["target"] == 90.0
    assert chart["n"] == [figure.n for _day, figure, _url in page.context["trend"]]
    inline = re.findall(
        r"<script(?![^>]*(?:src=|application/json))[^>]*>", page.content.decode()
    )
    assert inline == []


@pytest.mark.parametrize("rows", [1, 3])
def test_page_query_count_does_not_grow(client, lead, rows, django_assert_num_queries):
    fill(rows)
    client.get(reverse(PAGE), DAYS)
    selectors.unpacked_days.clear()

    with django_assert_num_queries(15):
        page = client.get(reverse(PAGE), DAYS)

    assert page.context["whole"].n == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_list_query_count_does_not_grow(client, lead, rows, django_assert_num_queries):
    fill(rows)
    selectors.unpacked_days.clear()

    with django_assert_num_queries(12):
        page = client.get(reverse(LIST), DAYS)

    assert len(page.context["clocks"]) == rows


def fill(rows):
    """So many promises, each on a ticket, team, agent and day of its own."""
    for number in range(rows):
        judged = datetime(2026, 5, 1 + number, 12, tzinfo=UTC)
        ticket = open_ticket(
            at=judged - timedelta(days=1), team=TeamFactory(), assignee=UserFactory()
        )
        clock(ticket, judged_at=judged)
    rebuild()


def test_pages_say_when_their_days_are_to_be_counted_again(client, lead):
    fill(1)
    words = "1 day is counted again: figures change in a moment."
    assert words not in client.get(reverse(PAGE), DAYS).content.decode()

    services.mark_dirty("promises", [date(2026, 5, 1)])

    assert words in client.get(reverse(PAGE), DAYS).content.decode()
    elsewhere = {"from": "2026-05-02", "to": "2026-05-03"}
    assert words not in client.get(reverse(PAGE), elsewhere).content.decode()


def test_empty_page_says_that_counting_goes_on(client, lead):
    services.mark_dirty("promises", [date(2010, 1, 3), date(2010, 1, 4)])
    services.mark_dirty("promises", [date(2010, 1, 3)])

    text = client.get(reverse(PAGE), DAYS).content.decode()

    assert "2 days are counted again" in text
    assert "No promise came due" not in text
    assert "The figures of this page appear in a moment." in text

    services.refresh(at=NOW)
    text = client.get(reverse(PAGE), DAYS).content.decode()
    assert "No promise came due" in text
    assert "appear in a moment" not in text


def test_empty_page_offers_the_latest_days_while_others_are_counted(client, lead):
    fill(1)
    services.mark_dirty("promises", [date(2026, 4, 1)])
    elsewhere = {"from": "2026-04-01", "to": "2026-04-02"}

    text = client.get(reverse(PAGE), elsewhere).content.decode()

    assert "No promise of this period is counted yet" in text
    assert "Show the latest days that have any" in text


def test_small_buckets_of_the_trend_are_marked_in_the_legend(client, lead):
    fill(1)

    chart = client.get(reverse(PAGE), DAYS).context["trend_chart"]

    assert (chart["few"], chart["few_name"]) == (20, "○ fewer than 20 promises")
    assert chart["values"].count(None) == len(chart["values"]) - 1


def test_figures_say_what_they_are_counted_of(client, lead):
    fill(3)

    text = client.get(reverse(PAGE), DAYS).content.decode()

    assert "of 3 promises" in text
    assert "n = 3" not in text


def test_promises_of_many_days_are_written_in_hours(client, lead):
    ticket = open_ticket(at=datetime(2026, 4, 1, tzinfo=UTC))
    judged = datetime(2026, 5, 1, 12, tzinfo=UTC)
    clock(ticket, judged_at=judged, target_seconds=172_800, elapsed_seconds=190_200)
    rebuild()

    text = client.get(reverse(LIST), DAYS).content.decode()

    assert "48 h<" in text
    assert "52 h 50 min" in text


def test_long_lists_are_cut_into_pages(client, lead):
    ticket = open_ticket(at=datetime(2026, 4, 30, tzinfo=UTC))
    for cycle in range(1, 31):
        judged = datetime(2026, 5, 1, 0, cycle, tzinfo=UTC)
        clock(ticket, judged_at=judged, cycle=cycle)
    rebuild()

    first = client.get(reverse(LIST), DAYS)
    second = client.get(reverse(LIST), DAYS | {"page": "2"})

    assert [len(p.context["clocks"]) for p in (first, second)] == [25, 5]
    assert first.context["clocks"][0].judged_at.minute == 30
    assert second.context["clocks"][-1].judged_at.minute == 1
    assert first.context["tickets"] == 1


def test_heat_map_follows_the_zone_asked_for():
    day = Scope(date(2026, 7, 1), date(2026, 7, 2))
    ticket = open_ticket(at=datetime(2026, 6, 30, tzinfo=UTC))
    clock(ticket, judged_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    rebuild()

    tokyo = compliance.breaches_by_hour(day, ZoneInfo("Asia/Tokyo"))

    # Wednesday 23:30 UTC is Thursday 08:30 in Tokyo.
    assert tokyo[3, 8] == 1
    assert tokyo.sum() == 1


def test_superusers_see_everything(client):
    random_world(seed=19)
    root = User.objects.create_superuser("root", "root@example.com", "secret")
    client.force_login(root)

    page = client.get(reverse(PAGE), DAYS)

    assert page.context["whole"] == catalogue.get("promises_kept").compute(scope())
