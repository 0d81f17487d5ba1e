"""Nothing with broken links is published unless somebody says so, whichever way it goes."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse

from kb.models import Article, ArticleVersion
from kb.selectors.articles.standing import events_of
from kb.services import articles as services
from kb.services import exchange
from supportops.common import roles
from tests.factories.kb import make_article, published_article
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
BROKEN = "[a](article:nowhere) and [b](/help/en/no-such/)"


@pytest.fixture(autouse=True)
def _march(settings):
    settings.UNFOLD = {**settings.UNFOLD, "SIDEBAR": {"navigation": []}}
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lead(client):
    user = UserFactory(role=roles.SUPPORT_LEAD)
    client.force_login(user)
    return user


def publish(article, **more):
    return services.publish(article_id=article.pk, actor=None, at=NOW, **more)


def page(name, article):
    return reverse(f"kb:{name}", args=[article.pk])


@pytest.mark.parametrize("accepted", [0, 1])
def test_publication_is_refused_until_as_many_are_accepted(accepted):
    article = make_article(body=BROKEN)
    with pytest.raises(services.BrokenLinks) as refusal:
        publish(article, broken_links=accepted)
    assert (refusal.value.code, refusal.value.count) == ("kb_broken_links", 2)
    assert str(refusal.value) == (
        "“Change your password” has 2 links that readers cannot follow: nowhere, "
        "/help/en/no-such/. Mend them, or say that you publish it with 2 broken links."
    )
    assert Article.objects.get().state == "DRAFT"
    assert not ArticleVersion.objects.exists()


def test_accepted_links_stand_on_the_version_and_in_what_happened():
    article = make_article(body=BROKEN)
    version = publish(article, broken_links=2, note="In a hurry")
    assert version.broken_links == 2
    assert events_of(article)[0].reason == "with 2 broken links: In a hurry"
    whole = make_article("Whole")
    assert publish(whole).broken_links == 0
    assert (
        publish(make_article("X", body=BROKEN), broken_links=None).broken_links is None
    )


def test_link_that_moved_is_no_obstacle():
    new = published_article("New")
    make_article("Gone", slug="gone", state="ARCHIVED", redirects_to=new)
    assert publish(make_article("Y", body="[x](article:gone)")).broken_links == 0


def test_old_text_with_broken_links_is_not_published_again_unasked():
    article = make_article(body=BROKEN)
    first = publish(article, broken_links=2)
    row = Article.objects.get(pk=article.pk)
    services.save_working_copy(
        article_id=row.pk, title=row.title, summary="", body="Mended.", keywords=[],
        revision=row.revision, actor=None, at=NOW,
    )  # fmt: skip
    publish(article)

    def revert(**more):
        return services.revert(
            article_id=row.pk, version_id=first.pk, actor=None, at=NOW, **more
        )

    with pytest.raises(services.BrokenLinks):
        revert()
    assert Article.objects.get(pk=row.pk).body == "Mended."
    assert revert(broken_links=2).broken_links == 2


# The pages --------------------------------------------------------------------------------


def test_publisher_ticks_how_many_broken_links_there_are(client, lead):
    article = make_article(body=BROKEN)
    assert (
        "Publish with 2 broken links"
        in client.get(page("article-publish", article)).text
    )
    sent = {"revision": 0, "note": "First"}
    refused = client.post(page("article-publish", article), sent)
    assert refused.status_code == 409
    assert "has 2 links that readers cannot follow" in refused.text
    assert ">First</textarea>" in refused.text
    client.post(page("article-publish", article), {**sent, "broken_links": 2})
    article.refresh_from_db()
    assert (article.state, article.published.broken_links) == ("PUBLISHED", 2)
    assert "with 2 broken links" in client.get(page("article-versions", article)).text


def test_old_text_is_published_again_after_a_tick(client, lead):
    article = make_article(body=BROKEN)
    first = publish(article, broken_links=2)
    row = Article.objects.get(pk=article.pk)
    services.save_working_copy(
        article_id=row.pk, title="T", summary="", body="Mended.", keywords=[],
        revision=0, actor=None, at=NOW,
    )  # fmt: skip
    publish(article)
    answer = client.post(
        page("article-revert", article), {"version": first.number}, follow=True
    )
    assert 'name="broken_links" value="2"' in answer.text
    assert '<option value="1" selected>' in answer.text
    assert article.versions.count() == 2
    client.post(page("article-revert", article), {"version": 1, "broken_links": 2})
    assert article.versions.count() == 3


def test_save_warns_of_unfinished_links(client, lead):
    article = make_article()
    sent = {
        "title": "T", "summary": "", "keywords": "", "revision": 0,
        "body": "[](article:) [x](https://)",
    }  # fmt: skip
    told = client.post(page("article-save", article), sent).json()
    assert told["warning"] == "2 links have no text or no address."
    shown = client.post(
        page("article-edit", article), {**sent, "revision": 1}, follow=True
    )
    assert "2 links have no text or no address." in shown.text


# Import -----------------------------------------------------------------------------------

FIRST = b"---\ntitle: First\nstate: PUBLISHED\n---\n[x](article:second#part)\n"
SECOND = b"---\ntitle: Second\nstate: PUBLISHED\n---\n## Part\n\n[x](article:first)\n"
THIRD = b"---\ntitle: Third\nstate: PUBLISHED\n---\n[x](article:nowhere)\n"


def load(*contents, **more):
    uploads = [(f"{number}.md", content) for number, content in enumerate(contents)]
    files = exchange.read_upload(uploads)
    return exchange.apply(
        exchange.plan(files), files=files, actor=None, at=NOW, publishes=True, **more
    )


def named(content, slug):
    return content.replace(b"state:", f"slug: {slug}\nstate:".encode())


def test_import_publishes_articles_that_link_to_each_other():
    assert load(named(FIRST, "first"), named(SECOND, "second")) == 2
    assert Article.objects.filter(state="PUBLISHED").count() == 2


def test_import_with_broken_links_writes_nothing_unless_they_are_accepted():
    contents = (named(FIRST, "first"), named(SECOND, "second"), named(THIRD, "third"))
    with pytest.raises(services.BrokenLinks, match="“Third” has 1 link") as refusal:
        load(*contents)
    assert refusal.value.count == 1
    assert not Article.objects.exists()
    load(*contents, accepts_broken_links=True)
    third = Article.objects.get(slug="third")
    assert third.published.broken_links == 1


def test_import_page_asks_and_keeps_the_files(client, lead, tmp_path):
    path = tmp_path / "third.md"
    path.write_bytes(THIRD)
    with path.open("rb") as file:
        shown = client.post(reverse("kb:articles-import"), {"files": file})
    token = shown.context["token"]
    sent = {"token": token, "publishes": "on"}
    refused = client.post(reverse("kb:articles-import"), sent)
    assert refused.status_code == 409
    assert "Publish with 1 broken link<" in refused.text.replace("</label>", "<")
    assert not Article.objects.exists()
    client.post(reverse("kb:articles-import"), {**sent, "broken_links": "on"})
    assert Article.objects.get().published.broken_links == 1


def test_command_takes_broken_links_only_when_told(tmp_path, capsys):
    path = tmp_path / "third.md"
    path.write_bytes(THIRD)
    with pytest.raises(CommandError, match="“Third” has 1 link"):
        call_command("import_articles", path, "--publish")
    assert not Article.objects.exists()
    call_command("import_articles", path, "--publish", "--accept-broken-links")
    assert Article.objects.get().state == "PUBLISHED"
    assert capsys.readouterr().out.endswith("1 imported\n")
