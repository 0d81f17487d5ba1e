"""What the addresses of the knowledge base's API lead to, one of each."""

from typing import Any

from kb.models import Flag, KnownQuestion, Synonym
from tests.factories.kb import AT, published_article


def own_api_rows(owner: Any) -> dict[str, Any]:
    """Return a row for each address that takes one, by the start of its name."""
    article = published_article(f"API of {owner.pk}")
    return {
        "api-kb-article": article,
        "api-kb-version": article.published,
        "api-kb-topic": article.topic,
        "api-kb-synonym": Synonym.objects.create(
            term=f"word of {owner.pk}", same_as=["bill"]
        ),
        "api-kb-known-question": KnownQuestion.objects.create(
            text=f"API of {owner.pk}?", article=article, source="HAND", created_at=AT
        ),
        "api-kb-flag": Flag.objects.create(
            kind="WRONG",
            article=article,
            text="Old menu",
            flagged_by=owner,
            flagged_at=AT,
        ),
    }
