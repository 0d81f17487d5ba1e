import pytest

from tests.factories.tickets import ContactAddressFactory
from tickets import services
from tickets.models import Contact

pytestmark = pytest.mark.django_db


def test_contact_for_address_finds_who_has_it_in_any_case():
    address = ContactAddressFactory(value="ada@example.com")

    assert services.contact_for_address(email=" Ada@Example.com ") == address.contact
    assert Contact.objects.count() == 1


def test_contact_for_address_writes_down_a_new_one():
    contact = services.contact_for_address(email="Grace@example.com")

    assert contact.name == "grace"
    assert [row.value for row in contact.addresses.all()] == ["grace@example.com"]
