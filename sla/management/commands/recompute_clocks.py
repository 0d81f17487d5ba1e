"""Recompute SLA clocks from the event log, here and now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from sla.selectors.clocks import ids_of_tickets
from sla.services import clocks


class Command(BaseCommand):
    help = (
        "Recompute the clocks of some tickets, or of all. Running it again is harmless."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ticket", nargs="*", type=int, help="ticket numbers")
        parser.add_argument(
            "--metrics",
            action="store_true",
            help="also rebuild the metrics of every day these tickets count for",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        counts = clocks.recompute(
            options["ticket"] or ids_of_tickets(),
            timezone.now(),
            mark_all_days=options["metrics"],
        )
        self.stdout.write(
            "{tickets} tickets: {created} clocks created, {updated} updated, "
            "{unchanged} unchanged, {removed} removed".format(**counts)
        )
