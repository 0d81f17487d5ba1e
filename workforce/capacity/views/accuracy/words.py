"""The answer of the accuracy page in words."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workforce.capacity.core.judging import HELD, HELD_LEAST, Figures, Verdict
from workforce.capacity.templatetags.review_words import decimal

VERDICTS: dict[Verdict, tuple[str, str | Promise]] = {
    Verdict.EXCELLENT: ("ok", gettext_lazy("Excellent")),
    Verdict.CHANCE: ("ok", gettext_lazy("As good as chance allows")),
    Verdict.USABLE: ("watch", gettext_lazy("Usable")),
    Verdict.PROBLEM: ("late", gettext_lazy("Problem")),
    Verdict.UNKNOWN: ("idle", gettext_lazy("Too little to say")),
}

GRAIN_WORDS: dict[str, str | Promise] = {
    "month": gettext_lazy("Month"),
    "week": gettext_lazy("Week"),
    "day": gettext_lazy("Day"),
    "interval": gettext_lazy("Interval"),
}

BIAS_TOLD = 0.03
COVERED_MOST, WIDE_FROM = 0.995, 100
"""28 of 28 days in a good band are quite likely; of a hundred, some fall out."""


def percent(value: float, digits: int = 0) -> str:
    return decimal(100 * abs(value), digits)


def answer(day: Figures) -> str:
    """Say in one sentence whether the forecast of days can be trusted."""
    sentences = {
        Verdict.EXCELLENT: _("Yes: a day is off by %(wape)s %% on average."),
        Verdict.CHANCE: _(
            "Yes, as far as chance allows: a day is off by %(wape)s %%, and %(floor)s %% "
            "is what chance alone brings to so few contacts."
        ),
        Verdict.USABLE: _(
            "With care: a day is off by %(wape)s %% on average; chance alone would "
            "bring %(floor)s %%."
        ),
        Verdict.PROBLEM: _(
            "Not yet: a day is off by %(wape)s %% on average; chance alone would bring "
            "%(floor)s %%."
        ),
        Verdict.UNKNOWN: _("Too little to say: %(n)d days have been judged."),
    }
    words = {
        "wape": percent(day.wape or 0.0, 1),
        "floor": percent(day.floor or 0.0, 1),
        "n": day.n,
    }
    return sentences[day.verdict] % words


def remarks(day: Figures) -> list[str]:
    """Say what leans or is too narrow, where there is something to say."""
    if day.verdict == Verdict.UNKNOWN:
        return []
    found = []
    if day.bias is not None and abs(day.bias) > BIAS_TOLD:
        text = (
            _("It leans high: %(share)s %% more was expected than came.")
            if day.bias > 0
            else _("It leans low: %(share)s %% less was expected than came.")
        )
        found.append(text % {"share": percent(day.bias, 1)})
    if day.covered95 is not None and day.n >= HELD_LEAST:
        words = {"share": percent(day.covered95), "n": day.n}
        if day.covered95 < HELD[0]:
            found.append(
                _("Its 95 %% band is too narrow: it held %(share)s %% of %(n)d days.")
                % words
            )
        elif day.covered95 > COVERED_MOST and day.n >= WIDE_FROM:
            found.append(
                _("Its 95 %% band is wide: it held %(share)s %% of %(n)d days.") % words
            )
    return found


def judged(figures: Figures) -> dict[str, Any]:
    """One line of a table of records."""
    chip, word = VERDICTS[figures.verdict]
    return {
        "name": GRAIN_WORDS[figures.grain],
        "figures": figures,
        "chip": chip,
        "word": word,
    }
