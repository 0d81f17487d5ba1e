import pytest

from tickets.imports.core.facts import Facts, collapsed
from tickets.imports.core.neutral import MICROSECONDS, Row

HOUR = 3600 * MICROSECONDS


def rows(*statuses: str, **fields: str) -> list[Row]:
    """One row an hour; ``fields`` hold one letter a row, ``_`` for blank."""
    return [
        Row(
            n * HOUR,
            status=status,
            values={k: v[n].replace("_", "") for k, v in fields.items()},
        )
        for n, status in enumerate(statuses)
    ]


def facts(*tickets: list[Row]) -> Facts:
    found = Facts()
    for ticket in tickets:
        found.add(ticket)
    return found


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        (["", ""], []),
        (["A", "", "A"], ["A"]),
        (["A", "B", "", "A"], ["A", "B", "A"]),
    ],
)
def test_collapsed_drops_blanks_then_repeats(values, expected):
    assert collapsed(values) == expected


@pytest.mark.parametrize(
    ("teams", "handoffs", "returns"),
    [
        ("AAA", 0, 0),
        ("ABA", 2, 1),
        ("ABAB", 3, 2),
        ("A_B", 1, 0),
        ("A_A", 0, 0),
        ("ABC", 2, 0),
    ],
)
def test_handoffs_and_overlapping_ping_pongs(teams, handoffs, returns):
    report = facts(rows(*["open"] * len(teams), group=teams)).report()
    assert report["handoffs"]["group"] == handoffs
    assert report["ping_pongs"]["group"] == {
        "count": returns,
        "tickets": int(returns > 0),
    }
    assert report["handoffs"]["assignee"] == 0


@pytest.mark.parametrize(
    ("statuses", "reopens"),
    [
        (("new", "solved", "closed"), 0),
        (("solved", "open", "solved", "open"), 2),
        (("closed", "pending"), 1),
        # An unknown status tells nothing and is passed over.
        (("solved", "unknown", "closed"), 0),
        (("solved", "unknown", "open"), 1),
        (("solved", "unknown"), 0),
        (("closed", "solved"), 0),
    ],
)
def test_reopens_go_from_ended_to_neither(statuses, reopens):
    found = facts(rows(*statuses))
    assert (found.reopens, found.tickets_reopened) == (reopens, int(reopens > 0))


def test_time_to_resolve_goes_to_the_last_row_that_says_solved():
    found = facts(
        rows("new", "solved", "solved", "closed"),
        rows("new", "solved", "open", "open", "solved"),
        rows("new", "closed"),
    )
    assert found.median_hours_to_resolve == 3.0


def test_last_known_status_and_priority_count():
    ticket = rows("open", "unknown", priority="xy")
    ticket[1].priority = "high"
    report = facts(ticket, rows("")).report()
    assert report["by_status"] == {"open": 1, "unknown": 1}
    assert report["by_priority"] == {"high": 1, "none": 1}
    assert report["first_at"] == "1970-01-01T00:00:00+00:00"
    assert report["last_at"] == "1970-01-01T01:00:00+00:00"


def test_nothing_gives_empty_facts():
    report = Facts().report()
    assert report["median_hours_to_resolve"] is None
    assert report["first_at"] is None
    assert report["by_status"] == {}
