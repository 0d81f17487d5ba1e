"""The same answer in other languages."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kb.models import Article
from kb.services.articles.refusals import TranslationRefused
from kb.services.articles.steps import (
    ADD,
    CHANGE,
    free_slug,
    known_language,
    locked,
    record,
    require,
)
from workforce.people.models import User

SHARED = ("topic", "kind", "audience", "review_every_days")


@transaction.atomic
def start_translation(
    *, article_id: int, language: str, actor: User | None, at: datetime
) -> Article:
    """Create a draft in another language, with the original's text to be translated.

    A translation of a translation belongs to the original. Where it can, it has the
    original's address, so that links between articles lead to it in its language.

    Raises ``NotYours``, ``SettingsRefused`` or ``TranslationRefused``.
    """
    require(actor, ADD, _("You may not write articles."))
    known_language(language)
    article = locked(article_id)
    original = (
        locked(article.translation_of_id) if article.translation_of_id else article
    )
    taken = original.translations.filter(language=language).exists()
    if taken or original.language == language:
        raise TranslationRefused(
            _("“%(title)s” is there in this language already.")
            % {"title": original.title}
        )
    made = Article(
        language=language,
        translation_of=original,
        slug=free_slug(original.slug, language=language),
        title=article.title,
        summary=article.summary,
        body=article.body,
        owner=actor,
        created_at=at,
        **{name: getattr(original, name) for name in SHARED},
    )
    record(made, actor=actor, at=at)
    made.tiers.set(original.tiers.all())
    made.categories.set(original.categories.all())
    return made


@transaction.atomic
def set_original(
    *, article_id: int, original_id: int | None, actor: User | None, at: datetime
) -> Article:
    """Say which article another one translates, or that it stands for itself.

    Raises ``NotYours`` or ``TranslationRefused``.
    """
    require(actor, CHANGE, _("You may not change articles."))
    article = locked(article_id)
    if article.translation_of_id == original_id:
        return article
    if original_id is not None:
        original = locked(original_id)
        siblings = original.translations.exclude(pk=article.pk)
        if (
            original.translation_of_id is not None
            or original.language == article.language
            or siblings.filter(language=article.language).exists()
            or article.translations.exists()
        ):
            raise TranslationRefused(
                _("“%(title)s” cannot be a translation of “%(original)s”.")
                % {"title": article.title, "original": original.title}
            )
    article.translation_of_id = original_id
    record(article, actor=actor, at=at)
    return article
