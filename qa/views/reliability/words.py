"""Agreement and severity in sentences, the same on every page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa.core.agreement import UNITS
from qa.core.calibration.statistics import (
    INCOMPLETE,
    MIN_BIAS,
    MIN_TICKETS,
    NO_VARIATION,
    NOT_ENOUGH,
    RARE,
    resampled,
)

BESIDE_ALPHA = {"AC1", "AC2"}
SOLID, TENTATIVE, WEAK = 0.8, 2 / 3, 0.4
METHODS = {
    "ALPHA_NOMINAL": gettext_lazy("Krippendorff's alpha (nominal)"),
    "ALPHA_ORDINAL": gettext_lazy("Krippendorff's alpha (ordinal)"),
    "ALPHA_INTERVAL": gettext_lazy("Krippendorff's alpha (interval)"),
    "ICC_A1": gettext_lazy("ICC(A,1)"),
    "AC1": gettext_lazy("Gwet's AC1"),
    "AC2": gettext_lazy("Gwet's AC2 (quadratic)"),
    "POOLED_SD": gettext_lazy("Pooled SD within tickets"),
}


def figure_row(figure: Mapping[str, Any], title: str) -> dict[str, Any]:
    """One agreement figure for a table: value, interval, n, and what it means."""
    return {
        **figure,
        "title": title,
        "method_name": METHODS[figure["method"]],
        "shown": "–" if figure["value"] is None else f"{figure['value']:.2f}",
        "interval": interval(figure["low"], figure["high"], digits=2),
        "resampling": resampling_words(figure),
        "words": figure_words(figure),
        "chip": _chip(figure),
    }


def figure_words(figure: Mapping[str, Any]) -> str:
    note, value = figure["note"], figure["value"]
    if note == NOT_ENOUGH:
        return ngettext(
            "Not enough: %(count)d ticket has two ratings or more, %(needed)d are "
            "needed.",
            "Not enough: %(count)d tickets have two ratings or more, %(needed)d are "
            "needed.",
            figure["tickets"],
        ) % {"count": figure["tickets"], "needed": MIN_TICKETS}
    if note == NO_VARIATION:
        return _("No variation: every rating is the same, so agreement has no figure.")
    if note == INCOMPLETE:
        return _("Needs every reviewer on every ticket, which is not the case.")
    if value is None:
        return _("Undefined for these ratings.")
    if note == RARE:
        return _("Too few critical failures to tell.")
    if figure["method"] == "POOLED_SD":
        return _("How far reviewers usually lie from a ticket's mean, in points.")
    if figure["method"] in BESIDE_ALPHA:
        return _(
            "Read it beside alpha: it takes less agreement for chance, so it lies higher "
            "where most ratings are alike."
        )
    return {
        "none": _(
            "Reviewers do not agree, and that is sure: the wording does not hold."
        ),
        "unknown": _("Cannot be told yet: the interval is too wide."),
        "solid": _("Reviewers agree well."),
        "tentative": _("Enough agreement for tentative conclusions."),
        "weak": _("Too little agreement to compare people by."),
        "chance": _("Hardly any agreement beyond chance."),
    }[_verdict(figure)]


def _verdict(figure: Mapping[str, Any]) -> str:
    """Name what an alpha or ICC with its interval allows to say.

    A band counts as reached when the value lies in it and the interval begins at most
    one band lower. An interval from below ``WEAK`` to ``TENTATIVE`` or more says
    nothing. Without an interval the value alone speaks.
    """
    value = figure["value"]
    has_interval = figure["low"] is not None and figure["high"] is not None
    low, high = (figure["low"], figure["high"]) if has_interval else (value, value)
    if has_interval and high < WEAK:
        return "none"
    if low < WEAK and high >= TENTATIVE:
        return "unknown"
    if value >= SOLID and low >= TENTATIVE:
        return "solid"
    if value >= TENTATIVE and low >= WEAK:
        return "tentative"
    return "weak" if value >= WEAK else "chance"


def resampling_words(figure: Mapping[str, Any]) -> str:
    """Say how an interval was made; nothing where there is none."""
    if figure["low"] is None or figure["high"] is None:
        return ""
    if resampled(figure["method"], figure["reviewers"]) == UNITS:
        return _("by drawing tickets again")
    return _("by drawing tickets and reviewers again")


def _chip(figure: Mapping[str, Any]) -> str:
    value = figure["value"]
    if value is None or figure["note"] == RARE:
        return "idle"
    if figure["method"] in {"POOLED_SD", *BESIDE_ALPHA}:
        return "idle"
    return {
        "solid": "ok",
        "tentative": "watch",
        "weak": "watch",
        "unknown": "idle",
        "chance": "late",
        "none": "late",
    }[_verdict(figure)]


def severity_words(verdict: str) -> str:
    """Name a verdict on a reviewer."""
    return {
        "harsh": _("Harsh"),
        "lenient": _("Lenient"),
        "unknown": _("Too few to tell"),
        "": _("Not told from the others"),
    }[verdict]


def severity_rule() -> str:
    return _(
        "Somebody is called harsh or lenient only when the interval excludes 0 and the "
        "difference is at least %(points)d points."
    ) % {"points": MIN_BIAS}


def interval(low: float | None, high: float | None, *, digits: int = 1) -> str:
    """Write a 95 % interval; nothing without one."""
    if low is None or high is None:
        return ""
    return f"{low:.{digits}f} … {high:.{digits}f}"


def signed(value: float | None) -> str:
    """Write points with their sign; a dash where there are none."""
    return "–" if value is None else f"{value:+.1f}".replace("-", "−")
