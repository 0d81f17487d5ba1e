import pytest

from tickets.core.touches import Touches, touches


def log(*rows):
    """Rows of ticket 1: (kind, value) or (kind, direction, by_automation)."""
    full = []
    for kind, *rest in rows:
        if kind == "MESSAGE":
            direction, automation = rest
            full.append((1, kind, direction, "", automation))
        else:
            full.append((1, kind, "", rest[0], False))
    return touches(full)[1]


@pytest.mark.parametrize(
    ("teams", "handoffs"),
    [
        ([], 0),
        (["A"], 0),
        (["A", "B", "A"], 2),
        (["A", "A"], 0),
        # Given back and taken again by the same team is no hand-off; by another it is.
        (["A", "", "A"], 0),
        (["A", "", "B"], 1),
    ],
)
def test_handoffs_are_changes_between_different_holders(teams, handoffs):
    assert (
        touches([(1, "TEAM", "", team, False) for team in teams])
        .get(1, Touches())
        .team_handoffs
        == handoffs
    )


def test_team_and_agent_handoffs_are_counted_apart():
    counted = log(("TEAM", "A"), ("ASSIGNEE", "x"), ("TEAM", "B"), ("ASSIGNEE", "x"))

    assert (counted.team_handoffs, counted.agent_handoffs) == (1, 0)


def test_replies_are_public_messages_by_people():
    counted = log(
        ("MESSAGE", "IN", False),
        ("MESSAGE", "OUT", True),
        ("MESSAGE", "INTERNAL", False),
        ("MESSAGE", "OUT", False),
    )

    assert counted.replies == 1


@pytest.mark.parametrize(
    ("rows", "escalated"),
    [
        ([("LEVEL", "L1")], False),
        ([("LEVEL", "L1"), ("LEVEL", "L2")], True),
        ([("LEVEL", "L2"), ("LEVEL", "L1")], False),
        ([("STATUS", "escalated")], True),
        ([("STATUS", "engineering")], True),
        ([("STATUS", "resolved")], False),
    ],
)
def test_escalated_means_a_higher_level_or_an_escalated_status(rows, escalated):
    assert log(*rows).is_escalated is escalated


def test_tickets_are_counted_apart():
    counted = touches([(1, "TEAM", "", "A", False), (2, "TEAM", "", "B", False)])

    assert {ticket: touch.team_handoffs for ticket, touch in counted.items()} == {
        1: 0,
        2: 0,
    }
