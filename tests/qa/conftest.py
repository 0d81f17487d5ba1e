"""What every test of quality may rely on."""

import pytest

from qa.selectors import scores


@pytest.fixture(autouse=True)
def _no_scores_of_another_test() -> None:
    """Start without scores in memory: rolled-back reviews leave their keys to others."""
    scores.forget()
