"""Compute how reviewers agree, and how harsh each is, over the days before a date."""

from argparse import ArgumentParser
from datetime import UTC, date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from qa.services import certification, reliability


class Command(BaseCommand):
    help = (
        "Compute agreement and severity of reviewers for each scorecard over the 90 days "
        "before a date, then look at certificates. A window that is there is kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until", help="day after the window, such as 2026-03-01")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        ends_on = at.astimezone(UTC).date()
        if options["until"]:
            try:
                ends_on = date.fromisoformat(options["until"])
            except ValueError as error:
                raise CommandError(
                    f"--until needs a date such as 2026-03-01: {error}"
                ) from error
        counts = reliability.compute_all(ends_on=ends_on, at=at)
        counts |= certification.review_certificates(at=at)
        self.stdout.write(
            "{scorecards} scorecards, {figures} new figures, {granted} certificates "
            "granted, {lapsed} lapsed".format(**counts)
        )
