"""Every write to policies: drafts, publication, reverting, order, retirement."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sla.core.policy import NamedCalendar, PolicyDefinition
from sla.core.policy_lint import ERROR
from sla.models import Policy, PolicyVersion
from sla.phrases import finding_sentence
from sla.selectors import calendars as calendar_selectors
from sla.selectors import policies as selectors
from supportops.common.errors import OperationRefused
from supportops.jobs.models import Job
from supportops.jobs.services import enqueue_job
from workforce.people.models import User

RECOMPUTE = "sla.recompute"
State = PolicyVersion.State


class PolicyNameTaken(OperationRefused):
    code = "policy_name_taken"


class VersionIsPublished(OperationRefused):
    code = "version_is_published"


class DraftChangedMeanwhile(OperationRefused):
    code = "draft_changed_meanwhile"


class DraftExists(OperationRefused):
    code = "draft_exists"


class DefinitionUnreadable(OperationRefused):
    code = "definition_unreadable"


class ReasonMissing(OperationRefused):
    code = "reason_missing"


class PolicyHasErrors(OperationRefused):
    code = "policy_has_errors"


class NothingInForce(OperationRefused):
    code = "nothing_in_force"


class OrderIncomplete(OperationRefused):
    code = "order_incomplete"


# Drafts -----------------------------------------------------------------------------------


@transaction.atomic
def create_policy(
    *,
    name: str,
    definition: Mapping[str, Any],
    actor: User | None,
    at: datetime,
    description: str = "",
    position: int | None = None,
) -> PolicyVersion:
    """Create a policy with its first draft; by default it is tried last.

    Raises ``PolicyNameTaken`` or ``DefinitionUnreadable``.
    """
    ordered = _lock_policies()
    if any(policy.name == name for policy in ordered):
        raise _name_taken(name)
    if position is None:
        position = max((policy.position for policy in ordered), default=0) + 10
    policy = Policy.objects.create(
        name=name, description=description, position=position
    )
    return _new_draft(policy, _read(definition), actor=actor, at=at, based_on=None)


@transaction.atomic
def rename_policy(*, policy_id: int, name: str, description: str) -> Policy:
    """Change what a policy is called. What it promises stays. Raises ``PolicyNameTaken``."""
    ordered = _lock_policies()
    policy = next(policy for policy in ordered if policy.pk == policy_id)
    if any(other.name == name for other in ordered if other.pk != policy_id):
        raise _name_taken(name)
    policy.name, policy.description = name, description
    policy.save(update_fields=["name", "description"])
    return policy


@transaction.atomic
def save_draft(
    *,
    version_id: int,
    definition: Mapping[str, Any],
    actor: User | None,
    at: datetime,
    expected_changed_at: datetime | None,
) -> PolicyVersion:
    """Replace the definition of a draft. Hours are left out: publication freezes them.

    Raises ``VersionIsPublished``, ``DefinitionUnreadable``, or ``DraftChangedMeanwhile``
    when somebody saved it after ``expected_changed_at``.
    """
    version = _locked_draft(version_id)
    if version.changed_at != expected_changed_at:
        raise DraftChangedMeanwhile(
            _(
                "The draft was saved by somebody else at %(at)s, so yours was not saved. "
                "Load it again and repeat your change."
            )
            % {"at": _moment(version.changed_at)}
        )
    version.definition = _without_hours(_read(definition))
    version.changed_at = at
    version.save(update_fields=["definition", "changed_at"])
    return version


@transaction.atomic
def start_draft(
    *,
    policy_id: int,
    actor: User | None,
    at: datetime,
    based_on: PolicyVersion | None = None,
) -> PolicyVersion:
    """Open a draft from ``based_on``, else from the newest version.

    Raises ``DraftExists`` when there is one already.
    """
    policy = Policy.objects.select_for_update().get(pk=policy_id)
    if policy.versions.filter(state=State.DRAFT).exists():
        raise DraftExists(
            _("“%(name)s” already has a draft. Change or discard that one.")
            % {"name": policy.name}
        )
    source = based_on or policy.versions.order_by("-number").first()
    definition = _read(source.definition) if source else PolicyDefinition()
    return _new_draft(policy, definition, actor=actor, at=at, based_on=source)


@transaction.atomic
def discard_draft(*, version_id: int) -> None:
    """Delete a draft. Raises ``VersionIsPublished``."""
    _locked_draft(version_id).delete()


# Publication ------------------------------------------------------------------------------


@transaction.atomic
def publish_policy(
    *,
    version_id: int,
    actor: User | None,
    at: datetime,
    effective_from: datetime,
    reason: str,
) -> tuple[PolicyVersion, Job | None]:
    """Put a draft in force for tickets created from ``effective_from`` on.

    Policies are locked in one order first, so two publications at once run one after
    the other and the second sees the first. The draft's calendars are frozen, the
    versions of the same policy end where this one starts, and the tickets concerned
    are judged again in the background.

    Raises ``VersionIsPublished``, ``ReasonMissing`` or ``PolicyHasErrors``.
    """
    _lock_policies()
    version = _locked_draft(version_id)
    checked = _required(reason)
    frozen = calendar_selectors.named_calendars(at=at)
    definition = selectors.definition_of(version, frozen)
    _refuse_errors(version.policy, definition, at=at)
    return _publish(
        version,
        definition,
        actor=actor,
        at=at,
        effective_from=effective_from,
        reason=checked,
    )


@transaction.atomic
def revert_to(
    *,
    version_id: int,
    actor: User | None,
    at: datetime,
    effective_from: datetime,
    reason: str,
) -> tuple[PolicyVersion, Job | None]:
    """Publish what an older version said, with its hours as they are today, as a new version.

    Raises ``DraftExists``, ``ReasonMissing`` or ``PolicyHasErrors``.
    """
    source = PolicyVersion.objects.get(pk=version_id)
    _lock_policies()
    draft = start_draft(policy_id=source.policy_id, actor=actor, at=at, based_on=source)
    return publish_policy(
        version_id=draft.pk,
        actor=actor,
        at=at,
        effective_from=effective_from,
        reason=reason,
    )


@transaction.atomic
def republish_with_new_hours(
    *,
    calendar_id: int,
    actor: User | None,
    at: datetime,
    effective_from: datetime,
    reason: str,
) -> list[tuple[PolicyVersion, Job | None]]:
    """Publish every policy that counts on former hours of a calendar once more.

    Drafts are left as they are. Raises ``ReasonMissing``, ``NothingInForce`` when no
    policy uses former hours, or ``PolicyHasErrors``.
    """
    _lock_policies()
    checked = _required(reason)
    calendar = calendar_selectors.calendars_with_parts().get(pk=calendar_id)
    outdated = calendar_selectors.versions_with_former_hours(calendar, at=at)
    if not outdated:
        raise NothingInForce(
            _("Every published policy already counts on the present hours.")
        )
    frozen = calendar_selectors.named_calendars(at=at)
    published = []
    for version in outdated:
        definition = _read(version.definition).with_calendars(frozen)
        _refuse_errors(version.policy, definition, at=at)
        published.append(
            _publish_anew(
                version,
                definition,
                position=version.position,
                actor=actor,
                at=at,
                effective_from=effective_from,
                reason=checked,
            )
        )
    return published


@transaction.atomic
def reorder_policies(
    *,
    policy_ids: Sequence[int],
    actor: User | None,
    at: datetime,
    effective_from: datetime,
    reason: str,
) -> list[tuple[PolicyVersion, Job | None]]:
    """Try policies in the order given, for tickets created from ``effective_from`` on.

    Published versions keep their place: each one that moves is published again with
    the same definition, so tickets created earlier keep their promise.

    Raises ``OrderIncomplete`` unless every policy is named once, or ``ReasonMissing``.
    """
    policies = {policy.pk: policy for policy in _lock_policies()}
    if sorted(policy_ids) != sorted(policies):
        raise OrderIncomplete(
            _("Policies were added or removed meanwhile. Load the page again.")
        )
    checked = _required(reason)
    for place, pk in enumerate(policy_ids, start=1):
        policies[pk].position = place * 10
    Policy.objects.bulk_update(policies.values(), ["position"])
    moved = [
        version
        for version in calendar_selectors.current_versions(at=at).filter(
            effective_to__isnull=True
        )
        if version.position != policies[version.policy_id].position
    ]
    if not _order_changes(moved, policies, at=at):
        moved = []
    return [
        _publish_anew(
            version,
            _read(version.definition),
            position=policies[version.policy_id].position,
            actor=actor,
            at=at,
            effective_from=effective_from,
            reason=checked,
        )
        for version in moved
    ]


@transaction.atomic
def retire_policy(
    *,
    policy_id: int,
    actor: User | None,
    at: datetime,
    effective_to: datetime,
    reason: str,
) -> Job | None:
    """Promise nothing by this policy to tickets created from ``effective_to`` on.

    Raises ``NothingInForce`` when no version is in force then, or ``ReasonMissing``.
    """
    _lock_policies()
    policy = Policy.objects.get(pk=policy_id)
    checked = _required(reason)
    ended = _end_versions(policy, effective_to)
    if not ended:
        raise NothingInForce(
            _("“%(name)s” has no version in force then: there is nothing to retire.")
            % {"name": policy.name}
        )
    for version in ended:
        version.retired_by, version.retired_at = actor, at
        version.retired_reason = checked
        version.save(update_fields=["retired_by", "retired_at", "retired_reason"])
    return _judge_again(policy, ended, actor=actor, at=at, created_from=effective_to)


# Steps ------------------------------------------------------------------------------------


def _lock_policies() -> list[Policy]:
    """Take the one lock order of every publication; return the policies in order."""
    locked = list(Policy.objects.select_for_update().order_by("pk"))
    return sorted(locked, key=lambda policy: (policy.position, policy.pk))


def _name_taken(name: str) -> PolicyNameTaken:
    return PolicyNameTaken(
        _("There is already a policy “%(name)s”. Choose another name.") % {"name": name}
    )


def _locked_draft(version_id: int) -> PolicyVersion:
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


def _new_draft(
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
        definition=_without_hours(definition),
        position=policy.position,
        based_on=based_on,
        created_by=actor,
        created_at=at,
        changed_at=at,
    )


def _publish(
    version: PolicyVersion,
    definition: PolicyDefinition,
    *,
    actor: User | None,
    at: datetime,
    effective_from: datetime,
    reason: str,
) -> tuple[PolicyVersion, Job | None]:
    starts = effective_from.replace(microsecond=0)
    ended = _end_versions(version.policy, starts)
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
    job = _judge_again(
        version.policy, [version, *ended], actor=actor, at=at, created_from=starts
    )
    return version, job


def _publish_anew(
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
    return _publish(
        successor,
        definition,
        actor=actor,
        at=at,
        effective_from=effective_from,
        reason=reason,
    )


def _end_versions(policy: Policy, moment: datetime) -> list[PolicyVersion]:
    """End what would be in force from ``moment`` on; later starts never come to be."""
    ended = [
        version
        for version in policy.versions.filter(state=State.PUBLISHED).order_by("number")
        if version.effective_to is None or version.effective_to > moment
    ]
    for version in ended:
        starts = version.effective_from or moment
        version.effective_to = max(moment, starts)
        version.save(update_fields=["effective_to"])
    return ended


def _judge_again(
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


def _refuse_errors(
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


def _order_changes(
    moved: Sequence[PolicyVersion],
    policies: Mapping[int, Policy],
    *,
    at: datetime,
) -> bool:
    """Whether the versions in force would really be tried in another order."""
    current = list(
        calendar_selectors.current_versions(at=at).filter(effective_to__isnull=True)
    )
    before = [version.policy_id for version in current]
    after = sorted(before, key=lambda pk: (policies[pk].position, pk))
    return bool(moved) and before != after


def _required(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing(
            _("A reason is missing: say in a few words why the promise changes.")
        )
    return reason.strip()[:500]


def _read(definition: Mapping[str, Any]) -> PolicyDefinition:
    try:
        return PolicyDefinition.from_dict(definition)
    except (ValueError, KeyError, TypeError) as error:
        raise DefinitionUnreadable(
            _("This is not a policy: %(reason)s.") % {"reason": error}
        ) from error


def _without_hours(definition: PolicyDefinition) -> dict[str, Any]:
    nothing: dict[str, NamedCalendar] = {}
    return definition.with_calendars(nothing).to_dict()


def checksum_of(definition: Mapping[str, Any]) -> str:
    """SHA-256 of a definition in one canonical writing."""
    canonical = json.dumps(definition, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _moment(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S %Z") if moment else "–"
