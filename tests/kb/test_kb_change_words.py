"""How changes and amounts of self-service are written, and when they are coloured."""

import pytest

from kb.templatetags.self_service import amount_beside, change, since
from supportops.metrics import catalogue
from supportops.metrics.catalogue import Figure
from supportops.metrics.core.intervals import share_interval


def share_figure(hits, n):
    low, high = share_interval([hits], [n])[0].tolist()
    return Figure(hits / n, n, low, high, hits=hits)


def told(code, now, before):
    return change(catalogue.get(code), now, before)


def test_a_change_within_noise_has_no_colour():
    text = told("kb_helpfulness", share_figure(56, 70), share_figure(53, 70))
    assert "mt-change idle" in text
    assert "+4.3 ± 13.7 points" in text
    assert "within noise" in text
    assert "before: n = 70" in text


@pytest.mark.parametrize(
    ("code", "css"), [("kb_helpfulness", "ok"), ("kb_zero_results", "late")]
)
def test_a_change_beyond_noise_is_for_the_better_or_the_worse(code, css):
    text = told(code, share_figure(560, 700), share_figure(480, 800))
    assert f"mt-change {css}" in text
    assert "+20.0 ± 4.5 points" in text
    assert "noise" not in text


def test_times_change_in_time_and_less_is_better():
    now, before = Figure(40.0, 90, 36.0, 44.0), Figure(60.0, 80, 52.0, 70.0)
    text = told("kb_time_to_answer", now, before)
    assert "mt-change ok" in text
    assert "−20 s ± 10 s" in text
    same = told("kb_time_to_answer", now, now)
    assert '"mt-change idle">0 s ± 6 s ' in same


def test_without_an_interval_nothing_is_compared():
    for before in (Figure(None, 0), Figure(60.0, 3)):
        text = told("kb_time_to_answer", Figure(40.0, 90, 36.0, 44.0), before)
        assert "nothing to compare" in text


def test_counts_of_texts_carry_what_chance_leaves_open():
    assert "within noise" in since(30, 20)
    assert since(300, 200).startswith("+50 %<br>")
    assert "from +25 to +79 %" in since(300, 200)
    assert (since(3, 0), since(0, 0)) == ("new", "–")


def test_an_interval_and_its_centre_are_rounded_alike(settings):
    settings.CURRENCY = "EUR"
    mixed = (-412.3, 903.55, 1890.2)
    assert [amount_beside(each, mixed) for each in mixed] == [
        "-412 EUR", "904 EUR", "1,890 EUR",
    ]  # fmt: skip
    small = (-4.5, 10.0, 24.25)
    assert [amount_beside(each, small) for each in small] == [
        "-4.50 EUR", "10.00 EUR", "24.25 EUR",
    ]  # fmt: skip
