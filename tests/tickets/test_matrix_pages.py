import pytest
from django.urls import reverse

from supportops.common import roles
from tests.factories.people import UserFactory
from tests.factories.tickets import open_ticket
from tickets.models import PriorityRule, SeverityRule, StatusMove

pytestmark = pytest.mark.django_db

PRIORITY = reverse("admin:tickets_priorityrule_changelist")
SEVERITY = reverse("admin:tickets_severityrule_changelist")
MOVES = reverse("admin:tickets_status_moves")


def sign_in(client, role):
    user = UserFactory(role=role)
    client.force_login(user)
    return user


def priority_form(**changes) -> dict[str, str]:
    rows = PriorityRule.objects.values_list("impact", "urgency", "priority")
    cells = {f"{impact}:{urgency}": priority for impact, urgency, priority in rows}
    return {"reason": "", **cells, **changes}


def test_the_priority_matrix_is_saved_as_a_whole(client):
    lead = sign_in(client, roles.SUPPORT_LEAD)

    response = client.post(
        PRIORITY,
        priority_form(reason="Q3", **{"SINGLE:BLOCKED": "P2", "MANY:FUTURE": "P4"}),
        follow=True,
    )

    assert "2 cells changed." in response.content.decode()
    assert PriorityRule.objects.get(impact="SINGLE", urgency="BLOCKED").priority == "P2"
    assert {row.history_user for row in PriorityRule.history.all()} == {lead}
    assert "Single user × Complete block → <strong>P2 High" in response.content.decode()


def test_a_matrix_with_an_empty_cell_is_refused_and_stays(client):
    sign_in(client, roles.SUPPORT_LEAD)

    response = client.post(
        PRIORITY, priority_form(**{"MANY:BLOCKED": "P3", "MANY:MINOR": ""})
    )

    assert response.status_code == 422
    assert PriorityRule.objects.get(impact="MANY", urgency="BLOCKED").priority == "P1"
    assert not PriorityRule.history.exists()


def test_the_severity_matrix_is_saved_as_a_whole(client):
    sign_in(client, roles.SUPPORT_LEAD)
    rows = SeverityRule.objects.values_list("users_affected", "impairment", "severity")
    form = {f"{users}:{impairment}": severity for users, impairment, severity in rows}

    response = client.post(SEVERITY, form | {"ONE:COMPLETE": "SEV2", "reason": ""})

    assert response.status_code == 302
    row = SeverityRule.objects.get(users_affected="ONE", impairment="COMPLETE")
    assert row.severity == "SEV2"


@pytest.mark.parametrize("page", [PRIORITY, SEVERITY, MOVES])
@pytest.mark.parametrize("role", roles.ROLES)
def test_tables_are_read_by_all_and_changed_by_support_leads(client, role, page):
    sign_in(client, role)
    may_change = role in {roles.SUPPORT_LEAD, roles.ADMINISTRATOR}

    shown = client.get(page)
    posted = client.post(page, {"step": "preview"})

    assert shown.status_code == 200
    assert (b"so-button" in shown.content) is may_change
    assert posted.status_code == (422 if may_change else 403)
    assert not PriorityRule.history.exists()
    assert StatusMove.objects.count() == 55


def test_a_single_cell_has_no_page_of_its_own(client):
    sign_in(client, roles.SUPPORT_LEAD)
    row = PriorityRule.objects.first()

    page = reverse("admin:tickets_priorityrule_change", args=[row.pk])

    assert client.get(page).url == PRIORITY


def chosen(*, without=(), also=()) -> list[str]:
    moves = StatusMove.objects.values_list("source__code", "target__code")
    kept = [f"{a}>{b}" for a, b in moves if (a, b) not in without]
    return [*kept, *(f"{a}>{b}" for a, b in also)]


def test_a_change_of_moves_is_previewed_before_it_is_saved(client):
    sign_in(client, roles.SUPPORT_LEAD)
    open_ticket()
    open_ticket()
    move = chosen(without=[("new", "closed")], also=[("new", "escalated")])

    preview = client.post(MOVES, {"move": move, "step": "preview"})

    assert preview.status_code == 200
    assert preview.context["preview"].removed == [("New → Closed", 2)]
    assert preview.context["preview"].added == ["New → Escalated"]
    assert "2 tickets stand there now" in preview.content.decode()
    assert StatusMove.objects.filter(source__code="new", target__code="closed").exists()

    saved = client.post(
        MOVES, {"move": move, "step": "save", "reason": "No spam"}, follow=True
    )

    assert "2 moves changed." in saved.content.decode()
    assert not StatusMove.objects.filter(
        source__code="new", target__code="closed"
    ).exists()
    assert "No spam" in saved.content.decode()


@pytest.mark.parametrize("step", ["preview", "save"])
def test_moves_that_leave_a_dead_end_are_refused(client, step):
    sign_in(client, roles.SUPPORT_LEAD)
    out_of_pending = StatusMove.objects.filter(source__code="pending")
    lost = [
        ("pending", code)
        for code in out_of_pending.values_list("target__code", flat=True)
    ]

    response = client.post(
        MOVES, {"move": chosen(without=lost), "step": step, "reason": ""}
    )

    assert response.status_code == 422
    assert "an end: Pending third party" in response.content.decode()
    assert StatusMove.objects.count() == 55


def test_malformed_moves_are_refused(client):
    sign_in(client, roles.SUPPORT_LEAD)

    response = client.post(
        MOVES, {"move": [*chosen(), "new>nowhere", "junk"], "step": "save"}
    )

    assert response.status_code == 422
    assert StatusMove.objects.count() == 55


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("page", "queries"), [(PRIORITY, 6), (SEVERITY, 6), (MOVES, 7)]
)
def test_query_count_of_a_table_does_not_grow_with_its_history(
    client, page, queries, rows, django_assert_num_queries
):
    lead = sign_in(client, roles.SUPPORT_LEAD)
    for model in (PriorityRule, SeverityRule, StatusMove):
        for row in model.objects.all()[:rows]:
            row._history_user = lead
            row.save()

    with django_assert_num_queries(queries):
        response = client.get(page)

    assert len(response.context["changes"]) == rows
