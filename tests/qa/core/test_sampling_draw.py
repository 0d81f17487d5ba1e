import json
import random
from collections import Counter
from dataclasses import replace

import pytest

from qa.core.sampling import (
    FrameRow,
    complexity,
    default_seed,
    frame_hash,
    quota_for,
    stratum_of,
)
from qa.core.sampling.draw import DrawInputs, draw
from qa.core.sampling.flags import RULES, TicketFacts, flags_of

REVIEWERS = (901, 902, 903)


def rows(agents=4, each=10):
    return [
        FrameRow(100 * agent + n, agent, "P1" if n % 3 == 0 else "P3")
        for agent in range(1, agents + 1)
        for n in range(each)
    ]


def inputs(**values) -> DrawInputs:
    frame = values.pop("frame", rows())
    given = {
        "frame": frame,
        "quotas": {row.agent: 4 for row in frame},
        "reviewers": REVIEWERS,
        **values,
    }
    return DrawInputs(**given)


def by_why(items):
    return Counter(item.why for item in items)


# Frame ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"messages": 4, "handoffs": 0, "reopens": 0}, "low"),
        ({"messages": 5, "handoffs": 0, "reopens": 0}, "medium"),
        ({"messages": 2, "handoffs": 1, "reopens": 0}, "medium"),
        ({"messages": 10, "handoffs": 0, "reopens": 0}, "high"),
        ({"messages": 2, "handoffs": 2, "reopens": 0}, "high"),
        ({"messages": 1, "handoffs": 0, "reopens": 1}, "high"),
    ],
)
def test_complexity_follows_messages_handoffs_and_reopenings(facts, expected):
    assert complexity(**facts) == expected


def test_quota_of_the_seed_by_team_size():
    assert [quota_for(n) for n in (1, 5, 6, 15, 16, 30, 31, 500)] == [
        5, 5, 4, 4, 3, 3, 2, 2,
    ]  # fmt: skip


def test_frame_hash_changes_with_every_part_of_a_row():
    first = frame_hash([FrameRow(1, 2, "P1")])

    assert len({
        first,
        frame_hash([FrameRow(3, 2, "P1")]),
        frame_hash([FrameRow(1, 3, "P1")]),
        frame_hash([FrameRow(1, 2, "P2")]),
        frame_hash([]),
    }) == 5  # fmt: skip


def test_default_seed_follows_from_plan_and_week():
    seeds = {default_seed(plan, week) for plan in (1, 2) for week in ("a", "b")}

    assert len(seeds) == 4
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert stratum_of({"channel": "chat"}, ["channel", "priority"]) == "chat | –"


# Flags ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        (TicketFacts(), []),
        (TicketFacts(reopens=1, is_breached=True), ["reopened", "breached"]),
        (TicketFacts(satisfaction=2), ["low_satisfaction"]),
        (TicketFacts(satisfaction=3), []),
        (TicketFacts(messages=11, hours=167.9), []),
        (TicketFacts(messages=12, hours=168), ["long_conversation", "slow_resolution"]),
        (TicketFacts(is_escalated=True), ["escalated"]),
    ],
)
def test_flags_follow_the_rules(facts, rules):
    assert flags_of(facts, RULES) == rules
    assert flags_of(facts, []) == []


def test_unknown_rule_is_an_error():
    with pytest.raises(KeyError):
        flags_of(TicketFacts(), ["bad_mood"])


# Draws ------------------------------------------------------------------------------------


def test_same_seed_gives_the_same_items_in_whatever_order_the_rows_come():
    first = inputs(
        flags={107: ["reopened"], 208: ["reopened"]}, rules=["reopened"], rule_limit=1,
        overlap_share=0.1, gold_share=0.05, gold=[(9001, 1), (9002, 2)],
    )  # fmt: skip
    mixed = list(first.frame)
    random.Random(4).shuffle(mixed)

    assert draw(first, 5) == draw(replace(first, frame=mixed), 5)
    assert draw(first, 5) != draw(first, 6)


def test_inputs_survive_json():
    first = inputs(
        flags={107: ("reopened",)}, rules=("reopened",), rule_limit=1, gold=((9001, 1),),
        gold_share=0.1, overlap_share=0.1, spreads={"P1": 3.5, "P3": None},
        recent_pairs=((1, 901, 3),), gold_seen=((9001, 901),), trainees=(904,),
        conflicts=((107, 901), (9001, 902)),
    )  # fmt: skip

    stored = json.loads(json.dumps(first.to_dict()))
    again = DrawInputs.from_dict(stored, [row.as_list() for row in first.frame])

    assert draw(again, 3) == draw(first, 3)
    assert again.to_dict() == first.to_dict()


def test_one_agent_less_changes_nobody_elses_tickets():
    everybody = draw(inputs(), 8)
    fewer = draw(inputs(frame=[row for row in rows() if row.agent != 2]), 8)

    def tickets(items):
        return {(item.agent, item.ticket) for item in items}

    assert tickets(fewer) == {each for each in tickets(everybody) if each[0] != 2}


def test_every_agent_with_a_ticket_is_covered():
    frame = [*rows(agents=5), FrameRow(9999, 77, "P5")]

    items = draw(inputs(frame=frame), 1)

    counted = Counter(item.agent for item in items)
    assert counted == {1: 4, 2: 4, 3: 4, 4: 4, 5: 4, 77: 1}


def test_flagged_tickets_are_added_by_rule_and_never_twice():
    flags = {row.ticket: ["breached"] for row in rows()}
    flags[109] = ["reopened", "breached"]

    items = draw(inputs(flags=flags, rules=["reopened", "breached"], rule_limit=2), 2)

    flagged = [item for item in items if item.why == "RULE"]
    assert by_why(items) == {"RANDOM": 16, "RULE": 8}
    assert len({item.ticket for item in items}) == 24
    assert all(item.probability is None for item in flagged)
    drawn = {item.ticket for item in items if item.why == "RANDOM"}
    first_rule = [item.ticket for item in flagged if item.rule == "reopened"]
    assert first_rule == ([] if 109 in drawn else [109])


def test_shares_are_rounded_up_so_a_small_draw_has_one():
    gold = [(9001, 5), (9002, 5), (9003, 5)]

    items = draw(inputs(overlap_share=0.01, gold_share=0.01, gold=gold), 1)
    assert by_why(items) == {"RANDOM": 16, "OVERLAP": 1, "GOLD": 1}

    items = draw(inputs(overlap_share=0.5, gold_share=0.125, gold=gold), 1)
    assert by_why(items) == {"RANDOM": 16, "OVERLAP": 8, "GOLD": 2}

    items = draw(inputs(overlap_share=0, gold_share=0, gold=gold), 1)
    assert by_why(items) == {"RANDOM": 16}


def test_no_second_review_with_one_reviewer_and_no_item_without_a_frame():
    alone = draw(inputs(overlap_share=0.5, reviewers=[901]), 1)

    assert by_why(alone) == {"RANDOM": 16}
    assert draw(inputs(frame=[], overlap_share=0.5, gold_share=0.5), 1) == []


def test_scale_of_five_hundred_agents():
    frame = rows(agents=500, each=20)

    items = draw(
        inputs(
            frame=frame, overlap_share=0.05, gold_share=0.02, gold=[(99001, 7)],
            reviewers=range(90_001, 90_021),
        ),
        1,
    )  # fmt: skip

    assert by_why(items) == {"RANDOM": 2000, "OVERLAP": 100, "GOLD": 20}
    assert len({item.agent for item in items}) == 500
    load = Counter(item.reviewer for item in items if item.why != "GOLD")
    assert max(load.values()) - min(load.values()) <= 2


# Reviewers --------------------------------------------------------------------------------


def test_load_is_balanced_and_agents_meet_reviewers_in_turn():
    items = draw(inputs(), 3)

    load = Counter(item.reviewer for item in items)
    assert sorted(load.values()) == [5, 5, 6]
    for agent in range(1, 5):
        met = Counter(item.reviewer for item in items if item.agent == agent)
        assert set(met) == set(REVIEWERS)


def test_agent_meets_the_reviewer_they_have_met_least():
    one_each = {"quotas": dict.fromkeys(range(1, 4), 1), "frame": rows(agents=3)}
    met = [(1, 901, 5), (1, 902, 5), (2, 901, 5), (2, 903, 5), (3, 902, 5), (3, 903, 5)]

    items = draw(inputs(**one_each, recent_pairs=met, reviewers=REVIEWERS), 1)

    assert {item.agent: item.reviewer for item in items} == {1: 903, 2: 902, 3: 901}


def test_nobody_reviews_themselves_even_when_that_takes_a_swap():
    frame = [FrameRow(1, 901), FrameRow(2, 5), FrameRow(3, 5)]

    for seed in range(50):
        items = draw(
            inputs(
                frame=frame, quotas={901: 1, 5: 2}, reviewers=[901, 902], reviewer_limit=2
            ),
            seed,
        )  # fmt: skip
        assert all(item.reviewer not in {None, item.agent} for item in items)


def test_limits_of_reviewers_and_pairs_hold_and_the_rest_is_nobodys():
    items = draw(inputs(reviewer_limit=4), 1)
    assert Counter(item.reviewer for item in items) == {
        901: 4, 902: 4, 903: 4, None: 4,
    }  # fmt: skip

    items = draw(inputs(pair_limit=1), 1)
    pairs = Counter((item.agent, item.reviewer) for item in items if item.reviewer)
    assert max(pairs.values()) == 1
    assert sum(item.reviewer is None for item in items) == 4


def test_second_reviewer_is_another_one_and_links_everybody():
    items = draw(inputs(overlap_share=0.5), 4)

    first = {item.ticket: item.reviewer for item in items if item.why == "RANDOM"}
    links = Counter(
        frozenset((first[item.ticket], item.reviewer))
        for item in items
        if item.why == "OVERLAP"
    )
    assert all(len(pair) == 2 for pair in links)
    assert len(links) == 3  # each pair of the three reviewers has met


def test_tickets_go_to_nobody_in_conflict_even_when_that_takes_a_swap():
    frame = [FrameRow(1, 5), FrameRow(2, 5), FrameRow(3, 5)]

    for seed in range(50):
        items = draw(
            inputs(
                frame=frame, quotas={5: 3}, reviewers=REVIEWERS, reviewer_limit=1,
                conflicts=[(1, 901), (1, 902), (2, 901)],
            ),
            seed,
        )  # fmt: skip
        assert {item.ticket: item.reviewer for item in items} == {
            1: 903, 2: 902, 3: 901,
        }  # fmt: skip


def test_ticket_that_everybody_is_in_conflict_with_is_nobodys():
    items = draw(inputs(conflicts=[(107, who) for who in REVIEWERS], quotas={1: 10}), 1)

    given = {item.ticket: item.reviewer for item in items}
    assert given.pop(107) is None
    assert set(given.values()) == set(REVIEWERS)


def test_conflicts_change_reviewers_and_no_ticket():
    known = [(row.ticket, 901) for row in rows()]

    before, after = draw(inputs(), 6), draw(inputs(conflicts=known), 6)

    assert sorted(i.ticket for i in after) == sorted(i.ticket for i in before)
    assert Counter(i.reviewer for i in after) == {902: 8, 903: 8}


def test_second_review_and_gold_go_to_nobody_in_conflict():
    items = draw(
        inputs(
            overlap_share=1, gold_share=0.25, gold=[(9001, 1), (9002, 1)],
            conflicts=[(9001, 901), (9002, 901), *((row.ticket, 902) for row in rows())],
        ),
        2,
    )  # fmt: skip

    given = {(i.why, i.reviewer) for i in items}
    assert given == {
        ("RANDOM", 901), ("RANDOM", 903), ("OVERLAP", 901), ("OVERLAP", 903),
        ("GOLD", 902), ("GOLD", 903),
    }  # fmt: skip


def test_stored_inputs_without_conflicts_give_the_draw_they_gave():
    frame = [FrameRow(n, 1 + n % 2) for n in range(1, 7)]
    older = inputs(
        frame=frame, quotas={1: 2, 2: 2}, overlap_share=0.25, gold=[(9001, 1)],
        gold_share=0.1,
    ).to_dict()  # fmt: skip
    assert older.pop("conflicts") == []

    again = draw(DrawInputs.from_dict(older, [row.as_list() for row in frame]), 3)

    # As drawn by the code that knew no conflicts, reviewers included.
    assert [(item.ticket, item.why, item.reviewer) for item in again] == [
        (3, "RANDOM", 901), (1, "RANDOM", 902), (2, "RANDOM", 901),
        (6, "OVERLAP", 902), (6, "RANDOM", 903), (9001, "GOLD", 901),
    ]  # fmt: skip


def test_gold_goes_round_and_to_nobody_who_knows_it_or_handled_it():
    gold = [(9001, 902), (9002, 5)]

    items = draw(
        inputs(
            gold=gold, gold_share=0.25, reviewers=[901, 902], trainees=[903],
            gold_seen=[(9001, 901)],
        ),
        2,
    )  # fmt: skip

    given = {(i.ticket, i.reviewer) for i in items if i.why == "GOLD"}
    assert given <= {(9001, 903), (9002, 901), (9002, 902), (9002, 903)}
    assert {who for _ticket, who in given} == {901, 902, 903}
    assert {i.reviewer for i in items if i.why == "RANDOM"} == {901, 902}
