"""One of everything that has an address, belonging to one person."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from sla.models import SlaAlert, SlaClock
from sla.services import clocks
from supportops.jobs.models import Job
from supportops.metrics.models import Segment
from supportops.notifications.models import Kind, Notification
from tests.factories import sla as make
from tests.factories.api import token_of
from tests.factories.people import RegionFactory, SkillFactory, TeamFactory, UserFactory
from tests.factories.tickets import (
    MONDAY_9AM,
    CategoryFactory,
    ProductAreaFactory,
    open_ticket,
)
from tickets.imports import services as imports
from tickets.imports.models import ImportRun
from tickets.models import Message, Tag
from workforce.people.models import User

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Portal:
    """What the addresses of the portal lead to, by the names of their arguments.

    What people own belongs to ``owner``: a ticket of a team, assigned to the owner; a
    job, a notification and a token of theirs.
    """

    def __init__(self, owner: User) -> None:
        self.version = make.published(f"Promises to {owner}")
        make.redefine(self.version.policy, make.definition())
        self.calendar = make.business_hours(name=f"Office of {owner}")
        self.ticket = open_ticket(
            body="The door is shut.",
            priority="P1",
            team=TeamFactory(),
            assignee=owner,
        )
        clocks.recompute([self.ticket.pk], NOON)
        self.clock = SlaClock.objects.filter(ticket=self.ticket).first()
        self.job = Job.objects.create(
            kind="sla.recompute", title="Recompute", created_by=owner, created_at=NOON
        )
        self.notification = Notification.objects.create(
            recipient=owner,
            kind=Kind.SLA_BREACH,
            dedup_key=f"portal-{owner.pk}",
            title="Missed",
            created_at=NOON,
        )
        self.token, self.secret = token_of(owner)
        self.uploaded, self.done = _imports(owner)
        self.by_model = {
            "tickets_ticket": self.ticket,
            "sla_policy": self.version.policy,
            "sla_calendar": self.calendar,
            "jobs_job": self.job,
            "api_apitoken": self.token,
            "ticket_imports_importrun": self.done,
        }

    def arguments(self, name: str) -> dict[str, Any] | list[Any]:
        """Return what fills in the address called ``name``."""
        if name.startswith("admin:") and name.endswith("_simple_history"):
            thing = self._of_model(name)
            thing.save()
            return [thing.pk, thing.history.latest().pk]
        return {
            "object_id": lambda: self._of_model(name).pk,
            "id": lambda: self._of_model(name).pk,
        } and self._keywords(name)

    def _keywords(self, name: str) -> dict[str, Any]:
        raise NotImplementedError(name)

    def _of_model(self, name: str) -> Any:
        raise NotImplementedError(name)
