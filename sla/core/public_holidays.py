"""Public holidays by country, from the ``holidays`` library."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays
from holidays.registry import COUNTRIES


def public_holidays(
    country: str, subdivision: str, first_year: int, last_year: int
) -> Mapping[date, str]:
    """Days off in a country, or in one part of it, with their English or local names.

    Parameters
    ----------
    country, subdivision : str
        ISO codes; an empty subdivision means what the whole country shares.
    first_year, last_year : int
        Both included.

    Raises
    ------
    ValueError
        If the library does not know the country or the part.
    """
    check_place(country, subdivision)
    return _computed(country, subdivision, first_year, last_year)


@lru_cache(maxsize=64)
def _computed(
    country: str, subdivision: str, first_year: int, last_year: int
) -> Mapping[date, str]:
    found = holidays.country_holidays(
        country,
        subdiv=subdivision or None,
        years=range(first_year, last_year + 1),
        language="en_US",
    )
    return MappingProxyType(dict(sorted(found.items())))


def check_place(country: str, subdivision: str) -> None:
    """Raise ``ValueError`` naming a country or part that the library does not know."""
    parts = subdivisions_by_country().get(country)
    if parts is None:
        raise ValueError(f"no holidays are known for country {country!r}")
    if subdivision and subdivision not in parts:
        raise ValueError(f"no holidays are known for {subdivision!r} in {country}")


@lru_cache(maxsize=1)
def subdivisions_by_country() -> Mapping[str, tuple[str, ...]]:
    """ISO country code to the codes of the parts that have holidays of their own."""
    listed = holidays.list_supported_countries(include_aliases=False)
    return MappingProxyType({code: tuple(parts) for code, parts in listed.items()})


@lru_cache(maxsize=1)
def country_names() -> Mapping[str, str]:
    """ISO country code to an English name, in the order of the names."""
    known = subdivisions_by_country()
    names = {
        codes[1]: _spaced(codes[0]) for codes in COUNTRIES.values() if codes[1] in known
    }
    return MappingProxyType(dict(sorted(names.items(), key=lambda item: item[1])))


def _spaced(name: str) -> str:
    """``UnitedStates`` to ``United States``: the library names classes, not countries."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
