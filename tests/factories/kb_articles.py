"""What the addresses of articles lead to, for tests of all addresses; pictures."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from kb.models import ArticleImage
from kb.selectors.articles.images import key_of
from kb.services.images import store_image
from tests.factories.kb import AT, make_topic, published_article


def picture_file(
    kind: str = "PNG", *, size: tuple[int, int] = (40, 30), name: str = "", **save: Any
) -> SimpleUploadedFile:
    """Return a picture as a browser sends it."""
    written = BytesIO()
    Image.new("RGB", size, "#0f766e").save(written, kind, **save)
    return SimpleUploadedFile(name or f"shot.{kind.lower()}", written.getvalue())


def make_image(alt: str = "The security page", **more: Any) -> ArticleImage:
    return store_image(file=picture_file(**more), alt=alt, actor=None, at=AT)


def own_articles(owner: Any) -> dict[str, Any]:
    """Return a row for each address of articles."""
    words = f"own-{owner.pk}"
    topic = make_topic(f"Topic {words}", slug=f"topic-{words}")
    article = published_article(f"Own {words}", slug=words, topic=topic, owner=owner)
    image = make_image()
    return {
        "kb:article": article,
        "admin:kb_article": article,
        "kb:topic": topic,
        "admin:kb_topic": topic,
        # An address of a picture holds a key of its own.
        "kb:image": SimpleNamespace(pk=key_of(image.digest)),
    }
