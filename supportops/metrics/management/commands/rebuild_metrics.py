"""Rebuild the day segments of all metrics, or check them against the facts."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from supportops.metrics import services


class Command(BaseCommand):
    help = "Rebuild every figure's day segments from the tickets and clocks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", dest="start", type=date.fromisoformat, help="first UTC day"
        )
        parser.add_argument(
            "--to", dest="end", type=date.fromisoformat, help="the day after the last"
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="write nothing; fail when a stored day differs from its facts",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        start, end = options["start"], options["end"]
        if start and end and end <= start:
            raise CommandError(f"--to {end} must come after --from {start}.")
        if options["check"]:
            self._check(start, end)
            return
        services.mark_all(start=start, end=end)
        counts = services.refresh(at=timezone.now())
        self.stdout.write(
            f"{counts['days']} days rebuilt, {counts['changed']} changed, "
            f"{counts['rows']} rows."
        )

    def _check(self, start: date | None, end: date | None) -> None:
        stale = services.stale_days(start=start, end=end)
        for kind, day in stale:
            self.stdout.write(f"{kind} {day} differs from its facts")
        if stale:
            raise CommandError(
                f"{len(stale)} days differ. If they stay after the next refresh "
                "(every 30 s), run rebuild_metrics."
            )
        self.stdout.write("Every stored day agrees with its facts.")
