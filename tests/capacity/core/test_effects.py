"""What past occurrences of an event did, with how sure that is."""

from datetime import date, timedelta

import pytest

from workforce.capacity.core.effects import effect, usual

START = date(2026, 1, 1)


def volumes(n=200, level=100.0):
    return {START + timedelta(days=k): level for k in range(n)}


def test_usual_is_the_median_of_the_same_weekday_around():
    known = volumes()
    known[date(2026, 3, 4) - timedelta(weeks=1)] = 900

    assert usual(date(2026, 3, 4), known, ()) == 100
    assert usual(date(2027, 3, 4), known, ()) is None


def test_effect_of_three_occurrences_is_found_with_its_interval():
    known, spans = volumes(), []
    for first, factor in (
        (date(2026, 2, 10), 1.4),
        (date(2026, 3, 20), 1.5),
        (date(2026, 5, 5), 1.6),
    ):
        spans.append((first, first + timedelta(days=1)))
        for offset in range(2):
            known[first + timedelta(days=offset)] = 100 * factor
    days = {day for first, last in spans for day in (first, last)}

    found = effect(spans, known, days)

    assert found.n == 3
    assert found.days == 6
    assert found.percent == pytest.approx(49.7, abs=0.5)
    # Student's t with 2 degrees of freedom on logarithms with a spread of 0.067.
    assert found.low == pytest.approx(27, abs=2)
    assert found.high == pytest.approx(77, abs=2)


def test_one_occurrence_is_told_with_a_wide_interval():
    known = volumes(level=4.0)
    known[date(2026, 3, 4)] = 8.0

    found = effect([(date(2026, 3, 4), date(2026, 3, 4))], known, {date(2026, 3, 4)})

    assert found.n == 1
    assert found.low < 0 < found.percent < found.high


def test_occurrence_without_volumes_teaches_nothing():
    assert effect([(date(2030, 1, 1), date(2030, 1, 2))], volumes(), ()) is None
    assert effect([], volumes(), ()) is None
