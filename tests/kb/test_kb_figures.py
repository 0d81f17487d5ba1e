"""Every figure of self-service against plain loops over the rows."""

from collections import Counter
from datetime import UTC, date, timedelta

import numpy as np
import pytest

from kb.core.deflection import Finding, measure
from kb.models import SearchDay
from kb.selectors.figures import (
    Window,
    articles,
    contents,
    days,
    followed,
    holdout,
    readers,
)
from kb.selectors.figures import searches as selectors
from kb.selectors.figures.days import time_to_answer
from kb.selectors.figures.home import headline
from kb.selectors.figures.searches import Outcome
from kb.services import figures as services
from supportops.metrics.core.periods import Period
from tests.factories.kb import published_article
from tests.factories.people import UserFactory
from tests.factories.self_service import (
    MONDAY,
    hold_out,
    make_reading,
    make_search,
    make_visits,
    make_vote,
    random_visits,
)
from tests.factories.tickets import CategoryFactory, open_ticket

pytestmark = pytest.mark.django_db

START, END = date(2026, 3, 12), date(2026, 3, 29)
WINDOWS = [
    Window(START, END),
    Window(START, END, language="en"),
    Window(START, END, place="FORM"),
    Window(START, START + timedelta(days=1)),
    Window(date(2020, 1, 1), date(2020, 2, 1)),
    Window(START - timedelta(days=200), END),
]


def inside(moment, window):
    return window.start <= moment.astimezone(UTC).date() < window.end


def searched(world, window):
    return [
        s
        for s in world.searches
        if inside(s.at, window)
        and s.place == window.place
        and window.language in ("", s.language)
    ]


def read(world, window):
    return [
        r
        for r in world.readings
        if inside(r.at, window)
        and r.place in ("HELP", "FORM", "ASSISTANT")
        and window.language in ("", r.article.language)
    ]


def is_of(search, outcome):
    return {
        Outcome.TOP: True,
        Outcome.NO_RESULT: search.results == 0,
        Outcome.REFINED: search.refined_by_id is not None,
        Outcome.ABANDONED: (
            search.clicked_id is None
            and search.refined_by_id is None
            and search.ticket_id is None
        ),
        Outcome.TICKET: search.ticket_id is not None,
    }[outcome]


@pytest.mark.parametrize("seed", [1, 2])
def test_searches_agree_with_brute_force(seed):
    world = random_visits(seed=seed)
    for window in WINDOWS:
        rows = searched(world, window)
        whole = selectors.totals(window)
        assert whole.searches == len(rows)
        assert whole.success.hits == sum(s.clicked_id is not None for s in rows)
        before = searched(world, window.previous())
        for outcome in Outcome:
            of_list = Counter(s.folded for s in rows if is_of(s, outcome))
            former = Counter(s.folded for s in before if is_of(s, outcome))
            of_text = Counter(s.folded for s in rows)
            listed = selectors.texts(window, outcome, size=10_000)
            found = selectors.text_rows(window, outcome, listed.rows, listed.whole)
            n = {
                t: len(rows) if outcome == Outcome.TOP else of_text[t] for t in of_list
            }
            assert whole.hits(outcome) == of_list.total()
            assert (listed.count, listed.whole) == (len(of_list), whole)
            assert [(r.text, r.hits) for r in found] == sorted(
                of_list.items(), key=lambda pair: (-pair[1], pair[0])
            )
            for row in found:
                assert (row.share.hits, row.share.n) == (row.hits, n[row.text])
                assert row.before == former[row.text]


def test_click_through_agrees_with_brute_force():
    world = random_visits(seed=3)
    for window in WINDOWS:
        rows = searched(world, window)
        for found in selectors.click_through(selectors.opened_ranks(window)):
            assert found.clicks.hits == sum(s.clicked_rank == found.rank for s in rows)
            assert found.clicks.n == sum(s.results >= found.rank for s in rows)


def followed_by_search(world, reading):
    return any(
        s.visitor == reading.visitor
        and reading.at < s.at <= reading.at + timedelta(minutes=10)
        for s in world.searches
    )


def began(world, search):
    """The first search of the chain that led to this one."""
    former = [s for s in world.searches if s.refined_by_id == search.pk]
    return min([began(world, each) for each in former], default=search.at)


@pytest.mark.parametrize("seed", [1, 4])
def test_time_to_answer_agrees_with_brute_force(seed):
    world = random_visits(seed=seed)
    for window in [*WINDOWS[:3], Window(date(2026, 3, 1), date(2026, 5, 1))]:
        seconds = []
        for search in searched(world, window):
            own = [r for r in world.readings if r.search_id == search.pk]
            if not own or search.refined_by_id or search.ticket_id:
                continue
            first = min(own, key=lambda r: r.at)
            if any(r.ticket_id for r in own) or followed_by_search(world, first):
                continue
            seconds.append((first.at - began(world, search)).total_seconds() // 1)
        found = time_to_answer(window)
        assert found.n == len(seconds) > 0
        assert (found.lower, found.median, found.upper) == pytest.approx(
            tuple(np.quantile(seconds, [0.25, 0.5, 0.75]))
        )
        assert found.mean == pytest.approx(np.mean(seconds))


def test_time_to_answer_begins_with_the_search_that_found_nothing():
    article = published_article()
    second = make_search(
        "vpn set-up", at=MONDAY + timedelta(seconds=40), clicked=article
    )
    make_search("vpn", results=0, refined_by=second)
    make_reading(article, at=MONDAY + timedelta(seconds=70), search=second)

    found = time_to_answer(Window(MONDAY.date(), date(2026, 3, 3)))

    assert (found.n, found.median, found.mean) == (1, 70, 70)


def test_time_to_answer_of_no_search_has_no_value():
    found = time_to_answer(Window(START, END))

    assert (found.n, found.median, found.mean) == (0, None, None)


def test_readers_and_votes_agree_with_brute_force():
    world = random_visits(seed=5)
    for window in WINDOWS:
        rows = read(world, window)
        visitors = {r.visitor for r in rows}
        sent = {r.visitor for r in rows if r.ticket_id}
        claimed = readers.without_ticket(window)
        assert (claimed.hits, claimed.n) == (len(visitors - sent), len(visitors))
        votes = [
            v
            for v in world.votes
            if inside(v.at, window) and window.language in ("", v.article.language)
        ]
        helpful = readers.helpfulness(window)
        assert (helpful.hits, helpful.n) == (
            sum(v.is_helpful for v in votes),
            len(votes),
        )


def test_articles_agree_with_brute_force():
    world = random_visits(seed=6)
    at = MONDAY + timedelta(days=40)
    for window in WINDOWS:
        rows = read(world, window)
        found = articles.article_rows(window, UserFactory(is_superuser=True), at=at)
        assert [r.readers for r in found] == sorted(
            (r.readers for r in found), reverse=True
        )
        listed = {
            a.pk
            for a in world.articles
            if window.language in ("", a.language)
            and (a.state == "PUBLISHED" or any(r.article_id == a.pk for r in rows))
        }
        assert {r.article.pk for r in found} == listed
        for row in found:
            own = [r for r in rows if r.article_id == row.article.pk]
            assert row.readings == len(own)
            assert row.readers == row.tickets.n == len({r.visitor for r in own})
            assert row.tickets.hits == len({r.visitor for r in own if r.ticket_id})
            assert row.is_fresh == (row.article.reviewed_at >= at - timedelta(days=183))


def test_articles_sort_with_unknown_values_last():
    liked, disliked, unknown = (published_article(name) for name in ("C", "A", "B"))
    for n in range(5):
        make_vote(liked, f"v{n}", True)
        make_vote(disliked, f"v{n}", n == 0)
    make_vote(unknown, "v1", True)
    window = Window(MONDAY.date(), date(2026, 3, 3))

    def order(sort, is_upward):
        rows = articles.article_rows(
            window,
            UserFactory(is_superuser=True),
            at=MONDAY,
            sort=sort,
            is_upward=is_upward,
        )
        return "".join(row.article.title for row in rows)

    assert order("helpful", False) == "CAB"
    assert order("helpful", True) == "ACB"
    assert order("title", True) == "ABC"
    hidden = [r.article.title for r in articles.article_rows(window, UserFactory(is_superuser=True), at=MONDAY)
              if not r.has_enough_votes]  # fmt: skip
    assert hidden == ["B"]


def test_coverage_and_freshness_agree_with_brute_force():
    world = random_visits(seed=7)
    at = MONDAY + timedelta(days=40)
    for window in WINDOWS:
        tickets = [t for t in world.tickets if inside(t.created_at, window)]
        volume = Counter(t.category_id for t in tickets if t.category_id)
        published = [
            a
            for a in world.articles
            if a.state == "PUBLISHED" and window.language in ("", a.language)
        ]
        public = [a for a in published if a.audience != "INTERNAL"]
        written = {c.pk for a in public for c in a.categories.all()}
        found = contents.coverage(window)
        assert (found.categories.hits, found.categories.n) == (
            len(written & set(volume)),
            len(volume),
        )
        covered = sum(n for pk, n in volume.items() if pk in written)
        assert (found.volume.hits, found.volume.n) == (covered, volume.total())
        assert found.uncategorised == len(tickets) - volume.total()
        fresh = contents.freshness(at, window.language)
        assert (fresh.hits, fresh.n) == (
            sum(a.reviewed_at >= at - timedelta(days=183) for a in published),
            len(published),
        )


def test_an_article_covers_the_categories_below_its_own():
    above = CategoryFactory()
    below, other = CategoryFactory(parent=above), CategoryFactory()
    published_article().categories.set([above])
    for category, n in ((below, 3), (other, 1)):
        for _ in range(n):
            ticket = open_ticket(at=MONDAY)
            ticket.category = category
            ticket.save(update_fields=["category"])
    twice = open_ticket(at=MONDAY)
    twice.category, twice.merged_into = other, ticket
    twice.save(update_fields=["category", "merged_into"])

    found = contents.coverage(Window(MONDAY.date(), date(2026, 3, 3)))

    assert [(row.category, row.articles, row.is_covered) for row in found.rows] == [
        (below, 0, True),
        (other, 0, False),
    ]
    assert [(row.covering, row.share) for row in found.rows] == [
        (above, 0.75),
        (None, 0.25),
    ]
    assert (found.volume.hits, found.volume.n) == (3, 4)


def test_deflection_counts_each_visitor_by_the_first_visit():
    world = random_visits(seed=8)
    for window in WINDOWS:
        first = {}
        for form in sorted(world.forms, key=lambda f: (f.at, f.pk)):
            if inside(form.at, window):
                first.setdefault(form.visitor, form)
        counts = Counter((f.arm, f.was_sent) for f in first.values())
        claimed = readers.without_ticket(window)
        found = holdout.measured(window, claimed)
        assert found.visitors == len(first)
        assert found.result == measure(
            shown_sent=counts["SHOWN", True],
            shown_forms=counts["SHOWN", True] + counts["SHOWN", False],
            held_out_sent=counts["HELD_OUT", True],
            held_out_forms=counts["HELD_OUT", True] + counts["HELD_OUT", False],
            views=claimed.n,
            views_without_ticket=claimed.hits,
        )


def test_deflection_says_what_could_be_seen_and_that_the_split_holds():
    hold_out("0.200")
    make_visits("SHOWN", n=400, sent=200)
    make_visits("HELD_OUT", n=100, sent=65)

    found = holdout.measured(
        Window(MONDAY.date(), date(2026, 3, 3)), readers.share(0, 0)
    )

    assert found.result.finding is Finding.FEWER_TICKETS
    assert found.result.effect == pytest.approx(0.15)
    assert found.result.prevented == pytest.approx(60)
    assert (found.p_value, found.is_uneven) == (1.0, False)
    # Wide by hand: 1.96 and 0.84 standard errors of about 0.055 are 15 points.
    assert found.smallest == pytest.approx(0.154, abs=0.01)
    assert found.needed == pytest.approx(4500, rel=0.1)


def test_a_split_that_chance_does_not_explain_is_told():
    hold_out("0.100")
    make_visits("SHOWN", n=150, sent=80)
    make_visits("HELD_OUT", n=50, sent=30)

    found = holdout.measured(
        Window(MONDAY.date(), date(2026, 3, 3)), readers.share(0, 0)
    )

    assert found.is_uneven


def test_what_came_of_one_text():
    guide = published_article("Guide")
    ticket = open_ticket(at=MONDAY)
    second = make_search("vpn mac", clicked=guide)
    make_search("vpn", refined_by=second)
    make_search("vpn", clicked=guide)
    make_search("vpn", clicked=guide, language="de")
    make_search("vpn", ticket=ticket)
    make_search("sso")
    window = Window(MONDAY.date(), date(2026, 3, 3))

    found = followed.followed(window, "vpn")

    assert (found.totals.searches, found.totals.opened, found.totals.ticket) == (
        4,
        2,
        1,
    )
    assert [(each.article, each.n) for each in found.opened] == [(guide, 2)]
    assert found.searched == [("vpn mac", 1)]
    assert found.languages == [("en", 3), ("de", 1)]
    assert followed.examples(window, "vpn").count() == 4


def test_headline_is_what_the_pages_say():
    random_visits(seed=9)
    window = Window(START, END)

    found = headline(Period(START, END))

    assert found.searches == selectors.totals(window).searches
    assert found.success == selectors.totals(window).success
    assert found.claimed == readers.without_ticket(window)
    assert not found.is_empty
    assert headline(Period(date(2020, 1, 1), date(2020, 1, 2))).is_empty


def settled(window):
    services.settle_search_days(at=MONDAY + timedelta(days=60))
    return days.found_in(window)


@pytest.mark.parametrize("seed", [1, 2])
def test_settled_days_say_what_the_searches_say(seed):
    random_visits(seed=seed)
    counted = [days.found_in(window) for window in WINDOWS]

    assert services.settle_search_days(at=MONDAY + timedelta(days=30)) == 29

    for window, found in zip(WINDOWS, counted, strict=True):
        assert days.found_in(window) == found
    assert services.settle_search_days(at=MONDAY + timedelta(days=30)) == 0
    # The days that came to an end since, and no other.
    assert services.settle_search_days(at=MONDAY + timedelta(days=33)) == 3


def test_settled_days_that_changed_are_counted_again():
    article = published_article()
    window = Window(MONDAY.date(), date(2026, 3, 4))
    make_search(clicked=article)
    assert settled(window).ranks == {(3, 1): 1}

    make_search(visitor="v2", at=MONDAY + timedelta(hours=1))

    assert days.found_in(window).ranks == {(3, 1): 1, (3, None): 1}


def test_settled_days_are_read_and_not_counted():
    make_search()
    window = Window(MONDAY.date(), date(2026, 3, 3))
    settled(window)
    row = SearchDay.objects.get(day=MONDAY.date())
    row.counts["HELP/en"]["answers"] = {"7": 1}
    row.save()

    assert days.time_to_answer(window).median == 7


def test_days_are_those_of_utc_whatever_the_portals_zone(settings):
    make_search(at=MONDAY.replace(hour=20))
    settings.TIME_ZONE = "Pacific/Auckland"

    services.settle_search_days(at=MONDAY + timedelta(days=3))

    assert [(row.day, row.searches) for row in SearchDay.objects.all()] == [
        (MONDAY.date(), 1),
        (MONDAY.date() + timedelta(days=1), 0),
    ]
    period = Period(MONDAY.date(), MONDAY.date() + timedelta(days=1))
    assert selectors.totals(Window.of(period)).searches == 1


def test_an_answer_after_midnight_begins_the_day_before():
    article = published_article()
    night = MONDAY.replace(hour=23, minute=59)
    second = make_search("b", at=night + timedelta(minutes=2), clicked=article)
    make_search("a", at=night, results=0, refined_by=second)
    make_reading(article, at=night + timedelta(minutes=3), search=second)

    found = days.time_to_answer(Window(date(2026, 3, 3), date(2026, 3, 4)))

    assert (found.n, found.median) == (1, 180)


def test_nothing_is_settled_without_searches():
    assert services.settle_search_days(at=MONDAY) == 0
