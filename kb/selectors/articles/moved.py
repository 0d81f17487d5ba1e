"""Addresses that articles had before."""

from kb.models import Article


def article_formerly_at(language: str, slug: str) -> Article | None:
    """Return the article that had an address last, if it has another now."""
    rows = Article.history.filter(language=language, slug=slug)
    last = rows.order_by("-history_date", "-history_id").first()
    return Article.objects.filter(pk=last.id).first() if last else None
