"""What follows when something of the knowledge base was written."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from kb.models import ArticleVersion
from kb.services import gaps


@receiver(post_save, sender=ArticleVersion, dispatch_uid="kb-gap-of-article-done")
def finish_gaps(instance: ArticleVersion, created: bool, **_kwargs: Any) -> None:
    """A gap is done once its article comes out, in the same transaction."""
    if created:
        gaps.finish_of_article(article_id=instance.article_id, at=instance.created_at)
