"""Working copies, review, publication, archiving, settings, links, translations, topics."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kb.core.article_templates import template_of
from kb.models import Article, ArticleLink, IndexVersion, Kind, Topic
from kb.services import articles as services
from kb.services.articles import LinkTo
from supportops.common import roles
from supportops.notifications.models import Notification
from tests.factories.kb import make_article, make_topic, published_article
from tests.factories.people import UserFactory
from tickets.models import CustomerTier

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def agent():
    return UserFactory(role=roles.AGENT)


def lead():
    return UserFactory(role=roles.SUPPORT_LEAD)


def make_tier(name="Enterprise"):
    return CustomerTier.objects.get_or_create(code=name.lower(), name=name)[0]


def save(article, body="New text.", revision=None, actor=None, **text):
    return services.save_working_copy(
        article_id=article.pk,
        title=text.get("title", article.title),
        summary=text.get("summary", article.summary),
        body=body,
        keywords=text.get("keywords", article.keywords),
        revision=article.revision if revision is None else revision,
        actor=actor,
        at=NOW,
    )


def publish(article, actor=None, at=NOW, **more):
    return services.publish(article_id=article.pk, actor=actor, at=at, **more)


def state_of(article):
    return Article.objects.get(pk=article.pk).state


def index_number():
    return IndexVersion.objects.values_list("number", flat=True).first() or 0


# Writing ----------------------------------------------------------------------------------


def test_new_article_starts_from_the_template_of_its_kind():
    author = agent()
    article = services.create_article(
        kind=Kind.TROUBLESHOOTING,
        topic_id=make_topic().pk,
        language="en",
        actor=author,
        at=NOW,
        title="The invoice is blank",
    )
    assert article.body == template_of("TROUBLESHOOTING").body
    assert (article.slug, article.state) == ("the-invoice-is-blank", "DRAFT")
    assert (article.owner, article.revision) == (author, 0)


def test_new_article_takes_a_free_address():
    make_article(slug="log-in")
    article = services.create_article(
        kind=Kind.FAQ, topic_id=make_topic().pk, language="en", actor=None, at=NOW,
        title="Log in", body="x",
    )  # fmt: skip
    assert article.slug == "log-in-2"


def test_executive_may_not_write():
    with pytest.raises(services.NotYours):
        services.create_article(
            kind=Kind.FAQ, topic_id=make_topic().pk, language="en",
            actor=UserFactory(role=roles.EXECUTIVE), at=NOW,
        )  # fmt: skip
    assert not Article.objects.exists()


def test_article_in_an_unknown_language_is_refused():
    with pytest.raises(services.SettingsRefused):
        services.create_article(
            kind=Kind.FAQ, topic_id=make_topic().pk, language="xx", actor=None, at=NOW
        )
    assert not Article.objects.exists()


def test_saving_counts_the_revision_and_leaves_readers_their_version():
    article = published_article()
    saved = save(
        article, "Another text.", keywords=["reset ", "Reset", "", "pass word"]
    )
    article.refresh_from_db()
    assert saved.revision == article.revision == 1
    assert article.body == "Another text."
    assert article.keywords == ["reset", "pass word"]
    assert article.published.body == "How to change your password."


def test_stale_save_is_refused_and_writes_nothing():
    article = make_article()
    save(article, "Hers.")
    with pytest.raises(services.StaleArticle) as refusal:
        save(article, "His.", revision=0)
    assert refusal.value.revision == 1
    assert Article.objects.get().body == "Hers."


def test_same_text_sent_twice_is_saved_once():
    article = make_article()
    save(article, "Hers.")
    assert save(article, "Hers.", revision=0).revision == 1


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ({"title": " "}, "x"),
        ({"title": "t" * 161}, "x"),
        ({"summary": "s" * 301}, "x"),
        ({"keywords": ["w" * 81]}, "x"),
        ({"keywords": [str(number) for number in range(61)]}, "x"),
        ({}, "x" * 100_001),
    ],
)
def test_text_that_does_not_fit_is_refused(text, body):
    article = make_article()
    with pytest.raises(services.TextRefused):
        save(article, body, **text)
    assert Article.objects.get().revision == 0


def test_archived_article_is_not_written():
    article = make_article(state="ARCHIVED")
    with pytest.raises(services.StateRefused):
        save(article)
    assert Article.objects.get().body == article.body


# Review -----------------------------------------------------------------------------------


def send(article, actor=None):
    return services.send_for_review(article_id=article.pk, actor=actor, at=NOW)


def give_back(article, actor, note="The second step is missing."):
    return services.give_back(article_id=article.pk, note=note, actor=actor, at=LATER)


def test_review_of_a_draft_tells_the_reviewers():
    article, reviewer = make_article(), lead()
    article.reviewers.add(reviewer)
    send(article, agent())
    assert state_of(article) == "REVIEW"
    told = Notification.objects.get()
    assert (told.recipient, told.url) == (reviewer, f"/kb/articles/{article.pk}/")


def test_published_article_stays_published_while_its_next_text_is_reviewed():
    article = published_article()
    save(article)
    send(article)
    article.refresh_from_db()
    assert (article.state, article.review_asked_at) == ("PUBLISHED", NOW)
    publish(article, at=LATER)
    article.refresh_from_db()
    assert article.review_asked_at is None


def test_article_is_not_sent_twice():
    article = make_article()
    send(article)
    with pytest.raises(services.StateRefused):
        send(article)


def test_empty_article_is_not_sent():
    article = make_article(body=" \n")
    with pytest.raises(services.TextRefused):
        send(article)
    assert state_of(article) == "DRAFT"


def test_given_back_article_is_a_draft_and_its_author_knows_why():
    article, author = make_article(), agent()
    send(article, author)
    give_back(article, lead())
    article.refresh_from_db()
    assert (article.state, article.review_note) == (
        "DRAFT",
        "The second step is missing.",
    )
    assert Notification.objects.get().recipient == author


def test_review_is_given_back_with_a_note_by_a_reviewer_only():
    article, author = make_article(), agent()
    send(article, author)
    with pytest.raises(services.NotYours):
        give_back(article, agent())
    with pytest.raises(services.TextRefused):
        give_back(article, lead(), note=" ")
    assert state_of(article) == "REVIEW"


def test_author_takes_an_article_back_without_a_note():
    article, author = make_article(), agent()
    send(article, author)
    give_back(article, author, note="")
    assert state_of(article) == "DRAFT"
    assert not Notification.objects.exists()


# Publication ------------------------------------------------------------------------------


def test_publication_freezes_the_working_copy():
    article, actor = make_article(review_every_days=30), lead()
    before = index_number()
    version = publish(article, actor, note="First")
    article.refresh_from_db()
    assert (version.number, version.body, version.note) == (1, article.body, "First")
    assert (article.state, article.published) == ("PUBLISHED", version)
    assert (article.first_published_at, article.reviewed_at) == (NOW, NOW)
    assert article.review_due_on == date(2026, 4, 3)
    assert index_number() > before
    entry = article.history.order_by("-history_id").first()
    assert (entry.state, entry.history_user, entry.history_date) == (
        "PUBLISHED", actor, NOW,
    )  # fmt: skip


def test_second_publication_keeps_the_first_day():
    article = published_article()
    save(article)
    assert publish(article, at=LATER).number == 2
    article.refresh_from_db()
    assert article.first_published_at < article.published_at == LATER


def test_agent_may_not_publish():
    article = make_article()
    with pytest.raises(services.NotYours):
        publish(article, agent())
    assert state_of(article) == "DRAFT"
    assert not article.versions.exists()


def test_article_with_reviewers_is_published_by_one_of_them():
    article, reviewer = make_article(), lead()
    article.reviewers.add(reviewer)
    with pytest.raises(services.NotAReviewer):
        publish(article, lead())
    assert publish(article, reviewer).number == 1


def test_same_text_is_not_published_twice():
    article = published_article()
    with pytest.raises(services.NothingChanged):
        publish(article)
    assert article.versions.count() == 1


def test_publication_of_a_text_that_was_changed_meanwhile_is_refused():
    article = make_article()
    save(article)
    with pytest.raises(services.StaleArticle):
        publish(article, revision=0)
    assert not article.versions.exists()


def test_reverting_publishes_the_old_text_anew():
    article = published_article()
    first = article.published
    save(article)
    publish(article)
    version = services.revert(
        article_id=article.pk, version_id=first.pk, actor=None, at=LATER
    )
    article.refresh_from_db()
    assert (version.number, version.body) == (3, first.body)
    assert (article.published, article.body) == (version, first.body)


def test_reverting_leaves_work_that_is_not_published_yet():
    article = published_article()
    first = article.published
    save(article)
    publish(article)
    article.refresh_from_db()
    save(article, "Half a sentence")
    services.revert(article_id=article.pk, version_id=first.pk, actor=None, at=LATER)
    assert Article.objects.get().body == "Half a sentence"


def test_reverting_to_what_readers_see_is_refused():
    article = published_article()
    with pytest.raises(services.NothingChanged):
        services.revert(
            article_id=article.pk, version_id=article.published_id, actor=None, at=LATER
        )
    assert article.versions.count() == 1


def test_review_moves_the_next_review_day():
    owner = agent()
    article = published_article(owner=owner, review_every_days=10)
    services.mark_reviewed(article_id=article.pk, actor=owner, at=NOW)
    article.refresh_from_db()
    assert (article.reviewed_at, article.review_due_on) == (NOW, date(2026, 3, 14))
    with pytest.raises(services.NotYours):
        services.mark_reviewed(article_id=article.pk, actor=agent(), at=LATER)


# Archiving --------------------------------------------------------------------------------


def archive(*articles, to=None, actor=None):
    return services.archive(
        article_ids=[article.pk for article in articles],
        redirects_to=to.pk if to else None,
        actor=actor,
        at=NOW,
    )


def test_archived_articles_send_their_readers_on():
    old, older, new = (published_article(name) for name in ("Old", "Older", "New"))
    archive(old, older, to=new)
    found = Article.objects.filter(redirects_to=new, state="ARCHIVED")
    assert set(found) == {old, older}
    assert state_of(new) == "PUBLISHED"


def test_redirects_never_form_a_chain():
    first, second, third = (published_article(name) for name in ("A", "B", "C"))
    archive(first, to=second)
    archive(second, to=third)
    first.refresh_from_db()
    assert first.redirects_to == third


def test_archiving_what_others_redirect_to_needs_a_place_for_them():
    first, second = published_article("A"), published_article("B")
    archive(first, to=second)
    with pytest.raises(services.RedirectRefused):
        archive(second)
    assert state_of(second) == "PUBLISHED"


def test_loops_and_targets_nobody_reads_are_refused():
    first, second = published_article("A"), published_article("B")
    with pytest.raises(services.RedirectRefused):
        archive(first, second, to=first)
    with pytest.raises(services.RedirectRefused):
        archive(first, to=make_article("Draft"))
    archive(first, to=second)
    with pytest.raises(services.RedirectRefused):
        archive(second, to=first)
    assert (state_of(first), state_of(second)) == ("ARCHIVED", "PUBLISHED")


def test_public_article_does_not_redirect_to_one_for_staff():
    article = published_article("A")
    with pytest.raises(services.RedirectRefused):
        archive(article, to=published_article("B", audience="INTERNAL"))
    assert state_of(article) == "PUBLISHED"


def test_agent_may_not_archive():
    article = published_article()
    with pytest.raises(services.NotYours):
        archive(article, actor=agent())
    assert state_of(article) == "PUBLISHED"


def test_restored_article_is_what_it_was():
    seen, draft = published_article("Seen"), make_article("Draft")
    archive(seen, draft)
    for article in (seen, draft):
        services.restore(article_id=article.pk, actor=None, at=LATER)
    assert (state_of(seen), state_of(draft)) == ("PUBLISHED", "DRAFT")


# Settings ---------------------------------------------------------------------------------


def change(article, actor=None, **changes):
    return services.change_settings(
        article_id=article.pk, actor=actor, at=NOW, **changes
    )


def test_settings_are_changed_and_the_rest_stays():
    article, owner, tier = make_article(), agent(), make_tier()
    change(article, audience="PLAN", tier_ids=[tier.pk], owner_id=owner.pk, slug="new")
    article.refresh_from_db()
    assert (article.audience, article.owner, article.slug) == ("PLAN", owner, "new")
    assert list(article.tiers.all()) == [tier]
    change(article, audience="PUBLIC")
    assert not article.tiers.exists()
    assert Article.objects.get().owner == owner


@pytest.mark.parametrize(
    "changes",
    [
        {"audience": "PLAN"},
        {"audience": "ALL"},
        {"kind": "NOVEL"},
        {"slug": "Not an address"},
        {"slug": ""},
        {"language": "xx"},
        {"review_every_days": 0},
        {"topic_id": 0},
        {"owner_id": 0},
        {"tier_ids": [0], "audience": "PLAN"},
        {"category_ids": [0]},
        {"reviewer_ids": [0]},
    ],
)
def test_settings_that_do_not_exist_are_refused(changes):
    article = make_article()
    with pytest.raises(services.SettingsRefused):
        change(article, **changes)
    article.refresh_from_db()
    assert (article.audience, article.slug) == ("PUBLIC", "change-your-password")


def test_address_of_another_article_is_refused():
    make_article("Other", slug="taken")
    article = make_article()
    with pytest.raises(services.AddressTaken):
        change(article, slug="taken")


def test_agent_may_change_a_draft_but_not_what_readers_see():
    author, topic = agent(), make_topic("Accounts")
    change(make_article("Draft"), author, topic_id=topic.pk, audience="INTERNAL")
    article = published_article()
    change(article, author, owner_id=author.pk, audience="PUBLIC")
    with pytest.raises(services.NotYours):
        change(article, author, audience="INTERNAL")
    with pytest.raises(services.NotYours):
        change(article, author, reviewer_ids=[author.pk])
    assert Article.objects.get(pk=article.pk).audience == "PUBLIC"


def test_many_articles_change_together_or_not_at_all():
    first, second, topic = make_article("A"), published_article("B"), make_topic("New")
    ids = [first.pk, second.pk]
    services.change_many(article_ids=ids, actor=None, at=NOW, topic_id=topic.pk)
    assert set(topic.articles.all()) == {first, second}
    with pytest.raises(services.StateRefused):
        services.change_many(article_ids=ids, actor=None, at=NOW, is_reviewed=True)
    second.refresh_from_db()
    assert second.review_due_on is None


# Links ------------------------------------------------------------------------------------


def link(article, *links):
    return services.set_links(article_id=article.pk, links=links, actor=None, at=NOW)


def test_links_are_replaced_in_their_order():
    article, first, second = (make_article(name) for name in "ABC")
    link(article, LinkTo(first.pk))
    link(article, LinkTo(second.pk, "BEFORE"), LinkTo(first.pk, "BEFORE"))
    found = article.links.values_list("target", "kind")
    assert list(found) == [(second.pk, "BEFORE"), (first.pk, "BEFORE")]


def test_links_that_lead_nowhere_are_refused():
    article = make_article()
    for target, kind in (
        (article.pk, "RELATED"),
        (0, "RELATED"),
        (make_article("Gone", state="ARCHIVED").pk, "RELATED"),
        (make_article("Other").pk, "COUSIN"),
    ):
        with pytest.raises(services.LinkRefused):
            link(article, LinkTo(target, kind))
    assert not ArticleLink.objects.exists()


def test_article_is_not_read_before_itself():
    first, second, third = (make_article(name) for name in "ABC")
    link(first, LinkTo(second.pk, "BEFORE"))
    link(second, LinkTo(third.pk, "BEFORE"))
    with pytest.raises(services.LinkRefused):
        link(third, LinkTo(first.pk, "BEFORE"))
    link(third, LinkTo(first.pk, "NEXT"))
    assert ArticleLink.objects.filter(kind="BEFORE").count() == 2


# Translations -----------------------------------------------------------------------------


def translate(article, language="ja"):
    return services.start_translation(
        article_id=article.pk, language=language, actor=None, at=NOW
    )


def test_translation_is_a_draft_at_the_same_address():
    tier = make_tier()
    article = published_article(audience="PLAN", tiers=[tier])
    made = translate(article)
    assert (made.slug, made.language, made.state) == (article.slug, "ja", "DRAFT")
    assert made.translation_of == article
    assert list(made.tiers.all()) == [tier]


def test_second_translation_into_a_language_is_refused():
    article = published_article()
    made = translate(article)
    for source, language in (
        (article, "ja"),
        (article, "en"),
        (made, "ja"),
        (made, "en"),
    ):
        with pytest.raises(services.TranslationRefused):
            translate(source, language)
    assert Article.objects.count() == 2


# Topics -----------------------------------------------------------------------------------


def add(name, parent=None, actor=None):
    parent_id = parent.pk if parent else None
    return services.add_topic(name=name, parent_id=parent_id, actor=actor)


def move(topic, parent=None, before=None):
    return services.move_topic(
        topic_id=topic.pk,
        parent_id=parent.pk if parent else None,
        before_id=before.pk if before else None,
        actor=None,
    )


def test_seven_standard_topics_are_there():
    assert list(Topic.objects.values_list("kind", flat=True)) == list(Kind.values)


def test_fourth_level_is_refused():
    second = add("Two", add("One"))
    third = add("Three", second)
    assert third.level == 3
    with pytest.raises(services.TopicRefused):
        add("Four", third)
    with pytest.raises(services.TopicRefused):
        move(second, parent=add("Other", add("Top")))
    second.refresh_from_db()
    assert second.level == 2


def test_topic_moves_with_what_is_below_it():
    top, other = add("Top"), add("Other")
    below = add("Below", top)
    with pytest.raises(services.TopicRefused):
        move(top, parent=below)
    move(top, parent=other)
    below.refresh_from_db()
    assert below.level == 3


def test_topic_is_put_before_another():
    Topic.objects.all().delete()
    first, second, third = add("A"), add("B"), add("C")
    move(third, before=second)
    assert list(Topic.objects.all()) == [first, third, second]


def test_only_an_empty_topic_is_deleted():
    topic = add("Invoices")
    make_article(topic=topic)
    with pytest.raises(services.TopicRefused):
        services.delete_topic(topic_id=topic.pk, actor=None)
    Article.objects.all().delete()
    services.delete_topic(topic_id=topic.pk, actor=None)
    assert not Topic.objects.filter(pk=topic.pk).exists()


def test_renamed_topic_keeps_its_address():
    topic = add("Invoices")
    services.change_topic(topic_id=topic.pk, name="Bills", actor=lead())
    topic.refresh_from_db()
    assert (topic.name, topic.slug) == ("Bills", "invoices")
    with pytest.raises(services.NotYours):
        services.change_topic(topic_id=topic.pk, name="Money", actor=agent())
    with pytest.raises(services.AddressTaken):
        services.change_topic(topic_id=topic.pk, name="x", slug="faq", actor=None)


def test_text_with_places_of_its_template_goes_to_no_reader():
    article = make_article(body=template_of(Kind.HOW_TO).body)

    with pytest.raises(services.TextRefused, match="not filled in yet"):
        services.send_for_review(article_id=article.pk, actor=agent(), at=NOW)
    with pytest.raises(services.TextRefused, match="not filled in yet"):
        services.publish(article_id=article.pk, actor=lead(), at=NOW)
    article.refresh_from_db()
    assert article.state == Article.State.DRAFT
    assert not article.versions.exists()
