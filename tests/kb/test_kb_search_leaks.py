"""Who may not read an article learns nothing of it from the search."""

import pytest

from kb import search
from kb.models import Article, Synonym
from kb.selectors.readers import STAFF, Audience, articles_readable_by, audience_of
from kb.services.indexing import touch_index
from supportops.common import roles
from tests.factories.kb import AT, published_article
from tests.factories.people import UserFactory
from tickets.models import CustomerTier

pytestmark = pytest.mark.django_db
PUBLIC, INTERNAL, PLAN = "PUBLIC", "INTERNAL", "PLAN"


@pytest.fixture
def gold() -> CustomerTier:
    return CustomerTier.objects.create(code="gold", name="Gold", rank=1)


@pytest.fixture
def _articles(gold: CustomerTier) -> None:
    published_article("Change your password", body="Open settings and change it.")
    published_article(
        "Password of the billing vault",
        body="Ask Zebulon for the zanzibar key.",
        audience=INTERNAL,
    )
    published_article("Password rules for gold customers", body="Yesterdayish quartz rules.", audience=PLAN, tiers=[gold])  # fmt: skip
    published_article("Password of a plan without tiers", body="Nobody.", audience=PLAN)


def titles(text: str, audience: Audience | str) -> set[str]:
    return {hit.title for hit in search.search(text, audience=audience)}


@pytest.mark.usefixtures("_articles")
def test_each_audience_finds_what_it_may_read(gold: CustomerTier) -> None:
    everything = {
        "Change your password",
        "Password of the billing vault",
        "Password rules for gold customers",
        "Password of a plan without tiers",
    }

    assert titles("password", "public") == {"Change your password"}
    assert titles("password", Audience(tier_ids=frozenset({gold.pk}))) == {
        "Change your password", "Password rules for gold customers",
    }  # fmt: skip
    assert titles("password", Audience(tier_ids=frozenset({gold.pk + 1}))) == {
        "Change your password"
    }
    assert titles("password", "internal") == everything


@pytest.mark.usefixtures("_articles")
@pytest.mark.parametrize("role", [*roles.ROLES, None])
def test_search_finds_what_the_one_rule_lets_a_role_read(role: str | None) -> None:
    audience = audience_of(UserFactory(role=role))
    allowed = set(articles_readable_by(audience).values_list("title", flat=True))

    assert titles("password", audience) == allowed
    assert {
        hit.title for hit in search.suggest("pass", audience=audience, limit=50)
    } == allowed


@pytest.mark.usefixtures("_articles")
@pytest.mark.parametrize("typed", ["zebulom", "zanzibr", "quarts", "yesterdayis"])
def test_no_correction_proposes_a_hidden_word(typed: str) -> None:
    results = search.answer(typed, audience="public")

    assert (results.corrected, results.hits) == ("", ())
    assert search.answer("zebulom", audience="internal").corrected == "zebulon"


@pytest.mark.usefixtures("_articles")
@pytest.mark.parametrize(
    "typed", ["zebul", "zanzi", "quar", "yesterd", "vaul", "zabul"]
)
def test_no_completion_knows_a_hidden_word(typed: str) -> None:
    assert search.suggest(typed, audience="public") == []
    assert search.suggest("zebul", audience=STAFF) != []


def test_hidden_articles_change_no_figure_of_an_answer() -> None:
    """Scores and confidence are the same as if the hidden articles did not exist."""
    for title in ("Change your password", "Download an invoice", "Close an account"):
        published_article(title)
    questions = (
        "password",
        "change the invoice",
        "account vault",
        "vault",
        '"an account"',
    )
    alone = [_figures(text) for text in questions]
    for number in range(5):
        published_article(f"Vault invoice {number}", audience=INTERNAL)

    assert [_figures(text) for text in questions] == alone


def _figures(text: str) -> tuple[object, ...]:
    results = search.answer(text, audience="public")
    return (
        results.corrected, results.is_good, results.is_relaxed,
        [(hit.title, hit.score, hit.confidence, hit.highlights) for hit in results.hits],
    )  # fmt: skip


@pytest.mark.usefixtures("_articles")
def test_phrases_and_exclusions_tell_nothing_of_hidden_articles() -> None:
    with_hidden = search.answer('"billing vault" password', audience="public")
    with_nothing = search.answer('"brass kettle" password', audience="public")

    assert with_hidden.is_relaxed == with_nothing.is_relaxed is True
    assert [hit.title for hit in with_hidden.hits] == ["Change your password"]


def test_a_synonym_leads_to_no_hidden_article() -> None:
    published_article("Billing vault", audience=INTERNAL)
    published_article("Change your password")
    Synonym.objects.create(term="safe", same_as=["vault"])
    touch_index(at=AT)

    assert search.search("safe", audience="public") == []
    assert titles("safe", "internal") == {"Billing vault"}


def test_an_article_made_internal_is_gone_at_once() -> None:
    article = published_article("Change your password")
    assert titles("password", "public") == {"Change your password"}

    article.audience = Article.Audience.INTERNAL
    article.save()
    touch_index(at=AT)

    assert titles("password", "public") == set()
    assert titles("password", "internal") == {"Change your password"}


def test_an_article_taken_from_a_tier_is_gone_at_once(gold: CustomerTier) -> None:
    article = published_article("Gold rules", audience=PLAN, tiers=[gold])
    audience = Audience(tier_ids=frozenset({gold.pk}))
    assert titles("rules", audience) == {"Gold rules"}

    article.tiers.clear()
    touch_index(at=AT)

    assert titles("rules", audience) == set()
