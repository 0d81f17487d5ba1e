"""An import: first a plan that writes nothing, then all of it in one transaction."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from kb.models import Article
from kb.selectors.articles.images import images_of, key_of, keys_in
from kb.services import articles as services
from kb.services.articles.refusals import StaleArticle
from kb.services.articles.steps import PUBLISH, TEXT, require
from kb.services.exchange.archives import File
from kb.services.exchange.reading import Names, Unreadable, read_file
from kb.services.exchange.rows import Plan, Row, Verdict, Wanted
from kb.services.images import ImageRefused, store_image
from workforce.people.models import User

# The plan ----------------------------------------------------------------------------------


def plan(files: Sequence[File]) -> Plan:
    """Say what an import of files would do; nothing is written.

    A file is the article of its language and address: that one is changed, else a new one
    is made. What cannot be read is refused with its reason, and the others stay.
    """
    names, known = Names(), _known_articles()
    rows: list[Row] = []
    seen: set[str] = set()
    for file in files:
        if not file.is_text:
            continue
        row = _row(file, names, known)
        if row.wanted is not None and row.wanted.name in seen:
            row = _refused(row, _("Another file has this language and address."))
        elif row.wanted is not None:
            seen.add(row.wanted.name)
        rows.append(row)
    return Plan([_with_targets(row, {*known, *seen}) for row in rows])


def _known_articles() -> dict[str, Article]:
    rows = Article.objects.select_related("translation_of").prefetch_related(
        "tiers", "categories", "reviewers", "links__target"
    )
    return {_name(article): article for article in rows}


def _row(file: File, names: Names, known: dict[str, Article]) -> Row:
    try:
        wanted, notes = read_file(file, names)
    except Unreadable as error:
        return Row(file.path, Verdict.REFUSED, file.stem, str(error))
    article = known.get(wanted.name)
    row = Row(file.path, Verdict.NEW, wanted.text["title"], notes=notes, wanted=wanted)
    if article is None:
        return row
    row = replace(
        row,
        article_id=article.pk,
        revision=article.revision,
        changed_at=article.changed_at.isoformat(),
    )
    if article.state == Article.State.ARCHIVED:
        return _refused(row, _("The article is archived. Restore it first."))
    changes = tuple(_differences(article, wanted))
    verdict = Verdict.CHANGED if changes else Verdict.SAME
    return replace(row, verdict=verdict, changes=changes)


def refuse_changed(found: Plan, seen: Mapping[str, list[Any]]) -> None:
    """Raise ``StaleArticle`` if an article is not as it was in the preview."""
    now = found.stands()
    for row in found.rows:
        if now[row.path] != seen.get(row.path):
            raise _stale(row)


def _refused(row: Row, reason: str) -> Row:
    return replace(row, verdict=Verdict.REFUSED, reason=reason, wanted=None)


def _with_targets(row: Row, names: set[str]) -> Row:
    """Refuse a file that names articles which are neither here nor in the import."""
    if row.wanted is None:
        return row
    named = {name for _kind, name in row.wanted.links}
    if row.wanted.translation_of:
        named.add(row.wanted.translation_of)
    missing = sorted(named - names)
    if not missing:
        return row
    return _refused(
        row,
        _("It names articles that do not exist: %(names)s.")
        % {"names": ", ".join(missing)},
    )


def _differences(article: Article, wanted: Wanted) -> list[str]:
    found = [name for name in TEXT if getattr(article, name) != wanted.text[name]]
    stored = _settings_of(article)
    found += [
        name for name, value in wanted.settings.items() if _plain(value) != stored[name]
    ]
    links = tuple((each.kind, _name(each.target)) for each in article.links.all())
    if sorted(links) != sorted(wanted.links):
        found.append("links")
    original = _name(article.translation_of) if article.translation_of else ""
    if original != wanted.translation_of:
        found.append("translation_of")
    return found


def _settings_of(article: Article) -> dict[str, Any]:
    return {
        "kind": article.kind,
        "topic_id": article.topic_id,
        "audience": article.audience,
        "tier_ids": {tier.pk for tier in article.tiers.all()},
        "category_ids": {each.pk for each in article.categories.all()},
        "owner_id": article.owner_id,
        "reviewer_ids": {each.pk for each in article.reviewers.all()},
        "review_every_days": article.review_every_days,
        "is_featured": article.is_featured,
    }


def _plain(value: Any) -> Any:
    return set(value) if isinstance(value, list) else value


# The import --------------------------------------------------------------------------------


@transaction.atomic
def apply(
    wanted: Plan,
    *,
    files: Sequence[File],
    actor: User | None,
    at: datetime,
    publishes: bool = False,
    accepts_broken_links: bool = False,
) -> int:
    """Write what a plan says, all of it or nothing; return how many articles.

    Refused files are left out. Readers see nothing of it until it is published, except
    that ``publishes`` publishes what the files call published: also with links that
    readers cannot follow if ``accepts_broken_links``.

    Raises ``NotYours``, ``StaleArticle`` when an article was saved since the plan,
    ``BrokenLinks`` that names all articles with any, or what the services of articles
    and pictures refuse.
    """
    require(actor, PUBLISH, _("You may not import articles."))
    rows = [row for row in wanted.rows if row.verdict in {Verdict.NEW, Verdict.CHANGED}]
    keys = _store_images(rows, files, actor=actor, at=at)
    ids = {row.path: _write(row, keys, actor=actor, at=at) for row in rows}
    by_name = {
        _name(each): each.pk for each in Article.objects.only("language", "slug")
    }
    for row in rows:
        _join(ids[row.path], row.wanted, by_name, actor=actor, at=at)
    if publishes:
        accepted = sys.maxsize if accepts_broken_links else 0
        _publish(rows, ids, accepted, actor=actor, at=at)
    return len(rows)


def _store_images(
    rows: list[Row], files: Sequence[File], *, actor: User | None, at: datetime
) -> dict[str, str]:
    """Store pictures that texts show and that are not here; return new keys by old."""
    bodies = "\n".join(row.wanted.text["body"] for row in rows if row.wanted)
    used = keys_in(bodies)
    missing = used - set(images_of(used))
    keys = {}
    for file in files:
        if file.is_text or file.stem not in missing:
            continue
        upload = SimpleUploadedFile(file.path, file.content)
        alt = _alt_in(bodies, file.stem)
        try:
            image = store_image(file=upload, alt=alt, actor=actor, at=at)
        except ImageRefused as refusal:
            raise ImageRefused(f"{file.path}: {refusal}") from refusal
        keys[file.stem] = key_of(image.digest)
    return keys


def _alt_in(text: str, key: str) -> str:
    """Return the words of the first picture with a key, else its key."""
    before = text.partition(f"](image:{key})")[0]
    return " ".join(before.rpartition("![")[2].split())[:200] or key


def _write(row: Row, keys: dict[str, str], *, actor: User | None, at: datetime) -> int:
    wanted = row.wanted
    if wanted is None:
        raise ValueError("a refused file has nothing to write")
    text = dict(wanted.text)
    for old, new in keys.items():
        text["body"] = text["body"].replace(f"(image:{old})", f"(image:{new})")
    language, _slash, slug = wanted.name.partition("/")
    if row.article_id is None:
        article_id = services.create_article(
            kind=wanted.settings["kind"],
            topic_id=wanted.settings["topic_id"],
            language=language,
            slug=slug,
            actor=actor,
            at=at,
            **text,
        ).pk
    else:
        article_id = row.article_id
        _refuse_stale(row, article_id)
        services.save_working_copy(
            article_id=article_id, revision=row.revision, actor=actor, at=at, **text
        )
    services.change_settings(
        article_id=article_id,
        actor=actor,
        at=at,
        **wanted.settings,  # type: ignore[typeddict-item]
    )
    return article_id


def _refuse_stale(row: Row, article_id: int) -> None:
    stored = Article.objects.only("revision", "changed_at").get(pk=article_id)
    stand = (stored.revision, stored.changed_at.isoformat())
    if stand != (row.revision, row.changed_at):
        raise _stale(row)


def _stale(row: Row) -> StaleArticle:
    words = _("“%(title)s” was saved since the preview. Choose the files again.")
    return StaleArticle(words % {"title": row.title}, revision=row.revision)


def _join(
    article_id: int,
    wanted: Wanted | None,
    by_name: dict[str, int],
    *,
    actor: User | None,
    at: datetime,
) -> None:
    """Link an article, once all of them are there."""
    if wanted is None:
        return
    links = [services.LinkTo(by_name[name], kind) for kind, name in wanted.links]
    services.set_links(article_id=article_id, links=links, actor=actor, at=at)
    original = by_name.get(wanted.translation_of)
    services.set_original(
        article_id=article_id, original_id=original, actor=actor, at=at
    )


def _publish(
    rows: list[Row],
    ids: dict[str, int],
    accepted: int,
    *,
    actor: User | None,
    at: datetime,
) -> None:
    wanted = [ids[row.path] for row in rows if row.wanted and row.wanted.is_published]
    revisions = dict(
        Article.objects.filter(pk__in=wanted).values_list("pk", "revision")
    )
    refused: list[services.BrokenLinks] = []
    for article_id in wanted:
        try:
            services.publish(
                article_id=article_id,
                revision=revisions[article_id],
                broken_links=accepted,
                published_with=wanted,
                actor=actor,
                at=at,
            )
        except services.NothingChanged:
            # Only its settings differed: readers see the text already.
            continue
        except services.BrokenLinks as refusal:
            refused.append(refusal)
    if refused:
        raise services.BrokenLinks(
            "\n".join(refusal.message for refusal in refused),
            count=sum(refusal.count for refusal in refused),
        )


def _name(article: Article) -> str:
    return f"{article.language}/{article.slug}"
