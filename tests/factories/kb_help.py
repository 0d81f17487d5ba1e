"""What the addresses of the help centre are called with, for tests of all addresses."""

from typing import Any

from django.core import signing

from kb.views.help.contact import SALT
from tests.factories.kb import make_topic, published_article


def own_help(key: str) -> dict[str, Any]:
    """Return the arguments of addresses by name: of a published article and its topic."""
    words = "-".join(key.lower().split())
    topic = make_topic(f"Help for {key}", slug=f"help-{words}"[:80])
    article = published_article(f"Help {key}", slug=f"article-{words}", topic=topic)
    return {
        "language": article.language,
        "slug": article.slug,
        "topic": topic.slug,
        "token": signing.dumps(1, salt=SALT),
        "part": 0,
    }
