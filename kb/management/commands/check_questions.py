"""Ask the search every known question; exit 1 when articles are not found."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kb.selectors.known_questions import SHOWN, Check, check


class Command(BaseCommand):
    help = (
        "Ask the search every known question and say how often the right article is "
        "first and among the first five. Exits with 1 when more questions fail than "
        "--allow says (none without it), so that a check of content can stop a change."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--allow", type=int, default=0, help="so many may fail (default: 0)"
        )
        parser.add_argument("--json", action="store_true", help="print one object")

    def handle(self, *args: Any, **options: Any) -> None:
        checked = check()
        if options["json"]:
            self.stdout.write(json.dumps(_as_object(checked), ensure_ascii=False))
        else:
            self._describe(checked)
        if len(checked.failing) > options["allow"]:
            raise CommandError(
                f"{len(checked.failing)} of {checked.n} known questions do not find "
                f"their article among the first {SHOWN}."
            )

    def _describe(self, checked: Check) -> None:
        self.stdout.write(
            f"{checked.n} known questions: {checked.first} first, "
            f"{checked.shown} among the first {SHOWN}, {len(checked.failing)} not"
        )
        for place in checked.failing:
            question = place.question
            why = "" if place.is_published else " (not published)"
            self.stdout.write(
                f"  {question.text} [{question.language}, asked {question.weight}] "
                f"should find: {question.article}{why}"
            )


def _as_object(checked: Check) -> dict[str, Any]:
    return {
        "questions": checked.n,
        "first": checked.first,
        "shown": checked.shown,
        "failing": [
            {
                "text": place.question.text,
                "language": place.question.language,
                "weight": place.question.weight,
                "article": place.question.article_id,
                "is_published": place.is_published,
            }
            for place in checked.failing
        ],
    }
