"""Writes the demo's help centre and a year of what visitors did there."""

from collections.abc import Callable
from datetime import datetime

from kb.models import FormVisit, Search
from supportops.demo.kb.articles import write_articles
from supportops.demo.kb.conversations import write_talks
from supportops.demo.kb.finding import Finder
from supportops.demo.kb.traffic import play_year
from supportops.demo.kb.trials import begin_trials, finish_trials
from supportops.demo.kb.visits import Recorder
from supportops.demo.kb.work import write_synonyms, write_work
from supportops.demo.people import Cast


def load_knowledge(
    *,
    cast: Cast,
    start: datetime,
    until: datetime,
    scale: float,
    seed: int,
    say: Callable[[str], None],
) -> None:
    """Write the help centre as it stands at ``until``.

    ``scale`` is how much smaller than the company of the story this one is: visitors
    come in proportion to tickets.
    """
    shelf = write_articles(cast, until=until, seed=seed)
    write_synonyms(at=shelf.ago(90))
    trials = begin_trials(cast, shelf)
    recorder = Recorder(shelf, Finder(), trials, seed=seed)
    play_year(recorder, start=start, scale=scale, seed=seed)
    finish_trials(trials, at=until)
    talks = write_talks(shelf, cast, start=start, scale=scale, seed=seed)
    write_work(cast, shelf, start=start, seed=seed)
    say(
        f"  {len(shelf.articles)} articles, {Search.objects.count()} searches, "
        f"{FormVisit.objects.count()} forms, {talks} conversations"
    )


__all__ = ["load_knowledge"]
