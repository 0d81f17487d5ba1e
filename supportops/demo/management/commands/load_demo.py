"""``manage.py load_demo``: fill an empty database with the invented company."""

import gc
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from supportops.common.errors import OperationRefused
from supportops.demo import services


class Command(BaseCommand):
    help = "Load an invented company with a year of tickets into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing, and say so, when users or tickets exist",
        )
        parser.add_argument(
            "--until",
            type=datetime.fromisoformat,
            help="last moment of the year, ISO 8601; now by default",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and not services.is_empty():
            self.stdout.write("The database is in use: no demo data loaded.")
            return
        now = timezone.now()
        until = options["until"] or now
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        # A year stays in memory: searching it for garbage took a sixth of the time.
        gc.set_threshold(100_000, 50, 100)
        try:
            tickets = services.load_demo(until=until, at=now, say=self.stdout.write)
        except OperationRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{tickets} tickets loaded.")
