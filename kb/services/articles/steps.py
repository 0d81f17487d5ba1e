"""What several writes to articles share: locks, permissions, addresses, history."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kb.core.article_templates import places_left
from kb.core.markdown import LONGEST
from kb.core.plain_text import one_line, printable
from kb.models import Article, SentText, Topic
from kb.models.articles import TITLE_LENGTH
from kb.services.articles.refusals import (
    NothingChanged,
    NotYours,
    SettingsRefused,
    StateRefused,
    TextRefused,
)
from workforce.people.models import User

ADD = "kb.add_article"
CHANGE = "kb.change_article"
PUBLISH = "kb.publish_article"

SUMMARY_LENGTH = 300
MOST_KEYWORDS = 60
KEYWORD_LENGTH = 80
SLUG_LENGTH = 120

TEXT = ("title", "summary", "body", "keywords")
"""The columns that a version freezes."""


def locked(article_id: int) -> Article:
    """Return the article, held until the transaction ends."""
    return Article.objects.select_for_update(of=("self",)).get(pk=article_id)


def require(actor: User | None, permission: str, refusal: str) -> None:
    """Refuse an actor without the permission; ``None`` is the program itself.

    Raises ``NotYours``.
    """
    if actor is not None and not actor.has_perm(permission):
        raise NotYours(refusal)


def may_publish(actor: User | None) -> bool:
    return actor is None or actor.has_perm(PUBLISH)


def record(
    article: Article, *, actor: User | None, at: datetime, why: str = ""
) -> None:
    """Save all settings of an article and one row of its history."""
    article._history_user = actor  # type: ignore[attr-defined]  # noqa: SLF001 -- simple-history's documented hook
    article._history_date = at  # type: ignore[attr-defined]  # noqa: SLF001
    article._change_reason = why[:100]  # type: ignore[attr-defined]  # noqa: SLF001
    article.changed_at = at
    article.save()


def end_review(article: Article) -> None:
    """Forget that a locked article was sent; its caller saves it."""
    article.review_asked_at = article.review_asked_by = None
    SentText.objects.filter(article=article).delete()


def refuse_archived(article: Article) -> None:
    if article.state == Article.State.ARCHIVED:
        raise StateRefused(
            _("“%(title)s” is archived. Restore it first.") % {"title": article.title}
        )


def refuse_unready(article: Article) -> None:
    """Refuse a text that is empty, unfinished, or what readers see already."""
    if not article.body.strip():
        raise TextRefused(_("“%(title)s” has no text.") % {"title": article.title})
    left = places_left("\n".join([article.title, article.summary, article.body]))
    if left:
        raise TextRefused(
            _("Parts of the template are not filled in yet: %(places)s.")
            % {"places": ", ".join(left)}
        )
    shown = article.published
    if (
        shown is not None
        and article.state == Article.State.PUBLISHED
        and text_of(shown) == text_of(article)
    ):
        raise NothingChanged(
            _("Readers see this text of “%(title)s” already.")
            % {"title": article.title}
        )


def text_of(row: Any) -> dict[str, Any]:
    """Return what readers would read: of an article's working copy or of a version."""
    return {name: getattr(row, name) for name in TEXT}


def due_on(reviewed_at: datetime, days: int) -> Any:
    return (reviewed_at + timedelta(days=days)).date()


def clean_text(
    *, title: str, summary: str, body: str, keywords: Iterable[str]
) -> dict[str, Any]:
    """Return the columns of a text as they are stored. Raises ``TextRefused``."""
    title, summary = one_line(title), one_line(summary)
    if not title:
        raise TextRefused(_("An article needs a title."))
    for text, most, name in (
        (title, TITLE_LENGTH, _("title")),
        (summary, SUMMARY_LENGTH, _("summary")),
        (body, LONGEST, _("text")),
    ):
        if len(text) > most:
            raise TextRefused(
                _("The %(part)s has %(length)s characters; %(most)s are allowed.")
                % {"part": name, "length": len(text), "most": most}
            )
    return {
        "title": title,
        "summary": summary,
        "body": printable(body.replace("\r\n", "\n")),
        "keywords": clean_keywords(keywords),
    }


def clean_keywords(keywords: Iterable[str]) -> list[str]:
    """Return other words for an article, each once. Raises ``TextRefused``."""
    found: dict[str, str] = {}
    for word in keywords:
        plain = one_line(word)
        if len(plain) > KEYWORD_LENGTH:
            raise TextRefused(
                _("“%(word)s…” is longer than %(most)s characters.")
                % {"word": plain[:30], "most": KEYWORD_LENGTH}
            )
        if plain:
            found.setdefault(plain.casefold(), plain)
    if len(found) > MOST_KEYWORDS:
        raise TextRefused(
            _("An article has at most %(most)s other words.") % {"most": MOST_KEYWORDS}
        )
    return list(found.values())


def free_slug(wanted: str, *, language: str) -> str:
    """Return an address no other article of the language has, made of the words wanted."""
    base = slugify(wanted)[:SLUG_LENGTH].strip("-_") or "article"
    others = Article.objects.filter(language=language, slug__startswith=base[:100])
    taken = set(others.values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        end = f"-{number}"
        slug, number = f"{base[: SLUG_LENGTH - len(end)]}{end}", number + 1
    return slug


def known_language(language: str) -> str:
    """Return the language if articles are written in it. Raises ``SettingsRefused``."""
    if language not in dict(settings.ARTICLE_LANGUAGES):
        raise SettingsRefused(
            _("Articles are not written in “%(language)s”.") % {"language": language}
        )
    return language


def known_topic(topic_id: int) -> Topic:
    topic = Topic.objects.filter(pk=topic_id).first()
    if topic is None:
        raise SettingsRefused(_("There is no such topic any more. Choose another."))
    return topic
