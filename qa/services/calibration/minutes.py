"""The minutes of a calibration as Markdown, drafted from what was scored and decided."""

from collections.abc import Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa.core.calibration.matrix import NOT_APPLICABLE, Cell
from qa.core.scorecard import Criterion
from qa.models import CalibrationDecision
from qa.selectors.calibration import Comparison


def write_minutes(found: Comparison, statistics: dict[str, Any]) -> str:
    """Return the minutes: who, what, how far apart, and what was decided why."""
    parts = [
        _head(found),
        _totals(found, statistics),
        _decided(found),
        _left_open(found),
    ]
    return "\n".join(line for part in parts for line in part).strip()


def value_label(criterion: Criterion, value: str) -> str:
    """Say a value of a criterion: the level's label, or what was ticked."""
    if value == NOT_APPLICABLE:
        return _("does not apply")
    if "-of-" in value:
        ticked, size = value.split("-of-")
        return _("%(ticked)s of %(size)s ticked") % {"ticked": ticked, "size": size}
    try:
        return criterion.level(value).label
    except KeyError:
        return value


def points(value: float | None) -> str:
    """Write points with one decimal; a dash where there are none."""
    return "–" if value is None else f"{value:.1f}"


def _head(found: Comparison) -> Iterator[str]:
    session = found.session
    people = list(session.participants.select_related("user"))
    version = session.version
    yield f"# {session.title}"
    yield ""
    yield _("- Scorecard: %(name)s, version %(number)d") % {
        "name": version.scorecard.name,
        "number": version.number,
    }
    yield _("- Facilitator: %(name)s") % {"name": session.facilitator}
    yield _("- Took part: %(names)s") % {
        "names": ", ".join(str(row.user) for row in people if not row.is_missing)
    }
    missing = [str(row.user) for row in people if row.is_missing]
    if missing:
        yield _("- Missing: %(names)s") % {"names": ", ".join(missing)}
    if session.revealed_at:
        yield _("- Scores opened: %(at)s") % {
            "at": date_format(localtime(session.revealed_at), "j M Y, H:i")
        }
    yield ""


def _totals(found: Comparison, statistics: dict[str, Any]) -> Iterator[str]:
    yield "## " + _("How far apart")
    yield ""
    names = {sheet.reviewer_id: str(sheet.reviewer) for sheet in found.sheets}
    totals = {(s.ticket_id, s.reviewer_id): s.score for s in found.sheets}
    columns = [_cell(names[pk]) for pk in found.reviewer_ids]
    header = [_("Ticket"), *columns, _("Range"), _("SD")]
    yield "| " + " | ".join(header) + " |"
    yield "|" + " --- |" * len(header)
    for row in statistics["tickets"]:
        given = [totals.get((row["ticket"], pk)) for pk in found.reviewer_ids]
        shown = ["–" if value is None else f"{value:.2f}" for value in given]
        spread = [points(row["range"]), points(row["sd"])]
        yield "| " + " | ".join([f"#{row['ticket']}", *shown, *spread]) + " |"
    yield ""
    yield ngettext(
        "%(over)d of %(count)d ticket is more than %(threshold)s points apart "
        "(range). Pooled standard deviation within tickets: %(sd)s points.",
        "%(over)d of %(count)d tickets are more than %(threshold)s points apart "
        "(range). Pooled standard deviation within tickets: %(sd)s points.",
        len(statistics["tickets"]),
    ) % {
        "over": statistics["tickets_over"],
        "count": len(statistics["tickets"]),
        "threshold": f"{statistics['threshold']:g}",
        "sd": points(statistics["pooled_sd"]),
    }
    yield ""


def _decided(found: Comparison) -> Iterator[str]:
    yield "## " + _("Decisions")
    yield ""
    if not found.decisions:
        yield (
            _("Only small differences were found: nothing had to be decided.")
            if found.differing
            else _("Every sheet said the same: there was nothing to decide.")
        )
        yield ""
        return
    by_cell = {(cell.ticket, cell.criterion): cell for cell in found.cells}
    for (ticket, key), decision in sorted(found.decisions.items()):
        yield from _one(found, by_cell.get((ticket, key)), decision, ticket, key)


def _left_open(found: Comparison) -> Iterator[str]:
    """List what lay close together and was not talked through."""
    if not found.unsettled:
        return
    yield "## " + _("Small differences, left open")
    yield ""
    for cell in found.unsettled:
        criterion = found.card.criterion(cell.criterion)
        yield _("- #%(ticket)d %(title)s: %(levels)s (%(gap)s points apart)") % {
            "ticket": cell.ticket,
            "title": criterion.title,
            "levels": _given(criterion, cell),
            "gap": points(cell.gap),
        }
    yield ""


def _given(criterion: Criterion, cell: Cell) -> str:
    return ", ".join(
        sorted({value_label(criterion, mark.value) for mark in cell.marks})
    )


def _one(
    found: Comparison,
    cell: Cell | None,
    decision: CalibrationDecision,
    ticket: int,
    key: str,
) -> Iterator[str]:
    criterion = found.card.criterion(key)
    agreed = (
        _("criterion unclear")
        if decision.is_unclear
        else value_label(criterion, decision.level)
    )
    yield f"### #{ticket} {criterion.title}: {agreed}"
    yield ""
    if cell is not None:
        yield _("Given: %(levels)s (%(gap)s points apart).") % {
            "levels": _given(criterion, cell),
            "gap": points(cell.gap),
        }
    yield _one_line(decision.reason)
    if decision.quote:
        yield f"> {_one_line(decision.quote)}"
    if decision.is_unclear:
        yield _("A change of the rubric is open.")
    yield ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return text.replace("|", "/")
