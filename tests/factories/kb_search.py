"""Known questions and synonyms for tests, written as rows."""

from typing import Any

from kb.models import Article, KnownQuestion, Synonym
from kb.services.indexing import touch_index
from tests.factories.kb import AT, published_article


def make_question(
    text: str = "how do i change my password",
    article: Article | None = None,
    **fields: Any,
) -> KnownQuestion:
    columns: dict[str, Any] = {
        "language": "en",
        "source": KnownQuestion.Source.HAND,
        "created_at": AT,
        **fields,
    }
    return KnownQuestion.objects.create(
        text=text, article=article or published_article(), **columns
    )


def make_synonym(term: str = "bill", *same_as: str, **fields: Any) -> Synonym:
    synonym = Synonym.objects.create(
        term=term, same_as=list(same_as or ("invoice",)), **fields
    )
    touch_index(at=AT)
    return synonym


def own_search_tuning(name: str) -> dict[str, Any]:
    """Return a row for each address of the pages that look after the search."""
    article = published_article(f"Article of {name}")
    question = make_question(f"question of {name}", article)
    synonym = make_synonym(f"word of {name}", f"other word of {name}")
    return {
        "kb:question": question,
        "admin:kb_knownquestion": question,
        "kb:synonym": synonym,
        "admin:kb_synonym": synonym,
    }
