"""Writes the demo's help centre and a year of what visitors did there."""

from collections.abc import Callable
from datetime import datetime

from kb.models import FormVisit, Search
from kb.selectors.assistant.rules import current_rules
from kb.services.assistant import RulesContent, save_rules
from supportops.demo.kb.articles import write_articles
from supportops.demo.kb.conversations import write_talks
from supportops.demo.kb.finding import Finder
from supportops.demo.kb.traffic import play_year
from supportops.demo.kb.trials import begin_trials, finish_trials
from supportops.demo.kb.visits import Recorder
from supportops.demo.kb.work import write_synonyms, write_work
from supportops.demo.people import Cast

COMPANY = "Lumen Ledger"


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
    _name_the_centre(at=start)
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


def _name_the_centre(*, at: datetime) -> None:
    rules = current_rules()
    content = RulesContent(
        name=COMPANY,
        is_on=rules.is_on,
        mode=rules.mode,
        threshold=rules.threshold,
        precision=rules.precision,
        skips_vip=rules.skips_vip,
        calendar=rules.calendar,
        holdout=rules.holdout,
    )
    save_rules(content=content, actor=None, at=at, reason="The company's own name")


__all__ = ["load_knowledge"]
