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
        counts = [row.count for row in rows if row.count]
        if counts:
            raise CommandError(f"{sum(counts)} broken links in {len(counts)} articles")
        self.stdout.write("no broken links")
