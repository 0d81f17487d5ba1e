"""The ledger of one day."""

import pytest

from workforce.capacity.core.volumes.counting import (
    Counted,
    TicketFacts,
    count_day,
    seconds_of,
    total,
)

HOUR = 3600
DAY = (0, 24 * HOUR)


def test_backlog_is_what_was_open_plus_what_came_less_what_left():
    tickets = [
        TicketFacts(9 * HOUR, 10 * HOUR, gave_up=False, handle_seconds=600),
        TicketFacts(9 * HOUR + 5, None, gave_up=False),
        TicketFacts(-HOUR, 10 * HOUR + 5, gave_up=True),
    ]
    counts, closing = count_day("UTC", DAY, 60, tickets, open_before=4)
    assert counts == {
        9 * HOUR: Counted(2, 0, 0, 0, 0, 6),
        10 * HOUR: Counted(0, 1, 1, 1, 600, 4),
    }
    assert closing == 4


def test_what_lies_outside_the_day_is_not_counted():
    counts, closing = count_day(
        "UTC", DAY, 60, [TicketFacts(-5, 24 * HOUR, gave_up=False)], open_before=1
    )
    assert (counts, closing) == ({}, 1)


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [(12, 720), (0.5, 30), ("7", 420), ("x", None), (0, None), (float("nan"), None)],
)
def test_seconds_of_what_a_ticket_states(stated, seconds):
    assert seconds_of(stated) == seconds


def test_total_keeps_the_last_known_backlog():
    facts = [Counted(1, backlog=5), Counted(2), Counted(3, handled=1)]
    assert total(facts) == Counted(6, handled=1, backlog=5)
