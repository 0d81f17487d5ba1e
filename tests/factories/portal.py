"""One of everything that has an address, belonging to one person."""

from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from qa.models import Certification
from qa.services.gold import create_gold
from qa.services.rubric import open_change
from qa.services.scorecards import start_draft
from sla.models import SlaAlert, SlaClock
from sla.services import clocks
from supportops.jobs.models import Job
from supportops.metrics.models import Segment
from supportops.notifications.models import Kind, Notification
from tests.factories import sla as make
from tests.factories.api import token_of
from tests.factories.calibration import decided_calibration
from tests.factories.coaching import own_coaching
from tests.factories.decisions import own_decisions
from tests.factories.forecasts import own_forecasts
from tests.factories.kb_api import own_api_rows
from tests.factories.kb_articles import own_articles
from tests.factories.kb_assistant import own_conversation
from tests.factories.kb_experiments import own_experiment
from tests.factories.kb_help import own_help
from tests.factories.kb_search import own_search_tuning
from tests.factories.kb_work import own_content_work
from tests.factories.people import RegionFactory, SkillFactory, TeamFactory
from tests.factories.planning import own_planning
from tests.factories.quality import disputed_review, published_card, write_review
from tests.factories.reviewing import own_forecast_review
from tests.factories.sampling import draw_for
from tests.factories.staffing import own_staffing
from tests.factories.tickets import CategoryFactory, ProductAreaFactory, open_ticket
from tests.factories.volumes import own_volumes
from tickets.imports import services as imports
from tickets.imports.models import ImportRun
from tickets.models import Tag
from workforce.people.models import User

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Portal:
    """What the addresses of the portal lead to, by the names of their arguments.

    What people can own belongs to ``owner``: a ticket of a team that is assigned to
    them, a job, a notification, a token, two imports.
    """

    def __init__(self, owner: User, folder: Path) -> None:
        self.policy = make.published(f"Promises to {owner}").policy
        make.redefine(self.policy, make.definition())
        self.calendar = make.business_hours(name=f"Office of {owner}")
        self.ticket = open_ticket(
            body="Shut.", priority="P1", team=TeamFactory(), assignee=owner
        )
        clocks.recompute([self.ticket.pk], NOON)
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
        self.uploaded = _uploaded_import(owner)
        self.done = _finished_import(owner, folder)
        self.scorecard = published_card(name=f"Scorecard of {owner}").scorecard
        start_draft(scorecard_id=self.scorecard.pk, actor=owner, at=NOON)
        self.draw = draw_for(owner)
        self.draft = write_review(reviewer=owner, state="DRAFT", kind="ADHOC")
        self.calibration = decided_calibration(facilitator=owner)
        item = self.calibration.items.first()
        create_gold(item_id=item.pk, actor=owner, at=NOON)
        self.rubric_change = open_change(
            scorecard_id=self.scorecard.pk,
            criterion_key="tone",
            text="What is warm?",
            ticket_ids=[item.ticket_id],
            actor=owner,
            at=NOON,
        )
        self.dispute = disputed_review(by=owner, at=NOON)
        self.coaching = own_coaching(owner, self.ticket)
        self.planning = own_planning(owner)
        self.decisions = own_decisions(owner)
        self.forecasts = own_forecasts(owner)
        self.staffing = own_staffing(owner)
        self.forecast_review = own_forecast_review(owner)
        self.volumes = own_volumes(owner)
        self.articles = own_articles(owner)
        self.search_tuning = own_search_tuning(str(owner))
        self.content_work = own_content_work(owner)
        self.help = own_help(f"{owner.pk}")
        self.experiments = own_experiment(owner)
        self.api_rows = own_api_rows(owner)
        self.conversation = own_conversation(str(owner))
        Certification.objects.create(
            scorecard=self.scorecard,
            reviewer=owner,
            granted_at=NOON,
            valid_until=NOON + timedelta(days=180),
        )

    def address_arguments(self, name: str, parameters: list[str]) -> dict[str, Any]:
        """Return the keyword arguments of the address called ``name``."""
        return {parameter: self._argument(name, parameter) for parameter in parameters}

    def history_arguments(self, name: str) -> list[int]:
        """Return a row and its newest past state, for simple_history's pages."""
        thing = self._subject(name)
        thing.save()
        return [thing.pk, thing.history.latest().pk]

    def _argument(self, name: str, parameter: str) -> Any:
        if name.startswith("help:") and parameter in self.help:
            is_of_topic = parameter == "slug" and name.startswith("help:topic")
            return self.help["topic" if is_of_topic else parameter]
        is_early = name.rsplit("_", 1)[-1] in {"mapping", "start", "progress", "cancel"}
        known = {
            "ticket_id": self.ticket.pk,
            "job_id": self.job.pk,
            "notification_id": self.notification.pk,
            "run_id": (self.uploaded if is_early else self.done).pk,
            "number": 1,
            "tier": "business",
            "grain": "week",
            "code": "backlog",
            "item": self._subjects["qa:calibration-item"].pk,
            "criterion": "solution",
            "overlay": self.forecasts["capacity:an-overlay"].pk,
            "app_label": "tickets",
            "content_type_id": ContentType.objects.get_for_model(User).pk,
        }
        return known[parameter] if parameter in known else self._subject(name).pk

    def _subject(self, name: str) -> Any:
        """Return the row whose key an address called ``name`` holds as pk or id."""
        subjects = self._subjects
        prefixes = [prefix for prefix in subjects if name.startswith(prefix)]
        return subjects[max(prefixes, key=len)] if prefixes else self._of_model(name)

    @cached_property
    def _subjects(self) -> dict[str, Any]:
        """Rows by the beginnings of the names of addresses that lead to them."""
        clock = SlaClock.objects.filter(ticket=self.ticket).first()
        return {
            "admin:view_on_site": self.token.user,
            "admin:auth_user": self.token.user,
            "sla:policy": self.policy,
            "sla:calendar": self.calendar,
            "qa:agent": self.token.user,
            "qa:review": self.dispute.review,
            "qa:dispute": self.dispute,
            "admin:qa_review": self.dispute.review,
            "admin:qa_dispute": self.dispute,
            "api-review": self.dispute.review,
            "api-scorecard": self.scorecard,
            "api-scorecard-version": self.scorecard.versions.first(),
            "api-draw": self.draw,
            "api-sample-item": self.draw.items.first(),
            "api-calibration": self.calibration,
            **self.coaching,
            **self.planning,
            **self.decisions,
            **self.forecasts,
            **self.staffing,
            **self.forecast_review,
            **self.volumes,
            **self.articles,
            **self.search_tuning,
            **self.content_work,
            **self.experiments,
            **self.api_rows,
            **self.conversation,
            "qa:scorecard": self.scorecard,
            "qa:calibration": self.calibration,
            "qa:rubric-change": self.rubric_change,
            "qa:item-start": self.draw.items.first(),
            "qa:calibration-item": self.calibration.items.first(),
            "qa:score": self.draft,
            "qa:scoring": self.draft,
            "qa:sampling-plan": self.draw.plan,
            "qa:sampling-preview": self.draw.plan,
            "qa:sampling-draw": self.draw,
            "qa:sampling-reassign": self.draw,
            "qa:sampling-replace": self.draw.items.first(),
            "admin:qa_samplingplan": self.draw.plan,
            "admin:qa_calibrationsession": self.calibration,
            "api-ticket": self.ticket,
            "api-message": self.ticket.messages.first(),
            "api-event": self.ticket.events.first(),
            "api-clock": clock,
            "api-calendar": self.calendar,
            "api-policy-version": self.policy.versions.first(),
            "api-policy": self.policy,
            "admin:tickets_ticket": self.ticket,
            "admin:sla_policy": self.policy,
            "admin:sla_calendar": self.calendar,
            "admin:sla_slaclock": clock,
            "admin:jobs_job": self.job,
            "admin:api_apitoken": self.token,
            "admin:ticket_imports_importrun": self.done,
        }

    @staticmethod
    def _of_model(name: str) -> Any:
        """Return any row of the model that ``admin:<app>_<model>_…`` is about."""
        for model in admin.site._registry:
            label = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            if name == label or name.startswith(f"{label}_"):
                return model._default_manager.first()
        raise LookupError(name)


def write_vocabulary() -> None:
    """One row of everything that belongs to nobody."""
    RegionFactory()
    SkillFactory()
    CategoryFactory()
    ProductAreaFactory()
    Tag.objects.create(name="billing")
    every = IntervalSchedule.objects.create(every=1, period="days")
    PeriodicTask.objects.create(name="Nightly", task="nightly", interval=every)
    CrontabSchedule.objects.create()
    SolarSchedule.objects.create(event="sunrise", latitude=1, longitude=1)
    ClockedSchedule.objects.create(clocked_time=NOON)
    who = {"username": "ada", "ip_address": "192.0.2.1"}
    AccessAttempt.objects.create(**who, failures_since_start=1)
    AccessLog.objects.create(**who)
    AccessFailureLog.objects.create(**who)
    Segment.objects.create(
        kind="tickets",
        day=date(2026, 3, 1),
        rows=0,
        payload=b"",
        digest="0",
        built_at=NOON,
    )


def write_alert(portal: Portal) -> None:
    clock = SlaClock.objects.filter(ticket=portal.ticket).first()
    SlaAlert.objects.create(clock=clock, threshold=50, crossed_at=NOON, fired_at=NOON)


def _uploaded_import(owner: User) -> ImportRun:
    return imports.keep_upload(
        chunks=[b'{"id": 1}\n'],
        file_name="tickets.jsonl",
        source="old-desk",
        format="jsonl",
        mapping={},
        time_zone="UTC",
        actor=owner,
        at=NOON,
    )


def _finished_import(owner: User, folder: Path) -> ImportRun:
    rejects = folder / f"rejects-{owner.pk}.csv"
    rejects.write_text("line,reason\n")
    return ImportRun.objects.create(
        source="old-desk",
        file_name="tickets.csv",
        path=str(folder / "none"),
        format="csv",
        state=ImportRun.State.DONE,
        rejects_path=str(rejects),
        created_by=owner,
        created_at=NOON,
    )
