"""What the search reads of articles and synonyms, and when that is another one."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models.functions import MD5

from kb.core.markdown import LONGEST, TextTooLong, render
from kb.core.search import Document, document_of_sections
from kb.core.search import Synonym as SearchSynonym
from kb.models import Article, ArticleVersion, IndexVersion, Synonym
from kb.selectors.readers import Audience

# Numbers of customer tiers; a word for everybody, another for the staff.
Readers = str | frozenset[int]
EVERYBODY, STAFF_ONLY = "everybody", "staff"
# Texts read by one statement: SQLite takes so many numbers in one for sure.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """A published article, as far as the index is concerned; equal ones need no work.

    ``digest`` is of the text: after an undone transaction a database may give the number
    of a version to another one. An article and its translations are one ``family``.
    """

    version_id: int
    digest: int
    slug: str
    language: str
    readers: Readers
    family: int = 0

    def is_readable_by(self, audience: Audience) -> bool:
        """Say what `kb.selectors.readers.articles_readable_by` says of the article."""
        if audience.is_staff or self.readers == EVERYBODY:
            return True
        return not isinstance(self.readers, str) and bool(
            self.readers & audience.tier_ids
        )


def content_number() -> int | None:
    """Return the number that every change of content moves on; None before the first."""
    return IndexVersion.objects.values_list("number", flat=True).first()


def published_entries() -> dict[int, Entry]:
    """Return what is published now, by the number of the article. Two queries."""
    tiers = defaultdict(set)
    for article_id, tier_id in Article.tiers.through.objects.values_list(
        "article_id", "customertier_id"
    ):
        tiers[article_id].add(tier_id)
    rows = Article.objects.filter(
        state=Article.State.PUBLISHED, published__isnull=False
    ).values_list(
        "pk", "slug", "language", "audience", "published_id", "published__title",
        "published__summary", "published__keywords", MD5("published__body"),
        "translation_of_id",
    )  # fmt: skip
    return {
        pk: Entry(
            version_id=version_id,
            digest=hash((title, summary, str(keywords), body)),
            slug=slug,
            language=language,
            readers=_readers(audience, frozenset(tiers[pk])),
            family=original or pk,
        )
        for pk, slug, language, audience, version_id, title, summary, keywords, body, original in rows
    }


def entry_of(article: Article) -> Entry:
    """Return what an article not published yet would be to the index."""
    tiers = frozenset(article.tiers.values_list("pk", flat=True))
    return Entry(
        version_id=0,
        digest=0,
        slug=article.slug,
        language=article.language,
        readers=_readers(article.audience, tiers),
        family=article.translation_of_id or article.pk or 0,
    )


def _readers(audience: str, tiers: frozenset[int]) -> Readers:
    if audience == Article.Audience.PUBLIC:
        return EVERYBODY
    return tiers if audience == Article.Audience.PLAN else STAFF_ONLY


def documents_of(
    article_ids: Collection[int], entries: dict[int, Entry]
) -> list[Document]:
    """Return published articles as the index takes them, one query for each `AT_ONCE`."""
    wanted = {entries[pk].version_id: pk for pk in article_ids}
    versions = sorted(wanted)
    return [
        document(wanted[pk], entries[wanted[pk]], title, summary, body, keywords)
        for at in range(0, len(versions), AT_ONCE)
        for pk, title, summary, body, keywords in ArticleVersion.objects.filter(
            pk__in=versions[at : at + AT_ONCE]
        ).values_list("pk", "title", "summary", "body", "keywords")
    ]


def document(
    key: int, entry: Entry, title: str, summary: str, body: str, keywords: Iterable[str]
) -> Document:
    """Return one text as the index takes it: the summary is its opening."""
    try:
        sections = render(body).sections
    except TextTooLong:
        sections = render(body[:LONGEST]).sections
    return document_of_sections(
        key,
        title,
        [("", summary), *((part.heading, part.plain) for part in sections)],
        keywords=[str(word) for word in keywords],
        language=entry.language,
        audience=entry.readers,
    )


def active_synonyms(
    *, without_id: int | None = None, added: Iterable[SearchSynonym] = ()
) -> tuple[SearchSynonym, ...]:
    """Return the synonyms in use, in an order that no database decides.

    Parameters
    ----------
    without_id : int, optional
        An entry to leave out.
    added : iterable of Synonym
        Entries that are not saved (yet).
    """
    rows = Synonym.objects.filter(is_active=True).exclude(pk=without_id or 0)
    found = [
        SearchSynonym(term, tuple(map(str, same_as)), language=language)
        for language, term, same_as in rows.values_list("language", "term", "same_as")
    ]
    return tuple(sorted([*found, *added], key=lambda each: (each.language, each.term)))
