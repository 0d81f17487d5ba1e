"""Every endpoint both ways: scope there or missing, permission there or missing."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import get_resolver
from rest_framework.views import APIView

from supportops.api.scopes import SCOPES
from tests.factories.api import caller
from tests.factories.people import UserFactory
from tests.factories.tickets import open_ticket

pytestmark = pytest.mark.django_db

READS = [
    ("/api/v1/tickets/", "tickets:read", "tickets.view_ticket"),
    ("/api/v1/messages/", "tickets:read", "tickets.view_ticket"),
    ("/api/v1/events/", "tickets:read", "tickets.view_ticket"),
    ("/api/v1/policies/", "sla:read", "sla.view_policy"),
    ("/api/v1/policy-versions/", "sla:read", "sla.view_policy"),
    ("/api/v1/calendars/", "sla:read", "sla.view_calendar"),
    ("/api/v1/clocks/", "sla:read", "tickets.view_ticket"),
    ("/api/v1/metrics/", "metrics:read", "metrics.view_catalogue"),
    ("/api/v1/metrics/backlog/", "metrics:read", "metrics.view_catalogue"),
    ("/api/v1/metrics/backlog/figure/", "metrics:read", "metrics.view_catalogue"),
    ("/api/v1/metrics/response_sla/trend/", "metrics:read", "metrics.view_catalogue"),
]
# Not for every role, so what each sees is told beside the views.
CAPACITY_READS = [
    ("/api/v1/capacity/queues/", "capacity:read", "capacity.view_capacity"),
    ("/api/v1/capacity/forecasts/", "capacity:read", "capacity.view_forecast"),
    ("/api/v1/capacity/planned-staff/", "capacity:read", "capacity.view_plannedstaff"),
    ("/api/v1/capacity/events/", "capacity:read", "capacity.view_event"),
    ("/api/v1/capacity/investigations/", "capacity:read", "capacity.view_investigation"),
    ("/api/v1/capacity/decisions/", "capacity:read", "capacity.view_decision"),
]  # fmt: skip
KB_READS = [
    ("/api/v1/kb/articles/", "kb:read", "kb.view_article"),
    ("/api/v1/kb/versions/", "kb:read", "kb.view_article"),
    ("/api/v1/kb/topics/", "kb:read", "kb.view_topic"),
    ("/api/v1/kb/search/?q=password", "kb:read", "kb.view_article"),
    ("/api/v1/kb/synonyms/", "kb:read", "kb.view_synonym"),
    ("/api/v1/kb/known-questions/", "kb:read", "kb.view_knownquestion"),
    ("/api/v1/kb/flags/", "kb:read", "kb.view_flag"),
]
WORK, TRIAGE = "tickets.work_ticket", "tickets.triage_ticket"
VERBS = [
    ("reply", {"body": "Hello"}, WORK),
    ("customer-message", {"body": "Hello"}, WORK),
    ("status", {"status": "waiting"}, WORK),
    ("priority", {"priority": "P2", "reason": "more hit"}, TRIAGE),
    ("severity", {"severity": "SEV2", "reason": "more hit"}, TRIAGE),
    ("assign", {"assignee": None}, WORK),
    ("team", {"team": None}, WORK),
    ("level", {"level": "L2"}, WORK),
    ("fields", {"subject": "Another"}, WORK),
    ("tags", {"tags": ["vip"]}, WORK),
    ("pause", {"kind": "OTHER", "reason": "parts"}, WORK),
    ("resume", {}, WORK),
    ("merge", {"into": 1}, "tickets.merge_ticket"),
]


def person_with(*permissions: str):
    user = UserFactory()
    for name in permissions:
        app, codename = name.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    return user


@pytest.mark.parametrize(
    ("path", "scope", "permission"), READS + CAPACITY_READS + KB_READS
)
def test_read_needs_scope_and_permission(path, scope, permission):
    allowed = person_with(permission)
    others = set(SCOPES) - {scope}

    assert caller(user=allowed, scopes=[scope]).get(path).status_code == 200
    assert caller(user=allowed, scopes=others).get(path).status_code == 403
    assert caller(user=UserFactory(), scopes=[scope]).get(path).status_code == 403


@pytest.mark.parametrize(("verb", "body", "permission"), VERBS)
def test_verb_needs_scope_and_permission(verb, body, permission):
    ticket = open_ticket(tags=["old"])
    path = f"/api/v1/tickets/{ticket.pk}/{verb}/"
    allowed = person_with(permission, "tickets.view_all_tickets")
    every_other = {WORK, TRIAGE, "tickets.merge_ticket", "tickets.add_ticket"}
    refused = person_with(*(every_other - {permission}), "tickets.view_all_tickets")
    before = ticket.last_seq

    reader = caller(user=allowed, scopes=set(SCOPES) - {"tickets:write"})
    assert reader.post(path, body).status_code == 403
    assert caller(user=refused).post(path, body).status_code == 403
    ticket.refresh_from_db()
    assert ticket.last_seq == before

    answer = caller(user=allowed, scopes=["tickets:write"]).post(path, body)
    assert answer.status_code in {200, 201, 400, 409}


def test_create_needs_scope_and_permission():
    body = {"subject": "Help", "requester": open_ticket().requester_id}
    allowed = person_with("tickets.add_ticket")

    def post(user, *scopes):
        return caller(user=user, scopes=scopes).post("/api/v1/tickets/", body)

    assert post(allowed, "tickets:read", "sla:read").status_code == 403
    assert post(person_with(WORK, TRIAGE), "tickets:write").status_code == 403
    assert post(allowed, "tickets:write").status_code == 201


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize(
    "path", sorted({path for path, _s, _p in READS + CAPACITY_READS + KB_READS})
)
def test_nothing_else_may_be_done(path, method):
    client = caller("Administrator")

    response = getattr(client, method)(path)

    # No view has a handler for it, so no permission opens it either.
    assert response.status_code == 405


def test_every_endpoint_declares_scope_and_permission():
    views = [
        pattern.callback.cls
        for pattern in _patterns(get_resolver())
        if hasattr(pattern.callback, "cls")
        and issubclass(pattern.callback.cls, APIView)
        and pattern.callback.cls.__name__ != "SchemaView"
    ]

    assert len({view.__name__ for view in views}) == 28
    for view in views:
        assert f"{view.scope}:read" in SCOPES
        assert "." in view.read_permission


@pytest.mark.parametrize(
    "role",
    [
        "Agent",
        "Team lead",
        "Support lead",
        "QA reviewer",
        "Workforce manager",
        "Executive",
        "Administrator",
    ],
)
def test_roles_read_everything_and_only_some_write(role):
    ticket = open_ticket()
    client = caller(role)

    for path, _scope, _permission in READS + KB_READS:
        assert client.get(path).status_code == 200, path
    reply = client.post(f"/api/v1/tickets/{ticket.pk}/reply/", {"body": "Hello"})
    works = role in {"Agent", "Team lead", "Support lead", "Administrator"}
    assert reply.status_code == (201 if works else 403)


def _patterns(resolver):
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from _patterns(entry)
        else:
            yield entry
