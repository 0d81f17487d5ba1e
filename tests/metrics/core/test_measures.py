import statistics

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from supportops.metrics.core import measures

GROUPED = st.lists(
    st.tuples(st.integers(0, 3), st.floats(0, 1e6), st.booleans(), st.integers(1, 5)),
    max_size=40,
)


def columns(rows):
    groups = np.array([row[0] for row in rows], dtype=np.intp)
    return (
        groups,
        np.array([row[1] for row in rows], dtype=np.float64),
        np.array([row[2] for row in rows], dtype=bool),
        np.array([row[3] for row in rows], dtype=np.int64),
    )


@given(GROUPED)
def test_every_measure_agrees_with_plain_python(rows):
    groups, values, hit, ids = columns(rows)

    share = measures.share(hit, groups, 4)
    mean = measures.mean(values, groups, 4, targets=ids, target_share=0.5)
    median = measures.median(values, groups, 4)
    distinct = measures.distinct(ids, groups, 4)

    for group in range(4):
        mine = [row for row in rows if row[0] == group]
        assert share.n[group] == mean.n[group] == median.n[group] == len(mine)
        assert distinct.value[group] == len({row[3] for row in mine})
        if not mine:
            assert np.isnan(
                [share.value[group], mean.value[group], mean.target[group]]
            ).all()
            assert np.isnan(median.value[group])
            continue
        assert share.hits[group] == sum(row[2] for row in mine)
        assert np.isclose(share.value[group], sum(r[2] for r in mine) / len(mine))
        assert np.isclose(mean.value[group], statistics.fmean(r[1] for r in mine))
        assert np.isclose(
            mean.target[group], 0.5 * statistics.fmean(r[3] for r in mine)
        )
        assert np.isclose(median.value[group], statistics.median(r[1] for r in mine))


def test_count_may_stand_on_more_rows_than_it_counts():
    totals = measures.count(np.array([1, 1]), 2, of=np.array([5, 9]))

    assert totals.value.tolist() == [0.0, 2.0]
    assert totals.n.tolist() == [5, 9]


def test_mean_of_narrow_whole_numbers_does_not_overflow():
    totals = measures.mean(
        np.full(1000, 255, dtype=np.uint8), np.zeros(1000, np.intp), 1
    )

    assert totals.value.tolist() == [255.0]
