"""Every write to synonyms. Each tells the search that its content has changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kb.core.search import Synonym as SearchSynonym
from kb.core.search.text import words_of
from kb.models import Synonym
from kb.services.indexing import touch_index
from supportops.common.errors import OperationRefused

TERM_LENGTH = 80
# More words than this are a list of keywords: they belong to an article.
MOST_WORDS = 20


class SynonymTaken(OperationRefused):
    code = "synonym_taken"


class SynonymUnusable(OperationRefused):
    code = "synonym_unusable"


class Draft(NamedTuple):
    """An entry as somebody typed it."""

    language: str
    term: str
    same_as: tuple[str, ...]
    is_active: bool = True

    @property
    def searched(self) -> SearchSynonym | None:
        """What the search would know; None where it is switched off."""
        if not self.is_active:
            return None
        return SearchSynonym(self.term, self.same_as, language=self.language)


def checked_draft(
    *,
    synonym_id: int | None,
    language: str,
    term: str,
    same_as: Sequence[str],
    is_active: bool,
) -> Draft:
    """Return an entry with spaces put right.

    Raises ``SynonymUnusable`` where it would find nothing and ``SynonymTaken`` where the
    word has an entry in this language.
    """
    term = " ".join(term.split())
    words = _different(same_as, apart_from=term)
    for text in (term, *words):
        _refuse_text(text)
    if not words or len(words) > MOST_WORDS:
        raise SynonymUnusable(
            _("A word has 1 to %(limit)d others that mean the same.")
            % {"limit": MOST_WORDS}
        )
    others = Synonym.objects.filter(language=language, term__iexact=term)
    if others.exclude(pk=synonym_id or 0).exists():
        raise _taken(term)
    return Draft(language, term, words, is_active)


def _taken(term: str) -> SynonymTaken:
    return SynonymTaken(
        _(
            "“%(term)s” has an entry already in this language. Add the words to that "
            "entry instead."
        )
        % {"term": term}
    )


def _different(texts: Sequence[str], *, apart_from: str) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for text in texts:
        tidy = " ".join(text.split())
        if tidy and tidy.casefold() != apart_from.casefold():
            found.setdefault(tidy.casefold(), tidy)
    return tuple(found.values())


def _refuse_text(text: str) -> None:
    if len(text) > TERM_LENGTH:
        raise SynonymUnusable(
            _("“%(text)s…” is longer than %(limit)d characters. Shorten it.")
            % {"text": text[:20], "limit": TERM_LENGTH}
        )
    if not words_of(text):
        raise SynonymUnusable(
            _("“%(text)s” has no letter or digit, so no search finds it.")
            % {"text": text}
        )


@transaction.atomic
def save_synonym(*, synonym_id: int | None, draft: Draft, at: datetime) -> Synonym:
    """Enter or change an entry. Searches find by it at once.

    Raises ``SynonymUnusable`` and ``SynonymTaken``.
    """
    draft = checked_draft(synonym_id=synonym_id, **draft._asdict())
    if synonym_id is None:
        synonym = Synonym()
    else:
        synonym = Synonym.objects.select_for_update().get(pk=synonym_id)
    synonym.language, synonym.term = draft.language, draft.term
    synonym.same_as, synonym.is_active = list(draft.same_as), draft.is_active
    try:
        with transaction.atomic():
            synonym.save()
    except IntegrityError as error:
        # Somebody else entered it in this very moment.
        raise _taken(draft.term) from error
    touch_index(at=at)
    return synonym


@transaction.atomic
def delete_synonym(*, synonym_id: int, at: datetime) -> None:
    """Delete an entry; its history stays. Harmless to repeat."""
    synonym = Synonym.objects.select_for_update().filter(pk=synonym_id).first()
    if synonym is not None:
        synonym.delete()
        touch_index(at=at)
