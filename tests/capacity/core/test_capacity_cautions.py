"""Where a recommendation and the figures do not agree."""

import pytest

from workforce.capacity.core.cautions import Held, alike, best_at, lost_beyond

FLIPS = [Held(0, 5, "C"), Held(5, 8, "A"), Held(8, 12, "B")]


@pytest.mark.parametrize(
    ("value", "letter"), [(0, "C"), (4.9, "C"), (5, "A"), (9, "B"), (99, "B")]
)
def test_best_is_that_of_the_stretch(value, letter):
    assert best_at(FLIPS, value) == letter


def test_nothing_is_best_without_stretches():
    assert best_at([], 3) == ""


@pytest.mark.parametrize(
    ("value", "letter", "bounds"),
    [
        (2, "C", (None, 5)),
        (6, "A", (5, 8)),
        (10, "B", (8, None)),
        (6, "C", None),
    ],
)
def test_an_option_is_lost_beyond_its_own_stretch(value, letter, bounds):
    assert lost_beyond(FLIPS, value, letter) == bounds


def test_stretches_of_one_option_that_touch_count_as_one():
    split = [Held(0, 5, "A"), Held(5, 8, "A"), Held(8, 9, "B")]
    assert lost_beyond(split, 2, "A") == (None, 8)
    assert lost_beyond([Held(0, 9, "A")], 2, "A") is None


def test_alike_names_who_shares_the_lead():
    leads = {"COST": ["C"], "CSAT": ["A", "C"], "HOURS": ["A", "B"]}
    assert alike(leads, "C") == {"CSAT": ["A", "C"]}
    assert alike(leads, "D") == {}
