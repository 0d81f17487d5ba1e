import numpy as np
import pytest

from kb.core.search import Document, Index
from kb.core.search.confidence import (
    BY_WORDS,
    Confidence,
    fitted,
    leads,
    signals_of,
)


def test_confidence_lies_between_0_and_1_and_falls_with_rank():
    index = Index([Document(at, f"Invoice {word}") for at, word in enumerate("abcd")])
    hits = index.search("invoice b").hits
    chances = [hit.confidence for hit in hits]
    assert all(0 <= chance <= 1 for chance in chances)
    assert chances == sorted(chances, reverse=True)
    assert hits[0].key == 1


def test_clear_answer_is_good_and_a_stray_word_is_not():
    titles = ["Reset your password", "Download an invoice", "Invite a colleague"]
    index = Index(
        [Document(at, title, body="Open the page.") for at, title in enumerate(titles)]
    )
    assert index.search("reset password").is_good
    assert not index.search(
        "why does the weather page taste like purple trumpets"
    ).is_good
    assert not index.search("zzzz qqqq").is_good


def test_leads_are_over_the_best_other():
    values = np.array([1.0, 4.0, 3.0])
    assert leads(values, [1, 2, 0]).tolist() == [1.0, -1.0, -3.0]


def test_fit_finds_the_curve_that_made_the_answers():
    rng = np.random.default_rng(7)
    rows = np.column_stack([rng.random((4_000, 2)), np.zeros((4_000, 7))])
    chance = 1 / (1 + np.exp(-(4 * rows[:, 0] + 2 * rows[:, 1] - 3)))
    right = rng.random(4_000) < chance
    found = fitted(rows, right, np.ones(4_000), BY_WORDS)
    assert found.weights[:2] == pytest.approx((4, 2), abs=0.4)
    assert np.abs(found.of(rows) - chance).max() < 0.05
    assert np.mean(found.of(rows)[right] >= found.good_from) == pytest.approx(
        0.95, abs=0.01
    )


def test_few_or_uniform_answers_keep_the_default():
    rows = np.zeros((40, 9))
    assert fitted(rows[:20], [True, False] * 10, np.ones(20), BY_WORDS) is BY_WORDS
    assert fitted(rows, [True] * 40, np.ones(40), BY_WORDS) is BY_WORDS
    assert fitted([], [], [], BY_WORDS) is BY_WORDS


def test_fit_to_known_questions_sees_unanswerable_ones():
    words = [f"topic{chr(97 + at % 26)}{chr(97 + at // 26)}" for at in range(60)]
    index = Index([Document(at, f"About {word}") for at, word in enumerate(words)])
    asked = [(f"tell me {word} now", at) for at, word in enumerate(words)]
    found = index.fit_confidence([*asked, ("lost", "unknown key")])
    assert found.questions > 60
    newer = Index(
        [Document(at, f"About {word}") for at, word in enumerate(words)],
        confidence=found,
    )
    assert newer.search("tell me topicaa now").is_good


STRAY = "why does the weather page taste like purple trumpets"
PAGES = ("Reset your password", "Download an invoice", "Invite a colleague", "Roles")


@pytest.mark.parametrize("articles", [1, 2, 3, 4])
def test_chance_word_among_few_articles_is_no_answer(articles):
    # "page" stands in the first article only, so nothing else competes.
    index = Index(
        Document(at, title, body="Open the page." if at == 0 else "Press the button.")
        for at, title in enumerate(PAGES[:articles])
    )

    result = index.search(STRAY)

    assert result.keys == [0]
    assert result.hits[0].confidence < 0.3
    assert not result.is_good


@pytest.mark.parametrize("articles", [1, 2, 3, 4])
def test_all_words_in_one_of_few_articles_are_an_answer(articles):
    index = Index(Document(at, title) for at, title in enumerate(PAGES[:articles]))

    result = index.search("how do i reset my password")

    assert result.is_good
    assert result.hits[0].confidence > 0.9


def test_half_of_the_words_in_the_title_of_an_only_article_are_an_answer():
    index = Index([Document(1, "Change your password")])

    assert index.search("forgot password").is_good


def test_lead_counts_less_among_few_articles_where_words_are_missing():
    scores, share = np.array([5.0, 0.0]), np.array([0.2, 0.0])

    def lead(n):
        return signals_of([0], scores, share, None, n_readable=n)[0, 1]

    # A fifth of the words is there: a lead counts that much, less the fewer articles.
    assert lead(1) == pytest.approx(0.2 * 0.112, abs=0.0002)
    assert lead(5) == pytest.approx(0.2 * 0.288, abs=0.0002)
    assert lead(125) == pytest.approx(0.2 * 0.975, abs=0.0002)
    full = signals_of([0], scores, np.ones(2), None, n_readable=1)
    assert full[0, 1] == 1


def test_answer_needs_a_share_of_the_words_or_likeness():
    sure = Confidence((0.0,) * 9, 5.0, 0.3)
    rest = (0,) * 5

    assert not sure.is_good((0.14, 1, 0.39, 1, *rest))
    assert sure.is_good((0.15, 1, 0, 1, *rest))
    assert sure.is_good((0, 1, 0.4, 1, *rest))
    assert not BY_WORDS.is_good((0.5, -1, 0, 0, -1, 0, 0, 0, 0.5))
