"""The texts of the demo's help centre, as files."""

from collections import Counter

import numpy as np
import pytest

from kb.core.article_templates import places_left
from kb.core.markdown import LinkKind, anchor_of, render
from supportops.demo.core import story, votes
from supportops.demo.core.questions import QUESTIONS
from supportops.demo.core.wording import ways
from supportops.demo.kb.articles import ARCHIVED, DRAFTS, IN_REVIEW, STALE
from supportops.demo.kb.texts import (
    FOLDER,
    earlier_editions,
    read_all,
    read_edition,
    tried_edition,
)

TEXTS = read_all()
FORTY = [text for text in TEXTS if not text.translation_of]
BY_SLUG = {text.slug: text for text in FORTY}


def test_there_are_forty_articles_of_all_kinds_and_eight_translations():
    assert len(FORTY) == 40
    assert Counter(text.language for text in TEXTS) == {"en": 40, "ja": 3, "de": 5}
    assert Counter(text.kind for text in FORTY) == {
        "GETTING_STARTED": 4,
        "HOW_TO": 12,
        "TROUBLESHOOTING": 12,
        "REFERENCE": 6,
        "FAQ": 2,
        "RELEASE_NOTES": 2,
        "BEST_PRACTICES": 2,
    }
    assert Counter(text.audience for text in FORTY) == {
        "PUBLIC": 35,
        "INTERNAL": 3,
        "PLAN": 2,
    }


def test_no_text_has_a_broken_link_or_picture_or_a_place_to_be_filled_in():
    for text in TEXTS:
        page = render(text.body, links=lambda slug: slug in BY_SLUG and f"/{slug}/")
        broken = [link for link in page.links if link.is_broken]

        assert broken == [], text.slug
        assert LinkKind.EXTERNAL not in {link.kind for link in page.links}
        if text.slug not in DRAFTS:
            assert places_left(text.body) == ()
            assert "[" not in page.plain.replace("[ ]", "").replace('["', "").replace(
                "[-1]", ""
            ), text.slug


def test_links_to_sections_lead_to_sections():
    for text in TEXTS:
        for part in text.body.split("(article:")[1:]:
            slug, _, section = part.split(")")[0].partition("#")
            anchors = {each.anchor for each in render(BY_SLUG[slug].body).contents}
            assert not section or anchor_of(section) in anchors, (text.slug, section)


def test_public_articles_lead_to_nothing_that_their_readers_cannot_open():
    hidden = {
        text.slug for text in FORTY if text.audience != "PUBLIC"
    } | DRAFTS | IN_REVIEW | set(ARCHIVED)  # fmt: skip
    for text in TEXTS:
        if text.audience != "PUBLIC":
            continue
        led_to = {
            part.split(")")[0].split("#")[0]
            for part in text.body.split("(article:")[1:]
        }

        assert not hidden & {*led_to, *text.related, *text.next, *text.before}


def test_texts_are_as_long_as_they_should_be():
    lengths = {text.slug: len(text.body.split()) for text in FORTY}
    short = {slug for slug, length in lengths.items() if length < 150}

    assert max(lengths.values()) <= 500
    assert short <= DRAFTS | set(ARCHIVED)


def test_facts_of_the_texts_name_what_exists():
    paths = {topic.category for topic in story.TOPICS}
    covered = {
        path for text in FORTY if text.slug not in DRAFTS for path in text.categories
    }

    for text in FORTY:
        assert set(text.categories) <= paths
        assert set(text.tiers) <= {code for code, *_ in story.TIERS}
        assert {*text.related, *text.next, *text.before} <= set(BY_SLUG)
    # Reports are what nobody wrote about.
    assert paths - covered == {"Product / Reports"}
    assert set(STALE) | DRAFTS | IN_REVIEW | set(ARCHIVED) <= set(BY_SLUG)
    assert len(STALE) == 4
    assert set(votes.HELPFUL) <= set(BY_SLUG)


def test_earlier_texts_render_and_differ_from_today():
    editions = earlier_editions("two-factor-code-refused")
    assert [edition.days_ago for edition in editions] == [486, 204]
    for path in sorted((FOLDER / "versions").glob("*.md")):
        edition = read_edition(path)
        slug = path.name.split(".")[0]
        page = render(edition.body, links=lambda slug: slug in BY_SLUG and f"/{slug}/")

        assert not [link for link in page.links if link.is_broken]
        assert edition.body != BY_SLUG[slug].body
    assert tried_edition("bank-feed-not-updating").body.startswith("## Look at")


def test_questions_ask_for_articles_that_exist_and_for_tickets_that_came():
    keys = {f"{text.slug}.{text.language}" for text in TEXTS if text.translation_of}
    subjects = {subject for topic in story.TOPICS for subject in topic.subjects}
    asked = [subject for question in QUESTIONS for subject in question.subjects]

    assert {question.target for question in QUESTIONS} - {""} <= set(BY_SLUG) | keys
    assert set(asked) == subjects
    assert len(asked) == len(set(asked))


def test_ways_to_ask_are_the_same_for_the_same_seed_and_weigh_one():
    first, shares = ways(QUESTIONS[0], np.random.default_rng(3))
    again, _ = ways(QUESTIONS[0], np.random.default_rng(3))

    assert first == again
    assert "wrong password after reset" in first
    assert shares.sum().round(9) == 1
    assert shares.argmax() == 0


@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_each_language_asks_what_is_answered_and_what_is_not(language):
    own = [question for question in QUESTIONS if question.language == language]

    assert {bool(question.target) for question in own} == {True, False}
    ends = "" if language == "en" else f".{language}"
    assert all(each.target.endswith(ends) for each in own if each.target)
