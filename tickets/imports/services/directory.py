"""People, teams and words that a history names, found here or made."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from tickets.models import (
    Category,
    Channel,
    Contact,
    ContactAddress,
    Organisation,
    ProductArea,
)
from workforce.people.models import Team, User

_BATCH = 800  # SQLite takes 999 parameters a statement
Key = TypeVar("Key")


class Directory:
    """Keys of everything one source has named so far.

    ``remember_*`` takes all names of a batch at once and makes what is missing; the
    lookups after it are plain dictionaries. Imported people cannot sign in.
    """

    def __init__(self, source: str, automation: Iterable[str] = ()) -> None:
        self.source = source
        self._automation = frozenset(automation)
        self.users: dict[str, int] = {}
        self.user_names: dict[str, str] = {}
        self.teams: dict[str, int] = {}
        self.team_names: dict[str, str] = {}
        self.organisations: dict[str, int] = {}
        self.contacts: dict[str, int] = {}
        self.products: dict[str, int] = {}
        self.channels: dict[str, int] = {}
        self.categories: dict[str, int] = {}

    def remember_users(self, names: Mapping[str, str]) -> None:
        """``names`` maps the source's key of a person to the name to show."""
        missing = {key: name for key, name in names.items() if key not in self.users}
        by_username = {fit(f"{self.source}:{key}", 150): key for key in missing}
        found = _found(
            by_username,
            lambda keys: User.objects.filter(username__in=keys).values_list(
                "username", "pk"
            ),
            lambda keys: User.objects.bulk_create(
                [self._user(name, by_username[name], missing) for name in keys],
                ignore_conflicts=True,
            ),
        )
        for username, pk in found.items():
            key = by_username[username]
            self.users[key] = pk
            self.user_names[key] = missing[key] or key

    def _user(self, username: str, key: str, names: Mapping[str, str]) -> User:
        return User(
            username=username,
            first_name=(names[key] or key)[:150],
            is_active=False,
            password=make_password(None),
            imported_from=self.source,
            is_automation=key in self._automation or names[key] in self._automation,
        )

    def remember_teams(self, names: Mapping[str, str]) -> None:
        """A name that another desk's team has gets the source's name behind it."""
        missing = {
            key: name or key for key, name in names.items() if key not in self.teams
        }
        if not missing:
            return
        plain = {fit(name, 120): key for key, name in missing.items()}
        taken = self._taken_team_names(plain)
        marked = {
            (fit(f"{name} ({self.source})", 120) if name in taken else name): key
            for name, key in plain.items()
        }
        found = _found(
            marked,
            lambda keys: Team.objects.filter(name__in=keys).values_list("name", "pk"),
            lambda keys: Team.objects.bulk_create(
                [Team(name=name, imported_from=self.source) for name in keys],
                ignore_conflicts=True,
            ),
        )
        for name, pk in found.items():
            self.teams[marked[name]] = pk
            self.team_names[marked[name]] = name
        for key, name in missing.items():
            # Two keys under one name are one team here.
            same = plain[fit(name, 120)]
            self.teams[key], self.team_names[key] = (
                self.teams[same],
                self.team_names[same],
            )

    def _taken_team_names(self, names: Iterable[str]) -> set[str]:
        taken: set[str] = set()
        for batch in _batches(names):
            others = Team.objects.filter(name__in=batch).exclude(
                imported_from=self.source
            )
            taken.update(others.values_list("name", flat=True))
        return taken

    def remember_organisations(self, names: Mapping[str, str]) -> None:
        missing = {
            fit(key, 120): name or key
            for key, name in names.items()
            if key not in self.organisations
        }
        own = Organisation.objects.filter(source=self.source)
        found = _found(
            missing,
            lambda keys: own.filter(external_id__in=keys).values_list(
                "external_id", "pk"
            ),
            lambda keys: Organisation.objects.bulk_create(
                [
                    Organisation(
                        source=self.source, external_id=key, name=missing[key][:200]
                    )
                    for key in keys
                ],
                ignore_conflicts=True,
            ),
        )
        self.organisations |= {
            key: found[fit(key, 120)] for key in names if fit(key, 120) in found
        }

    def remember_contacts(
        self, names: Mapping[str, str], emails: Mapping[str, str]
    ) -> None:
        """A contact we already know under that address is the same person."""
        missing = {key: name for key, name in names.items() if key not in self.contacts}
        if not missing:
            return
        self._match_addresses({k: e for k, e in emails.items() if k in missing and e})
        by_id = {fit(key, 120): key for key in missing if key not in self.contacts}
        own = Contact.objects.filter(source=self.source)
        found = _found(
            by_id,
            lambda keys: own.filter(external_id__in=keys).values_list(
                "external_id", "pk"
            ),
            lambda keys: Contact.objects.bulk_create(
                [
                    Contact(
                        source=self.source,
                        external_id=key,
                        name=(missing[by_id[key]] or by_id[key])[:200],
                    )
                    for key in keys
                ],
                ignore_conflicts=True,
            ),
        )
        self.contacts |= {by_id[name]: pk for name, pk in found.items()}
        ContactAddress.objects.bulk_create(
            [
                ContactAddress(
                    contact_id=self.contacts[key], value=_address(emails[key])
                )
                for key in by_id.values()
                if emails.get(key)
            ],
            ignore_conflicts=True,
        )

    def _match_addresses(self, emails: Mapping[str, str]) -> None:
        keys: dict[str, list[str]] = {}
        for key, email in emails.items():
            keys.setdefault(_address(email), []).append(key)
        for batch in _batches(keys):
            rows = ContactAddress.objects.filter(
                kind=ContactAddress.Kind.EMAIL, value__in=batch
            )
            for value, contact_id in rows.values_list("value", "contact_id"):
                self.contacts |= dict.fromkeys(keys[value], contact_id)

    def remember_products(self, names: Iterable[str]) -> None:
        wanted = {fit(name, 120): name for name in names if name not in self.products}
        found = _found(
            wanted,
            lambda keys: ProductArea.objects.filter(name__in=keys).values_list(
                "name", "pk"
            ),
            lambda keys: ProductArea.objects.bulk_create(
                [ProductArea(name=name) for name in keys], ignore_conflicts=True
            ),
        )
        self.products |= {wanted[name]: pk for name, pk in found.items()}

    def remember_channels(self, names: Iterable[str]) -> None:
        codes = {
            name: slugify(name)[:30] or f"channel-{_mark(name)}"
            for name in names
            if name not in self.channels
        }
        first = {code: name for name, code in codes.items()}
        found = _found(
            first,
            lambda keys: Channel.objects.filter(code__in=keys).values_list(
                "code", "pk"
            ),
            lambda keys: Channel.objects.bulk_create(
                [Channel(code=code, name=first[code][:60]) for code in keys],
                ignore_conflicts=True,
            ),
        )
        self.channels |= {name: found[code] for name, code in codes.items()}

    def remember_categories(self, paths: Iterable[str]) -> None:
        """Find or make each path, its parents first; names are joined by “ / ”."""
        for path in paths:
            if path in self.categories:
                continue
            parent: Category | None = None
            for name in [part.strip() for part in path.split(" / ") if part.strip()]:
                parent = self._category(name, parent)
            if parent is not None:
                self.categories[path] = parent.pk

    def _category(self, name: str, parent: Category | None) -> Category:
        name = fit(name, 120)
        path = fit(f"{parent.path} / {name}" if parent else name, 400)
        found, _new = Category.objects.get_or_create(
            path=path, defaults={"name": name, "parent": parent}
        )
        return found


def fit(text: str, limit: int) -> str:
    """Shorten a text so that two different ones stay different."""
    if len(text) <= limit:
        return text
    return f"{text[: limit - 9]}~{_mark(text)}"


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _address(email: str) -> str:
    return email.strip().lower()[:254]


def _batches(keys: Iterable[Key]) -> Iterator[list[Key]]:
    wanted = list(keys)
    for start in range(0, len(wanted), _BATCH):
        yield wanted[start : start + _BATCH]


def _found(
    keys: Iterable[str],
    find: Callable[[list[str]], Iterable[tuple[str, int]]],
    make: Callable[[list[str]], object],
) -> dict[str, int]:
    """Find rows by key, make the missing ones, find those: safe beside other writers."""
    result: dict[str, int] = {}
    for batch in _batches(keys):
        result |= dict(find(batch))
        missing = [key for key in batch if key not in result]
        if missing:
            make(missing)
            result |= dict(find(missing))
    return result
