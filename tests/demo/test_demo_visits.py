from datetime import UTC, datetime
from itertools import cycle

import numpy as np

from supportops.demo.core import visits, votes

START = datetime(2025, 11, 20, tzinfo=UTC)
UNTIL = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_moments_lie_in_the_story_by_day_and_on_working_days():
    calendar = visits.calendar_of(START, UNTIL)
    moments = calendar.moments(20_000, np.random.default_rng(1))

    assert START.timestamp() <= moments.min() < moments.max() < UNTIL.timestamp()
    days = [datetime.fromtimestamp(at, UTC) for at in moments]
    weekend = sum(day.weekday() >= 5 for day in days) / len(days)
    # Two days at 0.16 beside five at 1.
    assert abs(weekend - 0.32 / 5.32) < 0.01
    assert sum(6 <= day.hour < 19 for day in days) / len(days) > 0.95


def test_trouble_with_the_api_shows_in_the_bad_month():
    calendar = visits.calendar_of(START, UNTIL)
    ago = (UNTIL.timestamp() - calendar.midnights) / visits.DAY
    bad = (ago >= 122) & (ago < 152)

    assert 2.4 < calendar.trouble[bad].sum() / calendar.usual[bad].sum() < 3.4
    assert calendar.trouble.sum().round(9) == calendar.usual.sum().round(9) == 1


def test_moments_of_a_story_of_hours_are_found():
    calendar = visits.calendar_of(UNTIL.replace(hour=8), UNTIL)

    assert len(calendar.moments(50, np.random.default_rng(1))) == 50


def test_keys_of_visitors_look_like_the_cookie():
    keys = visits.keys(3, np.random.default_rng(1))

    assert [len(key) for key in keys] == [32, 32, 32]
    assert len(set(keys)) == 3
    assert keys == visits.keys(3, np.random.default_rng(1))


def test_opened_takes_the_right_article_by_its_place():
    assert visits.opened([7, 8], 7, cycle([0.7])) == 1
    assert visits.opened([7, 8], 8, cycle([0.5])) == 2
    assert visits.opened([7, 8], 8, cycle([0.7])) == 0
    assert visits.opened([7, 8], 7, cycle([0.7]), keen=0.5) == 0
    assert visits.opened([], 7, cycle([0.0])) == 0


def test_votes_say_why_an_article_did_not_help():
    assert votes.vote("cannot-sign-in", 1, iter([0.5])) is None
    assert votes.vote("reconciliation-parameters", 1, iter([0.05, 0.5])) is False
    assert votes.vote("two-factor-code-refused", 1, iter([0.05, 0.47])) is True
    assert votes.vote("two-factor-code-refused", 1, iter([0.05, 0.49])) is False
    reason, comment = votes.why(
        "reconciliation-parameters", False, iter([0.1, 0.1, 0.1, 0.0])
    )
    assert reason == "UNCLEAR"
    assert comment.startswith("What is AT?")
    assert votes.why("cannot-sign-in", False, iter([0.1, 0.0, 0.9])) == (
        "INCOMPLETE",
        "",
    )
    assert votes.why("cannot-sign-in", True, iter([0.9])) == ("", "")
