"""Drawing, judging and closing a quarterly audit of metrics."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qa.coaching.core.audits import drawn
from qa.coaching.models import AuditLine, MetricAudit
from qa.coaching.selectors.audits import AUDITABLE, reported_facts
from qa.coaching.services.refusals import AuditRefused
from workforce.people.models import User

State, Verdict = MetricAudit.State, AuditLine.Verdict
MOST_LINES = 100


@transaction.atomic
def start_audit(
    *,
    starts_on: date,
    ends_on: date,
    metrics: Sequence[str],
    size: int,
    seed: int,
    actor: User,
    at: datetime,
) -> MetricAudit:
    """Draw ``size`` tickets for each metric and note what is reported of each.

    Days are both inside. Raises ``AuditRefused`` without a metric, for a period that is
    not over, without tickets, or when that period was audited already.
    """
    _require_sensible(starts_on, ends_on, metrics, size, at)
    end = ends_on + timedelta(days=1)
    facts = {code: reported_facts(code, start=starts_on, end=end) for code in metrics}
    if not any(facts.values()):
        raise AuditRefused(_("Nothing was counted in these days: nothing to audit."))
    try:
        with transaction.atomic():
            audit = MetricAudit.objects.create(
                starts_on=starts_on,
                ends_on=ends_on,
                metrics=list(metrics),
                size=size,
                seed=seed,
                frame_size=len({ticket for each in facts.values() for ticket in each}),
                created_by=actor,
                created_at=at,
            )
    except IntegrityError as error:
        raise AuditRefused(_("These days have an audit already.")) from error
    for code, reported in facts.items():
        chosen = drawn(list(reported), size=size, seed=seed, stream=code)
        AuditLine.objects.bulk_create(
            AuditLine(
                audit=audit, metric=code, ticket_id=ticket, reported=reported[ticket]
            )
            for ticket in chosen
        )
    return audit


def _require_sensible(
    starts_on: date, ends_on: date, metrics: Sequence[str], size: int, at: datetime
) -> None:
    unknown = sorted(set(metrics) - set(AUDITABLE))
    if not metrics or unknown:
        raise AuditRefused(_("Choose metrics from the list."))
    if ends_on <= starts_on or ends_on >= at.date():
        raise AuditRefused(_("Audit days that are over, from the first to the last."))
    if not 1 <= size <= MOST_LINES:
        raise AuditRefused(
            _("Draw 1 to %(most)d tickets a metric.") % {"most": MOST_LINES}
        )


@transaction.atomic
def judge_line(
    *, line_id: int, verdict: str, found: str, note: str, actor: User, at: datetime
) -> AuditLine:
    """Write what a person found in the ticket.

    Raises ``AuditRefused`` when the audit is closed, the verdict is none, or a
    difference does not say what was found instead.
    """
    line = AuditLine.objects.select_for_update(of=("self",)).get(pk=line_id)
    audit = MetricAudit.objects.select_for_update().get(pk=line.audit_id)
    _require_open(audit)
    if verdict not in Verdict.values:
        raise AuditRefused(_("Choose agrees, differs or cannot be told."))
    if verdict == Verdict.DIFFERS and not found.strip():
        raise AuditRefused(_("Say what you found instead."))
    line.verdict, line.found, line.note = verdict, found.strip(), note.strip()
    line.checked_by, line.checked_at = actor, at
    line.save(update_fields=["verdict", "found", "note", "checked_by", "checked_at"])
    return line


@transaction.atomic
def close_audit(
    *, audit_id: int, conclusion: str, actor: User, at: datetime
) -> MetricAudit:
    """Close an audit with its conclusion.

    Raises ``AuditRefused`` while lines wait, or without a conclusion.
    """
    audit = MetricAudit.objects.select_for_update().get(pk=audit_id)
    _require_open(audit)
    waiting = audit.lines.filter(verdict="").count()
    if waiting:
        raise AuditRefused(
            _("%(count)d tickets are still to be looked at.") % {"count": waiting}
        )
    if not conclusion.strip():
        raise AuditRefused(_("Write what follows from it."))
    audit.state, audit.closed_at = State.CLOSED, at
    audit.conclusion = conclusion.strip()
    audit.save(update_fields=["state", "closed_at", "conclusion"])
    return audit


def _require_open(audit: MetricAudit) -> None:
    if audit.state != State.OPEN:
        raise AuditRefused(_("This audit is closed and stays as it is."))
