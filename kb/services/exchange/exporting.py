"""Articles as a .zip of Markdown files with their pictures."""

import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import PurePosixPath

from kb.core import front_matter
from kb.models import Article, ArticleLink
from kb.selectors.articles.images import images_of, keys_in

LINK_FIELDS = {
    ArticleLink.Kind.RELATED: "related",
    ArticleLink.Kind.BEFORE: "before",
    ArticleLink.Kind.NEXT: "next",
}


def export_zip(articles: Iterable[Article]) -> bytes:
    """Return the working copies of articles as files that an import reads back.

    ``<language>/<address>.md`` each, and ``images/<key>.<suffix>`` for their pictures.
    """
    rows = list(articles)
    files = [(f"{row.language}/{row.slug}.md", as_file(row).encode()) for row in rows]
    keys = {key for row in rows for key in keys_in(row.body)}
    for key, image in sorted(images_of(keys).items()):
        suffix = PurePosixPath(image.file.name or "").suffix
        with image.file.open("rb") as stream:
            files.append((f"images/{key}{suffix}", stream.read()))
    return zipped(files)


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files:
            # A fixed day: the same articles give the same bytes.
            archive.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def as_file(article: Article) -> str:
    """Return one article as a Markdown file with front matter."""
    original = article.translation_of
    fields: dict[str, str | int | bool | list[str]] = {
        "title": article.title,
        "summary": article.summary,
        "slug": article.slug,
        "language": article.language,
        "kind": article.kind,
        "topic": article.topic.slug,
        "state": article.state,
        "audience": article.audience,
        "tiers": sorted(tier.code for tier in article.tiers.all()),
        "categories": sorted(each.path for each in article.categories.all()),
        "owner": article.owner.username if article.owner else "",
        "reviewers": sorted(each.username for each in article.reviewers.all()),
        "keywords": article.keywords,
        "review_every_days": article.review_every_days,
        "featured": article.is_featured,
        "translation_of": _name(original) if original else "",
    }
    links = list(article.links.all())
    for kind, field in LINK_FIELDS.items():
        fields[field] = [_name(each.target) for each in links if each.kind == kind]
    return front_matter.write(fields, article.body)


def for_export(articles: Iterable[int]) -> list[Article]:
    """Return articles with all that their files name. Seven queries."""
    rows = Article.objects.filter(pk__in=list(articles))
    return list(
        rows.select_related("topic", "owner", "translation_of")
        .prefetch_related("tiers", "categories", "reviewers", "links__target")
        .order_by("language", "slug")
    )


def _name(article: Article) -> str:
    return f"{article.language}/{article.slug}"
