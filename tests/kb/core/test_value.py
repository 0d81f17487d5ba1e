import math

import pytest

from kb.core.value import value


def test_value_is_that_of_the_worked_example():
    found = value(10_000, 0.35, 15)

    assert (found.deflected, found.saved) == (3500, 52_500)


def test_value_of_a_loss_is_negative():
    assert value(100, -0.1, 15).saved == pytest.approx(-150)


@pytest.mark.parametrize(
    "inputs",
    [(-1, 0.5, 1), (1, 1.1, 1), (1, -1.1, 1), (1, 0.5, -1), (math.nan, 0.5, 1),
     (1, math.inf, 1)],
)  # fmt: skip
def test_value_refuses_what_is_no_share_or_amount(inputs):
    with pytest.raises(ValueError, match=r"needed|at most 1"):
        value(*inputs)
