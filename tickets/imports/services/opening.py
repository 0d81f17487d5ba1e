"""Where an import comes from: the file, its format, its mapping, its clock."""

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from tickets.imports.core.clock import Clock, ZoneMissing, parse_zone
from tickets.imports.core.csv_rows import Refuse
from tickets.imports.core.files import ExportFile, open_text
from tickets.imports.core.jsonl import JsonLinesReader
from tickets.imports.core.mapping import CsvMapping, MappingRefused, parse_mapping
from tickets.imports.core.neutral import ImportFileRefused
from tickets.imports.core.reading import CsvReader, Reader
from tickets.imports.core.zendesk import ZendeskReader
from tickets.imports.models import ImportRun

Format = ImportRun.Format

SHIPPED = Path(__file__).resolve().parents[1] / "mappings"
_SOURCE = re.compile(r"^[-a-zA-Z0-9_]{1,60}$")


class ImportRefused(OperationRefused):
    """The file cannot be imported as told."""

    code = "import_refused"


class ImportZoneMissing(ImportRefused):
    code = "import_zone_missing"


@dataclass
class Source:
    """One file to import, checked as far as possible without reading it."""

    name: str
    path: Path
    format: str
    mapping: CsvMapping | None = None
    zone: tzinfo | None = None
    automation: frozenset[str] = frozenset()
    reader: Any = field(default=None, repr=False)


def describe_source(
    *,
    name: str,
    path: Path,
    format: str,  # noqa: A002 -- the command's own word
    mapping: Any = None,
    time_zone: str = "",
) -> Source:
    """Check what was asked and return it ready to read.

    Raises ``ImportRefused`` naming what is wrong.
    """
    if not _SOURCE.match(name):
        raise ImportRefused(
            _(
                "“%(name)s” cannot name a source. Use up to 60 letters, digits, - or _, "
                "such as volvo."
            )
            % {"name": name}
        )
    if not path.exists():
        raise ImportRefused(_("There is no file %(path)s.") % {"path": path})
    try:
        zone = parse_zone(time_zone) if time_zone else None
        parsed = parse_mapping(mapping) if format == Format.CSV else None
    except ValueError as error:
        raise ImportRefused(str(error)) from None
    automation = parsed.automation if parsed else frozenset()
    return Source(name, path, format, parsed, zone, automation)


@contextlib.contextmanager
def opened(source: Source, refuse: Refuse) -> Iterator[tuple[ExportFile, Reader]]:
    """Open the file with the reader of its format.

    Raises ``ImportRefused`` here and while the block reads; ``ImportZoneMissing`` when
    what is missing is the zone.
    """
    try:
        file = ExportFile(source.path)
        with file:
            yield file, _reader(source, file, refuse)
    except ZoneMissing as error:
        raise ImportZoneMissing(str(error)) from None
    except ImportFileRefused as error:
        raise ImportRefused(str(error)) from None
    except OSError as error:
        raise ImportRefused(
            _("%(path)s cannot be read: %(why)s.")
            % {"path": source.path, "why": error.strerror or error}
        ) from None


def _reader(source: Source, file: ExportFile, refuse: Refuse) -> Reader:
    if source.format == Format.JSONL:
        return JsonLinesReader(open_text(file, "utf-8-sig"), source.zone, refuse)
    if source.format == Format.ZENDESK:
        return ZendeskReader(open_text(file, "utf-8-sig"), source.zone, refuse)
    mapping = source.mapping
    assert mapping is not None  # noqa: S101 -- describe_source parsed it for CSV
    clock = Clock(mapping.timestamp_format, source.zone or mapping.zone)
    return CsvReader(open_text(file, mapping.encoding), mapping, clock, refuse)


def shipped_mappings() -> dict[str, Path]:
    """The mappings that come with the product, by name."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.json"))}


def load_mapping(name: str) -> Any:
    """Read a mapping from a file, or a shipped one by its name.

    Raises ``ImportRefused`` when there is none, or it is not JSON.
    """
    path = Path(name)
    if not path.is_file():
        shipped = shipped_mappings()
        if name not in shipped:
            raise ImportRefused(
                _(
                    "There is no mapping file %(name)s, and none of that name comes "
                    "with the product. Those that do: %(names)s."
                )
                % {"name": name, "names": ", ".join(shipped)}
            )
        path = shipped[name]
    try:
        return parse_json(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ImportRefused(
            _("The mapping %(name)s cannot be read: %(why)s.")
            % {"name": name, "why": error}
        ) from None


def parse_json(text: str) -> Any:
    """Parse a mapping's text.

    Raises ``ImportRefused`` saying where it stops being JSON.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ImportRefused(
            _("The mapping is not JSON: %(why)s.") % {"why": error}
        ) from None


__all__ = [
    "ImportRefused",
    "ImportZoneMissing",
    "MappingRefused",
    "Source",
    "describe_source",
    "load_mapping",
    "opened",
    "parse_json",
    "shipped_mappings",
]
