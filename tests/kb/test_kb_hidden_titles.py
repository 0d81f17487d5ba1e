"""Titles of articles for staff only, to who may see lists but not those articles."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from kb.models import Flag
from tests.factories.kb import AT, published_article
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

SECRET = "Take a second factor off"


@pytest.fixture
def reader(client):
    """Return somebody with every permission of the app but that of internal articles."""
    user = UserFactory(is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="kb").exclude(
            codename="view_internal_article"
        )
    )
    client.force_login(user)
    return user


@pytest.fixture
def articles():
    """Return an internal and a public article, each flagged, and one flag of neither."""
    rows = [
        published_article(SECRET, audience="INTERNAL", slug="secret"),
        published_article("Change your password"),
    ]
    for article in [*rows, None]:
        Flag.objects.create(
            kind=Flag.Kind.MISSING, text="Look", article=article, flagged_at=AT
        )
    return rows


@pytest.mark.parametrize(
    "name", ["kb:flags", "kb:figures-articles", "kb:experiment-new", "kb:broken-links"]
)
def test_internal_titles_are_shown_to_who_may_read_them_only(
    client, reader, articles, name
):
    assert SECRET not in client.get(reverse(name)).content.decode()

    reader.user_permissions.add(
        Permission.objects.get(codename="view_internal_article")
    )
    page = client.get(reverse(name)).content.decode()

    assert name == "kb:broken-links" or SECRET in page


def test_flags_of_other_articles_and_of_none_stay(client, reader, articles):
    page = client.get(reverse("kb:flags"))

    assert {flag.article for flag, _chip in page.context["lines"]} == {
        articles[1],
        None,
    }
