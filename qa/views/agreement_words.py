"""Agreement and severity in sentences, the same on every page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa.core.agreement import UNITS
from qa.core.calibration_statistics import (
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
    if figure["high"] is not None and figure["high"] < WEAK:
        return _("Reviewers do not agree, and that is sure: the wording does not hold.")
    if value >= SOLID:
        return _("Reviewers agree well.")
    if value >= TENTATIVE:
        return _("Enough agreement for tentative conclusions.")
    if value >= WEAK:
        return _("Too little agreement to compare people by.")
    return _("Hardly any agreement beyond chance.")


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
    if value >= SOLID:
        return "ok"
    return "watch" if value >= WEAK else "late"


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
