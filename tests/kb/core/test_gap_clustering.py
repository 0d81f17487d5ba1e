"""Clusters of near-same questions, against a plain comparison of every pair."""

import random
from math import log

import pytest

from kb.core.gaps import Text, cluster, terms_of
from kb.core.gaps.clustering import LIGHT_SHARE
from kb.core.gaps.texts import LIGHT


def texts(*written, language="en"):
    return [
        Text(terms_of(text, language), language, weight) for text, weight in written
    ]


def groups(found):
    return [set(one.members) for one in found]


def test_cluster_joins_what_asks_nearly_the_same():
    found = cluster(
        texts(
            ("sso with okta", 40),
            ("set up sso okta", 22),
            ("export to datev", 31),
            ("datev exprot", 3),
            ("invoice numbering", 15),
        )
    )
    assert groups(found) == [{0, 1}, {2, 3}, {4}]
    assert [one.weight for one in found] == [62, 34, 15]
    assert found[0].terms == {"sso", "okta"}


def test_cluster_keeps_languages_apart():
    given = [*texts(("export datev", 2)), *texts(("export datev", 1), language="de")]
    assert groups(cluster(given)) == [{0}, {1}]


def test_cluster_joins_nothing_by_a_chain():
    found = cluster(texts(("alpha beta", 9), ("beta gamma", 5), ("gamma delta", 1)))
    assert len(found) == 3


def test_cluster_leaves_out_what_has_no_words():
    assert cluster([Text(frozenset(), "en")]) == []
    assert cluster([]) == []


def plainly(given, alike):
    """Leader clustering without any index: each text against every leader so far."""
    merged = {}
    for at, text in enumerate(given):
        group = merged.setdefault((text.language, text.terms), [[], 0.0])
        group[0].append(at)
        group[1] += text.weight
    sizes = {}
    having = {}
    for language, terms in merged:
        sizes[language] = sizes.get(language, 0) + 1
        for term in terms:
            having[language, term] = having.get((language, term), 0) + 1

    def weigh(language, terms):
        return sum(
            log(1 + sizes[language] / having[language, term])
            * (LIGHT_SHARE if language == "en" and term in LIGHT else 1)
            for term in terms
        )

    order = sorted(merged, key=lambda key: (-merged[key][1], key[0], sorted(key[1])))
    leaders = {}
    for key in order:
        near = []
        for leader in leaders:
            if leader[0] == key[0]:
                both = weigh(key[0], key[1] & leader[1])
                likeness = round(both / weigh(key[0], key[1] | leader[1]), 12)
                if likeness >= alike:
                    near.append((-likeness, sorted(leader[1]), leader))
        chosen = min(near)[2] if near else key
        leaders.setdefault(chosen, []).append(key)
    return {
        frozenset(at for key in keys for at in merged[key][0])
        for keys in leaders.values()
    }


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("alike", [0.3, 0.5, 0.8])
def test_cluster_equals_the_plain_comparison(seed, alike):
    chance = random.Random(seed)
    # Four letters: too short to be mended, which the plain way does not do.
    words = [f"w{number:03d}" for number in range(25)] + ["set", "add"]
    given = [
        Text(
            frozenset(chance.sample(words, chance.randint(1, 5))),
            chance.choice(["en", "de"]),
            chance.randint(1, 9),
        )
        for _ in range(150)
    ]
    found = cluster(given, alike=alike)
    assert {frozenset(one.members) for one in found} == plainly(given, alike)


def test_cluster_does_not_depend_on_order():
    given = texts(("a1 b2", 3), ("b2 c3", 3), ("c3 d4", 3), ("a1 d4", 3), ("b2", 1))
    expected = {
        frozenset(given[at].terms for at in one.members) for one in cluster(given)
    }
    for seed in range(10):
        mixed = given[:]
        random.Random(seed).shuffle(mixed)
        found = cluster(mixed)
        assert {
            frozenset(mixed[at].terms for at in one.members) for one in found
        } == expected
