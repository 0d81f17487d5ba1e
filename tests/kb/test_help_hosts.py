"""Which addresses are of this portal, with and without a set ``SITE_URL``."""

from pathlib import Path

import pytest

from kb.selectors.help.hosts import UNSAID, has_own_address, is_own
from supportops.settings import base


def test_address_that_nobody_set_is_the_one_of_the_settings() -> None:
    assert f'"SITE_URL", default="{UNSAID}"' in Path(base.__file__).read_text()


@pytest.mark.parametrize(
    ("netloc", "is_ours"),
    [
        ("Help.example.com", True),
        ("help.example.com:8443", False),
        ("localhost:8000", False),
        ("other.example.com", False),
    ],
)
def test_a_set_address_is_the_only_one(settings, netloc, is_ours) -> None:
    settings.SITE_URL = "https://help.example.com/"
    settings.ALLOWED_HOSTS = ["help.example.com", "localhost"]

    assert has_own_address()
    assert is_own(netloc) == is_ours


@pytest.mark.parametrize(
    ("netloc", "is_ours"),
    [
        ("localhost:8000", True),
        ("desk.lan:9001", True),
        ("[::1]:9001", True),
        ("desk.lan", True),
        ("a.example.com", False),
        ("elsewhere.com", False),
    ],
)
def test_until_then_allowed_hosts_are(settings, netloc, is_ours) -> None:
    settings.SITE_URL = UNSAID
    settings.ALLOWED_HOSTS = ["desk.lan", "[::1]", ".example.com", "*"]

    assert not has_own_address()
    assert is_own(netloc) == is_ours
