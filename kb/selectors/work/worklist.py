"""The worklist as a page shows it: rows with what people decided about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models import Value as Constant
from django.db.models.functions import Coalesce

from kb.core.patterns import RULES
from kb.models import Flag, GapTask, WorklistRow
from supportops.common.row_ids import row_id
from tickets.models import Ticket
from tickets.selectors import tickets_visible_to
from workforce.people.models import User

OPEN = "OPEN"
TO_DO = "TODO"
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is shown; empty shows all, ``state`` is a task's, ``TODO`` or ``OPEN``."""

    source: str = ""
    owner: str = ""
    language: str = ""
    state: str = OPEN
    rule: str = ""
    category: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row and what was decided about it."""

    row: WorklistRow
    task: GapTask | None
    is_overdue: bool

    @property
    def sources(self) -> list[str]:
        names = dict(WorklistRow.Source.choices)
        return [str(names[code]) for code in self.row.sources.split() if code in names]

    @property
    def rules(self) -> list[str]:
        return [code for code in self.row.rules.split() if code in RULES]


def worklist(filters: Filters) -> QuerySet[WorklistRow]:
    """Return the rows of the worklist, the most hours first."""
    decided = GapTask.objects.filter(key=OuterRef("key"))
    rows = WorklistRow.objects.annotate(
        decided=Coalesce(
            Subquery(decided.values("state")[:1], output_field=CharField()),
            Constant(TO_DO),
        ),
        owner_id=Subquery(decided.values("owner")[:1]),
    )
    for column, code in (("sources", filters.source), ("rules", filters.rule)):
        if code:
            rows = rows.filter(**{f"{column}__contains": f" {code} "})
    if filters.language:
        rows = rows.filter(language=filters.language)
    if filters.words:
        rows = rows.filter(title__icontains=filters.words)
    if category := row_id(filters.category):
        rows = rows.filter(category=category)
    found: QuerySet[WorklistRow] = _of_owner(
        _in_state(rows, filters.state), filters.owner
    )
    return found.order_by("-hours", "key")


def _in_state(rows: Any, state: str) -> Any:
    if state == OPEN:
        return rows.filter(decided__in=[TO_DO, GapTask.State.TAKEN])
    return rows.filter(decided=state) if state else rows


def _of_owner(rows: Any, owner: str) -> Any:
    if owner == NOBODY:
        return rows.filter(owner_id__isnull=True)
    person = row_id(owner)
    return rows if person is None else rows.filter(owner_id=person)


def lines(rows: Sequence[WorklistRow], *, today: date) -> list[Line]:
    """Join rows with their tasks, in one query."""
    tasks = GapTask.objects.filter(key__in=[row.key for row in rows])
    by_key = {task.key: task for task in tasks.select_related("owner", "article")}
    return [line_of(row, by_key.get(row.key), today=today) for row in rows]


def line_of(row: WorklistRow, task: GapTask | None, *, today: date) -> Line:
    is_overdue = bool(
        task
        and task.state == GapTask.State.TAKEN
        and task.due_on
        and task.due_on < today
    )
    return Line(row, task, is_overdue)


def fired_rules() -> dict[str, int]:
    """Return on how many rows each of the ticket patterns fires."""
    counts = {
        code: Count("pk", filter=Q(rules__contains=f" {code} ")) for code in RULES
    }
    return dict(WorklistRow.objects.aggregate(**counts))


@dataclass(frozen=True, slots=True)
class Computed:
    """When the worklist was computed, and how many rows it has."""

    at: datetime | None
    rows: int


def computed() -> Computed:
    found = WorklistRow.objects.aggregate(at=Max("computed_at"), rows=Count("pk"))
    return Computed(**found)


def languages() -> list[str]:
    rows = WorklistRow.objects.exclude(language="").order_by("language")
    return list(rows.values_list("language", flat=True).distinct())


def owners() -> QuerySet[User]:
    """Return who owns a gap."""
    owned = GapTask.objects.filter(owner__isnull=False).values("owner")
    return User.objects.filter(pk__in=owned).order_by("first_name", "last_name", "pk")


def tickets_of(row: WorklistRow, user: User) -> list[Ticket]:
    """Return the newest tickets behind a gap that this person may see."""
    visible = tickets_visible_to(user).filter(pk__in=row.evidence.get("tickets", []))
    return list(visible.select_related("status").order_by("-created_at", "-pk"))


def flags_of(row: WorklistRow) -> list[Flag]:
    flags = Flag.objects.filter(pk__in=row.evidence.get("flags", []))
    return list(flags.select_related("flagged_by").order_by("-flagged_at", "-pk"))
