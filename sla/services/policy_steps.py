"""The steps that writes to policies share. Callers hold a transaction."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from sla.core.policy import NamedCalendar, PolicyDefinition
from sla.core.policy_lint import ERROR
from sla.models import Policy, PolicyVersion
from sla.phrases import finding_sentence
from sla.selectors import policies as selectors
from sla.services.policy_refusals import (
    DefinitionUnreadable,
    PolicyHasErrors,
    PolicyNameTaken,
    ReasonMissing,
    VersionIsPublished,
)
from supportops.jobs.models import Job
from supportops.jobs.services import enqueue_job
from workforce.people.models import User

RECOMPUTE = "sla.recompute"
State = PolicyVersion.State


def lock_policies() -> list[Policy]:
    """Take the one lock order of every publication; return the policies in order."""
    locked = list(Policy.objects.select_for_update().order_by("pk"))
    return sorted(locked, key=lambda policy: (policy.position, policy.pk))


def name_taken(name: str) -> PolicyNameTaken:
    return PolicyNameTaken(
        _("There is already a policy “%(name)s”. Choose another name.") % {"name": name}
    )


def locked_draft(version_id: int) -> PolicyVersion:
    version = (
        PolicyVersion.objects.select_for_update(of=("self",))
        .select_related("policy")
        .get(pk=version_id)
    )
    if not version.is_draft:
        raise VersionIsPublished(
            _(
                "Version %(number)s of “%(name)s” was published at %(at)s and cannot "
                "change any more. Start a new draft from it."
            )
            % {
                "number": version.number,
                "name": version.policy.name,
                "at": _moment(version.published_at),
            }
        )
    return version


def add_draft(
    policy: Policy,
    definition: PolicyDefinition,
    *,
    actor: User | None,
    at: datetime,
    based_on: PolicyVersion | None,
) -> PolicyVersion:
    newest = (
        policy.versions.order_by("-number").values_list("number", flat=True).first()
    )
    return PolicyVersion.objects.create(
        policy=policy,
        number=(newest or 0) + 1,
        definition=without_hours(definition),
        position=policy.position,
        based_on=based_on,
        created_by=actor,
        created_at=at,
        changed_at=at,
    )


def publish_version(
    version: PolicyVersion,
    definition: PolicyDefinition,
    *,
    actor: User | None,
    at: datetime,
    effective_from: datetime,
    reason: str,
) -> tuple[PolicyVersion, Job | None]:
    starts = effective_from.replace(microsecond=0)
    ended = end_versions(version.policy, starts)
    version.definition = definition.to_dict()
    version.checksum = checksum_of(version.definition)
    version.position = version.policy.position
    version.state = State.PUBLISHED
    version.effective_from = starts
    version.reason = reason
    version.published_by = actor
    version.published_at = at
    version.changed_at = at
    version.save()
    job = judge_again(
        version.policy, [version, *ended], actor=actor, at=at, created_from=starts
    )
    return version, job


def publish_anew(
    source: PolicyVersion,
    definition: PolicyDefinition,
    *,
    position: int,
    actor: User | None,
    at: datetime,
    effective_from: datetime,
    reason: str,
) -> tuple[PolicyVersion, Job | None]:
    """Publish a successor of a published version beside whatever draft there is."""
    policy = source.policy
    policy.position = position
    newest = (
        policy.versions.order_by("-number").values_list("number", flat=True).first()
    )
    successor = PolicyVersion(
        policy=policy,
        number=(newest or 0) + 1,
        based_on=source,
        created_by=actor,
        created_at=at,
    )
    return publish_version(
        successor,
        definition,
        actor=actor,
        at=at,
        effective_from=effective_from,
        reason=reason,
    )


def publish_rest_anew(
    policy: Policy,
    *,
    position: int | None = None,
    frozen: Mapping[str, NamedCalendar] | None = None,
    actor: User | None,
    at: datetime,
    effective_from: datetime,
    reason: str,
) -> list[tuple[PolicyVersion, Job | None]]:
    """Publish what is in force from then on once more, each version for its own span.

    A version planned for later stays planned: its successor starts and ends when it
    would have. ``position`` replaces the place, ``frozen`` the hours.
    """
    rest = [
        (version, version.effective_to)
        for version in policy.versions.filter(state=State.PUBLISHED).order_by(
            "effective_from"
        )
        if is_in_force_after(version, effective_from)
    ]
    published = []
    for version, ends in rest:
        definition = read_definition(version.definition)
        if frozen is not None:
            definition = definition.with_calendars(frozen)
            refuse_errors(policy, definition, at=at)
        successor, job = publish_anew(
            version,
            definition,
            position=version.position if position is None else position,
            actor=actor,
            at=at,
            effective_from=max(
                effective_from, version.effective_from or effective_from
            ),
            reason=reason,
        )
        if ends is not None:
            _end_like(successor, version, ends)
        published.append((successor, job))
    return published


def _end_like(successor: PolicyVersion, version: PolicyVersion, ends: datetime) -> None:
    successor.effective_to = ends
    successor.retired_by, successor.retired_at = version.retired_by, version.retired_at
    successor.retired_reason = version.retired_reason
    successor.save(
        update_fields=["effective_to", "retired_by", "retired_at", "retired_reason"]
    )


def is_in_force_after(version: PolicyVersion, moment: datetime) -> bool:
    """Whether a published version holds at ``moment`` or at any time after it."""
    starts, ends = version.effective_from or moment, version.effective_to
    return ends is None or ends > max(starts, moment)


def end_versions(policy: Policy, moment: datetime) -> list[PolicyVersion]:
    """End what would be in force from ``moment`` on; later starts never come to be."""
    ended = [
        version
        for version in policy.versions.filter(state=State.PUBLISHED).order_by("number")
        if is_in_force_after(version, moment)
    ]
    for version in ended:
        starts = version.effective_from or moment
        version.effective_to = max(moment, starts)
        version.save(update_fields=["effective_to"])
    return ended


def judge_again(
    policy: Policy,
    versions: Sequence[PolicyVersion],
    *,
    actor: User | None,
    at: datetime,
    created_from: datetime,
) -> Job | None:
    """Ask for the clocks of the tickets concerned; None when there is none.

    The job gets the span, not the tickets: it looks them up once this is committed, so
    one that is created meanwhile is not missed.
    """
    version_ids = [version.pk for version in versions]
    tickets = selectors.tickets_to_judge_again(
        version_ids=version_ids, created_from=created_from
    )
    if not tickets.exists():
        return None
    return enqueue_job(
        kind=RECOMPUTE,
        title=_("Judge tickets again: %(name)s") % {"name": policy.name},
        params={"version_ids": version_ids, "created_from": created_from.isoformat()},
        actor=actor,
        at=at,
    )


def refuse_errors(
    policy: Policy, definition: PolicyDefinition, *, at: datetime
) -> None:
    errors = [
        finding
        for finding in selectors.lint_of(policy, definition, at=at)
        if finding.severity == ERROR
    ]
    if errors:
        raise PolicyHasErrors(
            _("“%(name)s” was not published: %(errors)s")
            % {
                "name": policy.name,
                "errors": " ".join(str(finding_sentence(error)) for error in errors),
            }
        )


def order_changes(rest: Sequence[PolicyVersion], positions: Mapping[int, int]) -> bool:
    """Whether these versions would really be tried in another order."""
    before = [
        version.policy_id
        for version in sorted(rest, key=lambda v: (v.position, v.policy_id))
    ]
    return before != sorted(before, key=lambda pk: (positions[pk], pk))


def required_reason(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing(
            _("A reason is missing: say in a few words why the promise changes.")
        )
    return reason.strip()[:500]


def read_definition(definition: Mapping[str, Any]) -> PolicyDefinition:
    try:
        return PolicyDefinition.from_dict(definition)
    except (ValueError, KeyError, TypeError) as error:
        raise DefinitionUnreadable(
            _("This is not a policy: %(reason)s.") % {"reason": error}
        ) from error


def without_hours(definition: PolicyDefinition) -> dict[str, Any]:
    nothing: dict[str, NamedCalendar] = {}
    return definition.with_calendars(nothing).to_dict()


def checksum_of(definition: Mapping[str, Any]) -> str:
    """SHA-256 of a definition in one canonical writing."""
    canonical = json.dumps(definition, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _moment(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S %Z") if moment else "–"
