"""Pictures of articles: their keys and addresses."""

import re
from collections.abc import Callable, Iterable

from django.db.models.functions import Left
from django.urls import reverse

from kb.core.markdown import Picture
from kb.models import ArticleImage

KEY_LENGTH = 24
"""Hexadecimal digits: nobody guesses the picture of an article that is not theirs."""

_KEYS = re.compile(r"image:([0-9a-f]{24})(?![\w.-])")


def key_of(digest: str) -> str:
    """Return what an article calls a picture: ``![text](image:key)``."""
    return digest[:KEY_LENGTH]


def address_of(image: ArticleImage) -> str:
    return reverse("kb:image", args=[key_of(image.digest)])


def keys_in(text: str) -> frozenset[str]:
    """Return the keys of all pictures a text may show."""
    return frozenset(_KEYS.findall(text))


def images_of(keys: Iterable[str]) -> dict[str, ArticleImage]:
    """Return stored pictures by key, in one query."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    found = ArticleImage.objects.annotate(key=Left("digest", KEY_LENGTH)).filter(
        key__in=wanted
    )
    return {key_of(image.digest): image for image in found}


def pictures_for(*texts: str) -> Callable[[str], Picture | None]:
    """Return what `kb.core.markdown.render` asks for the pictures of these texts."""
    found = images_of(key for text in texts for key in keys_in(text))
    return picture_finder(found)


def picture_finder(
    images: dict[str, ArticleImage],
) -> Callable[[str], Picture | None]:
    def find(key: str) -> Picture | None:
        image = images.get(key)
        if image is None:
            return None
        return Picture(address_of(image), image.alt, image.width, image.height)

    return find
