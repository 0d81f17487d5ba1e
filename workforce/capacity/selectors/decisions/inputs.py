"""Inputs of a decision: which of them may be relied on, and which may not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workforce.capacity.core.decisions import (
    Flaw,
    InputState,
    flaws,
    is_stale,
    range_flaw,
)
from workforce.capacity.models import DecisionInput
from workforce.capacity.selectors.decisions.figures import day_text

About = DecisionInput.About
PILLARS = (About.MIX, About.STAFFING, About.AUTOMATION)
"""What figures of speed and cost hang on: without them a decision is confidence only."""

FLAW_WORDS: dict[str, str | Promise] = {
    Flaw.NO_VALUE: gettext_lazy("no value"),
    Flaw.NO_SOURCE: gettext_lazy("no source"),
    Flaw.NO_DATE: gettext_lazy("no date of reading"),
    Flaw.STALE: gettext_lazy("stale"),
    Flaw.NO_OWNER: gettext_lazy("nobody answers for it"),
    Flaw.NO_REFRESH: gettext_lazy("no plan to read it again"),
    Flaw.OUT_OF_RANGE: gettext_lazy("outside its own plausible range"),
    Flaw.MIXED_UNITS: gettext_lazy(
        "value and range differ a hundredfold: one is in percent, the other a share"
    ),
}
SHARE_UNITS = ("%", "", "share", "points")
"""Units in which percent and share are mixed up."""


def state_of(row: DecisionInput) -> InputState:
    return InputState(
        name=row.name,
        has_value=row.value is not None,
        has_source=bool(row.source.strip()),
        as_of=row.as_of,
        refresh_due_on=row.refresh_due_on,
        has_owner=bool(row.data_owner.strip()),
        range_flaw=range_flaw_of(row),
    )


def range_flaw_of(row: DecisionInput) -> str:
    is_share = row.unit.strip().lower() in SHARE_UNITS
    return range_flaw(row.value, row.low, row.high, is_share=is_share)


def is_stale_on(row: DecisionInput, day: date) -> bool:
    return is_stale(state_of(row), day)


def flaw_words(row: DecisionInput, day: date) -> list[str]:
    return [str(FLAW_WORDS[flaw]) for flaw in flaws(state_of(row), day)]


@dataclass(frozen=True)
class Unvalidated:
    """An input that may not be relied on as it is, and why; it names no figure."""

    input_id: int
    name: str
    flaws: list[str]

    def words(self) -> str:
        return _("%(input)s: %(flaws)s") % {
            "input": self.name,
            "flaws": ", ".join(self.flaws),
        }


def unvalidated(rows: Iterable[DecisionInput], day: date) -> list[Unvalidated]:
    """List the inputs that are not validated on ``day``, in their order."""
    return [
        Unvalidated(row.pk, row.name, words)
        for row in rows
        if (words := flaw_words(row, day))
    ]


@dataclass(frozen=True)
class Pillar:
    """One of the three things a decision about load stands on, and what it lacks."""

    about: str
    name: str
    lacks: list[str]

    @property
    def is_validated(self) -> bool:
        return not self.lacks


def pillars(rows: Iterable[DecisionInput], day: date) -> list[Pillar]:
    """Check channel mix, staffing and automation coverage: each needs validated inputs."""
    listed = list(rows)
    return [
        Pillar(about.value, str(about.label), _lacks(about, listed, day))
        for about in PILLARS
    ]


def _lacks(about: About, rows: list[DecisionInput], day: date) -> list[str]:
    own = [row for row in rows if row.about == about]
    if not own:
        return [_("no input describes it")]
    return [each.words() for each in unvalidated(own, day)]


def amount(value: float | None, unit: str = "") -> str:
    """Write a number with its unit, with as many places as say something."""
    if value is None:
        return "–"
    places = 0 if abs(value) >= 1000 or value == round(value) else 2
    if 10 <= abs(value) < 1000 and value != round(value):
        places = 1
    text = number_format(round(value, places), places, force_grouping=True)
    return f"{text} {unit}".strip()


def unit_of(row: DecisionInput) -> str:
    """The unit as it is shown: money without one is in the installation's currency."""
    if row.unit.strip() or row.about != About.COST:
        return row.unit
    return str(settings.CURRENCY)


def value_words(row: DecisionInput) -> str:
    return amount(row.value, unit_of(row))


def range_text(row: DecisionInput) -> str:
    """Write the plausible range with its unit, which is that of the value."""
    if row.low is None and row.high is None:
        return ""
    if row.low is None:
        return _("up to %(high)s") % {"high": amount(row.high, unit_of(row))}
    if row.high is None:
        return _("from %(low)s") % {"low": amount(row.low, unit_of(row))}
    return _("%(low)s to %(high)s") % {
        "low": amount(row.low),
        "high": amount(row.high, unit_of(row)),
    }


def input_words(row: DecisionInput) -> str:
    """Write everything about an input in one line: what its history compares."""
    parts = [value_words(row), range_text(row)]
    parts.append(str(row.get_about_display()))
    if row.metric:
        parts.append(_("metric: %(code)s") % {"code": row.metric})
    if row.source:
        parts.append(_("source: %(source)s") % {"source": row.source})
    if row.as_of:
        parts.append(_("as of %(day)s") % {"day": day_text(row.as_of)})
    if row.quality_gap:
        parts.append(_("gap: %(gap)s") % {"gap": row.quality_gap})
    if row.data_owner:
        parts.append(_("owner: %(owner)s") % {"owner": row.data_owner})
    if row.refresh_days:
        parts.append(_("read again every %(days)d days") % {"days": row.refresh_days})
    return "; ".join(part for part in parts if part)


def automation_now(rows: Iterable[DecisionInput]) -> float | None:
    """The share automated today as the inputs say, 0 to 1; ``None`` when unknown."""
    known = [
        row.share
        for row in rows
        if row.about == About.AUTOMATION and row.share is not None
    ]
    return known[0] if known else None
