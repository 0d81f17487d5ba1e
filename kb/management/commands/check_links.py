"""Say which links of published articles readers cannot follow."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kb.models import Article
from kb.selectors.articles.links import broken, problems_by_article


class Command(BaseCommand):
    help = "List links of published articles that lead nowhere; fails if there are any."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = broken(Article.objects.filter(pk__in=list(problems_by_article())))
        for row in rows:
            for each in row.problems:
                self.stdout.write(
                    f"{row.article.language}/{row.article.slug}: {each.target}: "
                    f"{each.words}"
                )
        if rows:
            total = sum(len(row.problems) for row in rows)
            raise CommandError(f"{total} broken links in {len(rows)} articles")
        self.stdout.write("no broken links")
