"""Writes the demo's help centre and a year of what visitors did there."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from kb.models import FormVisit, Search
from kb.selectors.assistant.rules import current_rules
from kb.selectors.help.choices import form_areas, form_categories
from kb.services.assistant import CentreWords, RulesContent, save_rules
from supportops.demo.kb.articles import write_articles
from supportops.demo.kb.conversations import write_talks
from supportops.demo.kb.finding import Finder
from supportops.demo.kb.traffic import play_year
from supportops.demo.kb.trials import begin_trials, finish_trials
from supportops.demo.kb.visits import Recorder
from supportops.demo.kb.work import write_synonyms, write_work
from supportops.demo.people import Cast
from tickets.models import Category, ProductArea

COMPANY = "Lumen Ledger"
CHOICES = {
    "de": {
        "Access": "Zugang", "API": "API", "Bank import": "Bankimport",
        "Billing": "Abrechnung", "General": "Allgemeines",
        "Integrations": "Anbindungen", "Invoices": "Rechnungen",
        "Product": "Produkt", "Reports": "Berichte", "Requests": "Wünsche",
        "Sign-in": "Anmeldung",
    },
    "ja": {
        "Access": "アクセス", "API": "API", "Bank import": "銀行取込",
        "Billing": "料金", "General": "全般", "Integrations": "連携",
        "Invoices": "請求書", "Product": "製品", "Reports": "レポート",
        "Requests": "ご要望", "Sign-in": "サインイン",
    },
}  # fmt: skip
"""What the contact form's choices are called in other languages."""


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
        translations={
            code: CentreWords(
                kinds=_called(form_categories(), names),
                parts=_called(form_areas(), names),
            )
            for code, names in CHOICES.items()
        },
    )
    save_rules(content=content, actor=None, at=at, reason="The company's own name")


def _called(
    rows: Iterable[Category | ProductArea], names: Mapping[str, str]
) -> dict[int, str]:
    return {row.pk: names[row.name] for row in rows if row.name in names}


__all__ = ["load_knowledge"]
