"""Who may open and do what: every address of the portal, by role.

One letter stands for one person: A agent, T team lead, S support lead, Q QA reviewer,
W workforce manager, E executive, X administrator, N on the staff without a role,
. not signed in. A row names everybody who is let in; everybody else must be refused.
An address that no row names fails the test.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from supportops.jobs.models import Job
from supportops.notifications.models import Kind, Notification
from tests.factories import sla as make
from tests.factories.api import token_of
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import MONDAY_9AM, open_ticket
from tickets.imports import services as imports
from tickets.imports.models import ImportRun
from workforce.people import roles
from workforce.people.models import User

PEOPLE = {**dict(zip("ATSQWEX", roles.ROLES, strict=True)), "N": "", ".": None}

# The lists and forms of the admin. "save" sends the form; "see" opens it.
MODELS = """
"""

PAGES = """
"""

API = """
"""

# The same addresses, for something that belongs to somebody else.
OF_SOMEBODY_ELSE = """
"""


@dataclass(frozen=True)
class Row:
    """One call: its method, the name of its address, who is let in, and what it sends."""

    method: str
    name: str
    allowed: str
    data: tuple[tuple[str, str], ...] = ()
    is_foreign: bool = False

    def __str__(self) -> str:
        sent = " ".join(f"{key}={value}" for key, value in self.data)
        owner = "somebody else's " if self.is_foreign else ""
        return f"{self.method} {owner}{self.name} {sent}".strip()


def lines(table: str) -> Iterator[list[str]]:
    return (line.split() for line in table.strip().splitlines() if line.strip())


def rows_of(table: str, *, is_foreign: bool = False) -> list[Row]:
    return [
        Row(
            method=method,
            name=name,
            allowed="" if allowed == "nobody" else allowed,
            data=tuple(tuple(pair.split("=", 1)) for pair in data),
            is_foreign=is_foreign,
        )
        for method, name, allowed, *data in lines(table)
    ]


def rows_of_models() -> Iterator[Row]:
    _model, *columns = next(lines(MODELS))
    calls = {
        "list": ("GET", "changelist"),
        "add": ("GET", "add"),
        "see": ("GET", "change"),
        "save": ("POST", "change"),
        "delete": ("GET", "delete"),
        "history": ("GET", "history"),
    }
    for model, *cells in list(lines(MODELS))[1:]:
        for column, allowed in zip(columns, cells, strict=True):
            method, page = calls[column]
            if allowed != "elsewhere":
                yield Row(
                    method, f"admin:{model}_{page}", allowed.replace("nobody", "")
                )


ROWS = [
    *rows_of_models(),
    *rows_of(PAGES),
    *rows_of(API),
    *rows_of(OF_SOMEBODY_ELSE, is_foreign=True),
]


# Addresses ------------------------------------------------------------------------------


def names(resolver: Any, namespace: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from names(entry, inner)
        elif entry.name:
            yield f"{namespace}{entry.name}"


def test_every_address_has_a_row():
    assert {row.name for row in ROWS} == set(names(get_resolver()))


def test_no_row_is_there_twice():
    seen = [str(row) for row in ROWS]
    assert sorted(seen) == sorted(set(seen))


# Things to open ---------------------------------------------------------------------------


@dataclass
class Things:
    """What the addresses of one owner lead to, by the name of their argument."""

    ticket: Any
    job: Job
    notification: Notification
    token: Any
    run: ImportRun
    policy: Any
    calendar: Any

    def arguments(self, name: str) -> dict[str, Any] | tuple[Any, ...]:
        """Fill in the address called ``name``."""
        if name.endswith("_simple_history"):
            thing = self.of_model(name)
            return thing.pk, thing.history.latest().pk
        return {}

    def of_model(self, name: str) -> Any:
        """The row that an admin page such as ``admin:tickets_tag_change`` is about."""
        raise NotImplementedError


@pytest.mark.django_db
def test_placeholder():
    pass
