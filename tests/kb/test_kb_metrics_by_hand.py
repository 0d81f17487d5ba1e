"""KPIs of self-service against counts of the rows; page, CSV and API say the same."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from kb.selectors.figures.seven import FIGURES
from supportops.common import roles
from supportops.metrics import catalogue
from supportops.metrics.catalogue import Area, Level, Verdict
from supportops.metrics.scopes import Scope, ScopeInvalid
from tests.factories.kb import published_article
from tests.factories.people import UserFactory
from tests.factories.self_service import (
    MONDAY,
    make_reading,
    make_search,
    make_visits,
    make_vote,
    random_visits,
)
from tests.factories.tickets import CategoryFactory, open_ticket

pytestmark = pytest.mark.django_db

AT = datetime(2026, 4, 12, tzinfo=UTC)
START, END = date(2026, 3, 2), date(2026, 3, 9)


def scope(start=START, end=END, **fields):
    return Scope(start, end, at=AT, **fields)


def figure(code, within=None):
    return catalogue.get(code).compute(within or scope())


# The framework's table, number by number; 30–50 % is met from 30 on.
@pytest.mark.parametrize(
    ("code", "target", "warning"),
    [
        ("kb_deflection_rate", Level(at_least=0.30), Level(at_least=0.20)),
        ("kb_helpfulness", Level(at_least=0.80), Level(at_least=0.60)),
        ("kb_search_success", Level(at_least=0.60), Level(at_least=0.40)),
        ("kb_zero_results", Level(at_most=0.10), Level(at_most=0.20)),
        ("kb_coverage", Level(at_least=0.80), Level(at_least=0.50)),
        ("kb_freshness", Level(at_least=0.90), Level(at_least=0.70)),
        ("kb_time_to_answer", Level(at_most=120), Level(at_most=300)),
    ],
)
def test_targets_are_those_of_the_framework(code, target, warning):
    found = catalogue.get(code)

    assert (found.target, found.warning) == (target, warning)


def test_the_catalogue_holds_all_of_self_service():
    found = {m.code for m in catalogue.all() if m.area is Area.SELF_SERVICE}

    assert found == set(FIGURES)
    assert len(FIGURES) == 8


def test_figures_of_a_week_written_down():
    covered, bare = CategoryFactory(), CategoryFactory()
    guide = published_article("Guide")
    guide.categories.set([covered])
    published_article("Old", at=AT - timedelta(days=184))
    ticket = open_ticket(at=MONDAY)
    for row, category in ((ticket, covered), (open_ticket(at=MONDAY), bare)):
        row.category = category
        row.save(update_fields=["category"])
    opened = make_search(visitor="a", clicked=guide)
    make_reading(guide, visitor="a", search=opened, at=MONDAY + timedelta(seconds=45))
    make_search(visitor="b", results=0, at=MONDAY + timedelta(hours=1))
    make_search(visitor="c", at=MONDAY + timedelta(hours=2), ticket=ticket)
    make_search(visitor="d", at=MONDAY + timedelta(days=8))
    make_reading(guide, visitor="c", ticket=ticket)
    make_reading(guide, visitor="c")
    for n in range(4):
        make_vote(guide, f"v{n}", n > 0)
    make_visits("SHOWN", n=40, sent=20)
    make_visits("HELD_OUT", n=40, sent=30)

    expected = {
        "kb_deflection_rate": (1 / 2, 2),
        "kb_deflection_measured": (25, 80),
        "kb_helpfulness": (3 / 4, 4),
        "kb_search_success": (1 / 3, 3),
        "kb_zero_results": (1 / 3, 3),
        "kb_coverage": (1 / 2, 2),
        "kb_freshness": (1 / 2, 2),
        "kb_time_to_answer": (45, 1),
    }
    for code, (value, n) in expected.items():
        found = figure(code)
        assert (code, found.value, found.n) == (code, pytest.approx(value), n)
    verdicts = {code: catalogue.get(code).judge(figure(code)) for code in expected}
    assert verdicts["kb_zero_results"] is Verdict.WARNING
    assert verdicts["kb_deflection_rate"] is Verdict.MET
    assert verdicts["kb_helpfulness"] is Verdict.NEAR
    assert verdicts["kb_deflection_measured"] is Verdict.NONE


def test_measured_deflection_has_the_interval_of_newcombe():
    make_visits("HELD_OUT", n=70, sent=56)
    make_visits("SHOWN", n=80, sent=48)

    found = figure("kb_deflection_measured")

    # Newcombe's own example: 56 of 70 against 48 of 80.
    assert (found.value, found.low, found.high) == pytest.approx(
        (20, 5.24, 33.39), abs=1e-2
    )


def test_figures_of_nothing_have_no_value():
    for code in FIGURES:
        found = figure(code)
        assert (found.value, found.n) == (None, 0), code


def test_filters_are_refused():
    for code in FIGURES:
        with pytest.raises(ScopeInvalid, match="all visitors"):
            figure(code, scope(filters={"team": frozenset({1})}))


def test_only_who_sees_self_service_is_told():
    make_search()
    lead, agent = UserFactory(role=roles.TEAM_LEAD), UserFactory(role=roles.AGENT)

    assert figure("kb_zero_results", scope(asker=lead)).n == 1
    for asker in (agent, AnonymousUser()):
        assert figure("kb_zero_results", scope(asker=asker)).n == 0


@pytest.mark.parametrize("seed", [11, 12])
def test_page_csv_and_api_say_what_the_catalogue_says(client, seed):
    random_visits(seed=seed)
    lead = UserFactory(role=roles.SUPPORT_LEAD)
    client.force_login(lead)
    days = {"from": "2026-03-10", "to": "2026-03-30"}
    within = Scope(date(2026, 3, 10), date(2026, 3, 31), asker=lead)

    cards = client.get("/kb/figures/", days).context["cards"]
    answer = client.get("/kb/figures/", {**days, "csv": "figures"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = {row["code"]: row for row in csv.DictReader(io.StringIO(text))}

    assert {card.metric.code for card in cards} == set(lines) == set(FIGURES)
    for card in cards:
        code = card.metric.code
        # Freshness is of now; all others of the period.
        at = datetime.now(UTC)
        found = catalogue.get(code).compute(
            Scope(within.start, within.end, at=at, asker=lead)
        )
        told = client.get(f"/api/v1/metrics/{code}/figure/", days).json()
        assert card.figure == found, code
        assert (told["value"], told["n"]) == (found.value, found.n), code
        assert int(lines[code]["n"]) == found.n
        if found.value is not None:
            assert float(lines[code]["value"]) == found.value
