"""From a file to what it wants; names are looked up once for all files."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kb.core import front_matter
from kb.core.front_matter import FrontMatterError, Value
from kb.models import Article, Kind, Topic
from kb.services.articles.arranging import LONGEST_INTERVAL
from kb.services.articles.refusals import TextRefused
from kb.services.articles.steps import clean_text
from kb.services.exchange.archives import MOST_TEXT, File
from kb.services.exchange.exporting import LINK_FIELDS
from kb.services.exchange.rows import Wanted
from tickets.models import Category, CustomerTier
from workforce.people.models import User

LONGEST_DAYS = 6
KNOWN = {
    "title", "summary", "slug", "language", "kind", "topic", "state", "audience",
    "tiers", "categories", "owner", "reviewers", "keywords", "review_every_days",
    "featured", "translation_of", *LINK_FIELDS.values(),
}  # fmt: skip


class Unreadable(ValueError):  # noqa: N818 -- reads as what it says
    """A file cannot be imported; the message says why."""


class Names:
    """What files may name, by name. Five queries for any number of files."""

    def __init__(self) -> None:
        topics = list(Topic.objects.all())
        self.topics = {topic.slug: topic.pk for topic in topics}
        self.topic_of_kind = {
            topic.kind: topic.pk for topic in reversed(topics) if topic.kind
        }
        self.tiers = dict(CustomerTier.objects.values_list("code", "pk"))
        self.categories = dict(Category.objects.values_list("path", "pk"))
        staff = User.objects.filter(is_active=True, is_staff=True)
        self.people = dict(staff.values_list("username", "pk"))


def read_file(file: File, names: Names) -> tuple[Wanted, tuple[str, ...]]:
    """Return what a file wants, and notes of what is left out. Raises ``Unreadable``."""
    document = _document(file)
    reader = _Reader(document.fields, names)
    language = reader.one_of("language", dict(settings.ARTICLE_LANGUAGES), default="en")
    text = _text(document, reader)
    slug = reader.text("slug") or slugify(file.stem) or slugify(text["title"])
    if not slug or slugify(slug) != slug or len(slug) > 120:
        raise Unreadable(_("“%(slug)s” is no address.") % {"slug": slug[:60]})
    kind = reader.one_of("kind", dict(Kind.choices), default=Kind.HOW_TO)
    wanted = Wanted(
        name=f"{language}/{slug}",
        text=text,
        settings={
            "kind": kind,
            "topic_id": reader.topic(kind),
            **reader.audience(),
            "category_ids": reader.found("categories", names.categories),
            "owner_id": next(iter(reader.found("owner", names.people)), None),
            "reviewer_ids": reader.found("reviewers", names.people),
            "review_every_days": reader.days(),
            "is_featured": reader.text("featured").lower() == "true",
        },
        links=tuple(
            (kind.value, name) for kind, key in LINK_FIELDS.items()
            for name in reader.names(key, language)
        ),
        translation_of=next(iter(reader.names("translation_of", language)), ""),
        is_published=reader.text("state").upper() == Article.State.PUBLISHED,
    )  # fmt: skip
    reader.note_unknown()
    return wanted, tuple(reader.notes)


def _document(file: File) -> front_matter.Document:
    if len(file.content) > MOST_TEXT:
        raise Unreadable(
            _("The file is larger than %(most)s kB.") % {"most": MOST_TEXT // 1000}
        )
    try:
        return front_matter.read(file.content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable(_("The file is not UTF-8.")) from error
    except FrontMatterError as error:
        raise Unreadable(
            _("Front matter, line %(line)s: %(reason)s")
            % {"line": error.line, "reason": error.reason}
        ) from error


def _text(document: front_matter.Document, reader: "_Reader") -> dict[str, Any]:
    try:
        return clean_text(
            title=reader.text("title"),
            summary=reader.text("summary"),
            body=document.body,
            keywords=reader.many("keywords"),
        )
    except TextRefused as refusal:
        raise Unreadable(str(refusal)) from refusal


class _Reader:
    """Reads fields by what they mean."""

    def __init__(self, fields: Mapping[str, Value], names: Names) -> None:
        self._fields = fields
        self._names = names
        self.notes: list[str] = []

    def text(self, key: str) -> str:
        value = self._fields.get(key, "")
        if not isinstance(value, str):
            raise Unreadable(_("“%(key)s” is a list.") % {"key": key})
        return value.strip()

    def many(self, key: str) -> list[str]:
        value = self._fields.get(key, [])
        return ([value] if value else []) if isinstance(value, str) else value

    def one_of(self, key: str, known: Mapping[str, Any], *, default: str) -> str:
        value = self.text(key) or default
        if value not in known:
            raise Unreadable(
                _("“%(key)s” is none of: %(known)s.")
                % {"key": f"{key}: {value}", "known": ", ".join(known)}
            )
        return value

    def topic(self, kind: str) -> int:
        slug = self.text("topic")
        found = (
            self._names.topics.get(slug)
            if slug
            else self._names.topic_of_kind.get(kind)
        )
        if found is None:
            raise Unreadable(
                _("There is no topic “%(slug)s”. Make it first.")
                % {"slug": slug or kind}
            )
        return found

    def audience(self) -> dict[str, Any]:
        choices = dict(Article.Audience.choices)
        audience = self.one_of("audience", choices, default=Article.Audience.PUBLIC)
        codes = self.many("tiers")
        unknown = [code for code in codes if code not in self._names.tiers]
        # A tier that is left out would show the article to fewer, or to nobody.
        if unknown or (audience == Article.Audience.PLAN and not codes):
            raise Unreadable(
                _("Customer tiers that do not exist: %(codes)s.")
                % {"codes": ", ".join(unknown) or "–"}
            )
        is_plan = audience == Article.Audience.PLAN
        ids = [self._names.tiers[code] for code in codes] if is_plan else []
        return {"audience": audience, "tier_ids": ids}

    def found(self, key: str, known: Mapping[str, int]) -> list[int]:
        """Return those of the names that exist here; of the others a note is left."""
        names = self.many(key)
        for name in names:
            if name not in known:
                self.notes.append(
                    _("%(key)s “%(name)s” is not known here")
                    % {"key": key, "name": name}
                )
        return [known[name] for name in names if name in known]

    def names(self, key: str, language: str) -> list[str]:
        """Return names of articles; without a language they mean the file's own."""
        return [
            name if "/" in name else f"{language}/{name}" for name in self.many(key)
        ]

    def days(self) -> int:
        text = self.text("review_every_days") or "180"
        is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_DAYS
        if not is_number or not 1 <= int(text) <= LONGEST_INTERVAL:
            raise Unreadable(
                _("“review_every_days” is no number from 1 to %(most)s.")
                % {"most": LONGEST_INTERVAL}
            )
        return int(text)

    def note_unknown(self) -> None:
        unknown = sorted(set(self._fields) - KNOWN)
        if unknown:
            self.notes.append(
                _("not read: %(fields)s") % {"fields": ", ".join(unknown)}
            )
