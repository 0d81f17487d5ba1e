"""What every test of the knowledge base may rely on."""

import pytest
from django.core.cache import cache

from kb import search


@pytest.fixture(autouse=True)
def _nothing_kept_of_another_test() -> None:
    """Rolled-back rows leave their numbers to others: nothing kept may name them."""
    search.forget()
    cache.clear()
