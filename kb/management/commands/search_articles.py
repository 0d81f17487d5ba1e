"""Ask the help centre's search from the shell."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kb import search
from kb.selectors.readers import Audience


class Command(BaseCommand):
    help = (
        "Search the published articles as the public sees them, or as the staff does: "
        "place, confidence, address, title and the passage that answers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", nargs="+", help="a question, as somebody types it")
        parser.add_argument(
            "--audience",
            choices=sorted(search.NAMED),
            default="public",
            help="whose articles (default: public)",
        )
        parser.add_argument(
            "--tier", type=int, action="append", default=[],
            help="also the articles of the customer tier with this number; repeatable",
        )  # fmt: skip
        parser.add_argument("--language", help="prefer articles in it, such as ja")
        parser.add_argument("--limit", type=int, default=5, help="most results")
        parser.add_argument(
            "--as-typed", action="store_true", help="correct no spelling"
        )
        parser.add_argument("--json", action="store_true", help="print one object")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["limit"] < 1:
            raise CommandError("--limit is at least 1.")
        audience = search.NAMED[options["audience"]]
        tiers = frozenset(options["tier"])
        results = search.answer(
            " ".join(options["text"]),
            audience=Audience(audience.is_staff, tiers),
            limit=options["limit"],
            language=options["language"],
            correct=not options["as_typed"],
        )
        if options["json"]:
            self.stdout.write(json.dumps(_as_object(results), ensure_ascii=False))
        else:
            self._describe(results)

    def _describe(self, results: search.Results) -> None:
        if results.corrected:
            self.stdout.write(f"Showing results for: {results.corrected}")
        if not results.is_good:
            self.stdout.write("No good match.")
        for hit in results.hits:
            self.stdout.write(
                f"{hit.rank}. {hit.title}  ({hit.language}/{hit.slug}, "
                f"confidence {hit.confidence:.0%})"
            )
            where = f"{hit.heading}: " if hit.heading else ""
            self.stdout.write(f"   {where}{' '.join(hit.passage.split())}")
        self.stdout.write(f"{len(results.hits)} found in {results.took_ms:.1f} ms")


def _as_object(results: search.Results) -> dict[str, Any]:
    return {
        "original": results.original,
        "searched": results.searched,
        "corrected": results.corrected,
        "is_good": results.is_good,
        "took_ms": round(results.took_ms, 2),
        "hits": [
            {
                "rank": hit.rank,
                "article": hit.article_id,
                "language": hit.language,
                "slug": hit.slug,
                "title": hit.title,
                "score": round(hit.score, 4),
                "confidence": round(hit.confidence, 4),
                "heading": hit.heading,
                "passage": hit.passage,
            }
            for hit in results.hits
        ],
    }
