"""Pages of decisions: what is shown to whom, forms that lose nothing, fixed queries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.capacity import make_decision, ready_decision
from tests.factories.decisions import every_input
from tests.factories.people import UserFactory
from workforce.capacity.models import Decision, DecisionInput, Risk, Trigger
from workforce.capacity.services import decisions as services

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
EVIL = "<script>alert(1)</script>"


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def address(name, *args):
    return reverse(f"capacity:{name}", args=args)


def form_of(response):
    """What a browser would send of the section that is edited."""
    editing = response.context["editing"]
    sent = {"part": editing["part"], "revision": editing["revision"]}
    form = editing["form"]
    forms = [form] if hasattr(form, "fields") else [form.formset.management_form]
    if hasattr(form, "formset"):
        forms += list(form.formset) + ([form.head] if form.head else [])
    for each in forms:
        for field in each:
            value = field.value()
            if (
                value is None
                and getattr(field.field.widget, "input_type", "") == "select"
            ):
                # A browser sends the first choice of what nobody chose.
                value = next(iter(field.field.widget.choices))[0]
            if value not in (None, "", False, []):
                sent[field.html_name] = value
    return sent


def save(client, decision, **sent):
    return client.post(address("decision-save", decision.pk), sent)


def approved():
    decision, person = ready_decision(), UserFactory(role="Executive")
    services.propose(
        decision_id=decision.pk, approver_ids=[person.pk], reason="",
        actor=decision.owner, at=AT, accepted_inputs=every_input(decision),
    )  # fmt: skip
    services.answer_approval(
        approval_id=decision.approvals.get().pk, person=person, answer="APPROVED",
        words="Agreed", at=AT,
    )  # fmt: skip
    decision.refresh_from_db()
    return decision, person


# The list ---------------------------------------------------------------------------------


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_list_asks_the_same_number_of_times_for_one_and_three():
    client = signed_in(ready_decision().owner)
    assert queries_of(client, address("decisions")) == 9
    for _each in range(2):
        ready_decision()
    assert queries_of(client, address("decisions")) == 9


def test_export_asks_the_same_number_of_times_for_one_and_three():
    client = signed_in(ready_decision().owner)
    url = f"{address('decisions')}?csv=1"

    def asked():
        with CaptureQueriesContext(connection) as found:
            text = b"".join(client.get(url).streaming_content).decode()
        return len(found), text

    first, text = asked()
    assert "Where do release tickets go?" in text
    for _each in range(2):
        ready_decision()
    assert asked()[0] == first


def test_page_asks_the_same_number_of_times_however_many_rows():
    decision, _person = approved()
    client = signed_in(decision.owner)
    url = address("decision", decision.pk)
    first = queries_of(client, url)
    for number in range(3):
        Risk.objects.create(decision=decision, text=f"Risk {number}")
        DecisionInput.objects.create(
            decision=decision, key=f"k{number}", name=f"Input {number}"
        )
        services.add_evidence(
            decision_id=decision.pk, text="Note", actor=decision.owner, at=AT
        )
    assert queries_of(client, url) == first


def test_list_puts_fired_triggers_first_and_finds():
    quiet = make_decision(title="Quiet")
    fired = make_decision(title="Fired")
    beyond = make_decision(title="Beyond", owner=quiet.owner)
    for decision, fields in (
        (quiet, {"last_value": 1}),
        (fired, {"state": "FIRED", "fired_at": AT, "last_value": 20, "last_n": 90}),
        (beyond, {"last_value": 20, "last_n": 3, "minimum_n": 20}),
    ):
        Trigger.objects.create(
            decision=decision, metric="reopen_rate", direction="ABOVE", threshold=10,
            **fields,
        )  # fmt: skip
    client = signed_in(quiet.owner)

    def titles(**asked):
        rows = client.get(address("decisions"), asked).context["rows"]
        return [row["decision"].title for row in rows]

    assert titles() == ["Fired", "Beyond", "Quiet"]
    assert titles(sort="title") == ["Beyond", "Fired", "Quiet"]
    assert titles(q="quie") == ["Quiet"]
    assert titles(trigger="fired") == ["Fired"]
    assert titles(owner="me", trigger="beyond") == ["Beyond"]
    assert titles(state="APPROVED") == []
    assert titles(owner="x", sort="y", state="z")[:1] == ["Fired"]


def test_empty_list_tells_the_first_step():
    page = signed_in(UserFactory(role="Workforce manager")).get(address("decisions"))
    assert address("decision-new") in page.content.decode()
    page = signed_in(UserFactory(role="Executive")).get(address("decisions"))
    assert address("decision-new") not in page.content.decode()


# Who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("Workforce manager", True, True),
        ("Support lead", True, True),
        ("Executive", True, False),
        ("Team lead", True, False),
        ("Agent", False, False),
        ("QA reviewer", False, False),
        (None, False, False),
    ],
)
def test_pages_open_to_whom_they_should(role, reads, writes):
    decision, _person = approved()
    client = signed_in(UserFactory(role=role))
    for name, args in (
        ("decisions", []), ("decision", [decision.pk]), ("decision-print", [decision.pk]),
        ("decision-version", [decision.pk, 1]),
    ):  # fmt: skip
        assert (client.get(address(name, *args)).status_code == 200) is reads
    assert (client.get(address("decision-new")).status_code == 200) is writes
    sent = {"step": "note", "text": "Noted"}
    client.post(address("decision-step", decision.pk), sent)
    assert decision.evidence.filter(kind="NOTE").exists() is writes


def test_drafts_of_others_are_not_found():
    draft = ready_decision()
    client = signed_in(UserFactory(role="Executive"))
    for name in ("decision", "decision-print"):
        assert client.get(address(name, draft.pk)).status_code == 404
    assert client.post(address("decision-answer", draft.pk)).status_code == 404
    assert signed_in(draft.owner).get(address("decision", draft.pk)).status_code == 200


def test_costs_are_not_shown_to_team_leads_on_page_print_or_version():
    decision = ready_decision()
    DecisionInput.objects.create(
        decision=decision, key="cost_per_ticket", about="COST", name="Cost", value=41.7,
        source="Ledger of May", position=2,
    )  # fmt: skip
    person = UserFactory(role="Executive")
    services.propose(
        decision_id=decision.pk, approver_ids=[person.pk], reason="",
        actor=decision.owner, at=AT, accepted_inputs=every_input(decision),
    )  # fmt: skip
    lead = signed_in(UserFactory(role="Team lead"))
    pages = (
        address("decision", decision.pk),
        address("decision-print", decision.pk),
        f"{address('decision-print', decision.pk)}?version=1",
        address("decision-version", decision.pk, 1),
    )
    for url in pages:
        assert "Ledger of May" not in lead.get(url).content.decode()
        assert "Ledger of May" in signed_in(person).get(url).content.decode()


# Editing ----------------------------------------------------------------------------------


PARTS = (
    "question", "scope", "metrics", "inputs", "rules", "risks", "recommendation",
    "triggers", "reviews", "data",
)  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_a_section_saved_as_it_is_shown_stays_the_same(part):
    decision = ready_decision()
    Risk.objects.create(decision=decision, text="Quality falls", owner=decision.owner)
    Trigger.objects.create(
        decision=decision, metric="resolution_time", direction="ABOVE",
        threshold=129_600, window_days=14, filters={"priority": ["P2"]},
    )  # fmt: skip
    client = signed_in(decision.owner)
    page = client.get(f"{address('decision', decision.pk)}?edit={part}")
    response = save(client, decision, **form_of(page))
    assert response.status_code == 302
    assert response.url.endswith(f"#{part}")
    decision.refresh_from_db()
    assert decision.revision == 0
    assert decision.triggers.last().threshold == 129_600
    assert decision.triggers.last().filters == {"priority": ["P2"]}


def test_section_is_edited_in_place():
    decision = ready_decision()
    client = signed_in(decision.owner)
    save(client, decision, part="rules", revision="0", balancing_rules="Move to chat.")
    page = client.get(address("decision", decision.pk)).content.decode()
    assert "Move to chat." in page
    assert "Load-balancing rules and escalation paths. " in page


def test_thresholds_are_typed_in_percent_and_hours():
    decision = ready_decision()
    client = signed_in(decision.owner)
    page = client.get(f"{address('decision', decision.pk)}?edit=triggers")
    sent = form_of(page) | {
        "rows-1-metric": "reopen_rate",
        "rows-1-direction": "ABOVE",
        "rows-1-threshold": "8",
        "rows-1-window_days": "28",
        "rows-1-minimum_n": "50",
        "rows-1-purpose": "GUARDRAIL",
    }
    assert save(client, decision, **sent).status_code == 302
    trigger = decision.triggers.get(metric="reopen_rate")
    assert (trigger.threshold, trigger.purpose) == (0.08, "GUARDRAIL")
    page = client.get(f"{address('decision', decision.pk)}?edit=triggers")
    assert form_of(page)["rows-1-threshold"] == 8.0


def test_preview_saves_nothing_and_keeps_what_was_typed():
    decision = ready_decision()
    client = signed_in(decision.owner)
    page = client.get(f"{address('decision', decision.pk)}?edit=triggers")
    sent = form_of(page) | {"rows-0-threshold": "77", "preview": "1"}
    response = save(client, decision, **sent)
    assert response.status_code == 200
    text = response.content.decode()
    assert "In the last twelve months" in text
    assert 'value="77"' in text
    assert decision.triggers.get().threshold == 10


def test_stale_form_keeps_mine_and_shows_theirs():
    decision = ready_decision()
    services.save_part(
        decision_id=decision.pk, part="rules", data={"balancing_rules": "Theirs"},
        revision=0, actor=UserFactory(role="Support lead"), at=AT,
    )  # fmt: skip
    client = signed_in(decision.owner)
    sent = {"part": "rules", "revision": "0", "balancing_rules": "Mine, typed long"}
    response = save(client, decision, **sent)
    assert response.status_code == 409
    text = response.content.decode()
    assert "Mine, typed long" in text
    assert "Theirs" in text
    decision.refresh_from_db()
    assert decision.balancing_rules == "Theirs"
    assert save(client, decision, **{**sent, "revision": "1"}).status_code == 302
    decision.refresh_from_db()
    assert decision.balancing_rules == "Mine, typed long"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"part": "scope", "title": ""}, 422),
        ({"part": "triggers", "rows-TOTAL_FORMS": "x"}, 422),
        ({"part": "no-such"}, 404),
        ({}, 404),
        ({"part": "rules", "revision": "9" * 40, "balancing_rules": "x"}, 302),
    ],
)
def test_odd_forms_are_answered_and_not_kept(sent, status):
    decision = make_decision()
    assert save(signed_in(decision.owner), decision, **sent).status_code == status


def test_proposed_decision_offers_no_form():
    decision, _person = approved()
    response = signed_in(decision.owner).get(
        f"{address('decision', decision.pk)}?edit=rules"
    )
    assert response.status_code == 302


def test_what_people_write_is_never_markup():
    decision = ready_decision(
        title=EVIL, objective=EVIL, question=EVIL, scope=EVIL, balancing_rules=EVIL,
        recommendation=EVIL, timeline=EVIL, refresh_plan=EVIL, monitoring=EVIL,
    )  # fmt: skip
    Risk.objects.create(decision=decision, text=EVIL, mitigation=EVIL)
    decision.inputs.update(name=EVIL, source=EVIL, quality_gap=EVIL, data_owner=EVIL)
    decision.triggers.update(contingency=EVIL)
    decision.reviews.update(note=EVIL)
    decision.options.update(name=EVIL)
    services.add_evidence(
        decision_id=decision.pk, text=EVIL, actor=decision.owner, at=AT
    )
    person = UserFactory(role="Executive")
    services.propose(
        decision_id=decision.pk, approver_ids=[person.pk], reason=EVIL,
        actor=decision.owner, at=AT, accepted_inputs=every_input(decision),
    )  # fmt: skip
    services.answer_approval(
        approval_id=decision.approvals.get().pk, person=person, answer="REJECTED",
        words=EVIL, at=AT,
    )  # fmt: skip
    client = signed_in(decision.owner)
    page = address("decision", decision.pk)
    urls = [page, address("decisions"), address("decision-print", decision.pk)]
    urls += [address("decision-version", decision.pk, 1), address("decision-new")]
    urls += [f"{page}?edit={part}" for part in PARTS]
    for url in urls:
        text = client.get(url).content.decode()
        assert EVIL not in text, url
        assert "alert(1)" in text, url


# Life -------------------------------------------------------------------------------------


def test_new_decision_opens_its_page():
    client = signed_in(UserFactory(role="Support lead"))
    sent = {"kind": "BALANCING", "title": "Spring", "question": "A or B?"}
    response = client.post(address("decision-new"), sent)
    decision = Decision.objects.get()
    assert response.url == address("decision", decision.pk)
    assert client.get(response.url).status_code == 200
    sent = {**sent, "title": "Summer", "copy_of": decision.pk}
    client.post(address("decision-new"), sent)
    assert Decision.objects.count() == 2
    assert client.post(address("decision-new"), {"title": ""}).status_code == 422


def test_life_from_proposal_to_retirement_through_the_pages():
    decision, person = ready_decision(), UserFactory(role="Executive")
    owner, executive = signed_in(decision.owner), signed_in(person)

    def step(**sent):
        owner.post(address("decision-step", decision.pk), sent)
        decision.refresh_from_db()
        return decision.state

    def answered(**sent):
        executive.post(address("decision-answer", decision.pk), sent)
        decision.refresh_from_db()
        return decision.state

    assert step(step="propose", approvers=[person.pk]) == "DRAFT"
    known = {"accepts_inputs": "on", "unvalidated": every_input(decision)}
    assert step(step="propose", approvers=[person.pk], **known) == "PROPOSED"
    page = executive.get(address("decision", decision.pk)).content.decode()
    assert "Your approval is asked" in page
    assert answered(answer="APPROVED", words="") == "PROPOSED"
    assert answered(answer="APPROVED", words="Go") == "APPROVED"
    review = decision.reviews.get()
    step(step="review", review=review.pk, outcome="Stays")
    review.refresh_from_db()
    assert review.outcome == "Stays"
    assert step(step="reopen", reason="Prices rose") == "REOPENED"
    row = decision.inputs.get()
    step(step="read", input=row.pk, value="12", as_of="2026-03-02")
    row.refresh_from_db()
    assert (row.value, row.as_of) == (12, date(2026, 3, 2))
    assert step(step="retire", reason="Over") == "RETIRED"
    assert owner.post(
        address("decision-step", decision.pk), {"step": "fly"}
    ).status_code == 404  # fmt: skip


def test_steps_touch_only_rows_of_their_decision():
    decision, other = ready_decision(), ready_decision()
    client = signed_in(decision.owner)
    for sent in (
        {"step": "review", "review": other.reviews.get().pk, "outcome": "x"},
        {
            "step": "read",
            "input": other.inputs.get().pk,
            "value": 1,
            "as_of": "2026-03-02",
        },
        {"step": "review", "review": "x", "outcome": "x"},
    ):
        url = address("decision-step", decision.pk)
        assert client.post(url, sent).status_code == 404
    assert other.inputs.get().value == 10
    assert other.reviews.get().done_at is None


# Reading ----------------------------------------------------------------------------------


def test_print_of_a_version_stays_as_it_was_decided():
    decision, person = approved()
    services.reopen(
        decision_id=decision.pk, reason="Later", actor=decision.owner, at=AT
    )
    services.save_part(
        decision_id=decision.pk, part="recommendation",
        data={"recommendation": "Something else"}, revision=decision.revision + 1,
        actor=decision.owner, at=AT + timedelta(hours=1),
    )  # fmt: skip
    client = signed_in(person)
    url = address("decision-print", decision.pk)
    before = client.get(f"{url}?version=1").content.decode()
    assert "A, for its price." in before
    assert "Something else" not in before
    assert "Agreed" in before
    assert "10 Mar 2026, 09:00 UTC" in before
    now = client.get(url).content.decode()
    assert "Something else" in now
    for odd in ("2", "x", "9" * 30):
        assert client.get(f"{url}?version={odd}").status_code == 404


def test_version_says_what_changed():
    decision, person = approved()
    services.reopen(
        decision_id=decision.pk, reason="Later", actor=decision.owner, at=AT
    )
    decision.refresh_from_db()
    services.save_part(
        decision_id=decision.pk, part="scope", data={"scope": "Enterprise too"},
        revision=decision.revision, actor=decision.owner, at=AT,
    )  # fmt: skip
    services.propose(
        decision_id=decision.pk, approver_ids=[person.pk], reason="Wider",
        actor=decision.owner, at=timezone.now(), accepted_inputs=every_input(decision),
    )  # fmt: skip
    client = signed_in(person)
    page = client.get(address("decision-version", decision.pk, 2))
    found = [(c.label, c.before, c.after) for c in page.context["changes"]]
    assert found == [("Scope", "Consumer app", "Enterprise too")]
    first = client.get(address("decision-version", decision.pk, 1))
    assert first.context["changes"] == []
    assert client.get(address("decision-version", decision.pk, 3)).status_code == 404


def test_admin_lists_lead_to_the_page():
    decision, _person = approved()
    entry = decision.evidence.first()
    client = signed_in(decision.owner)
    assert client.get(reverse("admin:capacity_decision_changelist")).status_code == 200
    assert client.get(reverse("admin:capacity_evidence_changelist")).status_code == 200
    url = reverse("admin:capacity_decision_change", args=[decision.pk])
    assert client.get(url).url == address("decision", decision.pk)
    url = reverse("admin:capacity_evidence_change", args=[entry.pk])
    assert client.get(url).url == f"{address('decision', decision.pk)}#evidence"
    assert client.post(url).status_code == 403
    agent = signed_in(UserFactory(role="Agent"))
    assert agent.get(reverse("admin:capacity_decision_changelist")).status_code == 403
