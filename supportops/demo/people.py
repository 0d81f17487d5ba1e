"""Writes the demo's people and customers: the cast of the story."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from supportops.demo.core import story
from tickets.models import (
    Category,
    Channel,
    Contact,
    ContactAddress,
    CustomerTier,
    Organisation,
    ProductArea,
)
from workforce.people.models import Region, Skill, SkillLevel, Team, User

PASSWORD = "demo-demo"  # noqa: S105 -- printed at start; the demo holds invented data only

FIRST = (
    "Amelia", "Bruno", "Chiara", "Daniel", "Elif", "Farid", "Greta", "Hiro", "Inés",
    "Jakub", "Katrin", "Luca", "Marta", "Noah", "Olga", "Paul", "Rania", "Sven",
    "Tessa", "Yusuf",
)  # fmt: skip
LAST = (
    "Almeida", "Berger", "Costa", "Dubois", "Eriksen", "Fischer", "Greco", "Hansen",
    "Ito", "Jansen", "Kowalski", "Lambert", "Meyer", "Nilsson", "Oliveira", "Petrov",
    "Quinn", "Romano", "Schmidt", "Vidal",
)  # fmt: skip
TRADES = (
    "Bakeries", "Logistics", "Studio", "Consulting", "Foods", "Systems", "Energy",
    "Travel", "Dental", "Cycles", "Textiles", "Software", "Interiors", "Media",
)  # fmt: skip
PLACES = (
    "Alpine", "Baltic", "Cedar", "Delta", "Elm", "Fjord", "Granite", "Harbour",
    "Island", "Juniper", "Kestrel", "Linden", "Meadow", "North", "Orchard", "Pine",
    "Quarry", "River", "Summit", "Terrace", "Union", "Valley", "Willow", "Zephyr",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody and everything the tickets refer to, by the story's names."""

    users: dict[str, User]
    teams: dict[str, Team]
    contacts: list[Contact]
    channels: dict[str, int]
    categories: dict[str, Category]
    areas: dict[str, int]


def write_cast(*, contacts: int, seed: int) -> Cast:
    """Create teams, users with their role, tiers, organisations and contacts."""
    random = np.random.default_rng(seed)
    teams = _teams()
    users = _users(teams)
    for name, lead in (
        ("Frontline", "mei.tanaka"),
        ("Technical", "sofia.rossi"),
        ("Product engineering", "iris.okafor"),
    ):
        teams[name].lead = users[lead]
        teams[name].save(update_fields=["lead"])
    return Cast(
        users=users,
        teams=teams,
        contacts=_contacts(
            _organisations(users, contacts // 2, random), contacts, random
        ),
        channels=_channels(),
        categories=_categories(),
        areas={
            topic.area: ProductArea.objects.get_or_create(name=topic.area)[0].pk
            for topic in story.TOPICS
        },
    )


def _teams() -> dict[str, Team]:
    region, _ = Region.objects.get_or_create(
        name="Berlin", defaults={"country": "DE", "time_zone": story.ZONE}
    )
    return {
        name: Team.objects.get_or_create(
            name=name, defaults={"level": level, "region": region}
        )[0]
        for name, level in story.TEAMS.items()
    }


def _users(teams: dict[str, Team]) -> dict[str, User]:
    password = make_password(PASSWORD)
    groups = {group.name: group for group in Group.objects.all()}
    users = {}
    for person in story.PEOPLE:
        first, _, last = person.name.partition(" ")
        user = User.objects.create(
            username=person.username,
            first_name=first,
            last_name=last,
            email=f"{person.username}@lumen-ledger.example",
            password=password,
            is_staff=True,
            is_superuser=person.role == "Administrator",
            team=teams[person.team] if person.level else None,
            level=person.level,
            time_zone=story.ZONE,
            date_joined=datetime(2024, 3, 1, tzinfo=UTC),
        )
        user.groups.add(groups[person.role])
        users[person.username] = user
    for name, holders in {
        "Invoicing": ("ana.moreau", "jonas.weber", "pavel.novak"),
        "Access": ("leila.haddad", "mei.tanaka"),
        "API": ("sofia.rossi", "tomas.lindqvist", "iris.okafor"),
    }.items():
        skill, _ = Skill.objects.get_or_create(name=name)
        for rank, holder in enumerate(holders):
            SkillLevel.objects.create(user=users[holder], skill=skill, level=4 - rank)
    return users


def _organisations(
    users: dict[str, User], count: int, random: np.random.Generator
) -> list[Organisation]:
    # The company sells three tiers; those that ship with the product would only confuse.
    CustomerTier.objects.exclude(code__in=[tier[0] for tier in story.TIERS]).delete()
    tiers = []
    for code, name, rank, multiplier, _ in story.TIERS:
        tier, _ = CustomerTier.objects.get_or_create(code=code, defaults={"name": name})
        tier.rank, tier.default_multiplier = rank, multiplier
        tier.save(update_fields=["rank", "default_multiplier"])
        tiers.append(tier)
    shares = np.array([share for *_, share in story.TIERS])
    picks = random.choice(len(tiers), size=count, p=shares)
    names = [f"{place} {trade}" for trade in TRADES for place in PLACES]
    order = random.permutation(len(names))[:count]
    prices = {"enterprise": 4200, "mid-market": 780, "smb": 95}
    health = list(Organisation.Health.values)
    rows = []
    for index, pick in zip(order, picks, strict=True):
        tier = tiers[pick]
        amount = prices[tier.code] * random.lognormal(0, 0.35)
        rows.append(
            Organisation(
                name=names[index],
                tier=tier,
                plan={"enterprise": "Scale", "mid-market": "Team", "smb": "Solo"}[
                    tier.code
                ],
                mrr=round(float(amount), 2),
                health=str(random.choice(health, p=[0.68, 0.18, 0.08, 0.06])),
                csm=users["carla.mendes"] if tier.code == "enterprise" else None,
                time_zone=story.ZONE,
            )
        )
    return Organisation.objects.bulk_create(rows)


def _contacts(
    organisations: list[Organisation], count: int, random: np.random.Generator
) -> list[Contact]:
    rows = []
    for index in range(count):
        first = FIRST[int(random.integers(len(FIRST)))]
        last = LAST[int(random.integers(len(LAST)))]
        organisation = organisations[index % len(organisations)]
        is_vip = organisation.plan == "Scale" and random.random() < 0.12
        rows.append(
            Contact(
                name=f"{first} {last}",
                organisation=organisation,
                language="en",
                is_vip=bool(is_vip),
            )
        )
    rows = Contact.objects.bulk_create(rows)
    ContactAddress.objects.bulk_create(
        ContactAddress(
            contact=row,
            value=f"{row.name.split()[0].lower()}.{row.pk}@customer.example",
        )
        for row in rows
    )
    return rows


def _channels() -> dict[str, int]:
    known = dict(Channel.objects.values_list("code", "pk"))
    for code, _share in story.CHANNELS:
        if code not in known:
            known[code] = Channel.objects.create(code=code, name=code.title()).pk
    return known


def _categories() -> dict[str, Category]:
    found: dict[str, Category] = {}
    for topic in story.TOPICS:
        parent, path = None, ""
        for name in topic.category.split(" / "):
            path = f"{path} / {name}" if path else name
            parent, _ = Category.objects.get_or_create(
                path=path, defaults={"name": name, "parent": parent}
            )
            found[path] = parent
    return found


def login_lines() -> list[str]:
    """Say which name shows which role; empty when the demo is not loaded."""
    shown = {}
    for person in story.PEOPLE:
        shown.setdefault(person.role, person)
    present = set(
        User.objects.filter(
            username__in=[person.username for person in story.PEOPLE], is_active=True
        ).values_list("username", flat=True)
    )
    return [
        f"  {role:<18} {person.username}"
        for role, person in shown.items()
        if person.username in present
    ]
