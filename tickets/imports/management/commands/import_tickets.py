"""Import a ticket history from a file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from supportops.common.errors import OperationRefused
from tickets.imports import services
from tickets.imports.models import ImportRun

ZONE_ADVICE = gettext_lazy(
    "Give the zone its clock ran in: --timezone Europe/Rome (or UTC, or +01:00), or "
    "“timezone” in the mapping."
)


class Command(BaseCommand):
    # The whole-project checks belong to start-up and CI; an import needs none of them.
    requires_system_checks = ()
    help = (
        "Import a ticket history: an event log in CSV with --mapping (a file, or the "
        "name of one that comes with the product), JSON Lines or a Zendesk export. "
        "Files may be packed with gzip. Importing the same file again adds nothing; a "
        "longer one adds what is new."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--mapping", help="mapping file, or a shipped one's name")
        parser.add_argument("--format", choices=ImportRun.Format.values)
        parser.add_argument("--source", required=True, help="short name of the system")
        parser.add_argument(
            "--timezone", default="", help="zone of times that name none, e.g. UTC"
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument(
            "--json", action="store_true", help="print the report as one JSON object"
        )

    def handle(self, **options: Any) -> None:
        format_ = options["format"] or (options["mapping"] and ImportRun.Format.CSV)
        if not format_ or (format_ == ImportRun.Format.CSV) != bool(options["mapping"]):
            raise CommandError(
                _(
                    "Say how to read the file: --mapping FILE for CSV, "
                    "--format jsonl or --format zendesk."
                )
            )
        try:
            report, notices = services.import_from_command(
                source=options["source"],
                path=options["path"],
                format=format_,
                mapping=options["mapping"] or "",
                time_zone=options["timezone"],
                dry_run=options["dry_run"],
                clock=timezone.now,
            )
        except services.ImportZoneMissing as refusal:
            raise CommandError(f"{refusal.message} {ZONE_ADVICE}") from None
        except OperationRefused as refusal:
            raise CommandError(refusal.message) from None
        for notice in notices:
            self.stderr.write(notice)
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_lines(report)))


def _lines(report: dict[str, Any], indent: str = "") -> list[str]:
    lines = []
    for name, value in report.items():
        label = name.replace("_", " ")
        if isinstance(value, dict):
            lines.append(f"{indent}{label}:")
            lines += _lines(value, indent + "  ")
        else:
            lines.append(f"{indent}{label}: {'–' if value is None else value}")
    return lines
