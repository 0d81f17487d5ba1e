"""Known questions: grown from clicks, entered by hand, checked before a change."""

import json
import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from kb import search
from kb.core.search import Synonym as SearchSynonym
from kb.models import Article, IndexVersion, KnownQuestion
from kb.selectors import known_questions as selectors
from kb.selectors.readers import audience_of
from kb.services import known_questions as services
from kb.services.indexing import touch_index
from kb.tasks.known_questions import grow_known_questions
from tests.factories.kb import AT, make_article, published_article
from tests.factories.kb_search import make_question, make_synonym
from tests.factories.people import UserFactory
from tests.factories.self_service import make_search
from tests.factories.tickets import open_ticket
from tickets.models import CustomerTier

pytestmark = pytest.mark.django_db


@pytest.fixture
def password() -> Article:
    return published_article("Change your password")


@pytest.fixture
def invoice() -> Article:
    return published_article("Download an invoice")


def click(text: str, article: Article, *visitors: str, **fields) -> None:
    for visitor in visitors:
        make_search(text, clicked=article, visitor=visitor, at=AT, **fields)


def grow():
    return services.grow_from_clicks(at=AT + timedelta(hours=1))


# Growing


def test_three_visitors_who_open_the_same_article_make_a_question(
    password: Article,
) -> None:
    click("change pw", password, "a", "b", "c", "c")

    assert grow() == (1, 0, 0)

    [question] = KnownQuestion.objects.all()
    assert (question.text, question.article, question.source, question.weight) == (
        "change pw", password, "CLICKS", 3,
    )  # fmt: skip
    assert grow() == (0, 0, 0)


def test_two_visitors_make_none(password: Article) -> None:
    click("change pw", password, "a", "b", "b", "b")

    assert grow() == (0, 0, 0)
    assert not KnownQuestion.objects.exists()


def test_visitors_who_do_not_agree_make_none(
    password: Article, invoice: Article
) -> None:
    click("change", password, "a", "b", "c")
    click("change", invoice, "d", "e", "f")

    assert grow().added == 0

    click("change", password, "g", "h")
    # Five of eight are 62.5 %.
    assert grow().added == 1


def test_who_searched_again_or_wrote_a_ticket_had_not_found_it(
    password: Article,
) -> None:
    again = make_search("other words", visitor="z")
    click("change pw", password, "a", "b")
    click("change pw", password, "c", refined_by=again)
    click("change pw", password, "d", ticket=open_ticket())

    assert grow().added == 0


def test_old_clicks_and_articles_no_longer_published_do_not_count(
    password: Article, invoice: Article
) -> None:
    for visitor in "abc":
        make_search("pw", clicked=password, visitor=visitor, at=AT - timedelta(days=91))
    click("invoice", invoice, "a", "b", "c")
    Article.objects.filter(pk=invoice.pk).update(state="ARCHIVED")

    assert grow().added == 0


def test_clicks_move_what_came_from_clicks_only(
    password: Article, invoice: Article
) -> None:
    moved = make_question("pw", invoice, source="CLICKS", weight=9)
    by_hand = make_question("my pw", invoice, weight=7)
    off = make_question("pw off", invoice, source="CLICKS", is_active=False)
    for text in ("pw", "my pw", "pw off"):
        click(text, password, "a", "b", "c")

    assert grow() == (0, 1, 0)

    for question in (moved, by_hand, off):
        question.refresh_from_db()
    assert (moved.article, moved.weight) == (password, 3)
    assert (by_hand.article, by_hand.weight) == (invoice, 7)
    assert (off.article, off.is_active) == (invoice, False)


def test_a_question_by_hand_is_the_same_whatever_its_capitals(
    password: Article,
) -> None:
    make_question("Change PW", password)
    click("change pw", password, "a", "b", "c")

    assert grow().added == 0


def test_the_nightly_task_grows(password: Article) -> None:
    for visitor in "abc":
        make_search(
            "pw", clicked=password, visitor=visitor,
            at=timezone.now() - timedelta(days=1),
        )  # fmt: skip

    assert grow_known_questions() == 1


# By hand


def test_add_question_tidies_spaces(password: Article) -> None:
    question = services.add_question(
        text="  change   pw ", article_id=password.pk, language="en", weight=4, at=AT
    )

    assert (question.text, question.source, question.weight) == ("change pw", "HAND", 4)


@pytest.mark.parametrize(
    ("text", "weight"), [("", 1), ("   ", 1), ("x" * 301, 1), ("pw", 0), ("pw", -1)]
)
def test_unusable_questions_are_refused(
    password: Article, text: str, weight: int
) -> None:
    with pytest.raises(services.QuestionUnusable):
        services.add_question(
            text=text, article_id=password.pk, language="en", weight=weight, at=AT
        )

    assert not KnownQuestion.objects.exists()


def test_a_question_for_a_draft_is_refused() -> None:
    with pytest.raises(services.QuestionUnusable):
        services.add_question(
            text="pw", article_id=make_article().pk, language="en", weight=1, at=AT
        )

    assert not KnownQuestion.objects.exists()


def test_the_same_question_twice_is_refused_but_in_another_language(
    password: Article,
) -> None:
    make_question("change pw", password)

    with pytest.raises(services.QuestionExists):
        services.add_question(
            text="Change PW", article_id=password.pk, language="en", weight=1, at=AT
        )
    services.add_question(
        text="change pw", article_id=password.pk, language="de", weight=1, at=AT
    )

    assert KnownQuestion.objects.count() == 2


def test_change_question_makes_it_one_by_hand(
    password: Article, invoice: Article
) -> None:
    question = make_question("pw", password, source="CLICKS")

    services.change_question(
        question_id=question.pk, text="pw", article_id=invoice.pk, language="en",
        weight=2,
    )  # fmt: skip

    question.refresh_from_db()
    assert (question.article, question.source) == (invoice, "HAND")


def test_set_question_active_may_be_repeated(password: Article) -> None:
    question = make_question("pw", password)

    for is_active in (False, False, True):
        services.set_question_active(question_id=question.pk, is_active=is_active)
        question.refresh_from_db()
        assert question.is_active is is_active


# Checking


def test_check_says_where_each_article_stands(
    password: Article, invoice: Article
) -> None:
    make_question("change my password", password, weight=3)
    make_question("invoice", password, weight=2)
    make_question("switched off", password, is_active=False)

    checked = selectors.check()

    assert [(place.question.text, place.rank) for place in checked.places] == [
        ("change my password", 1), ("invoice", None),
    ]  # fmt: skip
    assert (checked.n, checked.first, checked.shown) == (2, 1, 1)
    assert [place.question.text for place in checked.failing] == ["invoice"]


def test_an_article_no_longer_published_fails(password: Article) -> None:
    make_question("password", password)
    assert selectors.check().first == 1

    Article.objects.filter(pk=password.pk).update(state="ARCHIVED")
    touch_index(at=AT)

    [place] = selectors.check().places
    assert (place.rank, place.is_published) == (None, False)


def test_each_is_asked_by_who_may_just_read_its_article() -> None:
    gold = CustomerTier.objects.create(code="gold", name="Gold", rank=1)
    public = published_article("Password")
    staff = published_article("Password of staff", slug="b", audience="INTERNAL")
    plan = published_article(
        "Password of gold", slug="c", audience="PLAN", tiers=[gold]
    )
    for article in (public, staff, plan):
        make_question(f"password {article.slug}", article)

    ranks = {
        place.question.article_id: place.rank for place in selectors.check().places
    }

    assert set(ranks) == {public.pk, staff.pk, plan.pk}
    assert ranks[public.pk] == 1
    assert None not in ranks.values()


def test_check_takes_two_queries_for_one_and_three_questions(
    password: Article, django_assert_num_queries
) -> None:
    make_question("a password", password)
    selectors.check()
    with django_assert_num_queries(2):
        selectors.check()

    make_question("my password", password)
    make_question("the password", password)
    with django_assert_num_queries(2):
        selectors.check()


# What breaks


def test_what_breaks_tells_what_another_text_would_do(
    password: Article, invoice: Article
) -> None:
    make_question("change my password", password)
    make_question("download an invoice", invoice)
    make_question("rotate credentials", password)

    effect = selectors.what_breaks(
        article_id=password.pk,
        title="Rotate your credentials",
        summary="",
        body="Rotate them.",
        keywords=[],
    )

    assert [
        (change.question.text, change.before, change.after) for change in effect.broken
    ] == [("change my password", 1, None)]
    assert [
        (change.question.text, change.before, change.after) for change in effect.mended
    ] == [("rotate credentials", None, 1)]
    assert effect.checked == 3


def test_what_breaks_saves_nothing_and_changes_no_search(password: Article) -> None:
    make_question("change my password", password)
    number = IndexVersion.objects.get().number

    selectors.what_breaks(article_id=password.pk, title="Other", body="Other.")

    password.refresh_from_db()
    assert password.title == "Change your password"
    assert IndexVersion.objects.get().number == number
    assert search.search("password", audience="public")[0].title == password.title
    assert search.search("other", audience="public") == []


def test_a_draft_may_push_others_away() -> None:
    article = published_article("Change a plan", body="Change a plan on its page.")
    make_question("plan", article)
    draft = make_article("Plan", body="Plan.")

    effect = selectors.what_breaks(article_id=draft.pk, title="Plan", body="Plan.")

    assert [(change.before, change.after) for change in effect.broken] == [(1, 2)]


def test_a_draft_for_the_staff_pushes_no_public_article_away() -> None:
    article = published_article("Change a plan", body="Change a plan on its page.")
    make_question("plan", article)
    draft = make_article("Plan", body="Plan.", audience="INTERNAL")

    effect = selectors.what_breaks(article_id=draft.pk, title="Plan", body="Plan.")

    assert (effect.broken, effect.checked) == ((), 1)


def test_archiving_breaks_the_questions_of_an_article(
    password: Article, invoice: Article
) -> None:
    make_question("password", password)
    make_question("invoice", invoice)

    effect = selectors.what_breaks_without([password.pk])

    assert [change.question.text for change in effect.broken] == ["password"]


def test_what_a_synonym_mends_and_breaks(password: Article, invoice: Article) -> None:
    make_question("my bill", invoice)
    make_question("passphrase", password)
    synonym = make_synonym("passphrase", "password")

    mending = selectors.what_breaks_with_synonyms(
        saved=SearchSynonym("bill", ("invoice",))
    )
    deleting = selectors.what_breaks_with_synonyms(replaces_id=synonym.pk)

    assert [change.question.text for change in mending.mended] == ["my bill"]
    assert mending.broken == ()
    assert [change.question.text for change in deleting.broken] == ["passphrase"]
    assert deleting.mended == ()


def test_without_known_questions_nothing_is_checked(password: Article) -> None:
    effect = selectors.what_breaks(article_id=password.pk, title="Other", body="")

    assert effect == selectors.Effect()


# Commands


def test_check_questions_passes_and_says_figures(password: Article) -> None:
    make_question("change my password", password)
    out = StringIO()

    call_command("check_questions", stdout=out)

    assert out.getvalue() == (
        "1 known questions: 1 first, 1 among the first 5, 0 not\n"
    )


def test_check_questions_fails_when_articles_are_not_found(password: Article) -> None:
    make_question("kubernetes", password)
    out = StringIO()

    with pytest.raises(CommandError, match="1 of 1 known questions"):
        call_command("check_questions", stdout=out)
    call_command("check_questions", "--allow=1", stdout=out)

    assert "kubernetes [en, asked 1] should find: Change your password" in (
        out.getvalue()
    )


def test_search_articles_shows_correction_and_ranking(password: Article) -> None:
    published_article("Password vault", audience="INTERNAL")
    out = StringIO()

    call_command("search_articles", "my", "pasword", stdout=out)
    call_command("search_articles", "pasword", "--as-typed", stdout=out)

    text = out.getvalue()
    assert "Showing results for: my password" in text
    assert "1. Change your password  (en/change-your-password, confidence" in text
    assert "vault" not in text
    assert "No good match.\n0 found" in text


def test_search_articles_prints_json_for_the_staff(password: Article) -> None:
    published_article("Password vault", audience="INTERNAL")
    out = StringIO()

    call_command(
        "search_articles", "vault", "--audience=internal", "--json", stdout=out
    )

    found = json.loads(out.getvalue())
    assert [hit["slug"] for hit in found["hits"]] == ["password-vault"]
    with pytest.raises(CommandError, match="at least 1"):
        call_command("search_articles", "vault", "--limit=0")


def test_somebody_without_a_role_is_not_on_the_list() -> None:
    """The list of questions names articles: who may not read one does not see it."""
    staff = published_article("Password of staff", audience="INTERNAL")
    make_question("password", staff)
    assert selectors.questions(audience=audience_of(UserFactory())) == []
    assert (
        len(selectors.questions(audience=audience_of(UserFactory(role="Agent")))) == 1
    )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_question_entered_by_two_at_once_is_there_once() -> None:
    article = published_article("Change your password")
    start, outcomes = threading.Barrier(2), []

    def enter() -> None:
        try:
            start.wait(10)
            services.add_question(
                text="pw", article_id=article.pk, language="en", weight=1, at=AT
            )
            outcomes.append("saved")
        except services.QuestionExists:
            outcomes.append("refused")
        finally:
            connection.close()

    workers = [threading.Thread(target=enter) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(outcomes) == ["refused", "saved"]
    assert KnownQuestion.objects.count() == 1
