"""Import articles from Markdown files, a folder of them, or a .zip."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kb.services import exchange
from kb.services.exchange import Plan, Verdict
from kb.services.exchange.archives import MARKDOWN, PICTURES
from supportops.common.errors import OperationRefused


class Command(BaseCommand):
    help = "Import articles from Markdown files with front matter; all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would come of it."
        )
        parser.add_argument(
            "--publish", action="store_true", help="Publish what files call published."
        )
        parser.add_argument(
            "--skip-refused", action="store_true", help="Import the other files."
        )

        parser.add_argument(
            "--accept-broken-links",
            action="store_true",
            help="Publish articles with links that readers cannot follow, too.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            files = exchange.read_upload(_uploads(options["paths"]))
            plan = exchange.plan(files)
            self._tell(plan)
            if options["dry_run"]:
                return
            if plan.refused and not options["skip_refused"]:
                raise CommandError(
                    f"{plan.refused} refused, nothing was written "
                    "(--skip-refused imports the others)"
                )
            count = exchange.apply(
                plan,
                files=files,
                actor=None,
                at=timezone.now(),
                publishes=options["publish"],
                accepts_broken_links=options["accept_broken_links"],
            )
        except (OperationRefused, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} imported")

    def _tell(self, plan: Plan) -> None:
        for row in plan.rows:
            details = row.reason or ", ".join((*row.changes, *row.notes))
            if row.verdict is not Verdict.SAME:
                self.stdout.write(f"{row.verdict.lower()} {row.path}: {details}")
        self.stdout.write(
            f"{plan.new} new, {plan.changed} changed, {plan.same} the same, "
            f"{plan.refused} refused"
        )


def _uploads(paths: list[Path]) -> list[tuple[str, bytes]]:
    found = []
    for path in paths:
        if path.is_dir():
            wanted = {*MARKDOWN, *PICTURES}
            inside = sorted(each for each in path.rglob("*") if each.is_file())
            found += [
                (str(each.relative_to(path)), each.read_bytes())
                for each in inside
                if each.suffix.lower() in wanted
            ]
        else:
            found.append((path.name, path.read_bytes()))
    return found
