"""What a metric says of single tickets, from the very facts that its figure counts.

A line of an audit shows what the system reports of one ticket; a person opens the ticket
and says whether that is what happened.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from qa.coaching.core.audits import Agreement, agreement
from qa.coaching.core.awards import next_start, quarter_start
from qa.coaching.models import AuditLine, MetricAudit
from qa.coaching.selectors.goals import subject_name
from sla.metrics.segments import METRIC_NUMBERS, PROMISES
from supportops.common.durations import counted, spoken
from supportops.metrics.core.rows import Selected
from supportops.metrics.scopes import Scope
from tickets.metrics.segments import CREATED, RESOLVED
from tickets.models import Category

Text = str | Promise
Mask = NDArray[np.bool_]
CATEGORY = "category"


@dataclass(frozen=True)
class Auditable:
    """One metric that can be audited: its facts, what they say, and what to ask.

    ``frame`` names the rows that the metric counts; ``reported`` says one row in words.
    """

    code: str
    segment: str
    question: Text
    frame: Callable[[Selected], Mask]
    reported: Callable[[Selected, int], str]

    @property
    def name(self) -> str:
        return _("Category") if self.code == CATEGORY else subject_name(self.code)


def _single(rows: Selected) -> Mask:
    """Tickets in their own right: duplicates are judged with their original."""
    return np.asarray(rows["duplicate"] == 0)


def _all(rows: Selected) -> Mask:
    return np.ones(rows.size, dtype=bool)


def _promise(metric: str) -> Callable[[Selected], Mask]:
    def frame(rows: Selected) -> Mask:
        counts = rows["excluded"] == 0
        return np.asarray(counts & (rows["metric"] == METRIC_NUMBERS[metric]))

    return frame


def _kept(rows: Selected, place: int) -> str:
    words = {
        "elapsed": counted(float(rows["elapsed"][place])),
        "target": counted(float(rows["target"][place])),
    }
    if rows["kept"][place]:
        return _("kept: %(elapsed)s of %(target)s open time") % words
    return _("missed: %(target)s open time were promised") % words


def _yes_or_no(column: str, yes: Text, no: Text) -> Callable[[Selected, int], str]:
    return lambda rows, place: str(yes if rows[column][place] else no)


def _first_contact_frame(rows: Selected) -> Mask:
    return np.asarray((rows["replies"] > 0) & _single(rows))


def _first_contact(rows: Selected, place: int) -> str:
    solved = (
        rows["replies"][place] == 1
        and rows["reopens"][place] == 0
        and rows["escalated"][place] == 0
    )
    if solved:
        return _("solved by the first reply")
    return _("not by the first: replies %(replies)d, reopened %(reopens)d") % {
        "replies": rows["replies"][place],
        "reopens": rows["reopens"][place],
    }


def _seconds(column: str) -> Callable[[Selected, int], str]:
    return lambda rows, place: spoken(float(rows[column][place]))


def _answered(rows: Selected) -> Mask:
    return np.asarray((rows["responded"] != 0) & _single(rows))


def _category(rows: Selected, place: int) -> str:
    return str(int(rows["category"][place]))


AUDITABLE: Mapping[str, Auditable] = {
    each.code: each
    for each in (
        Auditable(
            "response_sla",
            PROMISES,
            gettext_lazy("Was the first useful answer given in time?"),
            _promise("first_response"),
            _kept,
        ),
        Auditable(
            "resolution_sla",
            PROMISES,
            gettext_lazy("Was the customer's problem solved in time?"),
            _promise("resolution"),
            _kept,
        ),
        Auditable(
            "first_response_time",
            CREATED,
            gettext_lazy("How long did the customer wait for a first answer?"),
            _answered,
            _seconds("response_seconds"),
        ),
        Auditable(
            "resolution_time_median",
            RESOLVED,
            gettext_lazy("How long did it take until the problem was solved?"),
            _single,
            _seconds("resolution_seconds"),
        ),
        Auditable(
            "first_contact_resolution",
            RESOLVED,
            gettext_lazy("Did the first answer solve it?"),
            _first_contact_frame,
            _first_contact,
        ),
        Auditable(
            "reopen_rate",
            RESOLVED,
            gettext_lazy("Did the customer come back with the same problem?"),
            _single,
            _yes_or_no(
                "reopens", gettext_lazy("reopened"), gettext_lazy("not reopened")
            ),
        ),
        Auditable(
            "escalation_rate",
            CREATED,
            gettext_lazy("Was it handed to a higher level?"),
            _all,
            _yes_or_no(
                "escalated", gettext_lazy("escalated"), gettext_lazy("not escalated")
            ),
        ),
        Auditable(
            CATEGORY,
            CREATED,
            gettext_lazy("Is this what the ticket is about?"),
            _all,
            _category,
        ),
    )
}


def auditable_choices() -> list[tuple[str, str]]:
    return [(each.code, each.name) for each in AUDITABLE.values()]


def reported_facts(code: str, *, start: date, end: date) -> dict[int, str]:
    """Return what a metric says of each ticket it counts in ``[start, end)``.

    Read from the stored facts that the catalogue's figure is made of. A ticket with
    several facts (a promise that began anew) shows its last.
    """
    chosen = AUDITABLE[code]
    rows = Scope(start=start, end=end).select(chosen.segment)
    if not rows.size:
        return {}
    places = np.flatnonzero(chosen.frame(rows)).tolist()
    tickets = rows["ticket"]
    found = {int(tickets[place]): chosen.reported(rows, place) for place in places}
    return _named_categories(found) if code == CATEGORY else found


def _named_categories(found: Mapping[int, str]) -> dict[int, str]:
    paths = {
        str(pk): path[:120] for pk, path in Category.objects.values_list("pk", "path")
    }
    return {ticket: paths.get(pk, _("no category")) for ticket, pk in found.items()}


# Reading ----------------------------------------------------------------------------------


def audits() -> QuerySet[MetricAudit]:
    """Audits, the latest quarter first, with how far each has come."""
    return (
        MetricAudit.objects.select_related("created_by")
        .annotate(
            line_count=Count("lines"),
            looked_at=Count("lines", filter=~Q(lines__verdict="")),
            differing=Count("lines", filter=Q(lines__verdict="DIFFERS")),
        )
        .order_by("-starts_on", "-pk")
    )


def lines_of(audit: MetricAudit) -> QuerySet[AuditLine]:
    return audit.lines.select_related("ticket", "checked_by").order_by("metric", "pk")


@dataclass(frozen=True)
class MetricResult:
    """One metric of an audit: its lines and how often a person agrees."""

    code: str
    name: str
    question: str
    lines: list[AuditLine]
    agreement: Agreement


def results_of(audit: MetricAudit) -> list[MetricResult]:
    """Return the audit by metric, in the order in which metrics were chosen."""
    by_metric: dict[str, list[AuditLine]] = {code: [] for code in audit.metrics}
    for line in lines_of(audit):
        by_metric.setdefault(line.metric, []).append(line)
    return [
        MetricResult(
            code=code,
            name=AUDITABLE[code].name if code in AUDITABLE else code,
            question=str(AUDITABLE[code].question) if code in AUDITABLE else "",
            lines=lines,
            agreement=agreement(line.verdict for line in lines),
        )
        for code, lines in by_metric.items()
    ]


def last_quarter(today: date) -> tuple[date, date]:
    """First day and last day of the quarter before ``today``'s."""
    present = quarter_start(today)
    return next_start(present, -3), present - timedelta(days=1)


def quarter_to_audit(today: date) -> tuple[date, date]:
    """The last complete quarter that has no audit yet. One query."""
    audited = set(MetricAudit.objects.values_list("starts_on", "ends_on"))
    start, last = last_quarter(today)
    while (start, last) in audited:
        start, last = last_quarter(start)
    return start, last


def changed_since(audit: MetricAudit) -> list[dict[str, Any]]:
    """Lines whose facts say something else now than when they were drawn."""
    end = audit.ends_on + timedelta(days=1)
    facts = {
        code: reported_facts(code, start=audit.starts_on, end=end)
        for code in audit.metrics
        if code in AUDITABLE
    }
    return [
        {"line": line, "now": facts.get(line.metric, {}).get(line.ticket_id, "")}
        for line in lines_of(audit)
        if facts.get(line.metric, {}).get(line.ticket_id, "") != line.reported
    ]
