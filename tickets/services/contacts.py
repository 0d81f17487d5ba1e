"""Finding, or first writing down, who is behind an address."""

from django.db import IntegrityError, transaction

from tickets.models import Contact, ContactAddress


def contact_for_address(*, email: str, name: str = "") -> Contact:
    """Return the contact with this e-mail address, creating it when it is new."""
    value = email.strip().lower()
    known = _owner_of(value)
    if known:
        return known.contact
    try:
        with transaction.atomic():
            contact = Contact.objects.create(name=name or value.partition("@")[0])
            ContactAddress.objects.create(contact=contact, value=value)
    except IntegrityError:
        # Two mails of a new customer at once: the other one wrote the address first.
        known = _owner_of(value)
        if known is None:
            raise
        return known.contact
    return contact


def _owner_of(value: str) -> ContactAddress | None:
    return (
        ContactAddress.objects.select_related("contact")
        .filter(kind=ContactAddress.Kind.EMAIL, value=value)
        .first()
    )
