"""Under which hosts the pages of this portal are found."""

from urllib.parse import urlsplit

from django.conf import settings

UNSAID = "http://localhost:8000"
"""What ``SITE_URL`` is until somebody sets it."""


def has_own_address() -> bool:
    """Say whether somebody has set the address under which the portal is found."""
    return bool(settings.SITE_URL.rstrip("/") != UNSAID)


def is_own(netloc: str) -> bool:
    """Say whether an address is one of this portal, by its host and port.

    Until the address is set, each of ``ALLOWED_HOSTS`` is, with any port; a pattern of
    hosts names none.
    """
    if netloc.casefold() == urlsplit(settings.SITE_URL).netloc.casefold():
        return True
    if has_own_address():
        return False
    host, colon, port = netloc.casefold().rpartition(":")
    name = host if colon and port.isdigit() else netloc.casefold()
    return name in {
        each.casefold() for each in settings.ALLOWED_HOSTS if "*" not in each
    }
