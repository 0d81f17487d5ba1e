"""The chart: what is drawn, what breaks a line, and that no text can break out of it."""

from workforce.capacity.charts.bands import (
    Area,
    Chart,
    Line,
    Mark,
    Span,
    levels,
    stretches,
)


def test_levels_are_round_and_reach_the_highest_value():
    assert levels(0) == [0.0, 1.0]
    assert levels(37) == [0, 10, 20, 30, 40]
    assert levels(40) == [0, 10, 20, 30, 40]
    assert levels(900) == [0, 250, 500, 750, 1000]
    assert levels(0.3)[-1] >= 0.3


def test_unknown_values_break_a_line():
    assert list(stretches([1.0, 2.0, None, 3.0])) == [
        [(0, 1.0), (1, 2.0)],
        [(3, 3.0), (3, 3.0)],
    ]


def chart(**changes: object) -> Chart:
    return Chart(
        **{
            "label": "Calls: 10 a day",
            "names": ["1 Mar", "2 Mar", "3 Mar"],
            "unit": "Contacts a day",
            "lines": [Line("Came", "actual", [10.0, None, 20.0])],
            **changes,
        }
    )


def test_chart_draws_each_stretch_and_names_itself():
    drawn = str(chart())

    assert drawn.count('<polyline class="cc-line actual"') == 2
    assert 'role="img" aria-label="Calls: 10 a day"' in drawn
    assert "1 Mar" in drawn
    assert 'style="' not in drawn


def test_all_days_of_a_week_are_named_and_five_of_more():
    def printed(n: int) -> list[str]:
        names = [f"day {i}" for i in range(n)]
        drawn = str(chart(names=names, lines=[Line("Came", "actual", [1.0] * n)]))
        return [name for name in names if f">{name}</text>" in drawn]

    assert len(printed(6)) == 6
    assert len(printed(7)) == 7
    assert printed(9) == ["day 0", "day 2", "day 4", "day 6", "day 8"]


def test_chart_places_values_in_percent():
    drawn = str(chart(lines=[Line("Came", "actual", [0.0, 10.0, 20.0])]))

    assert 'points="0.0,100.0 50.0,50.0 100.0,0.0"' in drawn


def test_chart_draws_areas_marks_spans_and_now():
    drawn = str(
        chart(
            areas=[Area("Range", "wide", [8, None, 15], [12, None, 25])],
            marks=[Mark(2, 20.0, "outlier", "One-off")],
            spans=[Span(1, 1, "Release")],
            now=2,
        )
    )

    assert drawn.count('<polygon class="cc-area wide"') == 2
    assert '<path class="cc-mark outlier"' in drawn
    assert "<title>Release</title>" in drawn
    assert '<line class="cc-now" x1="75.0"' in drawn


def test_chart_escapes_what_people_wrote():
    drawn = str(chart(label="<script>", spans=[Span(0, 0, '"><b>')]))

    assert "<script>" not in drawn
    assert "<b>" not in drawn


def test_chart_without_any_value_can_be_drawn():
    assert "cc-plot" in str(Chart(label="Nothing", names=[], unit="Contacts"))
