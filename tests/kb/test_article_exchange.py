"""Articles as Markdown files: out, back in, and what is refused."""

import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from kb.models import Article, ArticleImage, ArticleLink, Topic
from kb.selectors.articles.images import key_of
from kb.services import articles as services
from kb.services import exchange
from kb.services.exchange import File
from kb.services.exchange.exporting import for_export
from kb.services.images import ImageRefused
from supportops.common import roles
from tests.factories.kb import make_article, make_topic, published_article
from tests.factories.kb_articles import make_image
from tests.factories.people import UserFactory
from tickets.models import Category, CustomerTier

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
PAGE = "/kb/articles/import/"


@pytest.fixture(autouse=True)
def _folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.UPLOAD_DIR = tmp_path / "uploads"


def md(*lines, body="Text", path="en/one.md"):
    text = "\n".join(["---", *lines, "---", "", body])
    return File(path, text.encode())


def verdicts(*files):
    return [(row.verdict.value, row.reason) for row in exchange.plan(files).rows]


def apply(*files, actor=None, **more):
    plan = exchange.plan(files)
    return exchange.apply(plan, files=files, actor=actor, at=NOW, **more)


def exported(*articles):
    return exchange.export_zip(for_export([article.pk for article in articles]))


def files_of(content):
    return exchange.read_upload([("articles.zip", content)])


def empty():
    """Delete all articles; the database lets no published one lose its version."""
    Article.objects.update(state="DRAFT")
    Article.objects.all().delete()


def rich_articles():
    """Write two articles that use every field, and return them."""
    tier = CustomerTier.objects.create(code="ent", name="Enterprise")
    category = Category.objects.create(name="Access", path="Access")
    owner = UserFactory(role=roles.SUPPORT_LEAD)
    key = key_of(make_image().digest)
    article = published_article(
        "Log in: “how”, [really]?",
        slug="log-in",
        topic=make_topic("Access", parent=Topic.objects.get(slug="how-to")),
        summary='Says "hello" # and more',
        body=f"\n## One\n\n![The page](image:{key})\n\n---\n\ntext  \n",
        keywords=["sign, in", "ログイン", "true"],
        audience="PLAN",
        tiers=[tier],
        owner=owner,
        review_every_days=30,
        is_featured=True,
    )
    article.categories.add(category)
    article.reviewers.add(owner)
    other = make_article(
        "ログイン", slug="log-in", language="ja", translation_of=article
    )
    ArticleLink.objects.create(article=other, target=article, kind="BEFORE")
    return article, other


def test_what_is_exported_comes_back_the_same():
    content = exported(*rich_articles())
    assert exchange.plan(files_of(content)).same == 2


def test_import_into_an_empty_help_centre_loses_nothing():
    first = exported(*rich_articles())
    empty()
    assert apply(*files_of(first), publishes=True) == 2
    assert exported(*Article.objects.all()) == first
    assert Article.objects.get(language="en").state == "PUBLISHED"
    assert Article.objects.get(language="ja").state == "DRAFT"


def test_pictures_travel_with_their_articles():
    content = exported(*rich_articles())
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
    assert names[:2] == ["en/log-in.md", "ja/log-in.md"]
    assert names[2].startswith("images/")
    empty()
    ArticleImage.objects.all().delete()
    apply(*files_of(content))
    image = ArticleImage.objects.get()
    assert image.alt == "The page"
    assert f"(image:{key_of(image.digest)})" in Article.objects.get(language="en").body


def test_title_is_all_a_file_needs():
    apply(md("title: How do I log in?", path="notes/Log in.md"))
    article = Article.objects.get()
    assert (article.slug, article.language, article.kind) == ("log-in", "en", "HOW_TO")
    assert (article.topic.slug, article.state) == ("how-to", "DRAFT")


def test_published_article_gets_a_new_working_copy_only():
    article = published_article(slug="one")
    apply(md("title: New title", f"topic: {article.topic.slug}", body="New"))
    article.refresh_from_db()
    assert (article.title, article.body, article.revision) == ("New title", "New", 1)
    assert article.published.body == "How to change your password."


@pytest.mark.parametrize(
    "lines",
    [
        ["summary: no title"],
        ["title: x", "language: fr"],
        ["title: x", "kind: NOVEL"],
        ["title: x", "topic: no-such"],
        ["title: x", "audience: FRIENDS"],
        ["title: x", "audience: PLAN"],
        ["title: x", "audience: PLAN", "tiers: [no-such]"],
        ["title: x", "slug: Not an address"],
        ["title: x", "review_every_days: often"],
        ["title: x", "related: [no-such]"],
        ["title: x", "translation_of: ja/no-such"],
        ["title: [x]"],
        ["title: x", "title: y"],
        ["title: " + "x" * 161],
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_reason(lines):
    ((verdict, reason),) = verdicts(md(*lines))
    assert verdict == "REFUSED"
    assert reason


def test_files_that_are_no_text_are_refused():
    long = md("title: x", body="x" * 600_000)
    assert [verdict for verdict, _why in verdicts(
        File("a.md", b"\xff\xfe\x00"), File("b.md", b"no front matter"), long
    )] == ["REFUSED"] * 3  # fmt: skip


def test_second_file_of_one_address_is_refused():
    found = verdicts(md("title: A"), md("title: B", path="other/one.md"))
    assert [verdict for verdict, _why in found] == ["NEW", "REFUSED"]


def test_archived_article_is_not_changed():
    make_article(slug="one", state="ARCHIVED")
    assert verdicts(md("title: A"))[0][0] == "REFUSED"


def test_what_is_not_known_here_is_left_out_and_said():
    row = exchange.plan(
        [md("title: A", "owner: nobody.here", "categories: [Gone]", "date: 2026-01-01")]
    ).rows[0]
    assert (row.verdict, len(row.notes)) == ("NEW", 3)


def test_import_writes_all_or_nothing():
    article = make_article(slug="two")
    files = (md("title: A"), md("title: B", path="two.md"))
    plan = exchange.plan(files)
    services.save_working_copy(
        article_id=article.pk, title="Mine", summary="", body="Mine", keywords=[],
        revision=0, actor=None, at=NOW,
    )  # fmt: skip
    with pytest.raises(services.StaleArticle):
        exchange.apply(plan, files=files, actor=None, at=NOW)
    assert list(Article.objects.values_list("title", flat=True)) == ["Mine"]


def test_hostile_picture_stops_the_import():
    key = "0123456789abcdef01234567"
    files = (
        md("title: A", body=f"![x](image:{key})"),
        File(f"images/{key}.png", b"<svg onload=alert(1)>"),
    )
    with pytest.raises(ImageRefused):
        apply(*files)
    assert not Article.objects.exists()


def zip_of(*entries):
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return written.getvalue()


def test_paths_that_lead_out_of_an_archive_are_left_out():
    text = md("title: x").content
    content = zip_of(("../../out.md", text), ("__MACOSX/a.md", text), ("in.md", text))
    assert [file.path for file in files_of(content)] == ["in.md"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", b"not a zip"),
        ("a.zip", zip_of(("a.exe", "x"))),
        ("a.exe", b"x"),
        ("a.png", b"x"),
    ],
)
def test_uploads_without_markdown_are_refused(name, content):
    with pytest.raises(exchange.ArchiveRefused):
        exchange.read_upload([(name, content)])


def test_bomb_is_read_no_further_than_its_limit():
    bomb = zip_of(("a.md", b"x" * 30_000_000))
    assert len(files_of(bomb)[0].content) == 600_001


# The page and the commands ----------------------------------------------------------------


def test_page_shows_first_and_writes_then(client):
    client.force_login(UserFactory(role=roles.TEAM_LEAD))
    upload = SimpleUploadedFile("one.md", md("title: One").content)
    page = client.post(PAGE, {"files": [upload]})
    assert page.context["plan"].new == 1
    assert not Article.objects.exists()
    client.post(PAGE, {"token": page.context["token"]})
    assert Article.objects.get().title == "One"
    again = client.post(PAGE, {"token": page.context["token"]})
    assert again.status_code == 422


@pytest.mark.parametrize("what", ["text", "settings", "new"])
def test_what_was_saved_since_the_preview_is_not_overwritten(client, what):
    client.force_login(UserFactory(role=roles.TEAM_LEAD))
    article = None if what == "new" else make_article(slug="one", changed_at=NOW)
    upload = SimpleUploadedFile("one.md", md("title: One").content)
    token = client.post(PAGE, {"files": [upload]}).context["token"]
    if article is None:
        make_article(slug="one", title="Mine", changed_at=NOW)
    elif what == "text":
        services.save_working_copy(
            article_id=article.pk, title="Mine", summary="", body="Mine", keywords=[],
            revision=0, actor=None, at=NOW,
        )  # fmt: skip
    else:
        Article.objects.update(changed_at=NOW + timedelta(hours=1), is_featured=True)

    answer = client.post(PAGE, {"token": token})

    assert answer.status_code == 422
    assert "saved since the preview" in answer.content.decode()
    assert not Article.objects.filter(title="One").exists()


@pytest.mark.parametrize("days", ["000180999999999999", "0", "²", "1.5"])
def test_days_that_are_none_are_refused(days):
    assert verdicts(md("title: x", f"review_every_days: {days}"))[0][0] == "REFUSED"


def test_damaged_stream_in_an_archive_is_refused():
    whole = bytearray(zip_of(("a.md", md("title: x", body="text " * 900).content)))
    start = whole.index(b"a.md") + 4
    whole[start : start + 20] = b"\xff" * 20

    with pytest.raises(exchange.ArchiveRefused):
        files_of(bytes(whole))


def test_archives_together_have_one_limit(monkeypatch):
    monkeypatch.setattr("kb.services.exchange.archives.MOST_ARCHIVE", 3_000)
    one = zip_of(("a.md", md("title: x", body="text " * 400).content))

    assert len(exchange.read_upload([("a.zip", one)])) == 1
    with pytest.raises(exchange.ArchiveRefused, match="together"):
        exchange.read_upload([("a.zip", one), ("b.zip", one)])


def test_upload_of_somebody_else_is_not_found(client):
    client.force_login(UserFactory(role=roles.TEAM_LEAD))
    upload = SimpleUploadedFile("one.md", md("title: One").content)
    token = client.post(PAGE, {"files": [upload]}).context["token"]
    client.force_login(UserFactory(role=roles.TEAM_LEAD))
    assert client.post(PAGE, {"token": token}).status_code == 422
    assert not Article.objects.exists()


def test_agent_may_export_but_not_import(client):
    article = published_article()
    client.force_login(UserFactory(role=roles.AGENT))
    assert client.get(PAGE).status_code == 403
    response = client.get(reverse("kb:articles-export"), {"ids": [article.pk]})
    assert response["Content-Type"] == "application/zip"
    assert [file.path for file in files_of(response.content)] == [
        "en/change-your-password.md"
    ]


def test_export_asks_as_often_for_three_articles_as_for_one(django_assert_num_queries):
    first = published_article("A")
    with django_assert_num_queries(5):
        exported(first)
    others = [published_article("B"), published_article("C")]
    with django_assert_num_queries(5):
        exported(first, *others)


def test_commands_round_trip(tmp_path, capsys):
    rich_articles()
    path = tmp_path / "out.zip"
    call_command("export_articles", path)
    empty()
    call_command("import_articles", path, "--dry-run")
    assert not Article.objects.exists()
    call_command("import_articles", path)
    assert Article.objects.count() == 2
    assert "2 imported" in capsys.readouterr().out


def test_command_writes_nothing_when_a_file_is_refused(tmp_path, capsys):
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n\nText")
    (tmp_path / "b.md").write_text("no front matter")
    with pytest.raises(CommandError, match="1 refused"):
        call_command("import_articles", tmp_path)
    assert not Article.objects.exists()
    call_command("import_articles", tmp_path, "--skip-refused")
    assert Article.objects.get().title == "A"
