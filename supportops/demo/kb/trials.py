"""Two experiments with versions of an article: one that was won, one still running."""

from datetime import datetime

from kb.core.sequential import Counts
from kb.models import Experiment
from kb.selectors.experiments.judging import standing_of
from kb.services import experiments as services
from supportops.demo.kb.articles import EDITOR, TRIED, Shelf, save_edition
from supportops.demo.kb.texts import edition_of, tried_edition
from supportops.demo.kb.visits import Trial
from supportops.demo.people import Cast

RUNNING = "bank-feed-not-updating"
WON_DAYS_AGO = (178, 118)
RUNNING_DAYS = 47

WON = {False: Counts(good=36, readers=70), True: Counts(good=62, readers=72)}
"""Helpful votes of A and of B: no doubt that B is better."""
UNDECIDED = {False: Counts(good=35, readers=56), True: Counts(good=49, readers=56)}
"""Nearly sure: a few dozen votes more would decide."""


def begin_trials(cast: Cast, shelf: Shelf) -> dict[str, Trial]:
    """Set both experiments up; their readers are still to come."""
    return {TRIED: _won(cast, shelf), RUNNING: _running(cast, shelf)}


def _won(cast: Cast, shelf: Shelf) -> Trial:
    """Try today's text against the first one, and make it the article."""
    article, actor = shelf.articles[TRIED], cast.users[EDITOR]
    start, stop = (shelf.ago(days) for days in WON_DAYS_AGO)
    save_edition(article, edition_of(TRIED), cast=cast, at=start)
    trial = _start(
        cast, shelf, TRIED, "A table of what the amounts are, in plain words", start
    )
    services.promote(experiment_id=trial.pk, actor=actor, at=stop)
    trial.refresh_from_db()
    shelf.lives[TRIED].append((stop, article.versions.latest("number")))
    return Trial(trial, WON)


def _running(cast: Cast, shelf: Shelf) -> Trial:
    article, start = shelf.articles[RUNNING], shelf.ago(RUNNING_DAYS)
    today = edition_of(RUNNING)
    save_edition(article, tried_edition(RUNNING), cast=cast, at=start)
    trial = _start(cast, shelf, RUNNING, "What to do stands in one table", start)
    # What readers see is what the next author begins with.
    save_edition(article, today, cast=cast, at=start)
    return Trial(trial, UNDECIDED)


def _start(cast: Cast, shelf: Shelf, slug: str, name: str, at: datetime) -> Experiment:
    article, actor = shelf.articles[slug], cast.users[EDITOR]
    candidate = services.save_candidate(article_id=article.pk, actor=actor, at=at)
    made = services.create_experiment(
        article_id=article.pk,
        version_b_id=candidate.pk,
        name=name,
        outcome=Experiment.Outcome.HELPFUL,
        actor=actor,
        at=at,
    )
    # The same visitors see the same version each time the demo is loaded.
    Experiment.objects.filter(pk=made.pk).update(salt=slug)
    return services.start_experiment(experiment_id=made.pk, actor=actor, at=at)


def finish_trials(trials: dict[str, Trial], *, at: datetime) -> None:
    """Keep what could be said when the trial was stopped, now that its readers are in."""
    won = trials[TRIED].experiment
    won.verdict = standing_of(won, at=at).verdict
    won.save(update_fields=["verdict"])
