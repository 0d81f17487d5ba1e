"""Keeping the words of the desk: the category tree, the lifecycle, both matrices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from tickets.core import category_tree
from tickets.core.moves import Move, dead_ends
from tickets.models import (
    ENDED,
    Category,
    Impact,
    Impairment,
    Priority,
    PriorityRule,
    Severity,
    SeverityRule,
    Status,
    StatusMove,
    Ticket,
    Urgency,
    UsersAffected,
)
from tickets.services.changing import known
from workforce.people.models import User

Cells = Mapping[tuple[str, str], str]
_PATH_LENGTH = 400


class CategoryRefused(OperationRefused):
    code = "category_refused"


class DeadEnd(OperationRefused):
    """A status would be left from which no ticket can be finished."""

    code = "dead_end"


class StatusInUse(OperationRefused):
    code = "status_in_use"


class MatrixIncomplete(OperationRefused):
    code = "matrix_incomplete"


@dataclass(frozen=True, slots=True)
class MovesSaved:
    added: list[Move]
    removed: list[Move]


@transaction.atomic
def save_category(
    *, name: str, parent: Category | None, category_id: int | None = None
) -> Category:
    """Add a category, or rename or move one with everything below it.

    Raises ``CategoryRefused`` for a circle, a tree too deep, or a name taken.
    """
    rows = {row.pk: row for row in Category.objects.select_for_update().order_by("pk")}
    name = " ".join(name.split())
    parent = rows[parent.pk] if parent else None
    changed = check_category(rows, name=name, parent=parent, category_id=category_id)
    if category_id is None:
        return Category.objects.create(
            name=name, parent=parent, path=_path(parent, name)
        )
    category = rows[category_id]
    category.name, category.parent = name, parent
    for pk, path in changed.items():
        rows[pk].path = path
    category.path = changed[category_id]
    below = [rows[pk] for pk in changed if pk != category_id]
    category.save(update_fields=["name", "parent", "path"])
    Category.objects.bulk_update(below, ["path"], batch_size=500)
    return category


def check_category(
    rows: Mapping[int, Category],
    *,
    name: str,
    parent: Category | None,
    category_id: int | None,
) -> dict[int, str]:
    """Return the paths that would change. Raises ``CategoryRefused``."""
    if not name or category_tree.SEPARATOR in name:
        raise CategoryRefused(
            _("A category needs a name, and “ / ” in it would read as two levels.")
        )
    path = _path(parent, name)
    former = rows[category_id].path if category_id else ""
    if former and parent and category_tree.is_inside(parent.path, former):
        raise CategoryRefused(
            _(
                "“%(name)s” cannot lie below “%(parent)s”, which lies below it. Choose "
                "another parent."
            )
            % {"name": former, "parent": parent.path}
        )
    paths = {pk: row.path for pk, row in rows.items()}
    changed = category_tree.moved(paths, former, path) if former else {}
    _refuse_deep(changed.values() or [path])
    if any(row.path == path and pk != category_id for pk, row in rows.items()):
        raise CategoryRefused(
            _("There is a category “%(path)s” already. Use it, or another name.")
            % {"path": path}
        )
    return changed


@transaction.atomic
def save_status_moves(
    *, allowed: Iterable[Move], actor: User | None, reason: str = ""
) -> MovesSaved:
    """Make exactly these moves the allowed ones; who changed what is kept.

    Raises ``DeadEnd`` when a status in use would have no way to an end,
    ``UnknownValue`` for a code that is no status.
    """
    wanted = {move for move in allowed if move[0] != move[1]}
    by_code = {
        status.code: status
        for status in Status.objects.select_for_update().order_by("pk")
    }
    for code in {code for move in wanted for code in move}:
        known(code, by_code, what=_("status"))
    refuse_dead_ends(by_code.values(), wanted)
    present = {
        (row.source.code, row.target.code): row
        for row in StatusMove.objects.select_related("source", "target")
    }
    added, removed = sorted(wanted - set(present)), sorted(set(present) - wanted)
    for source, target in added:
        row = StatusMove(source=by_code[source], target=by_code[target])
        _signed(row, actor, reason).save()
    for move in removed:
        _signed(present[move], actor, reason).delete()
    return MovesSaved(added, removed)


def refuse_dead_ends(statuses: Iterable[Status], moves: Iterable[Move]) -> None:
    active = [status for status in statuses if status.is_active]
    names = {status.code: status.name for status in active}
    ended = [status.code for status in active if status.category in ENDED]
    stuck = dead_ends(list(names), ended, moves)
    if stuck:
        raise DeadEnd(
            _(
                "No move would lead from these statuses to an end: %(names)s. Allow "
                "one, directly or over other statuses, or retire the status."
            )
            % {"names": ", ".join(names[code] for code in stuck)}
        )


def refuse_retiring(status: Status) -> None:
    """Raise ``DeadEnd`` when other statuses lead to an end over this one only."""
    moves = set(StatusMove.objects.values_list("source__code", "target__code"))
    active = Status.objects.filter(is_active=True).order_by("position", "pk")
    ended = [row.code for row in active if row.category in ENDED]
    names = {row.code: row.name for row in active if row.pk != status.pk}
    before = dead_ends([row.code for row in active], ended, moves)
    after = dead_ends(list(names), [c for c in ended if c != status.code], moves)
    stuck = [names[code] for code in after if code not in before]
    if stuck:
        raise DeadEnd(
            _(
                "Without “%(name)s” no move would lead to an end from: %(stuck)s. "
                "Allow another move first."
            )
            % {"name": status.name, "stuck": ", ".join(stuck)}
        )


def refuse_new_meaning(status: Status, category: str) -> None:
    """Raise ``StatusInUse`` when tickets stand in a status that would mean another thing."""
    if status.category == category:
        return
    count = Ticket.objects.filter(status=status).count()
    if count:
        raise StatusInUse(
            _(
                "%(count)d tickets have the status “%(name)s”, and their clocks were "
                "judged by what it means. Add a new status and move them there."
            )
            % {"count": count, "name": status.name}
        )


def save_priority_matrix(*, cells: Cells, actor: User | None, reason: str = "") -> int:
    """Set the priority of every cell; return how many changed.

    Tickets keep the priority they have. Raises ``MatrixIncomplete``, ``UnknownValue``.
    """
    _refuse_gaps(cells, Impact.values, Urgency.values)
    for value in cells.values():
        known(value, Priority.values, what=_("priority"))
    return _save_cells(
        PriorityRule, ("impact", "urgency", "priority"), cells, actor, reason
    )


def save_severity_matrix(*, cells: Cells, actor: User | None, reason: str = "") -> int:
    """Set the severity of every cell; return how many changed.

    Tickets keep the severity they have. Raises ``MatrixIncomplete``, ``UnknownValue``.
    """
    _refuse_gaps(cells, UsersAffected.values, Impairment.values)
    for value in cells.values():
        known(value, Severity.values, what=_("severity"))
    return _save_cells(
        SeverityRule,
        ("users_affected", "impairment", "severity"),
        cells,
        actor,
        reason,
    )


def _path(parent: Category | None, name: str) -> str:
    return category_tree.path_below(parent.path if parent else "", name)


def _refuse_deep(paths: Iterable[str]) -> None:
    for path in paths:
        if category_tree.depth(path) > category_tree.MAX_DEPTH:
            raise CategoryRefused(
                _(
                    "“%(path)s” would lie deeper than %(limit)d levels. Put it higher "
                    "in the tree."
                )
                % {"path": path, "limit": category_tree.MAX_DEPTH}
            )
        if len(path) > _PATH_LENGTH:
            raise CategoryRefused(
                _("The names on the way there are too long together.")
            )


def _refuse_gaps(cells: Cells, rows: list[str], columns: list[str]) -> None:
    wanted = {(row, column) for row in rows for column in columns}
    if set(cells) != wanted or not all(cells.values()):
        raise MatrixIncomplete(
            _("Every cell of the matrix needs a value. Fill in the empty ones.")
        )


@transaction.atomic
def _save_cells(
    model: type[PriorityRule] | type[SeverityRule],
    names: tuple[str, str, str],
    cells: Cells,
    actor: User | None,
    reason: str,
) -> int:
    first, second, value_name = names
    present: dict[tuple[str, str], Any] = {
        (getattr(row, first), getattr(row, second)): row
        for row in model.objects.select_for_update().order_by("pk")
    }
    changed = 0
    for key, value in cells.items():
        row = present.get(key) or model(**{first: key[0], second: key[1]})
        if getattr(row, value_name) != value:
            setattr(row, value_name, value)
            _signed(row, actor, reason).save()
            changed += 1
    return changed


def _signed(row: Any, actor: User | None, reason: str) -> Any:
    """Note who changes the row and why, for its history."""
    row._history_user = actor  # noqa: SLF001 -- simple-history's documented way
    row._change_reason = reason or None  # noqa: SLF001
    return row
