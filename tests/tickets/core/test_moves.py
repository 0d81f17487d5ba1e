from hypothesis import given
from hypothesis import strategies as st

from tickets.core.moves import dead_ends

CODES = ["new", "open", "waiting", "resolved", "closed"]
ENDED = ["resolved", "closed"]


def test_dead_ends_finds_a_circle_that_never_ends():
    moves = [("new", "resolved"), ("open", "waiting"), ("waiting", "open")]

    assert dead_ends(CODES, ENDED, moves) == ["open", "waiting"]


def test_dead_ends_does_not_count_moves_over_retired_statuses():
    moves = [("new", "retired"), ("retired", "closed")]

    assert dead_ends(["new", "closed"], ["closed"], moves) == ["new"]


def test_dead_ends_of_a_desk_without_ends_are_all():
    assert dead_ends(["new"], [], [("new", "new")]) == ["new"]


def walks_to_an_end(code, moves):
    seen, todo = set(), [code]
    while todo:
        here = todo.pop()
        if here in ENDED:
            return True
        seen.add(here)
        todo += [b for a, b in moves if a == here and b not in seen]
    return False


@given(st.sets(st.tuples(st.sampled_from(CODES), st.sampled_from(CODES))))
def test_dead_ends_agrees_with_walking_from_each_status(moves):
    expected = [code for code in CODES if not walks_to_an_end(code, moves)]

    assert dead_ends(CODES, ENDED, moves) == expected
