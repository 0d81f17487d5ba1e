"""Articles, versions, topics, search, synonyms, known questions and flags by the API."""

import pytest
from django.contrib.auth.models import Permission

from kb.models import Article, ArticleVersion, Flag, KnownQuestion, Synonym
from kb.services import articles as services
from supportops.common import roles
from tests.factories.api import caller
from tests.factories.kb import AT, make_article, make_topic, published_article
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import open_ticket

pytestmark = pytest.mark.django_db

API = "/api/v1/kb"
PUBLIC_READS = ("kb.view_article", "kb.view_knownquestion", "kb.view_flag")


def rows(response) -> list[dict]:
    assert response.status_code == 200, response.json()
    return response.json()["results"]


def ids(response) -> set[int]:
    return {row["id"] for row in rows(response)}


def outsider(*more: str):
    """A caller who may read articles, but none for staff only."""
    user = UserFactory()
    names = [name.split(".")[1] for name in (*PUBLIC_READS, *more)]
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="kb", codename__in=names)
    )
    return caller(user=user)


# Articles ---------------------------------------------------------------------------------


def test_article_shows_its_working_copy_and_what_readers_see():
    article = published_article("Change your password", owner=UserFactory())
    Article.objects.filter(pk=article.pk).update(body="Being written", revision=4)

    row = caller(roles.AGENT).get(f"{API}/articles/{article.pk}/").json()

    assert (row["state"], row["revision"], row["published_version"]) == (
        "PUBLISHED",
        4,
        1,
    )
    assert row["body"] == "Being written"
    assert row["published"]["body"] == "How to change your password."
    assert row["topic"]["name"] == "Invoices"


def test_articles_are_found_by_state_topic_audience_and_language():
    topic = make_topic("Sign in")
    shown = published_article("Shown", topic=topic)
    draft = make_article("Draft", language="de", audience="INTERNAL")
    client = caller(roles.AGENT)

    def found(**query):
        return ids(client.get(f"{API}/articles/", query))

    assert found() == {shown.pk, draft.pk}
    assert found(state="DRAFT") == {draft.pk}
    assert found(state=["DRAFT", "PUBLISHED"]) == {shown.pk, draft.pk}
    assert found(topic=topic.pk) == {shown.pk}
    assert found(audience="INTERNAL") == {draft.pk}
    assert found(language="de") == {draft.pk}
    assert found(slug="shown") == {shown.pk}
    assert found(changed_from="2026-03-02T09:00:01Z") == set()
    assert client.get(f"{API}/articles/", {"topics": 1}).status_code == 400


def test_article_is_written_saved_and_published():
    client = caller(roles.SUPPORT_LEAD)
    body = {
        "kind": "HOW_TO",
        "topic": make_topic().pk,
        "title": "Add a colleague",
        "body": "Choose Invite.",
        "keywords": ["invite"],
    }
    made = client.post(f"{API}/articles/", body)
    assert made.status_code == 201, made.json()
    path = f"{API}/articles/{made.json()['id']}"

    saved = client.post(f"{path}/save/", {"revision": 0, "summary": "By e-mail."})
    shown = client.post(f"{path}/publish/", {"note": "First", "revision": 1})

    assert (made.json()["state"], made.json()["slug"]) == ("DRAFT", "add-a-colleague")
    assert (saved.json()["summary"], saved.json()["body"]) == (
        "By e-mail.",
        "Choose Invite.",
    )
    assert (shown.json()["state"], shown.json()["published_version"]) == (
        "PUBLISHED",
        1,
    )
    version = ArticleVersion.objects.get()
    assert (version.note, version.created_by) == ("First", client.user)


def test_stale_text_is_refused_and_nothing_is_saved():
    article = make_article()
    Article.objects.filter(pk=article.pk).update(revision=2)

    answer = caller(roles.AGENT).post(
        f"{API}/articles/{article.pk}/save/", {"revision": 1, "body": "Mine"}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "kb_article_stale")
    article.refresh_from_db()
    assert article.body == "How to change your password."


def test_save_with_a_key_is_done_once():
    article = make_article()
    client, key = caller(roles.AGENT), {"HTTP_IDEMPOTENCY_KEY": "one"}
    path, body = f"{API}/articles/{article.pk}/save/", {"revision": 0, "body": "Mine"}

    first = client.post(path, body, **key)
    again = client.post(path, body, **key)

    assert (first.status_code, again.json()) == (200, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    article.refresh_from_db()
    assert article.revision == 1


def test_article_with_broken_links_is_published_when_they_are_accepted():
    article = make_article(body="[x](article:nowhere)")
    client, path = caller(roles.SUPPORT_LEAD), f"{API}/articles/{article.pk}"

    refused = client.post(f"{path}/publish/", {"note": "First"})
    assert (refused.status_code, refused.json()["code"]) == (409, "kb_broken_links")
    assert "1 link that readers cannot follow: nowhere." in refused.json()["detail"]
    assert not ArticleVersion.objects.exists()

    assert client.post(f"{path}/publish/", {"broken_links": 1}).status_code == 200
    found = rows(client.get(f"{API}/versions/?article={article.pk}"))
    assert [row["broken_links"] for row in found] == [1]


def test_text_changed_since_it_was_sent_is_published_by_its_revision_only():
    article = make_article()
    services.send_for_review(article_id=article.pk, actor=None, at=AT)
    client, path = caller(roles.SUPPORT_LEAD), f"{API}/articles/{article.pk}"
    client.post(f"{path}/save/", {"revision": 0, "body": "Another text."})

    refused = client.post(f"{path}/publish/", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "kb_article_stale")
    assert not ArticleVersion.objects.exists()

    assert client.get(f"{path}/").json()["review_asked_at"] is not None
    shown = client.post(f"{path}/publish/", {"revision": 1}).json()
    assert (shown["published"]["body"], shown["review_asked_at"]) == (
        "Another text.",
        None,
    )


def test_published_article_is_archived_with_a_redirect():
    old, new = published_article("Old"), published_article("New")

    answer = caller(roles.TEAM_LEAD).post(
        f"{API}/articles/{old.pk}/archive/", {"redirects_to": new.pk}
    )

    assert answer.status_code == 200, answer.json()
    assert (answer.json()["state"], answer.json()["redirects_to"]) == (
        "ARCHIVED",
        new.pk,
    )


def test_text_that_readers_see_already_is_not_published_again():
    article = published_article()

    answer = caller(roles.SUPPORT_LEAD).post(
        f"{API}/articles/{article.pk}/publish/", {}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "kb_nothing_changed")
    assert article.versions.count() == 1


@pytest.mark.parametrize(
    ("role", "verb", "status"),
    [
        (roles.AGENT, "save", 200),
        (roles.AGENT, "publish", 403),
        (roles.AGENT, "archive", 403),
        (roles.QA_REVIEWER, "save", 200),
        (roles.QA_REVIEWER, "publish", 403),
        (roles.TEAM_LEAD, "publish", 200),
        (roles.WORKFORCE_MANAGER, "save", 403),
        (roles.EXECUTIVE, "save", 403),
        (roles.EXECUTIVE, "archive", 403),
    ],
)
def test_roles_write_what_the_portal_lets_them(role, verb, status):
    article = make_article()
    body = {"revision": 0, "body": "Mine"} if verb == "save" else {}

    answer = caller(role).post(f"{API}/articles/{article.pk}/{verb}/", body)

    assert answer.status_code == status
    article.refresh_from_db()
    if status == 403:
        assert (article.state, article.revision) == ("DRAFT", 0)


def test_writing_needs_its_scope():
    article = make_article()
    reader = caller(roles.SUPPORT_LEAD, scopes=["kb:read", "tickets:write"])

    assert reader.get(f"{API}/articles/").status_code == 200
    assert reader.post(f"{API}/articles/{article.pk}/publish/", {}).status_code == 403
    assert reader.post(f"{API}/synonyms/", {}).status_code == 403
    assert reader.post(f"{API}/flags/", {}).status_code == 403


@pytest.mark.parametrize("role", [roles.SUPPORT_LEAD, roles.AGENT])
def test_scope_of_another_area_reads_nothing(role):
    stranger = caller(role, scopes=["tickets:read", "metrics:read", "kb:write"])

    for path in (
        "articles",
        "versions",
        "topics",
        "synonyms",
        "known-questions",
        "flags",
    ):
        assert stranger.get(f"{API}/{path}/").status_code == 403
    assert stranger.get(f"{API}/search/?q=password").status_code == 403


# Articles for staff only ------------------------------------------------------------------


def test_internal_article_does_not_leak():
    secret = published_article("Reset a tenant by hand", audience="INTERNAL")
    public = published_article("Reset your password")
    question = KnownQuestion.objects.create(
        text="tenant reset", article=secret, source="HAND", created_at=AT
    )
    flag = Flag.objects.create(
        kind="WRONG", article=secret, text="Old tenant menu", flagged_at=AT
    )
    client = outsider("kb.change_article", "kb.publish_article", "kb.add_flag")

    assert ids(client.get(f"{API}/articles/")) == {public.pk}
    assert ids(client.get(f"{API}/versions/")) == {public.published_id}
    assert ids(client.get(f"{API}/known-questions/")) == set()
    assert ids(client.get(f"{API}/flags/")) == set()
    for path in (
        f"articles/{secret.pk}",
        f"versions/{secret.published_id}",
        f"known-questions/{question.pk}",
        f"flags/{flag.pk}",
    ):
        assert client.get(f"{API}/{path}/").status_code == 404
    for verb in ("save", "publish", "archive"):
        answer = client.post(f"{API}/articles/{secret.pk}/{verb}/", {"revision": 0})
        assert answer.status_code == 404
    found = client.get(f"{API}/search/", {"q": "reset tenant by hand"}).json()
    assert {hit["article"] for hit in found["hits"]} <= {public.pk}
    asked = {"q": "reset tenant by hand", "audience": "internal"}
    found = client.get(f"{API}/search/", asked).json()
    assert {hit["article"] for hit in found["hits"]} <= {public.pk}
    answer = client.post(
        f"{API}/flags/", {"kind": "WRONG", "text": "Is it?", "article": secret.pk}
    )
    assert answer.status_code == 400
    answer = client.post(
        f"{API}/articles/{public.pk}/archive/", {"redirects_to": secret.pk}
    )
    assert answer.status_code == 400
    assert Flag.objects.count() == 1


def test_staff_reads_internal_articles():
    secret = published_article("Reset a tenant by hand", audience="INTERNAL")
    client = caller(roles.AGENT)

    assert ids(client.get(f"{API}/articles/")) == {secret.pk}
    found = client.get(f"{API}/search/", {"q": "reset tenant"}).json()
    assert [hit["article"] for hit in found["hits"]] == [secret.pk]
    found = client.get(f"{API}/search/", {"q": "reset tenant", "audience": "public"})
    assert found.json()["hits"] == []


# Search -----------------------------------------------------------------------------------


def test_search_answers_with_passage_and_correction():
    article = published_article(
        "Change your password", body="Open Settings, then Security."
    )
    published_article("Export an invoice")

    found = caller(roles.AGENT).get(f"{API}/search/", {"q": "change pasword"}).json()

    assert found["query"] == "change pasword"
    assert found["corrected"] == "change password"
    hit = found["hits"][0]
    assert (hit["article"], hit["rank"]) == (article.pk, 1)
    assert hit["slug"] == "change-your-password"
    assert 0 <= hit["confidence"] <= 1


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "  "},
        {"q": "x" * 301},
        {"q": "a", "audience": "everybody"},
        {"q": "a", "limit": "0"},
        {"q": "a", "limit": "51"},
        {"q": "a", "limit": "ten"},
        {"q": "a", "language": "xx"},
        {"q": "a", "page": "2"},
    ],
)
def test_search_that_cannot_be_read_is_told(query):
    answer = caller(roles.AGENT).get(f"{API}/search/", query)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


# Versions, topics -------------------------------------------------------------------------


def test_versions_of_an_article_tell_which_is_read():
    article = published_article()
    Article.objects.filter(pk=article.pk).update(body="Newer.")
    client = caller(roles.TEAM_LEAD)
    client.post(f"{API}/articles/{article.pk}/publish/", {})
    published_article("Another")

    found = rows(client.get(f"{API}/versions/", {"article": article.pk}))
    one = client.get(f"{API}/versions/{found[0]['id']}/").json()

    assert [(row["number"], row["is_published"]) for row in found] == [
        (2, True),
        (1, False),
    ]
    assert "body" not in found[0]
    assert one["body"] == "Newer."


def test_topics_are_listed_with_their_place():
    top = make_topic("Account")
    below = make_topic("Sign in", parent=top)

    found = rows(caller(roles.AGENT).get(f"{API}/topics/"))

    places = {row["id"]: (row["level"], row["parent"]) for row in found}
    assert places[top.pk] == (1, None)
    assert places[below.pk] == (2, top.pk)


def test_topics_have_their_names_in_other_languages():
    topic = make_topic("Account")
    topic.translations.create(language="ja", name="アカウント")
    topic.translations.create(language="de", name="Konto", description="Ihr Konto.")

    found = {row["id"]: row for row in rows(caller(roles.AGENT).get(f"{API}/topics/"))}

    assert found[topic.pk]["name"] == "Account"
    assert found[topic.pk]["translations"] == [
        {"language": "de", "name": "Konto", "description": "Ihr Konto."},
        {"language": "ja", "name": "アカウント", "description": ""},
    ]


# Synonyms, questions, flags ---------------------------------------------------------------


def test_synonym_is_entered_and_switched_off():
    client = caller(roles.TEAM_LEAD)
    made = client.post(f"{API}/synonyms/", {"term": "invoice", "same_as": ["bill"]})
    assert made.status_code == 201, made.json()

    off = client.post(
        f"{API}/synonyms/{made.json()['id']}/save/",
        {"term": "invoice", "same_as": ["bill"], "is_active": False},
    )
    taken = client.post(f"{API}/synonyms/", {"term": "Invoice", "same_as": ["x"]})

    assert (off.status_code, off.json()["is_active"]) == (200, False)
    assert (taken.status_code, taken.json()["code"]) == (409, "synonym_taken")
    assert Synonym.objects.count() == 1


def test_synonyms_are_entered_by_leads_only():
    answer = caller(roles.AGENT).post(
        f"{API}/synonyms/", {"term": "invoice", "same_as": ["bill"]}
    )

    assert answer.status_code == 403
    assert not Synonym.objects.exists()


def test_known_question_is_entered_once():
    article = published_article()
    client = caller(roles.SUPPORT_LEAD)
    body = {"text": "New password?", "article": article.pk}

    made = client.post(f"{API}/known-questions/", body)
    again = client.post(f"{API}/known-questions/", body)

    assert (made.status_code, made.json()["source"]) == (201, "HAND")
    assert (again.status_code, again.json()["code"]) == (409, "question_exists")
    assert ids(client.get(f"{API}/known-questions/", {"article": article.pk})) == {
        made.json()["id"]
    }


def test_flag_is_raised_on_a_ticket_the_caller_sees():
    article, ticket = published_article(), open_ticket()
    client = caller(roles.SUPPORT_LEAD)
    body = {
        "kind": "WRONG",
        "text": "The menu moved",
        "article": article.pk,
        "ticket": ticket.pk,
    }

    made = client.post(f"{API}/flags/", body)
    again = client.post(f"{API}/flags/", body)

    assert made.status_code == 201, made.json()
    assert (made.json()["ticket"], made.json()["state"]) == (ticket.pk, "OPEN")
    assert (again.status_code, again.json()["code"]) == (409, "flag_refused")
    assert ids(client.get(f"{API}/flags/", {"state": "OPEN"})) == {made.json()["id"]}
    assert ids(client.get(f"{API}/flags/", {"kind": "MISSING"})) == set()


def test_ticket_of_a_flag_shows_only_to_who_sees_it():
    ticket = open_ticket(team=TeamFactory())
    Flag.objects.create(kind="MISSING", ticket=ticket, text="None", flagged_at=AT)
    client = outsider("kb.add_flag")

    assert [row["ticket"] for row in rows(client.get(f"{API}/flags/"))] == [None]
    answer = client.post(
        f"{API}/flags/", {"kind": "MISSING", "text": "None", "ticket": ticket.pk}
    )
    assert answer.status_code == 400
    assert Flag.objects.count() == 1


# Cost -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("articles", 1),
        ("versions", 1),
        ("topics", 2),
        ("synonyms", 1),
        ("known-questions", 1),
        ("flags", 2),
    ],
)
@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_at_one_and_three(
    path, queries, count, django_assert_num_queries
):
    for number in range(count):
        article = published_article(
            f"Article {number}",
            owner=UserFactory(),
            topic=make_topic(f"Topic {number}"),
        )
        Synonym.objects.create(term=f"w{number}", same_as=["x"])
        KnownQuestion.objects.create(
            text=f"q{number}", article=article, source="HAND", created_at=AT
        )
        Flag.objects.create(
            kind="WRONG",
            article=article,
            ticket=open_ticket(),
            text="Old",
            flagged_by=UserFactory(),
            flagged_at=AT,
        )
    client = caller(roles.SUPPORT_LEAD)
    client.get(f"{API}/{path}/")

    # Besides: token, permissions of the person and of the groups.
    with django_assert_num_queries(queries + 3):
        found = rows(client.get(f"{API}/{path}/"))
    # The help centre begins with seven topics.
    assert len(found) == count + (7 if path == "topics" else 0)
