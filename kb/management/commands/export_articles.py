"""Export articles as a .zip of Markdown files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kb.models import Article
from kb.services import exchange
from kb.services.exchange.exporting import for_export


class Command(BaseCommand):
    help = "Export working copies of articles as Markdown files that import_articles reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="The .zip to write.")
        parser.add_argument("--language", default="", help="Of this language only.")
        parser.add_argument(
            "--state", default="", choices=["", *Article.State.values], type=str.upper
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Article.objects.order_by("pk")
        for name in ("language", "state"):
            if options[name]:
                rows = rows.filter(**{name: options[name]})
        articles = for_export(rows.values_list("pk", flat=True))
        options["path"].write_bytes(exchange.export_zip(articles))
        self.stdout.write(f"{len(articles)} exported to {options['path']}")
