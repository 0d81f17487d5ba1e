"""Every write to scorecards: drafts, publication, archiving."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from qa.core.scorecard import Scorecard as Card
from qa.core.scorecard_lint import PROBLEM, lint_scorecard
from qa.models import Scorecard, ScorecardVersion
from qa.scorecard_phrases import finding_sentence
from qa.selectors import scorecards as selectors
from supportops.common.errors import OperationRefused
from workforce.people.models import User

State = ScorecardVersion.State
SLUG_LENGTH = 60
REASON_LENGTH = 500


class ScorecardNameTaken(OperationRefused):
    code = "scorecard_name_taken"


class VersionIsPublished(OperationRefused):
    code = "version_is_published"


class VersionNotPublished(OperationRefused):
    code = "version_not_published"


class DraftChangedMeanwhile(OperationRefused):
    code = "draft_changed_meanwhile"


class DraftExists(OperationRefused):
    code = "draft_exists"


class DefinitionUnreadable(OperationRefused):
    code = "definition_unreadable"


class ReasonMissing(OperationRefused):
    code = "reason_missing"


class ScorecardHasProblems(OperationRefused):
    code = "scorecard_has_problems"


# Scorecards -------------------------------------------------------------------------------


@transaction.atomic
def create_scorecard(
    *,
    name: str,
    actor: User | None,
    at: datetime,
    slug: str = "",
    description: str = "",
    definition: Mapping[str, Any] | None = None,
    based_on: ScorecardVersion | None = None,
) -> Scorecard:
    """Create a scorecard with its first draft, empty or as ``definition`` says.

    Raises ``ScorecardNameTaken`` or ``DefinitionUnreadable``.
    """
    if Scorecard.objects.filter(name=name).exists():
        raise _name_taken(name)
    content = _read(definition or {})
    scorecard = Scorecard.objects.create(
        name=name,
        slug=_free_slug(slug or name),
        description=description,
        owner=actor,
        created_at=at,
    )
    _add_draft(scorecard, content, actor=actor, at=at, based_on=based_on)
    return scorecard


@transaction.atomic
def describe_scorecard(
    *,
    scorecard_id: int,
    name: str,
    description: str,
    owner: User | None,
    requires_certificate: bool,
) -> Scorecard:
    """Change what is said about a scorecard. What it judges stays.

    Raises ``ScorecardNameTaken``.
    """
    scorecard = Scorecard.objects.select_for_update().get(pk=scorecard_id)
    if Scorecard.objects.filter(name=name).exclude(pk=scorecard_id).exists():
        raise _name_taken(name)
    scorecard.name, scorecard.description = name, description
    scorecard.owner, scorecard.requires_certificate = owner, requires_certificate
    scorecard.save(
        update_fields=["name", "description", "owner", "requires_certificate"]
    )
    return scorecard


# Drafts -----------------------------------------------------------------------------------


@transaction.atomic
def start_draft(
    *,
    scorecard_id: int,
    actor: User | None,
    at: datetime,
    based_on: ScorecardVersion | None = None,
) -> ScorecardVersion:
    """Open a draft from ``based_on``, else from the newest version.

    Raises ``DraftExists`` when there is one already.
    """
    scorecard = Scorecard.objects.select_for_update().get(pk=scorecard_id)
    if scorecard.versions.filter(state=State.DRAFT).exists():
        raise DraftExists(
            _("“%(name)s” already has a draft. Change or discard that one.")
            % {"name": scorecard.name}
        )
    source = based_on or scorecard.versions.order_by("-number").first()
    content = source.definition if source else Card().to_dict()
    return _add_draft(scorecard, content, actor=actor, at=at, based_on=source)


@transaction.atomic
def save_draft(
    *,
    version_id: int,
    definition: Mapping[str, Any],
    actor: User | None,
    at: datetime,
    expected_changed_at: datetime | None,
) -> ScorecardVersion:
    """Replace what a draft says. It may still have problems: publishing looks at them.

    Raises ``VersionIsPublished``, ``DefinitionUnreadable``, or ``DraftChangedMeanwhile``
    when somebody saved it after ``expected_changed_at``.
    """
    version = _locked_draft(version_id)
    if version.changed_at != expected_changed_at:
        raise DraftChangedMeanwhile(
            _(
                "The draft was saved by somebody else at %(at)s, so yours was not saved. "
                "It is still on this page: open the saved one beside it and repeat your "
                "change there."
            )
            % {"at": _moment(version.changed_at)}
        )
    version.definition = _read(definition)
    version.changed_at = at
    version.save(update_fields=["definition", "changed_at"])
    return version


@transaction.atomic
def discard_draft(*, version_id: int) -> None:
    """Delete a draft. Raises ``VersionIsPublished``."""
    _locked_draft(version_id).delete()


# Publication ------------------------------------------------------------------------------


@transaction.atomic
def publish_version(
    *, version_id: int, actor: User | None, at: datetime, reason: str
) -> ScorecardVersion:
    """Let new reviews use a draft; what was published before is archived.

    Reviews under way keep the version that they were started with. Raises
    ``VersionIsPublished``, ``ReasonMissing`` or ``ScorecardHasProblems``.
    """
    version = _locked_draft(version_id)
    said = reason.strip()[:REASON_LENGTH]
    if not said:
        raise ReasonMissing(
            _("A reason is missing: say in a few words why the scorecard changes.")
        )
    _refuse_problems(version)
    for former in version.scorecard.versions.filter(state=State.PUBLISHED):
        _archive(former, actor=actor, at=at)
    version.state = State.PUBLISHED
    version.reason = said
    version.published_by, version.published_at = actor, at
    version.changed_at = at
    version.save()
    return version


@transaction.atomic
def archive_version(
    *, version_id: int, actor: User | None, at: datetime
) -> ScorecardVersion:
    """Let no new review use a published version. Raises ``VersionNotPublished``."""
    _lock_scorecard_of(version_id)
    version = ScorecardVersion.objects.select_for_update().get(pk=version_id)
    if version.state != State.PUBLISHED:
        raise VersionNotPublished(
            _("Version %(number)s is not published: there is nothing to archive.")
            % {"number": version.number}
        )
    _archive(version, actor=actor, at=at)
    return version


# Steps ------------------------------------------------------------------------------------


def _lock_scorecard_of(version_id: int) -> Scorecard:
    """Take the one lock order: the scorecard, then its version."""
    return Scorecard.objects.select_for_update().get(
        pk=ScorecardVersion.objects.values("scorecard_id").get(pk=version_id)[
            "scorecard_id"
        ]
    )


def _locked_draft(version_id: int) -> ScorecardVersion:
    scorecard = _lock_scorecard_of(version_id)
    version = ScorecardVersion.objects.select_for_update().get(pk=version_id)
    version.scorecard = scorecard
    if not version.is_draft:
        raise VersionIsPublished(
            _(
                "Version %(number)s of “%(name)s” was published at %(at)s and cannot "
                "change any more. Start a new draft from it."
            )
            % {
                "number": version.number,
                "name": scorecard.name,
                "at": _moment(version.published_at),
            }
        )
    return version


def _add_draft(
    scorecard: Scorecard,
    content: Mapping[str, Any],
    *,
    actor: User | None,
    at: datetime,
    based_on: ScorecardVersion | None,
) -> ScorecardVersion:
    newest = (
        scorecard.versions.order_by("-number").values_list("number", flat=True).first()
    )
    return ScorecardVersion.objects.create(
        scorecard=scorecard,
        number=(newest or 0) + 1,
        definition=dict(content),
        based_on=based_on,
        created_by=actor,
        created_at=at,
        changed_at=at,
    )


def _archive(version: ScorecardVersion, *, actor: User | None, at: datetime) -> None:
    version.state = State.ARCHIVED
    version.archived_by, version.archived_at = actor, at
    version.save(update_fields=["state", "archived_by", "archived_at"])


def _refuse_problems(version: ScorecardVersion) -> None:
    problems = [
        str(finding_sentence(finding))
        for finding in lint_scorecard(selectors.card_of(version))
        if finding.severity == PROBLEM
    ]
    if problems:
        raise ScorecardHasProblems(
            _("“%(name)s” was not published: %(problems)s")
            % {"name": version.scorecard.name, "problems": " ".join(problems)}
        )


def _read(definition: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return Card.from_dict(definition).to_dict()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DefinitionUnreadable(
            _("This is not a scorecard: %(reason)s.") % {"reason": error}
        ) from error


def _free_slug(name: str) -> str:
    wanted = slugify(name)[:SLUG_LENGTH] or "scorecard"
    taken = set(
        Scorecard.objects.filter(slug__startswith=wanted[:50]).values_list(
            "slug", flat=True
        )
    )
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted[: SLUG_LENGTH - 4]}-{number}"
    return slug


def _name_taken(name: str) -> ScorecardNameTaken:
    return ScorecardNameTaken(
        _("There is already a scorecard “%(name)s”. Choose another name.")
        % {"name": name}
    )


def _moment(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S %Z") if moment else "–"
