"""What follows when something of the knowledge base was written, or a reply was sent."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from kb.models import ArticleVersion
from kb.services import gaps, ticket_articles
from tickets.models import Message


@receiver(post_save, sender=ArticleVersion, dispatch_uid="kb-gap-of-article-done")
def finish_gaps(instance: ArticleVersion, created: bool, **_kwargs: Any) -> None:
    """A gap is done once its article comes out, in the same transaction."""
    if created:
        gaps.finish_of_article(article_id=instance.article_id, at=instance.created_at)


@receiver(post_save, sender=Message, dispatch_uid="kb-articles-of-reply")
def note_articles_sent(
    instance: Message, created: bool, raw: bool = False, **_kwargs: Any
) -> None:
    """An article counts as sent with the reply that holds it, in its transaction."""
    if created and not raw:
        ticket_articles.note_sent(message=instance)
