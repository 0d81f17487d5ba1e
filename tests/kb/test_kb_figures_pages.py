"""Pages of self-service: what they show, who sees them, what they cost."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kb.models import KnowledgeValue
from kb.templatetags import self_service
from supportops.common import roles
from supportops.metrics import catalogue
from supportops.metrics.catalogue import Figure
from supportops.metrics.scopes import scope_from
from tests.factories.kb import published_article
from tests.factories.people import UserFactory
from tests.factories.self_service import (
    hold_out,
    make_reading,
    make_search,
    make_visits,
    make_vote,
)
from tests.factories.tickets import CategoryFactory, open_ticket

pytestmark = pytest.mark.django_db

PAGES = (
    "kb:figures",
    "kb:figures-searches",
    "kb:figures-articles",
    "kb:figures-coverage",
    "kb:figures-value",
)
VALUE = "/kb/figures/value/"


@pytest.fixture
def lead(client):
    user = UserFactory(role=roles.SUPPORT_LEAD)
    client.force_login(user)
    return user


@pytest.fixture
def now():
    return timezone.now() - timedelta(hours=2)


def write(now, rows):
    """So many of everything that the pages list."""
    for n in range(rows):
        article = published_article(f"Guide {n}", at=now)
        category = CategoryFactory()
        article.categories.set([category])
        ticket = open_ticket(at=now)
        ticket.category = category
        ticket.save(update_fields=["category"])
        again = make_search(f"text {n} again", at=now, results=0)
        opened = make_search(f"text {n}", at=now, clicked=article, visitor=f"v{n}")
        make_search(f"text {n}", at=now, refined_by=again, visitor=f"x{n}")
        make_search(f"text {n}", at=now, ticket=ticket, visitor=f"y{n}")
        make_reading(article, at=now, search=opened, visitor=f"v{n}")
        make_vote(article, f"v{n}", True, at=now)
    make_visits("SHOWN", n=3, sent=1, at=now)


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("name", PAGES)
def test_page_without_anything_says_so_and_what_to_do(client, lead, name):
    response = client.get(reverse(name))

    assert response.status_code == 200
    text = response.content.decode()
    assert "mt-empty" in text or "52,500" in text


@pytest.mark.parametrize("name", [*PAGES, "kb:figures-search"])
def test_page_is_refused_to_who_may_not_see_searches(client, name):
    client.force_login(UserFactory(role=roles.AGENT))

    assert client.get(reverse(name), {"text": "vpn"}).status_code == 403


@pytest.mark.parametrize("role", [roles.TEAM_LEAD, roles.EXECUTIVE])
def test_page_is_shown_to_leads_and_executives(client, role):
    client.force_login(UserFactory(role=role))

    for name in PAGES:
        assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/kb/figures/", 29),
        ("/kb/figures/searches/", 7),
        ("/kb/figures/searches/one/?text=text+0", 10),
        ("/kb/figures/articles/", 8),
        ("/kb/figures/coverage/", 10),
        ("/kb/figures/value/", 9),
    ],
)
@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_for_any_number_of_rows(
    client, lead, now, rows, path, queries, django_assert_num_queries
):
    write(now, rows)
    client.get(path)

    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


def test_period_that_cannot_be_read_is_refused_in_words(client, lead):
    response = client.get("/kb/figures/", {"from": "soon", "to": "later"})

    assert response.status_code == 400
    assert "A date is written as 2026-05-31" in response.content.decode()


def test_days_are_those_of_the_metrics(client, lead, settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    make_search("before", at=midnight - timedelta(seconds=1))
    make_search("after", at=midnight)
    today = midnight.date().isoformat()

    response = client.get("/kb/figures/searches/", {"from": today, "to": today})

    assert [row.text for row in response.context["rows"]] == ["after"]
    period = {"from": [today], "to": [today]}
    scope = scope_from(period, user=lead, at=timezone.now())
    assert catalogue.get("kb_zero_results").of_scope(scope).n == 1


def test_lists_show_their_kind_with_share_and_change(client, lead, now):
    for n in range(3):
        make_search("sso", at=now, results=0, visitor=f"a{n}")
    make_search("sso", at=now, visitor="b")
    make_search("vpn", at=now, visitor="c")
    make_search("sso", at=now - timedelta(days=30), results=0)

    response = client.get("/kb/figures/searches/", {"list": "no-result"})

    (row,) = response.context["rows"]
    assert (row.text, row.hits, row.before, row.share.value) == ("sso", 3, 1, 0.75)
    assert "+200 %" in response.content.decode()
    assert "text=sso" in response.content.decode()


@pytest.mark.parametrize(
    ("asked", "number"),
    [("", 1), ("1", 1), ("2", 2), ("3", 2), ("-1", 2), ("9" * 30, 2), ("x", 1)],
)
def test_list_shows_the_page_that_is_asked_for_or_the_last(
    client, lead, now, asked, number
):
    for n in range(27):
        make_search(f"text {n:02}", at=now, results=0)
    make_search("text found", at=now, results=3)

    response = client.get("/kb/figures/searches/", {"list": "no-result", "page": asked})

    page, rows = response.context["page"], response.context["rows"]
    assert (page.number, page.paginator.count) == (number, 27)
    assert response.context["whole"].searches == 28
    first, last = (0, 25) if number == 1 else (25, 27)
    assert [row.text for row in rows] == [f"text {n:02}" for n in range(first, last)]


def test_list_as_csv_holds_every_row_of_the_page(client, lead, now):
    write(now, 2)

    for kind in ("top", "no-result", "refined", "abandoned", "ticket"):
        params = {"list": kind}
        page = client.get("/kb/figures/searches/", params).context["rows"]
        lines = rows_of(client.get("/kb/figures/searches/", {**params, "csv": 1}))
        assert [(r["text"], int(r["count"])) for r in lines] == [
            (r.text, r.hits) for r in page
        ]


def test_csv_does_not_run_what_visitors_typed(client, lead, now):
    make_search("=1+1", at=now)

    (line,) = rows_of(client.get("/kb/figures/searches/", {"csv": 1}))

    assert line["text"] == "'=1+1"


def test_text_of_a_visitor_is_shown_as_text(client, lead, now):
    make_search("<script>alert(1)</script>&x=1", at=now)

    response = client.get("/kb/figures/searches/")

    text = response.content.decode()
    assert "<script>alert" not in text
    link = "text=%3Cscript%3Ealert%281%29%3C%2Fscript%3E%26x%3D1"
    assert link in text
    one = client.get(f"/kb/figures/searches/one/?{link}")
    assert one.context["found"].totals.searches == 1


def test_one_text_shows_what_people_did_next(client, lead, now):
    write(now, 1)

    response = client.get("/kb/figures/searches/one/", {"text": "text 0"})

    text = response.content.decode()
    assert "Guide 0" in text
    assert "text 0 again" in text
    assert response.context["found"].totals.searches == 3
    lines = rows_of(
        client.get("/kb/figures/searches/one/", {"text": "text 0", "csv": 1})
    )
    assert sorted(line["opened"] for line in lines) == ["", "", "Guide 0"]


def test_pages_go_by_language_and_place(client, lead, now):
    published_article("Anleitung", language="de", at=now)
    make_search("konto", at=now, language="de")
    make_search("vpn", at=now)
    make_search("printer", at=now, place="FORM")

    def texts(**params):
        response = client.get("/kb/figures/searches/", params)
        return {row.text for row in response.context["rows"]}

    assert texts(language="de") == {"konto"}
    assert texts() == {"konto", "vpn"}
    assert texts(place="FORM") == {"printer"}


def test_articles_sort_by_a_column_and_hide_few_votes(client, lead, now):
    liked = published_article("Liked", at=now)
    few = published_article("Few", at=now)
    for n in range(5):
        make_vote(liked, f"v{n}", True, at=now)
    make_vote(few, "v1", False, at=now)
    make_reading(few, at=now)

    def titles(sort):
        page = client.get("/kb/figures/articles/", {"sort": sort}).context["page"]
        return [row.article.title for row in page]

    assert titles("-readers") == ["Few", "Liked"]
    assert titles("-helpful") == ["Liked", "Few"]
    lines = rows_of(client.get("/kb/figures/articles/", {"csv": 1}))
    assert [(r["title"], r["helpful"], r["votes"]) for r in lines] == [
        ("Few", "", "1"),
        ("Liked", "1.0", "5"),
    ]


def test_overview_says_what_is_known_about_deflection(client, lead, now):
    hold_out("0.500")
    make_visits("SHOWN", n=200, sent=90, at=now - timedelta(days=1))
    make_visits("HELD_OUT", n=200, sent=130, at=now - timedelta(days=1))

    text = client.get("/kb/figures/").content.decode()

    assert "Suggestions prevent tickets" in text
    # 65 % − 45 % of 200 visitors; Newcombe's interval.
    assert "20 fewer send a ticket" in text
    assert "that is 40 tickets" in text
    assert "50 % were held out, 50 % are planned" in text


def test_overview_without_a_hold_out_says_that_nothing_is_measured(client, lead, now):
    make_visits("SHOWN", n=50, sent=20, at=now)

    text = client.get("/kb/figures/").content.decode()

    assert "Nothing to compare with" in text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ((100, 103), "No difference can be told from chance"),
        ((130, 90), "More tickets come with suggestions"),
    ],
)
def test_overview_does_not_claim_what_was_not_seen(client, lead, now, sent, words):
    shown, held_out = sent
    make_visits("SHOWN", n=200, sent=shown, at=now - timedelta(days=1))
    make_visits("HELD_OUT", n=200, sent=held_out, at=now - timedelta(days=1))

    assert words in client.get("/kb/figures/").content.decode()


def test_few_visitors_are_no_finding(client, lead, now):
    make_visits("SHOWN", n=40, sent=1, at=now)
    make_visits("HELD_OUT", n=29, sent=29, at=now)

    assert "Too few visitors yet" in client.get("/kb/figures/").content.decode()


def test_deflection_csv_has_both_groups(client, lead, now):
    make_visits("SHOWN", n=40, sent=10, at=now)
    make_visits("HELD_OUT", n=40, sent=20, at=now)

    lines = rows_of(client.get("/kb/figures/", {"csv": "deflection"}))

    assert [(r["row"], r["sent"], r["visitors"]) for r in lines[:3]] == [
        ("with suggestions", "10", "40"),
        ("held out", "20", "40"),
        ("difference", "", "80"),
    ]
    assert float(lines[2]["value"]) == 0.25


def test_value_of_the_worked_example_comes_out_as_printed(client, lead):
    response = client.post(
        VALUE,
        {
            "visits_per_month": "10000",
            "deflection_percent": "35",
            "cost_per_ticket": "15",
            "source": "Handbook",
        },
        follow=True,
    )

    claimed = response.context["claimed"]
    assert (claimed.worked.deflected, claimed.worked.saved) == (3500, 52_500)
    text = response.content.decode()
    for line in ("10,000", "35.0 %", "3,500", "15.00 USD", "52,500 USD", "Handbook"):
        assert line in text
    assert text.count("typed below") == 3
    stored = KnowledgeValue.objects.get()
    assert (stored.changed_by, stored.history.count()) == (lead, 1)


def test_value_is_counted_where_nothing_is_typed(client, lead, now):
    month = timezone.localdate().replace(day=1) - timedelta(days=1)
    at = timezone.now().replace(
        year=month.year, month=month.month, day=5, hour=12, minute=0
    )
    article = published_article(at=at)
    ticket = open_ticket(at=at)
    for n in range(10):
        make_reading(article, visitor=f"v{n}", at=at, ticket=ticket if n < 4 else None)
    make_visits("SHOWN", n=100, sent=40, at=at)
    make_visits("HELD_OUT", n=100, sent=50, at=at)

    context = client.get(VALUE, {"period": "last_month"}).context

    # Ten readers, six of them without a ticket, at 15 each; 10 points of 100 visitors.
    assert context["claimed"].worked.saved == pytest.approx(90)
    assert context["proven"].worked.saved == pytest.approx(150)
    assert context["proven"].low.saved < 0 < context["proven"].high.saved
    lines = rows_of(client.get(VALUE, {"period": "last_month", "csv": 1}))
    assert [line["figure"] for line in lines] == [
        "claimed",
        "measured",
        "measured, low",
        "measured, high",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"cost_per_ticket": "-1"},
        {"cost_per_ticket": ""},
        {"cost_per_ticket": "15", "deflection_percent": "101"},
        {"cost_per_ticket": "NaN"},
        {"cost_per_ticket": "15", "visits_per_month": "-5"},
    ],
)
def test_value_refuses_what_is_out_of_limits(client, lead, wrong):
    response = client.post(VALUE, wrong)

    assert response.status_code == 422
    assert not KnowledgeValue.objects.exists()


def test_value_is_changed_by_leads_and_planners_only(client):
    form = {"cost_per_ticket": "20"}
    client.force_login(UserFactory(role=roles.EXECUTIVE))
    assert client.post(VALUE, form).status_code == 403
    assert (
        "csrfmiddlewaretoken"
        not in client.get(VALUE).content.decode().split("Inputs")[1]
    )
    assert not KnowledgeValue.objects.exists()

    client.force_login(UserFactory(role=roles.WORKFORCE_MANAGER))
    assert client.post(VALUE, form).status_code == 302
    assert KnowledgeValue.objects.get().cost_per_ticket == 20


def test_full_counts_have_no_interval(client, lead, now):
    """Every category and article is counted: there is no sample that chance drew."""
    write(now, 3)
    spare = open_ticket(at=now)
    spare.category = CategoryFactory()
    spare.save(update_fields=["category"])

    cards = {
        card.metric.code: card for card in client.get("/kb/figures/").context["cards"]
    }
    for code, value in {"kb_coverage": 0.75, "kb_freshness": 1.0}.items():
        figure = cards[code].figure
        assert (figure.value, figure.low, figure.high) == (value, None, None)
        assert cards[code].is_census
    text = client.get("/kb/figures/").content.decode()
    assert text.count("all counted") == 2
    coverage = client.get("/kb/figures/coverage/").content.decode()
    assert "3 of all 4 categories with a ticket" in coverage
    assert "95 %" not in coverage


def test_change_of_a_full_count_is_a_plain_difference(lead):
    metric = catalogue.get("kb_coverage")
    more = self_service.change(metric, Figure(0.8, 10), Figure(0.75, 8))
    same = self_service.change(metric, Figure(0.8, 10), Figure(0.8, 8))

    assert "+5.0 points" in more
    assert "ok" in more
    assert "before: n = 8" in more
    assert "±" not in more
    assert "unchanged" in same
