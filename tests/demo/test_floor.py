from datetime import UTC, datetime, timedelta

import pytest

from supportops.demo.core.floor import is_bad_month, play

END = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def year():
    return play(
        start=END - timedelta(days=365), end=END, customers=300, monthly=1200, seed=20
    )


def hours_to_resolve(ticket):
    ends = [step.at for step in ticket.steps if step.kind == "resolved"]
    return (ends[-1] - ticket.created_at) / timedelta(hours=1) if ends else None


def test_play_gives_the_same_year_for_the_same_seed(year):
    again = play(
        start=END - timedelta(days=365), end=END, customers=300, monthly=1200, seed=20
    )

    assert [ticket.steps for ticket in again] == [ticket.steps for ticket in year]


def test_play_draws_about_twelve_hundred_tickets_a_month(year):
    assert 1150 <= len(year) / 12.17 <= 1250


def test_play_keeps_the_steps_of_each_ticket_in_order(year):
    for ticket in year:
        moments = [step.at for step in ticket.steps]
        assert moments == sorted(moments)
        assert ticket.steps[0].kind == "created"


def test_play_leaves_nothing_after_the_end(year):
    assert max(step.at for ticket in year for step in ticket.steps) < END


def test_play_never_works_on_a_ticket_after_closing_it(year):
    for ticket in year:
        kinds = [step.kind for step in ticket.steps]
        if "closed" in kinds:
            assert kinds.index("closed") == len(kinds) - 1


def test_bad_month_shows_in_api_tickets_only(year):
    def median(area, bad):
        found = sorted(
            hours
            for ticket in year
            if (ticket.topic.area == area) is True
            and is_bad_month(ticket.created_at, END) is bad
            and (hours := hours_to_resolve(ticket)) is not None
        )
        return found[len(found) // 2]

    assert median("API", bad=True) > 5 * median("API", bad=False)
    assert median("Billing", bad=True) < 5 * median("Billing", bad=False)


def test_busy_hours_are_mondays_in_the_morning(year):
    by_weekday = [0] * 7
    for ticket in year:
        by_weekday[ticket.created_at.weekday()] += 1

    assert max(range(7), key=by_weekday.__getitem__) == 0
    assert by_weekday[5] + by_weekday[6] < by_weekday[0] / 2
