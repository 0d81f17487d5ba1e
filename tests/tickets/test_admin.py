import pytest
from django.urls import reverse

from supportops.common import roles
from tests.factories.people import RegionFactory, UserFactory
from tests.factories.tickets import (
    CategoryFactory,
    ContactAddressFactory,
    ContactFactory,
    OrganisationFactory,
    open_ticket,
    status,
)
from tickets.models import (
    Category,
    Channel,
    Contact,
    CustomerTier,
    Organisation,
    Status,
)

pytestmark = pytest.mark.django_db

MODELS = (
    "organisation",
    "contact",
    "customertier",
    "category",
    "productarea",
    "channel",
    "status",
    "priorityrule",
    "severityrule",
    "tag",
)
# Of those, what whoever takes a call writes down, and what only leads do.
ADDED_BY_AGENTS = {"contact"}
ADDED_BY_TEAM_LEADS = {"contact", "organisation"}
NEVER_ADDED = {"priorityrule", "severityrule"}


def page(model: str, action: str = "changelist", *args: object) -> str:
    return reverse(f"admin:tickets_{model}_{action}", args=args)


def sign_in(client, role):
    user = UserFactory(role=role)
    client.force_login(user)
    return user


@pytest.mark.parametrize("role", roles.ROLES)
@pytest.mark.parametrize("model", MODELS)
def test_every_role_reads_the_vocabulary(client, role, model):
    sign_in(client, role)

    assert client.get(page(model)).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_nobody_reads_the_vocabulary_without_a_role(client, model):
    client.force_login(UserFactory())

    assert client.get(page(model)).status_code == 403


@pytest.mark.parametrize("role", roles.ROLES)
@pytest.mark.parametrize("model", MODELS)
def test_only_those_who_keep_a_list_may_add_to_it(client, role, model):
    sign_in(client, role)
    allowed = {
        roles.AGENT: ADDED_BY_AGENTS,
        roles.TEAM_LEAD: ADDED_BY_TEAM_LEADS,
        roles.SUPPORT_LEAD: set(MODELS) - NEVER_ADDED,
        roles.ADMINISTRATOR: set(MODELS) - NEVER_ADDED,
    }.get(role, set())

    response = client.get(page(model, "add"))

    assert response.status_code == (200 if model in allowed else 403)


@pytest.mark.parametrize("rows", [1, 3])
def test_organisation_list_query_count_does_not_grow(
    client, rows, django_assert_num_queries
):
    client.force_login(UserFactory(is_superuser=True))
    for _ in range(rows):
        OrganisationFactory(csm=UserFactory(), region=RegionFactory())

    with django_assert_num_queries(6):
        response = client.get(page("organisation"))

    assert len(response.context["cl"].result_list) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_contact_list_query_count_does_not_grow(
    client, rows, django_assert_num_queries
):
    client.force_login(UserFactory(is_superuser=True))
    for _ in range(rows):
        contact = ContactFactory()
        ContactAddressFactory.create_batch(2, contact=contact)

    with django_assert_num_queries(5):
        response = client.get(page("contact"))

    assert len(response.context["cl"].result_list) == rows


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("model", ["category", "customertier", "tag"])
def test_vocabulary_list_query_count_does_not_grow(
    client, rows, model, django_assert_num_queries
):
    client.force_login(UserFactory(is_superuser=True))
    for number in range(rows):
        root = CategoryFactory()
        CategoryFactory(parent=root)
        CustomerTier.objects.create(code=f"t{number}", name="T")
        open_ticket(tags=[f"tag{number}"])

    with django_assert_num_queries(5):
        client.get(page(model))


def test_a_contact_is_saved_with_its_addresses(client):
    sign_in(client, roles.AGENT)
    organisation = OrganisationFactory()
    form = {
        "name": "Ada",
        "organisation": organisation.pk,
        "addresses-TOTAL_FORMS": "2",
        "addresses-INITIAL_FORMS": "0",
        "addresses-0-kind": "EMAIL",
        "addresses-0-value": "ada@example.com",
        "addresses-1-kind": "PHONE",
        "addresses-1-value": "+49 30 1234",
    }

    assert client.post(page("contact", "add"), form).status_code == 302
    again = client.post(page("contact", "add"), {**form, "name": "Twin"})

    contact = Contact.objects.get()
    assert contact.addresses.count() == 2
    assert again.status_code == 200
    assert "Another contact has this address." in again.content.decode()


def test_a_category_is_saved_below_its_parent_and_moved_with_its_children(client):
    sign_in(client, roles.SUPPORT_LEAD)
    billing = CategoryFactory(name="Billing")

    client.post(page("category", "add"), {"name": "Refunds", "parent": billing.pk})
    client.post(page("category", "change", billing.pk), {"name": "Money", "parent": ""})

    paths = Category.objects.order_by("path").values_list("path", flat=True)
    assert list(paths) == ["Money", "Money / Refunds"]


@pytest.mark.parametrize("name", ["A / B", "Login"])
def test_a_category_that_does_not_do_is_refused_on_the_form(client, name):
    sign_in(client, roles.SUPPORT_LEAD)
    CategoryFactory(name="Login")

    response = client.post(page("category", "add"), {"name": name, "parent": ""})

    assert response.status_code == 200
    assert "category" in str(response.context["errors"])
    assert Category.objects.count() == 1


def test_a_category_cannot_be_put_below_itself_on_the_form(client):
    sign_in(client, roles.SUPPORT_LEAD)
    root = CategoryFactory(name="A")
    child = CategoryFactory(name="B", parent=root)

    response = client.post(
        page("category", "change", root.pk), {"name": "A", "parent": child.pk}
    )

    assert "lies below it" in str(response.context["errors"])
    assert Category.objects.get(pk=root.pk).parent is None


def status_data(row: Status, **changes) -> dict:
    data = {
        "name": row.name,
        "category": row.category,
        "position": row.position,
        "is_active": "on",
    }
    return {**data, **changes}


def test_a_status_with_tickets_keeps_its_meaning(client):
    sign_in(client, roles.SUPPORT_LEAD)
    pending = status("pending")
    open_ticket(status="pending")

    response = client.post(
        page("status", "change", pending.pk), status_data(pending, category="OPEN")
    )

    assert "judged by what it means" in str(response.context["errors"])
    assert status("pending").category == "ON_HOLD"


def test_a_status_that_others_need_cannot_be_retired(client):
    sign_in(client, roles.SUPPORT_LEAD)
    closed = status("closed")
    resolved = status("resolved")
    Status.objects.filter(pk=closed.pk).update(is_active=False)

    response = client.post(
        page("status", "change", resolved.pk),
        status_data(resolved, is_active=""),
    )

    assert "no move would lead to an end" in str(response.context["errors"])
    assert status("resolved").is_active


def test_a_status_is_renamed_and_its_history_says_by_whom(client):
    lead = sign_in(client, roles.SUPPORT_LEAD)
    pending = status("pending")

    response = client.post(
        page("status", "change", pending.pk),
        status_data(pending, name="On hold", code="other"),
    )

    assert response.status_code == 302
    row = Status.objects.get(pk=pending.pk)
    assert (row.name, row.code) == ("On hold", "pending")
    assert row.history.latest().history_user == lead
    shown = client.get(page("status", "history", pending.pk))
    assert shown.status_code == 200
    assert (
        lead.username in shown.content.decode() or str(lead) in shown.content.decode()
    )


def test_the_code_of_tier_and_channel_does_not_change(client):
    sign_in(client, roles.SUPPORT_LEAD)
    tier, channel = (
        CustomerTier.objects.get(code="free"),
        Channel.objects.get(code="web"),
    )

    client.post(
        page("customertier", "change", tier.pk),
        {"name": "Gratis", "code": "x", "rank": 5, "default_multiplier": "4"},
    )
    client.post(
        page("channel", "change", channel.pk),
        {"name": "Form", "code": "x", "icon": "web"},
    )

    assert CustomerTier.objects.get(code="free").name == "Gratis"
    assert Channel.objects.get(code="web").name == "Form"


def test_organisations_are_searched_and_their_history_is_kept(client):
    lead = sign_in(client, roles.SUPPORT_LEAD)
    acme = OrganisationFactory(name="Acme")
    OrganisationFactory(name="Globex")

    found = client.get(page("organisation"), {"q": "acm"}).context["cl"].result_list
    client.post(
        page("organisation", "change", acme.pk),
        {"name": "Acme Ltd", "health": "WATCH", "plan": "", "mrr": "12.50"},
    )

    assert [row.name for row in found] == ["Acme"]
    acme = Organisation.objects.get(pk=acme.pk)
    assert (acme.name, acme.health) == ("Acme Ltd", "WATCH")
    assert acme.history.latest().history_user == lead
