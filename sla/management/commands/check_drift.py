"""Compare stored clocks with the event log; exit 1 when they differ."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sla.services import drift


class Command(BaseCommand):
    help = (
        "Recompute open clocks and compare them with what is stored. "
        "Exits with 1 and lists the differences when there are any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sample", type=int, help="check so many tickets only")
        parser.add_argument(
            "--repair", action="store_true", help="also put right what differs"
        )
        parser.add_argument("--json", action="store_true", help="print one object")

    def handle(self, *args: Any, **options: Any) -> None:
        found = drift.check_drift(
            at=timezone.now(), sample=options["sample"], repair=options["repair"]
        )
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            self._describe(found)
        if found["different"]:
            raise CommandError(
                "{different} stored clocks differ from the event log.".format(**found)
            )

    def _describe(self, found: dict[str, Any]) -> None:
        self.stdout.write("{tickets} tickets, {clocks} clocks checked".format(**found))
        for difference in found["differences"]:
            self.stdout.write(
                "ticket {ticket}: {metric}/{cycle} {field} is {stored}, "
                "should be {recomputed}".format(**difference)
            )
        if found["repaired"]:
            self.stdout.write("{repaired} tickets put right".format(**found))
