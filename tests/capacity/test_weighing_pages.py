"""The weighing sections on a decision's page: steps, forms, fixed queries, safe text."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.capacity import make_decision
from tests.factories.people import UserFactory
from tests.factories.weighing import compute, segment_row, weighable
from workforce.capacity.models import Criterion, DecisionOption, Segment

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>"


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def address(name, decision, query=""):
    return reverse(f"capacity:{name}", args=[decision.pk]) + query


def step(client, decision, name):
    return client.post(address("decision-weigh", decision), {"step": name}, follow=True)


def form_of(page):
    """What a browser would send of the section that is edited."""
    editing = page.context["editing"]
    sent = {"part": editing["part"], "revision": editing["revision"]}
    form = editing["form"]
    for each in [
        form.formset.management_form,
        *form.formset,
        *filter(None, [form.head]),
    ]:
        for field in each:
            value = field.value()
            if value is not None and value is not False and value != "":
                sent[field.html_name] = value
    return sent


def test_computing_from_the_page_shows_results():
    decision = weighable()
    page = step(signed_in(decision.owner), decision, "compute")
    text = page.content.decode()
    assert "13,520 EUR" in text
    assert "cw-flip" in text
    assert "cannot be told apart" in text


def test_refusal_is_shown_on_the_page():
    decision = make_decision()
    page = step(signed_in(decision.owner), decision, "compute")
    assert "Not computed." in page.content.decode()


def test_unknown_step_is_not_found():
    decision = make_decision()
    assert step(signed_in(decision.owner), decision, "x").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [("Team lead", 403), ("Executive", 403), ("Agent", 403), ("Support lead", 200)],
)
def test_only_writers_take_steps(role, status):
    decision = weighable(state="REOPENED")
    client = signed_in(UserFactory(role=role))
    assert step(client, decision, "compute").status_code == status
    assert bool(decision.options.first().results) == (status == 200)


def test_team_lead_sees_no_cost():
    decision = weighable(state="REOPENED")
    compute(decision)
    lead = signed_in(UserFactory(role="Team lead"))
    for name in ("decision", "decision-print"):
        text = lead.get(address(name, decision)).content.decode()
        assert "Resolution time" in text
        for secret in ("13,520", "14,000", "1,400", "Cost a week"):
            assert secret not in text


def test_options_are_saved_from_the_form_with_their_mix():
    decision = weighable()
    client = signed_in(decision.owner)
    page = client.get(address("decision", decision, "?edit=options"))
    sent = form_of(page) | {"rows-0-share_0": "30", "rows-0-share_1": "70"}
    assert sent["rows-1-share_0"] == 60
    saved = client.post(address("decision-save", decision), sent)
    assert saved.status_code == 302
    assert decision.options.get(letter="A").mix == {"email": 0.3, "phone": 0.7}
    assert decision.options.get(letter="B").mix == {"email": 0.6, "phone": 0.4}
    assert decision.options.count() == 2


def test_mix_that_does_not_add_up_stays_in_the_form():
    decision = weighable()
    client = signed_in(decision.owner)
    page = client.get(address("decision", decision, "?edit=options"))
    sent = form_of(page) | {"rows-0-share_0": "35"}
    refused = client.post(address("decision-save", decision), sent)
    assert refused.status_code == 422
    assert "add up to 75 %, not 100 %" in refused.content.decode()
    assert decision.options.get(letter="A").mix == {"email": 0.6, "phone": 0.4}


def test_criteria_and_segments_are_saved_from_their_forms():
    decision = weighable()
    client = signed_in(decision.owner)
    page = client.get(address("decision", decision, "?edit=criteria"))
    row = {
        "rows-0-name": "Fit",
        "rows-0-measure": "HAND",
        "rows-0-weight": "2",
        "rows-0-grade_A": "7",
    }
    assert (
        client.post(address("decision-save", decision), form_of(page) | row).status_code
        == 302
    )
    assert decision.criteria.get().grades == {"A": 7}

    other = make_decision(kind="SEGMENTS", owner=decision.owner)
    page = client.get(address("decision", other, "?edit=segments"))
    row = {
        "rows-0-name": "Gold",
        "rows-0-churn_risk": "12.5",
        "rows-0-demand": "80",
        "capacity": "50",
    }
    assert (
        client.post(address("decision-save", other), form_of(page) | row).status_code
        == 302
    )
    assert other.segments.get().churn_risk == 0.125
    other.refresh_from_db()
    assert (other.capacity, other.weights) == (50, {"value": 0.5, "risk": 0.5})


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_page_asks_the_same_number_of_times_for_one_and_three_options():
    decision = weighable()
    decision.options.get(letter="B").delete()
    Criterion.objects.create(decision=decision, name="Price", measure="COST")
    compute(decision)
    client = signed_in(decision.owner)
    read, edit = (
        address("decision", decision),
        address("decision", decision, "?edit=options"),
    )
    first = queries_of(client, read), queries_of(client, edit)
    for letter in "BC":
        DecisionOption.objects.create(
            decision=decision, letter=letter, name=letter, mix={"email": 1}, people=9
        )
        Criterion.objects.create(decision=decision, name=letter, measure="CSAT")
    compute(decision)
    assert (queries_of(client, read), queries_of(client, edit)) == first


def test_page_asks_the_same_number_of_times_for_one_and_three_segments():
    decision = make_decision(kind="SEGMENTS", capacity=500)
    Segment.objects.create(decision=decision, **segment_row())
    client = signed_in(decision.owner)
    read, edit = (
        address("decision", decision),
        address("decision", decision, "?edit=segments"),
    )
    first = queries_of(client, read), queries_of(client, edit)
    for name in "BC":
        Segment.objects.create(decision=decision, **segment_row(name=name))
    assert (queries_of(client, read), queries_of(client, edit)) == first


def test_text_of_people_is_escaped_everywhere():
    decision = weighable()
    decision.options.update(name=EVIL, description=EVIL, mix={EVIL: 1.0})
    decision.inputs.update(name=EVIL)
    decision.inputs.filter(about="COST").update(unit=EVIL)
    Criterion.objects.create(decision=decision, name=EVIL, measure="COST")
    compute(decision)
    other = make_decision(kind="SEGMENTS", owner=decision.owner, capacity=500)
    Segment.objects.create(decision=other, **segment_row(name=EVIL, source=EVIL))
    client = signed_in(decision.owner)
    for each in (decision, other):
        for url in (
            address("decision", each), address("decision-print", each),
            address("decision", each, "?edit=options"),
            address("decision", each, "?edit=segments"),
        ):  # fmt: skip
            assert EVIL not in client.get(url).content.decode()
