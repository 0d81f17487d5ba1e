"""Past states in every admin with a history: read by readers, brought back by changers."""

from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.forms import BaseForm, CharField
from django.test import Client
from django.urls import reverse
from simple_history.admin import SimpleHistoryAdmin

from supportops.common.histories import GuardedHistory
from tests.factories.people import UserFactory
from tests.factories.portal import Portal
from tests.qa.browser_form import fields_of
from workforce.capacity.models import Overlay
from workforce.people.models import User

pytestmark = pytest.mark.django_db

WITH_HISTORY = [
    each
    for each in admin.site._registry.values()
    if isinstance(each, SimpleHistoryAdmin)
]
# Nobody changes these in the admin: they have pages of their own.
READ_ONLY = {"capacity_assumptions", "capacity_plannedstaff", "kb_synonym"}


def name_of(model_admin: admin.ModelAdmin) -> str:
    options = model_admin.opts
    return f"{options.app_label}_{options.model_name}"


every_history = pytest.mark.parametrize("model_admin", WITH_HISTORY, ids=name_of)
changed_history = pytest.mark.parametrize(
    "model_admin",
    [each for each in WITH_HISTORY if name_of(each) not in READ_ONLY],
    ids=name_of,
)


def reader() -> User:
    """Return somebody who sees all rows of all models, and changes none."""
    person = UserFactory(is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__startswith="view"))
    return person


def past_of(model_admin: admin.ModelAdmin, folder: Path) -> tuple[Model, str]:
    """Return a row and the address of its newest past state."""
    page = f"admin:{name_of(model_admin)}_simple_history"
    key, version = Portal(UserFactory(), folder).history_arguments(page)
    row = model_admin.model._default_manager.get(pk=key)
    return row, reverse(page, args=[key, version])


def text_of(form: BaseForm) -> str:
    """Return the first field that takes any words."""
    kinds = [(name, type(field)) for name, field in form.fields.items()]
    return next(name for name, kind in kinds if kind is CharField)


def test_every_admin_with_a_history_is_guarded() -> None:
    assert [name_of(each) for each in WITH_HISTORY] != []
    open_ones = [each for each in WITH_HISTORY if not isinstance(each, GuardedHistory)]
    assert [name_of(each) for each in open_ones] == []


@every_history
def test_a_reader_opens_a_past_state_and_brings_nothing_back(
    model_admin: admin.ModelAdmin, client: Client, tmp_path: Path
) -> None:
    row, address = past_of(model_admin, tmp_path)
    states = row.history.count()
    client.force_login(reader())

    shown = client.get(address)
    answer = client.post(address, fields_of(shown.content.decode()))

    assert (shown.status_code, answer.status_code) == (200, 403)
    assert row.history.count() == states


@changed_history
def test_who_may_change_brings_a_past_state_back(
    model_admin: admin.ModelAdmin, client: Client, tmp_path: Path
) -> None:
    row, address = past_of(model_admin, tmp_path)
    client.force_login(UserFactory(is_superuser=True))
    shown = client.get(address)
    name = text_of(shown.context["adminform"].form)
    was = getattr(row, name)
    setattr(row, name, "Meanwhile")
    row.save()
    states = row.history.count()

    answer = client.post(address, fields_of(shown.content.decode()))

    row.refresh_from_db()
    assert (answer.status_code, getattr(row, name)) == (302, was)
    assert row.history.count() == states + 1


@pytest.mark.parametrize("may_add", [True, False])
def test_a_row_that_is_gone_is_brought_back_by_who_may_add(
    client: Client, may_add: bool
) -> None:
    overlay = Overlay.objects.create(name="Strike", kind="OUTAGE", percent=10)
    page = "admin:capacity_overlay_simple_history"
    address = reverse(page, args=[overlay.pk, overlay.history.get().pk])
    person, key = reader(), overlay.pk
    codes = ["change_overlay", *(["add_overlay"] if may_add else [])]
    person.user_permissions.add(*Permission.objects.filter(codename__in=codes))
    client.force_login(person)
    shown = client.get(address)
    overlay.delete()

    answer = client.post(address, fields_of(shown.content.decode()))

    assert answer.status_code == (302 if may_add else 403)
    assert Overlay.objects.filter(pk=key).exists() is may_add
