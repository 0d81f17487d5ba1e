"""Files of planned people: one line a block, as the export writes them."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO

from django.utils.translation import gettext as _

from workforce.capacity.selectors.staffing.planned import Block
from workforce.capacity.services.staffing.refusals import FileUnreadable

COLUMNS = (
    "weekday", "from", "until", "people", "name", "valid_from", "valid_until",
)  # fmt: skip
NEEDED = COLUMNS[:4]
DAYS = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
LARGEST_FILE_ROWS = 2000


def read_blocks(text: str) -> list[Block]:
    """Return the blocks of a CSV text. Raises ``FileUnreadable`` with line and reason."""
    lines = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    names = [(name or "").strip().lower() for name in lines.fieldnames or ()]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise FileUnreadable(
            _("The first line lacks the columns: %(columns)s.")
            % {"columns": ", ".join(missing)}
        )
    lines.fieldnames = names
    return list(_blocks(lines))


def _blocks(lines: "csv.DictReader[str]") -> Iterator[Block]:
    count = 0
    for row in lines:
        if not any(
            (value or "").strip() for value in row.values() if value is not None
        ):
            continue
        count += 1
        if count > LARGEST_FILE_ROWS:
            raise FileUnreadable(
                _("The file has more than %(n)s blocks.") % {"n": LARGEST_FILE_ROWS}
            )
        try:
            yield _block(row)
        except ValueError as error:
            raise FileUnreadable(
                _("Line %(line)s: %(reason)s")
                % {"line": lines.line_num, "reason": error}
            ) from error


def _block(row: Mapping[str, str | None]) -> Block:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    return Block(
        weekday=_weekday(cells["weekday"]),
        starts_minute=_minute(cells["from"]),
        ends_minute=_minute(cells["until"]),
        people=_people(cells["people"]),
        name=_plain(cells["name"]),
        valid_from=_day(cells["valid_from"]),
        valid_until=_day(cells["valid_until"]),
    )


def _weekday(text: str) -> int:
    found = [n for n, day in enumerate(DAYS) if day.startswith(text.lower())]
    if len(text) < 2 or len(found) != 1:
        raise ValueError(
            _("“%(text)s” is no weekday, such as Monday.") % {"text": text}
        )
    return found[0]


def _minute(text: str) -> int:
    hours, _colon, minutes = text.partition(":")
    if not (hours.isdecimal() and (minutes or "0").isdecimal()):
        raise ValueError(_("“%(text)s” is no time, such as 08:30.") % {"text": text})
    minute = 60 * int(hours) + int(minutes or 0)
    if minute > 1440 or int(minutes or 0) > 59:
        raise ValueError(_("“%(text)s” is no time, such as 08:30.") % {"text": text})
    return minute


def _people(text: str) -> Decimal:
    try:
        people = Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        people = Decimal("NaN")
    if not people.is_finite() or people < 0:
        raise ValueError(
            _("“%(text)s” is no number of people, such as 4 or 2.5.") % {"text": text}
        )
    return people


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ValueError(
            _("“%(text)s” is no day, such as 2026-03-31.") % {"text": text}
        ) from error


def _plain(text: str) -> str:
    """A name as it was before the export put an apostrophe before it."""
    return text[1:] if text[:1] == "'" and text[1:2] in set("=+-@") else text
