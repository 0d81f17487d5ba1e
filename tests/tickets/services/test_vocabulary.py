import pytest

from tests.factories.people import UserFactory
from tests.factories.tickets import CategoryFactory, open_ticket, status
from tickets import services
from tickets.models import (
    Category,
    PriorityRule,
    SeverityRule,
    StatusMove,
)
from tickets.services.vocabulary import refuse_new_meaning

pytestmark = pytest.mark.django_db


def all_moves() -> set[tuple[str, str]]:
    return set(StatusMove.objects.values_list("source__code", "target__code"))


def priority_cells() -> dict[tuple[str, str], str]:
    rows = PriorityRule.objects.values_list("impact", "urgency", "priority")
    return {(impact, urgency): priority for impact, urgency, priority in rows}


def test_save_category_keeps_paths_of_a_whole_subtree():
    billing = services.save_category(name="Billing", parent=None)
    refunds = services.save_category(name=" Refunds ", parent=billing)
    services.save_category(name="Cards", parent=refunds)
    money = services.save_category(name="Money", parent=None)

    services.save_category(name="Bills", parent=money, category_id=billing.pk)

    paths = list(Category.objects.order_by("path").values_list("path", flat=True))
    assert paths == [
        "Money",
        "Money / Bills",
        "Money / Bills / Refunds",
        "Money / Bills / Refunds / Cards",
    ]


def test_save_category_refuses_a_circle():
    root = CategoryFactory(name="A")
    child = CategoryFactory(name="B", parent=root)

    with pytest.raises(services.CategoryRefused, match="lies below it"):
        services.save_category(name="A", parent=child, category_id=root.pk)

    assert Category.objects.get(pk=root.pk).parent is None
    assert Category.objects.get(pk=child.pk).path == "A / B"


def test_save_category_refuses_a_tree_too_deep_and_writes_nothing():
    parent = None
    for name in "ABCD":
        parent = services.save_category(name=name, parent=parent)

    with pytest.raises(services.CategoryRefused, match="deeper than 4 levels"):
        services.save_category(name="E", parent=parent)
    other = services.save_category(name="Other", parent=None)
    root = Category.objects.get(path="A")
    with pytest.raises(services.CategoryRefused, match="deeper than 4 levels"):
        services.save_category(name="A", parent=other, category_id=root.pk)

    assert set(Category.objects.values_list("path", flat=True)) == {
        "A",
        "A / B",
        "A / B / C",
        "A / B / C / D",
        "Other",
    }


@pytest.mark.parametrize("name", ["", "  ", "A / B", "Login"])
def test_save_category_refuses_a_name_that_does_not_do(name):
    CategoryFactory(name="Login")

    with pytest.raises(services.CategoryRefused):
        services.save_category(name=name, parent=None)

    assert Category.objects.count() == 1


def test_save_status_moves_makes_exactly_these_the_allowed_ones():
    lead = UserFactory()
    wanted = all_moves() - {("new", "closed")} | {("new", "escalated")}

    saved = services.save_status_moves(allowed=wanted, actor=lead, reason="Outages")

    assert all_moves() == wanted
    assert saved.added == [("new", "escalated")]
    assert saved.removed == [("new", "closed")]
    changes = StatusMove.history.order_by("history_id").values_list(
        "history_type", "history_user", "history_change_reason"
    )
    assert list(changes) == [("+", lead.pk, "Outages"), ("-", lead.pk, "Outages")]


def test_save_status_moves_ignores_moves_to_the_same_status():
    before = all_moves()

    services.save_status_moves(allowed=before | {("new", "new")}, actor=None)

    assert all_moves() == before


def test_save_status_moves_refuses_a_dead_end_and_writes_nothing():
    before = all_moves()
    wanted = {move for move in before if move[0] != "engineering"}

    with pytest.raises(services.DeadEnd, match="an end: Engineering"):
        services.save_status_moves(allowed=wanted, actor=None)

    assert all_moves() == before
    assert not StatusMove.history.exists()


def test_save_status_moves_refuses_a_code_that_is_no_status():
    with pytest.raises(services.UnknownValue, match="“nowhere” is no status"):
        services.save_status_moves(allowed={("new", "nowhere")}, actor=None)


def test_save_priority_matrix_keeps_who_changed_which_cell():
    lead = UserFactory()
    cells = priority_cells() | {("SINGLE", "BLOCKED"): "P2"}

    assert services.save_priority_matrix(cells=cells, actor=lead, reason="Q3") == 1

    assert priority_cells() == cells
    change = PriorityRule.history.get()
    assert (change.impact, change.urgency, change.priority) == (
        "SINGLE",
        "BLOCKED",
        "P2",
    )
    assert (change.history_user, change.history_change_reason) == (lead, "Q3")


def test_save_priority_matrix_fills_a_cell_that_was_lost():
    cells = priority_cells()
    PriorityRule.objects.filter(impact="MANY", urgency="BLOCKED").delete()

    assert services.save_priority_matrix(cells=cells, actor=None) == 1
    assert priority_cells() == cells


@pytest.mark.parametrize("value", ["", "P9"])
def test_save_priority_matrix_refuses_a_cell_without_a_priority(value):
    before = priority_cells()

    with pytest.raises((services.MatrixIncomplete, services.UnknownValue)):
        services.save_priority_matrix(
            cells=before | {("MANY", "MINOR"): "P1", ("MANY", "BLOCKED"): value},
            actor=None,
        )

    assert priority_cells() == before


def test_save_severity_matrix_refuses_a_missing_cell():
    with pytest.raises(services.MatrixIncomplete, match="Every cell"):
        services.save_severity_matrix(cells={("ONE", "MAJOR"): "SEV1"}, actor=None)

    assert not SeverityRule.history.exists()


def test_refuse_new_meaning_while_tickets_stand_in_the_status():
    refuse_new_meaning(status("pending"), "OPEN")
    open_ticket(status="pending")

    with pytest.raises(services.StatusInUse, match="1 tickets have"):
        refuse_new_meaning(status("pending"), "OPEN")
    refuse_new_meaning(status("pending"), "ON_HOLD")


def test_shipped_matrices_hold_the_reference_pairs_and_take_the_calmer_side():
    cells = priority_cells()

    assert len(cells) == 20
    assert cells["MANY", "BLOCKED"] == "P1"
    assert cells["MULTIPLE", "SIGNIFICANT"] == "P2"
    assert cells["SINGLE", "PARTIAL"] == "P3"
    assert cells["SINGLE", "MINOR"] == "P4"
    assert cells["ENHANCEMENT", "FUTURE"] == "P5"
    assert cells["SINGLE", "BLOCKED"] == "P3"
    assert cells["MANY", "MINOR"] == "P4"
    assert list(cells.values()).count("P1") == 1
    severities = SeverityRule.objects.values_list(
        "impairment", "users_affected", "severity"
    )
    assert sorted(severities) == [
        ("COMPLETE", "ALL", "SEV1"),
        ("COMPLETE", "MULTIPLE", "SEV2"),
        ("COMPLETE", "ONE", "SEV3"),
        ("MAJOR", "ALL", "SEV2"),
        ("MAJOR", "MULTIPLE", "SEV3"),
        ("MAJOR", "ONE", "SEV4"),
        ("MINOR", "ALL", "SEV3"),
        ("MINOR", "MULTIPLE", "SEV4"),
        ("MINOR", "ONE", "SEV5"),
    ]
