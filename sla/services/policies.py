"""Every write to policies: drafts, publication, reverting, order, retirement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sla.core.policy import PolicyDefinition
from sla.models import Policy, PolicyVersion
from sla.selectors import calendars as calendar_selectors
from sla.selectors import policies as selectors
from sla.services.policy_refusals import (
    DefinitionUnreadable,
    DraftChangedMeanwhile,
    DraftExists,
    NothingInForce,
    OrderIncomplete,
    PolicyHasErrors,
    PolicyNameTaken,
    ReasonMissing,
    VersionIsPublished,
)
from sla.services.policy_steps import (
    State,
    _moment,
    add_draft,
    checksum_of,
    end_versions,
    is_in_force_after,
    judge_again,
    lock_policies,
    locked_draft,
    name_taken,
    order_changes,
    publish_rest_anew,
    publish_version,
    read_definition,
    refuse_errors,
    required_reason,
    without_hours,
)
from supportops.jobs.models import Job
from workforce.people.models import User

__all__ = [
    "DefinitionUnreadable",
    "DraftChangedMeanwhile",
    "DraftExists",
    "NothingInForce",
    "OrderIncomplete",
    "PolicyHasErrors",
    "PolicyNameTaken",
    "ReasonMissing",
    "VersionIsPublished",
    "checksum_of",
    "create_policy",
    "discard_draft",
    "publish_policy",
    "rename_policy",
    "reorder_policies",
    "republish_with_new_hours",
    "retire_policy",
    "revert_to",
    "save_draft",
    "start_draft",
]


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
    ordered = lock_policies()
    if any(policy.name == name for policy in ordered):
        raise name_taken(name)
    if position is None:
        position = max((policy.position for policy in ordered), default=0) + 10
    policy = Policy.objects.create(
        name=name, description=description, position=position
    )
    return add_draft(
        policy, read_definition(definition), actor=actor, at=at, based_on=None
    )


@transaction.atomic
def rename_policy(*, policy_id: int, name: str, description: str) -> Policy:
    """Change what a policy is called. What it promises stays. Raises ``PolicyNameTaken``."""
    ordered = lock_policies()
    policy = next(policy for policy in ordered if policy.pk == policy_id)
    if any(other.name == name for other in ordered if other.pk != policy_id):
        raise name_taken(name)
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
    version = locked_draft(version_id)
    if version.changed_at != expected_changed_at:
        raise DraftChangedMeanwhile(
            _(
                "The draft was saved by somebody else at %(at)s, so yours was not saved. "
                "Load it again and repeat your change."
            )
            % {"at": _moment(version.changed_at)}
        )
    version.definition = without_hours(read_definition(definition))
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
    definition = read_definition(source.definition) if source else PolicyDefinition()
    return add_draft(policy, definition, actor=actor, at=at, based_on=source)


@transaction.atomic
def discard_draft(*, version_id: int) -> None:
    """Delete a draft. Raises ``VersionIsPublished``."""
    locked_draft(version_id).delete()


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
    lock_policies()
    version = locked_draft(version_id)
    checked = required_reason(reason)
    frozen = calendar_selectors.named_calendars(at=at)
    definition = selectors.definition_of(version, frozen)
    refuse_errors(version.policy, definition, at=at)
    return publish_version(
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
    lock_policies()
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

    Versions planned for later stay planned. Drafts are left as they are. Raises
    ``ReasonMissing``, ``NothingInForce`` when no policy uses former hours, or
    ``PolicyHasErrors``.
    """
    lock_policies()
    checked = required_reason(reason)
    calendar = calendar_selectors.calendars_with_parts().get(pk=calendar_id)
    outdated = calendar_selectors.versions_with_former_hours(calendar, at=at)
    if not outdated:
        raise NothingInForce(
            _("Every published policy already counts on the present hours.")
        )
    frozen = calendar_selectors.named_calendars(at=at)
    policies = {version.policy_id: version.policy for version in outdated}
    return [
        pair
        for policy in policies.values()
        for pair in publish_rest_anew(
            policy,
            frozen=frozen,
            actor=actor,
            at=at,
            effective_from=effective_from,
            reason=checked,
        )
    ]


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
    the same definition, so tickets created earlier keep their promise. A version planned
    for later is published again too, from its own moment on.

    Raises ``OrderIncomplete`` unless every policy is named once, or ``ReasonMissing``.
    """
    policies = {policy.pk: policy for policy in lock_policies()}
    if sorted(policy_ids) != sorted(policies):
        raise OrderIncomplete(
            _("Policies were added or removed meanwhile. Load the page again.")
        )
    checked = required_reason(reason)
    for place, pk in enumerate(policy_ids, start=1):
        policies[pk].position = place * 10
    Policy.objects.bulk_update(policies.values(), ["position"])
    positions = {pk: policy.position for pk, policy in policies.items()}
    rest = [
        version
        for version in PolicyVersion.objects.filter(state=State.PUBLISHED)
        if is_in_force_after(version, effective_from)
    ]
    if not order_changes(rest, positions):
        return []
    moved = {v.policy_id for v in rest if v.position != positions[v.policy_id]}
    return [
        pair
        for pk in policy_ids
        if pk in moved
        for pair in publish_rest_anew(
            policies[pk],
            position=positions[pk],
            actor=actor,
            at=at,
            effective_from=effective_from,
            reason=checked,
        )
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
    lock_policies()
    policy = Policy.objects.get(pk=policy_id)
    checked = required_reason(reason)
    ended = end_versions(policy, effective_to)
    if not ended:
        raise NothingInForce(
            _("“%(name)s” has no version in force then: there is nothing to retire.")
            % {"name": policy.name}
        )
    for version in ended:
        version.retired_by, version.retired_at = actor, at
        version.retired_reason = checked
        version.save(update_fields=["retired_by", "retired_at", "retired_reason"])
    return judge_again(policy, ended, actor=actor, at=at, created_from=effective_to)
