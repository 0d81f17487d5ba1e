"""Tickets for tests, opened through the services so that their log is whole."""

from datetime import UTC, datetime
from typing import Any

import factory

from tickets import services
from tickets.models import (
    Category,
    Channel,
    Contact,
    ContactAddress,
    CustomerTier,
    Organisation,
    ProductArea,
    Status,
    Ticket,
)
from workforce.people.models import User

MONDAY_9AM = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class OrganisationFactory(factory.django.DjangoModelFactory):
    """A customer of the Business tier, which migrations ship."""

    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Customer {n}")
    tier = factory.LazyFunction(lambda: CustomerTier.objects.get(code="business"))


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    name = factory.Sequence(lambda n: f"Contact {n}")
    organisation = factory.SubFactory(OrganisationFactory)


class ContactAddressFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ContactAddress

    contact = factory.SubFactory(ContactFactory)
    kind = ContactAddress.Kind.EMAIL
    value = factory.Sequence(lambda n: f"contact{n}@example.com")


class CategoryFactory(factory.django.DjangoModelFactory):
    """A root category, or below ``parent``; the path follows."""

    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Category {n}")
    path = factory.LazyAttribute(
        lambda row: f"{row.parent.path} / {row.name}" if row.parent else row.name
    )
    parent = None


class ProductAreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProductArea

    name = factory.Sequence(lambda n: f"Area {n}")


class ChannelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Channel

    code = factory.Sequence(lambda n: f"channel-{n}")
    name = factory.Sequence(lambda n: f"Channel {n}")


def status(code: str) -> Status:
    """Return a status of the shipped lifecycle."""
    return Status.objects.get(code=code)


def open_ticket(
    *,
    at: datetime = MONDAY_9AM,
    actor: User | None = None,
    subject: str = "Cannot sign in",
    **values: Any,
) -> Ticket:
    """Open a ticket of a new Business customer, in the status New unless told."""
    if "requester" not in values and "organisation" not in values:
        values["requester"] = ContactFactory()
    return services.open_ticket(at=at, actor=actor, subject=subject, **values)
