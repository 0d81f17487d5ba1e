"""Two versions of an article against each other: who sees which, start, stop, promote.

How a version B comes to exist. Versions are written once and never change, so B is one of
them: an older one, or the working copy frozen by `save_candidate` without being
published. Readers see a candidate only while an experiment shows it to their share;
`promote` publishes its text anew, under the next number, as a revert does.
"""

import secrets
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from kb.core.arms import is_drawn
from kb.core.sequential import Verdict
from kb.models import Article, ArticleVersion, Experiment
from kb.selectors.experiments.judging import standing_of
from kb.selectors.experiments.planning import same_to_readers
from kb.services.articles.publishing import revert
from kb.services.articles.refusals import NotAReviewer
from kb.services.articles.steps import PUBLISH, locked, require, text_of
from supportops.common.errors import OperationRefused
from supportops.notifications.models import Kind
from supportops.notifications.services import Message, notify_all
from workforce.people.models import User

ADD = "kb.add_experiment"
CHANGE = "kb.change_experiment"

State = Experiment.State
Ended = Experiment.Ended


class ExperimentStateRefused(OperationRefused):
    """The experiment is in a state in which this cannot be done."""

    code = "kb_experiment_state_refused"


class ExperimentRefused(OperationRefused):
    """The versions or shares make no experiment."""

    code = "kb_experiment_refused"


class ArticleMovedOn(OperationRefused):
    """Readers see another version than the one that B was tried against."""

    code = "kb_experiment_article_moved_on"


# Readers ----------------------------------------------------------------------------------


def version_for(
    article: Article, visitor: str
) -> tuple[ArticleVersion, Experiment | None]:
    """Return the version that a visitor reads, and the experiment that chose it, if any.

    The same visitor sees the same version as long as the experiment runs; nothing is
    stored for that. Nobody without a key takes part. One query.
    """
    published = cast("ArticleVersion", article.published)
    if not visitor:
        return published, None
    running = (
        Experiment.objects.filter(article_id=article.pk, state=State.RUNNING)
        .select_related("version_b")
        .first()
    )
    # Whoever publishes meanwhile wants everybody to read that.
    if running is None or running.version_a_id != article.published_id:
        return published, None
    is_b = is_drawn(visitor, salt=running.salt, share=running.share_b)
    return (running.version_b if is_b else published), running


# Before -----------------------------------------------------------------------------------


@transaction.atomic
def save_candidate(
    *, article_id: int, actor: User | None, at: datetime
) -> ArticleVersion:
    """Freeze the working copy as a version without publishing it.

    The same text is frozen once: a version that has it is returned.

    Raises ``NotYours`` or ``ExperimentRefused`` for an empty text or the published one.
    """
    require(actor, ADD, _("You may not set up experiments."))
    article = _published(article_id)
    text = text_of(article)
    if not article.body.strip():
        raise ExperimentRefused(
            _("The working copy of “%(title)s” has no text.") % {"title": article.title}
        )
    if same_to_readers(article, article.published):
        raise ExperimentRefused(
            _(
                "The working copy of “%(title)s” is what readers see already. "
                "Write the other version first, and save it without publishing."
            )
            % {"title": article.title}
        )
    for version in article.versions.all():
        if text_of(version) == text:
            return version
    last = article.versions.order_by("-number").values_list("number", flat=True)[0]
    return ArticleVersion.objects.create(
        article=article,
        number=last + 1,
        note=_("To be tried against version %(number)d; not published")
        % {"number": cast("ArticleVersion", article.published).number},
        created_by=actor,
        created_at=at,
        **text,
    )


@transaction.atomic
def create_experiment(
    *,
    article_id: int,
    version_b_id: int,
    name: str,
    outcome: str,
    actor: User | None,
    at: datetime,
    share_b: Decimal = Decimal("0.5"),
    alpha: Decimal = Decimal("0.05"),
    guardrail_drop: Decimal = Decimal("0.1"),
) -> Experiment:
    """Set up an experiment that readers do not see before it is started.

    Raises ``NotYours`` or ``ExperimentRefused``.
    """
    require(actor, ADD, _("You may not set up experiments."))
    article = _published(article_id)
    shares = {"share_b": share_b, "alpha": alpha, "guardrail_drop": guardrail_drop}
    if not all(0 < value < 1 for value in shares.values()):
        raise ExperimentRefused(_("Shares lie between 0 and 100 %, without both ends."))
    if outcome not in Experiment.Outcome.values:
        raise ExperimentRefused(_("That is none of the outcomes."))
    experiment = Experiment(
        article=article,
        name=" ".join(name.split())[:160] or article.title,
        version_a=article.published,
        version_b=_other_version(article, version_b_id),
        outcome=outcome,
        salt=secrets.token_hex(16),
        created_by=actor,
        created_at=at,
        **shares,
    )
    experiment.save()
    return experiment


@transaction.atomic
def start_experiment(
    *, experiment_id: int, actor: User | None, at: datetime
) -> Experiment:
    """Show B to its share of readers from now on, against what is published today.

    B reaches readers, so it takes what publishing takes: the permission and, where the
    article names reviewers, to be one of them.

    Raises ``NotYours``, ``NotAReviewer``, ``ExperimentStateRefused`` or
    ``ExperimentRefused``.
    """
    require(actor, CHANGE, _("You may not start experiments."))
    require(actor, PUBLISH, _("Starting shows a text to readers: you may not publish."))
    article, experiment = _locked(experiment_id)
    if experiment.state != State.DRAFT:
        raise ExperimentStateRefused(_("It was started before."))
    _refuse_stranger(article, actor)
    _refuse_unpublished(article)
    if article.experiments.filter(state=State.RUNNING).exists():
        raise ExperimentStateRefused(
            _(
                "“%(title)s” is in an experiment already. Stop that one first: readers "
                "of two at once would tell about neither."
            )
            % {"title": article.title}
        )
    experiment.version_b = _other_version(article, experiment.version_b_id)
    experiment.version_a = cast("ArticleVersion", article.published)
    experiment.state, experiment.started_at = State.RUNNING, at
    experiment.save()
    return experiment


@transaction.atomic
def discard_draft(*, experiment_id: int, actor: User | None) -> None:
    """Delete an experiment that never ran.

    Raises ``NotYours`` or ``ExperimentStateRefused``.
    """
    require(actor, CHANGE, _("You may not change experiments."))
    _article, experiment = _locked(experiment_id)
    if experiment.state != State.DRAFT:
        raise ExperimentStateRefused(
            _("It was started: what readers did is kept. Stop it instead.")
        )
    experiment.delete()


# The end ----------------------------------------------------------------------------------


@transaction.atomic
def stop_experiment(
    *,
    experiment_id: int,
    actor: User | None,
    at: datetime,
    note: str = "",
    ended: str = Ended.PERSON,
) -> Experiment:
    """Show the published version to everybody again; what can be said now is kept.

    Raises ``NotYours`` or ``ExperimentStateRefused``.
    """
    require(actor, CHANGE, _("You may not stop experiments."))
    _article, experiment = _locked(experiment_id)
    if experiment.state != State.RUNNING:
        raise ExperimentStateRefused(_("It is not running."))
    return _stop(experiment, ended=ended, note=note, actor=actor, at=at)


@transaction.atomic
def promote(*, experiment_id: int, actor: User | None, at: datetime) -> Experiment:
    """Publish the text of B for everybody; a running experiment ends with that.

    Raises ``NotYours``, ``NotAReviewer``, ``StateRefused``, ``ExperimentStateRefused``,
    or ``ArticleMovedOn`` when something else was published since.
    """
    require(actor, CHANGE, _("You may not promote versions."))
    article, experiment = _locked(experiment_id)
    if experiment.state == State.DRAFT or experiment.promoted:
        raise ExperimentStateRefused(
            _("B is the article already.")
            if experiment.promoted
            else _("It was never started: nothing speaks for B yet.")
        )
    if article.published_id != experiment.version_a_id:
        raise ArticleMovedOn(
            _(
                "“%(title)s” was published anew since: B was not tried against what "
                "readers see now. Publish B by hand, or try it again."
            )
            % {"title": article.title}
        )
    if experiment.state == State.RUNNING:
        _stop(experiment, ended=Ended.PROMOTED, note="", actor=actor, at=at)
    revert(
        article_id=article.pk,
        version_id=experiment.version_b_id,
        actor=actor,
        at=at,
        # Readers have B before them already.
        broken_links=None,
        note=_("Version %(number)d won the experiment “%(name)s”")
        % {"number": experiment.version_b.number, "name": experiment.name},
    )
    experiment.promoted = True
    experiment.save(update_fields=["promoted"])
    return experiment


def stop_crossed(*, at: datetime) -> int:
    """Stop what must not go on, and tell its people; return how many were stopped.

    That is an experiment whose B is surely worse than the guardrail allows, in either
    outcome, and one whose article was published anew or archived. That B is better stops
    nothing: promoting is for a person, and looking on costs no certainty.
    """
    running = Experiment.objects.filter(state=State.RUNNING).values_list(
        "pk", flat=True
    )
    return sum(_check(pk, at=at) for pk in list(running))


@transaction.atomic
def _check(pk: int, *, at: datetime) -> bool:
    article, experiment = _locked(pk)
    if experiment.state != State.RUNNING:
        return False
    is_published = article.state == Article.State.PUBLISHED
    if not is_published or article.published_id != experiment.version_a_id:
        _stop(experiment, ended=Ended.ARTICLE, note="", actor=None, at=at)
    elif standing_of(experiment, at=at).verdict == Verdict.GUARDRAIL:
        _stop(experiment, ended=Ended.GUARDRAIL, note="", actor=None, at=at)
    else:
        return False
    _tell_stopped(article, experiment, at=at)
    return True


def _stop(
    experiment: Experiment, *, ended: str, note: str, actor: User | None, at: datetime
) -> Experiment:
    experiment.verdict = standing_of(experiment, at=at).verdict
    experiment.state, experiment.stopped_at = State.STOPPED, at
    experiment.ended, experiment.stopped_by = ended, actor
    experiment.note = " ".join(note.split())[:300]
    experiment.save()
    return experiment


def _tell_stopped(article: Article, experiment: Experiment, *, at: datetime) -> None:
    people = [each for each in (experiment.created_by, article.owner) if each]
    why = {
        Ended.GUARDRAIL: _(
            "B is worse than the guardrail allows. Readers see A again."
        ),
        Ended.ARTICLE: _("The article was published anew or archived meanwhile."),
    }[Ended(experiment.ended)]
    message = Message(
        recipients=people,
        kind=Kind.KNOWLEDGE,
        dedup_key=f"kb-experiment-stopped:{experiment.pk}",
        title=_("The experiment “%(name)s” was stopped") % {"name": experiment.name},
        body=why,
        url=reverse("kb:experiment", args=[experiment.pk]),
    )
    notify_all([message], at=at)


# Shared -----------------------------------------------------------------------------------


def _locked(experiment_id: int) -> tuple[Article, Experiment]:
    """Lock article and experiment, in the order in which publishing locks, too."""
    article_id = Experiment.objects.values_list("article_id", flat=True).get(
        pk=experiment_id
    )
    article = locked(article_id)
    experiment = (
        Experiment.objects.select_for_update(of=("self",))
        .select_related("version_a", "version_b", "created_by")
        .get(pk=experiment_id)
    )
    return article, experiment


def _published(article_id: int) -> Article:
    article = locked(article_id)
    _refuse_unpublished(article)
    return article


def _refuse_unpublished(article: Article) -> None:
    if article.state != Article.State.PUBLISHED:
        raise ExperimentRefused(
            _("“%(title)s” is not published: it has no readers to compare.")
            % {"title": article.title}
        )


def _refuse_stranger(article: Article, actor: User | None) -> None:
    reviewers = list(article.reviewers.all())
    if actor is not None and reviewers and actor not in reviewers:
        raise NotAReviewer(
            _("One of its reviewers shows a new text of “%(title)s”: %(names)s.")
            % {"title": article.title, "names": ", ".join(map(str, reviewers))}
        )


def _other_version(article: Article, version_id: int) -> ArticleVersion:
    version = article.versions.filter(pk=version_id).first()
    if version is None:
        raise ExperimentRefused(_("That version is none of this article's."))
    if same_to_readers(version, article.published):
        raise ExperimentRefused(
            _("Version %(number)d has the text that readers see: nothing to compare.")
            % {"number": version.number}
        )
    return version
