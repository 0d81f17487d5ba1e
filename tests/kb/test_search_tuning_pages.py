"""The pages that look after the search: try it, known questions, synonyms."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from kb.models import KnownQuestion, Synonym
from supportops.common.roles import AGENT, TEAM_LEAD
from tests.factories.kb import published_article
from tests.factories.kb_search import make_question, make_synonym
from tests.factories.people import UserFactory
from tickets.models import CustomerTier

pytestmark = pytest.mark.django_db


def signed_in(role: str | None = TEAM_LEAD) -> Client:
    client = Client()
    client.force_login(UserFactory(role=role, is_staff=True))
    return client


@pytest.fixture
def lead() -> Client:
    return signed_in()


def text_of(client: Client, name: str, *args, status: int = 200, **query) -> str:
    response = client.get(reverse(f"kb:{name}", args=args), query)
    assert response.status_code == status
    return response.content.decode()


# Trying


def test_try_page_without_articles_says_what_to_do(lead: Client) -> None:
    assert "Nothing is published yet" in text_of(lead, "search")


def test_try_page_shows_ranking_correction_and_passage(lead: Client) -> None:
    published_article("Change <i>your</i> password")

    page = text_of(lead, "search", q="pasword")

    assert "Showing results for <strong>password</strong>" in page
    assert "Search instead for pasword" in page
    assert "&lt;i&gt;" in page
    assert "<mark>password</mark>" in page


def test_try_page_takes_words_as_typed_when_told(lead: Client) -> None:
    published_article("Change your password")

    page = text_of(lead, "search", q="pasword", as_typed="1")

    assert "Showing results for" not in page
    assert "No good match" in page


def test_try_page_asks_with_the_eyes_chosen(lead: Client) -> None:
    gold = CustomerTier.objects.create(code="gold", name="Gold", rank=1)
    published_article("Password one")
    published_article("Password two", audience="INTERNAL")
    published_article("Password three", audience="PLAN", tiers=[gold])

    def seen(eyes: str) -> list[str]:
        response = lead.get(reverse("kb:search"), {"q": "password", "as": eyes})
        return sorted(hit.title for hit in response.context["results"].hits)

    assert seen("public") == ["Password one"]
    assert seen(f"tier-{gold.pk}") == ["Password one", "Password three"]
    assert len(seen("internal")) == 3
    assert seen("nonsense") == ["Password one"]


def test_who_may_not_read_internal_articles_tries_with_public_eyes_only() -> None:
    person = UserFactory(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_synonym"))
    client = Client()
    client.force_login(person)
    published_article("Password of staff", audience="INTERNAL")

    page = text_of(client, "search", q="password", **{"as": "internal"})

    assert "Password of staff" not in page


def test_try_page_names_a_known_question(lead: Client) -> None:
    make_question("change my password", published_article(), weight=4)

    page = text_of(lead, "search", q="Change my  password")

    assert "This is a known question" in page
    assert "4 asked it" in page


def test_try_page_takes_as_many_queries_for_one_hit_as_for_three(
    lead: Client, django_assert_max_num_queries
) -> None:
    counts = []
    for title in ("Password one", "Password two", "Password three"):
        published_article(title)
        lead.get(reverse("kb:search"), {"q": "password"})
        with django_assert_max_num_queries(60) as captured:
            lead.get(reverse("kb:search"), {"q": "password"})
        counts.append(len(captured))

    assert counts[0] == counts[1] == counts[2]


# Known questions


def test_questions_page_without_any_offers_the_first() -> None:
    assert "Enter the first" in text_of(signed_in(TEAM_LEAD), "questions")
    assert "Enter the first" not in text_of(signed_in(AGENT), "questions")


def test_questions_page_shows_what_fails_first(lead: Client) -> None:
    article = published_article("Change your password")
    make_question("password", article, weight=9)
    make_question("kubernetes", article)
    make_question("gone", article, is_active=False)

    response = lead.get(reverse("kb:questions"))
    places = [place.question.text for place in response.context["page"]]
    failing = lead.get(reverse("kb:questions"), {"show": "failing"})
    off = lead.get(reverse("kb:questions"), {"show": "off"})

    assert places == ["kubernetes", "password"]
    assert [place.question.text for place in failing.context["page"]] == ["kubernetes"]
    assert [place.question.text for place in off.context["page"]] == ["gone"]
    assert "1 of 2" in response.content.decode()


def test_questions_page_takes_as_many_queries_for_one_row_as_for_three(
    lead: Client, django_assert_max_num_queries
) -> None:
    article = published_article("Change your password")
    make_question("a password", article)
    counts = []
    for text in ("", "my password", "the password"):
        if text:
            make_question(text, article)
        lead.get(reverse("kb:questions"))
        with django_assert_max_num_queries(60) as captured:
            lead.get(reverse("kb:questions"))
        counts.append(len(captured))

    assert counts[0] == counts[1] == counts[2]


def test_a_question_is_entered_from_a_search(lead: Client) -> None:
    article = published_article("Change your password")
    form = reverse("kb:question-new")

    page = text_of(lead, "question-new", text="my password", article=article.pk)
    assert "Change your password" in page
    assert "checked" in page

    response = lead.post(
        form,
        {"text": "my password", "language": "en", "weight": 3, "article": article.pk},
    )
    assert response.status_code == 302
    question = KnownQuestion.objects.get()
    assert (question.text, question.article, question.source) == (
        "my password", article, "HAND",
    )  # fmt: skip


def test_looking_for_articles_saves_nothing_and_keeps_what_was_typed(
    lead: Client,
) -> None:
    published_article("Change your password")
    published_article("Download an invoice")

    response = lead.post(
        reverse("kb:question-new"),
        {"text": "my pasword", "language": "ja", "weight": 3, "find": "invoice",
         "look": "1"},
    )  # fmt: skip

    assert response.status_code == 200
    assert [each["title"] for each in response.context["offered"]] == [
        "Download an invoice", "Change your password",
    ]  # fmt: skip
    assert 'value="my pasword"' in response.content.decode()
    assert not KnownQuestion.objects.exists()


def test_question_form_says_what_is_wrong(lead: Client) -> None:
    article = published_article("Change your password")
    make_question("my password", article)
    given = {"text": "my password", "language": "en", "weight": 1}

    without = lead.post(reverse("kb:question-new"), given)
    twice = lead.post(reverse("kb:question-new"), {**given, "article": article.pk})

    assert (without.status_code, twice.status_code) == (422, 409)
    assert "Choose the right article." in without.content.decode()
    assert "is in the list already" in twice.content.decode()
    assert KnownQuestion.objects.count() == 1


def test_a_question_is_changed_and_switched_off(lead: Client) -> None:
    article = published_article("Change your password")
    question = make_question("pw", article, source="CLICKS")
    assert "came from clicks" in text_of(lead, "question", question.pk)

    lead.post(
        reverse("kb:question", args=[question.pk]),
        {"text": "pw now", "language": "en", "weight": 2, "article": article.pk},
    )
    lead.post(reverse("kb:question-active", args=[question.pk]), {"active": "0"})

    question.refresh_from_db()
    assert (question.text, question.source, question.is_active) == (
        "pw now", "HAND", False,
    )  # fmt: skip


def test_an_article_that_is_not_there_cannot_be_the_right_one(lead: Client) -> None:
    response = lead.post(
        reverse("kb:question-new"),
        {"text": "pw", "language": "en", "weight": 1, "article": 999},
    )

    assert response.status_code == 404
    assert not KnownQuestion.objects.exists()


# Synonyms


def test_synonyms_page_without_any_offers_the_first(lead: Client) -> None:
    assert "Enter the first" in text_of(lead, "synonyms")


def test_synonyms_page_finds_words_in_both_columns(lead: Client) -> None:
    make_synonym("bill", "invoice")
    make_synonym("SSO", "single sign-on")

    def found(text: str) -> list[str]:
        response = lead.get(reverse("kb:synonyms"), {"q": text})
        return [row.term for row in response.context["page"]]

    assert found("") == ["SSO", "bill"]
    assert found("INVOI") == ["bill"]
    assert found("sso") == ["SSO"]
    assert found("nothing") == []


def test_synonyms_page_takes_as_many_queries_for_one_row_as_for_three(
    lead: Client, django_assert_max_num_queries
) -> None:
    counts = []
    for term in ("bill", "sso", "vpn"):
        make_synonym(term, f"other {term}")
        lead.get(reverse("kb:synonyms"))
        with django_assert_max_num_queries(60) as captured:
            lead.get(reverse("kb:synonyms"))
        counts.append(len(captured))

    assert counts[0] == counts[1] == counts[2]


GIVEN = {
    "term": "bill",
    "same_as": "invoice, tax note",
    "language": "en",
    "is_active": "on",
}


def test_a_synonym_is_saved_after_its_effect_was_seen(lead: Client) -> None:
    make_question("my bill", published_article("Download an invoice"))

    first = lead.post(reverse("kb:synonym-new"), GIVEN)

    assert first.status_code == 200
    assert "Gets better" in first.content.decode()
    assert not Synonym.objects.exists()

    seen = first.context["form"]["seen"].value()
    second = lead.post(reverse("kb:synonym-new"), {**GIVEN, "seen": seen})

    assert second.status_code == 302
    synonym = Synonym.objects.get()
    assert (synonym.term, synonym.same_as) == ("bill", ["invoice", "tax note"])


def test_a_synonym_changed_after_it_was_looked_at_is_shown_again(lead: Client) -> None:
    first = lead.post(reverse("kb:synonym-new"), GIVEN)
    seen = first.context["form"]["seen"].value()

    other = lead.post(
        reverse("kb:synonym-new"), {**GIVEN, "same_as": "receipt", "seen": seen}
    )

    assert other.status_code == 200
    assert other.context["form"]["seen"].value() != seen
    assert not Synonym.objects.exists()


def test_a_refused_synonym_says_why(lead: Client) -> None:
    make_synonym("bill", "invoice")

    response = lead.post(reverse("kb:synonym-new"), GIVEN)

    assert response.status_code == 409
    assert "has an entry already" in response.content.decode()
    assert Synonym.objects.count() == 1


def test_deleting_shows_what_breaks_first(lead: Client) -> None:
    make_question("my bill", published_article("Download an invoice"))
    synonym = make_synonym("bill", "invoice")

    page = text_of(lead, "synonym-delete", synonym.pk)
    assert "Gets worse" in page
    assert Synonym.objects.exists()

    lead.post(reverse("kb:synonym-delete", args=[synonym.pk]))
    assert not Synonym.objects.exists()


@pytest.mark.parametrize(
    "name", ["synonym-new", "question-new", "synonym", "synonym-delete", "question"]
)
def test_agents_look_and_leads_change(name: str) -> None:
    key = [make_question().pk] if name == "question" else []
    if name in {"synonym", "synonym-delete"}:
        key = [make_synonym().pk]
    address = reverse(f"kb:{name}", args=key)

    assert signed_in(AGENT).get(address).status_code == 403
    assert signed_in(AGENT).post(address).status_code == 403
    assert signed_in(TEAM_LEAD).get(address).status_code == 200


def test_admin_lists_are_read_only(lead: Client) -> None:
    make_synonym("bill", "invoice")
    make_question("pw", published_article())

    for model in ("synonym", "knownquestion"):
        listed = lead.get(reverse(f"admin:kb_{model}_changelist"))
        assert listed.status_code == 200
        added = lead.get(reverse(f"admin:kb_{model}_add"))
        assert added.status_code == 403


def test_a_past_state_of_a_synonym_is_read_and_not_brought_back(lead: Client) -> None:
    synonym = make_synonym("bill", "invoice")
    past = synonym.history.latest().pk
    address = reverse("admin:kb_synonym_simple_history", args=[synonym.pk, past])

    assert lead.get(address).status_code == 200
    assert lead.post(address, {"term": "other"}).status_code == 403
    synonym.refresh_from_db()
    assert synonym.term == "bill"
