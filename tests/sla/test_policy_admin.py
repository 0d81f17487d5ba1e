"""The pages of policies: who may open them, what they show, what they do."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from sla.core.default_policy import standard_support
from sla.core.policy import PolicyDefinition
from sla.forms.policies import PolicyForm, initial_values
from sla.models import Calendar, Policy, PolicyVersion
from sla.selectors import calendars as calendar_selectors
from sla.selectors.policy_words import tier_names
from supportops.common import roles
from tests.factories import sla as make
from tests.factories.pages import address, calendar_data, form_data
from tests.factories.people import UserFactory
from tests.factories.tickets import OrganisationFactory, open_ticket

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
READERS = [role for role in roles.ROLES if role != roles.ADMINISTRATOR]
POLICY_LIST_QUERIES = 11
POLICY_PAGE_QUERIES = 12
EDITORS = {roles.SUPPORT_LEAD}


def editor_form(client, policy: Policy) -> PolicyForm:
    return client.get(address("policy-draft", policy.pk)).context["form"]


# Roles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", READERS)
def test_pages_of_policies_by_role(client, role):
    client.force_login(UserFactory(role=role))
    version = make.published()
    draft = make.redefine(version.policy, make.definition())
    policy = version.policy_id
    may = 200 if role in EDITORS else 403
    pages = {
        reverse("admin:sla_policy_changelist"): 200,
        address("policy", policy): 200,
        address("policy-version", policy, draft.number): 200,
        address("policy-compare", policy) + "?from=1&to=2": 200,
        address("policy-draft", policy): may,
        address("policy-publish", policy): may,
        address("policy-retire", policy): may,
        address("policy-revert", policy, 1): may,
        address("policy-order"): may,
        address("policy-rename", policy): may,
        address("policy-new"): may,
    }

    assert {page: client.get(page).status_code for page in pages} == pages


@pytest.mark.parametrize("role", [None, roles.AGENT, roles.TEAM_LEAD])
def test_writing_without_permission_is_refused_and_writes_nothing(client, role):
    client.force_login(UserFactory(role=role))
    version = make.draft()
    office = make.business_hours()
    policy = version.policy_id
    pages = [
        address("policy-draft", policy),
        address("policy-draft-start", policy),
        address("policy-draft-discard", policy),
        address("policy-publish", policy),
        address("policy-new"),
        address("calendar", office.pk),
        address("calendar-delete", office.pk),
    ]

    assert [client.post(page).status_code for page in pages] == [403] * len(pages)
    version.refresh_from_db()
    assert version.is_draft
    assert Calendar.objects.filter(pk=office.pk).exists()


def test_strangers_are_sent_to_the_login(client):
    response = client.get(address("policy-new"))

    assert response.status_code == 302
    assert "/admin/login/" in response.url


# List -------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_policy_list_query_count_does_not_grow(
    client, lead, rows, django_assert_num_queries
):
    PolicyVersion.objects.all().delete()
    Policy.objects.all().delete()
    customer = OrganisationFactory()
    for number in range(rows):
        make.published(
            f"Policy {number}",
            conditions={
                "tier": ["free"],
                "organisation": [customer.pk],
                "channel": ["email"],
            },
        )
    page = reverse("admin:sla_policy_changelist")
    client.get(page)

    with django_assert_num_queries(POLICY_LIST_QUERIES):
        response = client.get(page)

    assert len(response.context["cl"].result_list) == rows
    assert (
        "tier is Free, channel is E-mail and whose organisation is"
        in response.content.decode()
    )


# Editor -----------------------------------------------------------------------------------


def standard() -> PolicyDefinition:
    hours, always = calendar_selectors.default_keys()
    return PolicyDefinition.from_dict(
        standard_support(business_hours=hours, around_the_clock=always)
    )


def test_matrix_form_gives_back_what_it_was_shown():
    customer = OrganisationFactory(name="Acme, Inc.")
    office = make.business_hours()
    definition = PolicyDefinition.from_dict(
        {
            **standard().to_dict(),
            "conditions": {
                "tier": ["free", "starter"],
                "organisation": [customer.pk],
                "tag": ["vip", "beta"],
            },
            "priority_calendars": {"P1": str(office.pk), "": str(office.pk)},
            "tier_targets": {"free": {"P5": {"resolution": None}}},
            "rules": {"not_paused": ["next_reply"], "pause_after_followups": None},
        }
    )
    options = {
        "tiers": tier_names(),
        "calendars": calendar_selectors.named_calendars(at=NOW),
    }
    shown = PolicyForm(initial=initial_values(definition), **options)

    sent = PolicyForm(form_data(shown), **options)

    assert sent.is_valid(), sent.errors
    assert sent.definition() == definition


def test_saving_the_draft_as_shown_changes_nothing(client, lead):
    draft = PolicyVersion.objects.get(policy__name="Standard support")
    sent = form_data(editor_form(client, draft.policy))

    response = client.post(address("policy-draft", draft.policy_id), sent)

    assert response.status_code == 302
    stored = PolicyVersion.objects.get(pk=draft.pk)
    assert stored.definition == draft.definition
    assert stored.changed_at > draft.changed_at


def test_a_target_typed_in_working_days_counts_on_the_calendar_of_its_row(client, lead):
    draft = PolicyVersion.objects.get(policy__name="Standard support")
    sent = form_data(editor_form(client, draft.policy))
    sent |= {
        "t-P4-resolution": "3 wd",
        "t-P1-resolution": "3 wd",
        "x-free-P5-resolution": "–",
    }

    client.post(address("policy-draft", draft.policy_id), sent)

    draft.refresh_from_db()
    assert draft.definition["targets"]["P4"]["resolution"] == 3 * 9 * 3600
    assert draft.definition["targets"]["P1"]["resolution"] == 3 * 86_400  # 24/7
    assert draft.definition["tier_targets"]["free"]["P5"] == {"resolution": None}


def test_the_built_in_calendar_is_offered_and_kept(client, lead):
    draft = make.draft(priority_calendars={"P1": "always"})
    form = editor_form(client, draft.policy)
    assert ("always", "24/7 (built in)") in form.fields["c-P1"].choices

    response = client.post(address("policy-draft", draft.policy_id), form_data(form))

    assert response.status_code == 302
    stored = PolicyVersion.objects.get(pk=draft.pk)
    assert stored.definition["calendar"] == "always"
    assert stored.definition["priority_calendars"] == {"P1": "always"}


def test_an_unknown_calendar_stays_visible_and_is_refused(client, lead):
    office = make.business_hours()
    draft = make.draft(
        calendar=str(office.pk), priority_calendars={"P1": "999", "P2": "always"}
    )
    sent = form_data(editor_form(client, draft.policy))
    assert sent["c-P1"] == "999"

    response = client.post(address("policy-draft", draft.policy_id), sent)

    assert response.status_code == 422
    page = response.content.decode()
    assert '<option value="999" selected>unknown calendar 999</option>' in page
    assert "There is no calendar 999: choose another." in page
    unchanged = PolicyVersion.objects.get(pk=draft.pk)
    assert unchanged.definition == draft.definition
    assert unchanged.changed_at == draft.changed_at


def test_pages_say_which_hours_the_built_in_calendar_has(client, lead):
    version = make.published(calendar="always", effective_from=NOW - timedelta(days=30))

    page = client.get(address("policy-version", version.policy_id, 1))

    assert page.context["summary"]["calendars"] == [
        {
            "name": "24/7",
            "rows": "P1, P2, P3, P4, P5, No priority",
            "hours": "24 hours a day, 7 days a week",
        }
    ]


def test_pages_show_what_tiers_without_values_of_their_own_get(client, lead):
    draft = make.draft(multipliers={"free": 4.0})

    page = client.get(address("policy", draft.policy_id))

    tiers = page.context["summary"]["tiers"]
    assert [tier["name"] for tier in tiers] == ["Free", "Every other tier"]
    assert str(tiers[1]["rows"][0]["texts"][0][1]) == "15 min"


def test_the_editor_marks_targets_that_tiers_set_themselves(client, lead):
    own = {"P1": {"first_response": 60}}
    draft = make.draft(tier_targets={"free": own, "starter": own})

    response = client.get(address("policy-draft", draft.policy_id))

    assert response.content.decode().count("2 tiers have their own value") == 1
    sent = form_data(response.context["form"]) | {"x-free-P1-first_response": ""}
    found = client.post(address("policy-check", draft.policy_id), sent).json()
    assert found["owns"]["t-P1-first_response"] == "1 tier has its own value"
    assert found["owns"]["t-P2-first_response"] == ""


def test_the_check_says_when_it_is_not_up_to_date_and_why(client, lead):
    draft = PolicyVersion.objects.get(policy__name="Standard support")
    sent = form_data(editor_form(client, draft.policy)) | {"t-P2-resolution": "soon"}

    found = client.post(address("policy-check", draft.policy_id), sent).json()
    page = client.post(address("policy-draft", draft.policy_id), sent).content.decode()

    assert found["stale"].startswith(
        "Not up to date: P2 resolution: “soon” is no duration"
    )
    assert found["stale"] in page
    assert list(found["errors"]) == ["t-P2-resolution"]
    assert 'data-error-for="t-P2-resolution"' in page
    for field in ("c-P1", "calendar", "m-free"):
        assert f'data-error-for="{field}"' in page


def test_a_wrong_duration_is_named_at_its_field_and_nothing_is_saved(client, lead):
    draft = PolicyVersion.objects.get(policy__name="Standard support")
    sent = form_data(editor_form(client, draft.policy)) | {"t-P2-resolution": "soon"}

    response = client.post(address("policy-draft", draft.policy_id), sent)

    assert response.status_code == 422
    assert "“soon” is no duration" in response.content.decode()
    unchanged = PolicyVersion.objects.get(pk=draft.pk)
    assert unchanged.changed_at == draft.changed_at


def test_two_people_saving_the_same_draft_the_second_is_refused(client, lead):
    draft = PolicyVersion.objects.get(policy__name="Standard support")
    page = address("policy-draft", draft.policy_id)
    mine = form_data(editor_form(client, draft.policy))
    client.post(page, mine | {"t-P2-resolution": "1 h"})

    response = client.post(page, mine | {"t-P2-resolution": "9 h"})

    assert response.status_code == 409
    assert "was saved by somebody else" in response.content.decode()
    assert 'value="9 h"' in response.content.decode()  # what was typed is kept
    draft.refresh_from_db()
    assert draft.definition["targets"]["P2"]["resolution"] == 3600


def test_the_check_says_what_the_typed_form_means_and_saves_nothing(client, lead):
    draft = PolicyVersion.objects.get(policy__name="Standard support")
    sent = form_data(editor_form(client, draft.policy))
    sent |= {"t-P2-first_response": "20 h", "cond_tier": ["free"]}

    found = client.post(address("policy-check", draft.policy_id), sent).json()

    assert found["errors"] == {}
    assert "Tickets whose tier is Free." in found["panel"]
    assert "the first response may come later" in found["panel"]
    assert found["results"]["x-free-P2-first_response"] == "80 h"
    assert found["results"]["t-P2-first_response"] == "20 h = 2.22 wd"
    wrong = client.post(
        address("policy-check", draft.policy_id), sent | {"m-free": "x"}
    ).json()
    assert list(wrong["errors"]) == ["m-free"]
    draft.refresh_from_db()
    assert draft.definition["conditions"] == {}


def test_an_organisation_that_does_not_exist_is_named(client, lead):
    draft = PolicyVersion.objects.get(policy__name="Standard support")
    sent = form_data(editor_form(client, draft.policy))
    sent["cond_organisation"] = "No such one"

    response = client.post(address("policy-draft", draft.policy_id), sent)

    assert "There is no organisation “No such one”." in response.content.decode()


def test_a_new_policy_starts_from_the_standard_table_a_copy_or_empty(client, lead):
    source = make.draft("Source", targets={"P1": {"resolution": 60}})
    for name, start in [("A", "standard"), ("B", "blank"), ("C", str(source.pk))]:
        response = client.post(
            address("policy-new"), {"name": name, "start_from": start}
        )
        assert response.status_code == 302

    targets = {
        name: PolicyVersion.objects.get(policy__name=name).definition["targets"]
        for name in "ABC"
    }
    assert targets["A"]["P1"]["resolution"] == 14_400
    assert targets["B"] == {}
    assert targets["C"] == {"P1": {"resolution": 60}}


def test_renaming_refuses_a_taken_name_and_leaves_the_promise(client, lead):
    version = make.published("Old name")
    page = address("policy-rename", version.policy_id)

    refused = client.post(page, {"name": "Standard support"})
    client.post(page, {"name": "New name", "description": "for all"})

    assert refused.status_code == 409
    assert "There is already a policy" in refused.content.decode()
    version.policy.refresh_from_db()
    assert (version.policy.name, version.policy.description) == ("New name", "for all")
    version.refresh_from_db()
    assert version.effective_to is None


# Publication ------------------------------------------------------------------------------


def test_publish_page_shows_the_difference_in_words_and_what_moves(client, lead):
    version = make.published(effective_from=NOW - timedelta(days=30))
    open_ticket(at=NOW, priority="P2")
    make.redefine(
        version.policy,
        make.definition(
            targets={
                "P1": {"first_response": 900, "resolution": 14_400},
                "P2": {"first_response": 2700, "resolution": 28_800},
            }
        ),
    )

    page = client.post(
        address("policy-publish", version.policy_id),
        {"effective_from": "2026-03-01T00:00", "count": "1"},
    ).content.decode()

    assert "P2 first response: 1 h → 45 min" in page
    assert "Version 1 ends when this one starts." in page
    assert "1 ticket gets the new version; 0 open promises move." in page
    assert version.policy.versions.filter(state="DRAFT").exists()


def test_first_publication_lists_what_will_be_promised(client, lead):
    draft = make.draft(calendar="always")

    page = client.get(address("policy-publish", draft.policy_id)).content.decode()

    assert "This is the first version" in page
    assert '<td data-label="First response">15 min</td>' in page
    assert "24 hours a day, 7 days a week" in page


def test_pages_say_what_happens_to_versions_planned_for_later(client, lead):
    office = make.business_hours()
    version = make.published(calendar=str(office.pk), effective_from=NOW)
    later = datetime(2099, 1, 1, tzinfo=UTC)
    changed = make.definition(calendar=str(office.pk))
    make.publish(make.redefine(version.policy, changed), effective_from=later, at=NOW)
    make.redefine(version.policy, changed)
    page = address("calendar", office.pk)
    client.post(page, calendar_data(client, page) | {"day_4": "9-12"})

    publish = client.get(address("policy-publish", version.policy_id)).content.decode()
    retire = client.get(address("policy-retire", version.policy_id)).content.decode()
    order = client.get(address("policy-order")).content.decode()
    hours = client.get(address("calendar-publish", office.pk)).content.decode()

    dropped = "Version 2, planned from 1 Jan 2099, 00:00, is dropped"
    assert dropped in publish
    assert dropped in retire
    stays = "“Promises”, version 2, stays planned from 1 Jan 2099, 00:00"
    assert stays in order
    assert stays in hours


def test_publishing_leads_to_the_progress_of_the_work(
    client, lead, django_capture_on_commit_callbacks
):
    draft = make.draft()
    open_ticket(at=NOW, priority="P1")
    how = {"effective_from": "2026-03-01T00:00", "reason": "contract"}

    response = client.post(address("policy-publish", draft.policy_id), how)

    draft.refresh_from_db()
    assert not draft.is_draft
    assert (draft.published_by, draft.reason) == (lead, "contract")
    assert draft.effective_from == datetime(2026, 3, 1, tzinfo=UTC)
    assert "/jobs/" in response.url


def test_publishing_without_a_reason_is_refused_and_writes_nothing(client, lead):
    draft = make.draft()

    response = client.post(
        address("policy-publish", draft.policy_id),
        {"effective_from": "2026-03-01T00:00", "reason": " "},
    )

    assert response.status_code == 422
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_policy_with_errors_offers_no_publication(client, lead):
    draft = make.draft(targets={})

    page = client.get(address("policy-publish", draft.policy_id)).content.decode()

    assert "No target is set, so nothing is promised." in page
    assert "Errors keep it from being published." in page


def test_revert_retire_and_order_work_from_their_pages(client, lead):
    first = make.published(effective_from=NOW - timedelta(days=30))
    faster = make.definition(targets={"P1": {"first_response": 60}})
    make.publish(
        make.redefine(first.policy, faster), effective_from=NOW - timedelta(days=10)
    )
    how = {"effective_from": "2026-03-01T00:00", "reason": "back"}

    client.post(address("policy-revert", first.policy_id, 1), how)
    third = first.policy.versions.get(number=3)
    assert third.definition == first.definition

    ids = list(Policy.objects.order_by("-position").values_list("pk", flat=True))
    client.post(address("policy-order"), how | {"policy": ids})
    assert list(Policy.objects.order_by("position").values_list("pk", flat=True)) == ids

    client.post(
        address("policy-retire", first.policy_id),
        {"effective_from": "2026-03-05T00:00", "reason": "ended"},
    )
    third.refresh_from_db()
    assert third.effective_to == datetime(2026, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize("rows", [1, 3])
def test_policy_page_query_count_does_not_grow_with_versions(
    client, lead, rows, django_assert_num_queries
):
    version = make.published()
    for number in range(1, rows):
        start = NOW + timedelta(days=number)
        make.publish(
            make.redefine(version.policy, make.definition()), effective_from=start
        )
    page = address("policy", version.policy_id)
    client.get(page)

    with django_assert_num_queries(POLICY_PAGE_QUERIES):
        response = client.get(page)

    assert len(response.context["versions"]) == rows
