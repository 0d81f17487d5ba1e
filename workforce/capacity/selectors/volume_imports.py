"""Reads of an uploaded file: its columns, its first rows, the queues it names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from workforce.capacity.core.volumes.csv_columns import (
    FileRow,
    Unreadable,
    guess_columns,
    guess_delimiter,
    guess_unit,
    read_lines,
    read_row,
)
from workforce.capacity.core.volumes.csv_grid import Refused
from workforce.capacity.models import Queue, VolumeImport
from workforce.capacity.selectors.queues import VIEW_ALL
from workforce.people.models import User

PREVIEWED = 8
CREATE, REFUSE = "create", ""

Name = tuple[str, str]
"""What a file calls a queue: name and channel, either of which may be empty."""


class FileUnreadable(OperationRefused):
    code = "file_unreadable"


@dataclass(frozen=True, slots=True)
class FileRows:
    """The rows of a file by the queue they name, and those that cannot be read."""

    by_name: dict[Name, list[FileRow]]
    refused: list[Refused]
    rows: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What step 2 shows of a file."""

    headers: list[str]
    first: list[list[str]]
    rows: int
    refused: list[Refused]
    names: list[Name]
    unknown: list[Name] = field(default_factory=list)


def imports_visible_to(user: User) -> QuerySet[VolumeImport]:
    """Return imports for who sees every queue: a file and its report may name any."""
    if not (user.has_perm("capacity.view_volumeimport") and user.has_perm(VIEW_ALL)):
        return VolumeImport.objects.none()
    return VolumeImport.objects.select_related("created_by", "job").order_by(
        "-created_at", "-pk"
    )


def text_of(run: VolumeImport) -> str:
    """Return the file's text. Raises ``FileUnreadable``."""
    gone = FileUnreadable(_("The file of this import is gone. Upload it again."))
    if not run.file:
        raise gone
    try:
        with run.file.open("rb") as handle:
            return decoded(handle.read())
    except FileNotFoundError:
        raise gone from None


def decoded(content: bytes) -> str:
    """Return UTF-8 text with line feeds. Raises ``FileUnreadable``."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise FileUnreadable(
            _("This is no CSV file in UTF-8. Save the table as “CSV UTF-8”.")
        )
    return text


def first_mapping(text: str) -> dict[str, Any]:
    """Guess how a file is to be read. Raises ``FileUnreadable`` for an empty one."""
    delimiter = guess_delimiter(text)
    columns = guess_columns(headers_of(text, delimiter))
    return {
        "delimiter": delimiter,
        "columns": columns,
        "unit": guess_unit(columns.get("handle", "")),
        "queue": None,
        "step": 0,
        "names": [],
    }


def headers_of(text: str, delimiter: str) -> list[str]:
    try:
        _line, headers = next(read_lines(text, delimiter), (0, []))
    except Unreadable as error:
        raise FileUnreadable(_("This is no CSV file: %s") % error.shown) from error
    if not headers:
        raise FileUnreadable(_("The file is empty."))
    return headers


def file_rows(text: str, mapping: Mapping[str, Any]) -> FileRows:
    """Read every row of a file by its mapping. Raises ``FileUnreadable``."""
    by_name: dict[Name, list[FileRow]] = {}
    refused, rows = [], 0
    places = _places(text, mapping)
    try:
        lines = read_lines(text, mapping["delimiter"])
        next(lines, None)
        for line, cells in lines:
            rows += 1
            try:
                row = read_row(line, _by_role(cells, places), mapping["unit"])
            except Unreadable as error:
                refused.append(Refused(line, line, error.code, error.shown))
            else:
                by_name.setdefault((row.queue, row.channel), []).append(row)
    except Unreadable as error:
        raise FileUnreadable(_("This is no CSV file: %s") % error.shown) from error
    return FileRows(by_name, refused, rows)


def _places(text: str, mapping: Mapping[str, Any]) -> dict[str, int]:
    headers = headers_of(text, mapping["delimiter"])
    found = {
        role: headers.index(header)
        for role, header in mapping["columns"].items()
        if header in headers
    }
    if missing := {"start", "offered"} - found.keys():
        raise FileUnreadable(
            _("Say which column holds: %s.")
            % ", ".join(
                {"start": _("the start of the interval"), "offered": _("the volume")}[
                    role
                ]
                for role in sorted(missing, reverse=True)
            )
        )
    return found


def _by_role(cells: Sequence[str], places: Mapping[str, int]) -> dict[str, str]:
    return {
        role: cells[place] if place < len(cells) else ""
        for role, place in places.items()
    }


def preview(run: VolumeImport) -> Preview:
    """Return what the file holds, read as its mapping says. Raises ``FileUnreadable``."""
    text = text_of(run)
    lines = read_lines(text, run.mapping["delimiter"])
    first = [cells for _line, cells in _take(lines, PREVIEWED + 1)]
    found = file_rows(text, run.mapping)
    names = sorted(found.by_name)
    known = chosen_queues(run.mapping, names)
    return Preview(
        headers=first[0],
        first=first[1:],
        rows=found.rows,
        refused=found.refused,
        names=names,
        unknown=[name for name in names if name not in known],
    )


def _take(
    lines: Iterable[tuple[int, list[str]]], count: int
) -> list[tuple[int, list[str]]]:
    return [line for line, _n in zip(lines, range(count), strict=False)]


def chosen_queues(
    mapping: Mapping[str, Any], names: Iterable[Name]
) -> dict[Name, Queue]:
    """Return the queue of each name: the one chosen for all, told by hand, or so called.

    A name that several queues have stands for none of them until somebody says which.
    """
    queues = {queue.pk: queue for queue in Queue.objects.all()}
    if whole := queues.get(mapping.get("queue") or 0):
        return dict.fromkeys(names, whole)
    told = {
        (name, channel): queues[choice]
        for name, channel, choice in mapping.get("names", [])
        if choice in queues
    }
    found = {}
    for name in names:
        called = [queue for queue in queues.values() if _is_called(queue, *name)]
        if name in told:
            found[name] = told[name]
        elif len(called) == 1:
            found[name] = called[0]
    return found


def _is_called(queue: Queue, name: str, channel: str) -> bool:
    wanted = name.casefold()
    if channel:
        return (queue.name.casefold(), queue.channel.casefold()) == (
            wanted,
            channel.casefold(),
        )
    return wanted in {queue.name.casefold(), str(queue).casefold()}


def names_to_create(mapping: Mapping[str, Any]) -> set[Name]:
    return {
        (name, channel)
        for name, channel, choice in mapping.get("names", [])
        if choice == CREATE
    }
