from datetime import UTC, datetime

import pytest

from sla.core.policy import PolicyDefinition, TicketFacts
from sla.core.policy_book import BookEntry, PolicyBook

ANY = PolicyDefinition()
NOTHING = TicketFacts()
FREE = PolicyDefinition(conditions={"tier": ("free",)})


def entry(version, policy, position, starts, ends=None, definition=ANY):
    return BookEntry(version, policy, position, starts, ends, definition)


def version_at(book, moment, facts=NOTHING):
    found = book.version_for(moment, facts)
    return found and found.version_id


def test_spans_are_half_open():
    book = PolicyBook([entry(1, 1, 10, 100, 200), entry(2, 1, 10, 200)])

    assert [version_at(book, moment) for moment in (99, 100, 199, 200)] == [
        None,
        1,
        1,
        2,
    ]


def test_the_first_matching_policy_in_order_wins_and_others_take_the_rest():
    book = PolicyBook([entry(1, 1, 20, 0), entry(2, 2, 10, 0, definition=FREE)])

    assert version_at(book, 5, TicketFacts(tier="free")) == 2
    assert version_at(book, 5, TicketFacts(tier="business")) == 1


def test_equal_positions_are_tried_in_the_order_of_their_policies():
    book = PolicyBook([entry(2, 9, 10, 0), entry(1, 3, 10, 0)])

    assert version_at(book, 5) == 1


def test_version_for_takes_datetimes_and_refuses_naive_ones():
    book = PolicyBook([entry(1, 1, 10, 86_400)])

    assert version_at(book, datetime(1970, 1, 2, tzinfo=UTC)) == 1
    assert version_at(book, datetime(1970, 1, 1, 23, 59, 59, 999, tzinfo=UTC)) is None
    with pytest.raises(ValueError, match="time zone"):
        book.version_for(datetime(1970, 1, 2), TicketFacts())  # noqa: DTZ001


def test_published_ends_what_the_policy_had_and_leaves_other_policies():
    book = PolicyBook(
        [entry(1, 1, 10, 0, 100), entry(2, 1, 10, 100), entry(3, 2, 20, 0)]
    )

    after = book.published(entry(4, 1, 10, 50))

    spans = {e.version_id: (e.effective_from, e.effective_to) for e in after.entries}
    assert spans == {1: (0, 50), 2: (100, 100), 3: (0, None), 4: (50, None)}


def test_needs_tags_only_when_a_policy_asks_for_them():
    tagged = PolicyDefinition(conditions={"tag": ("vip",)})

    assert PolicyBook([entry(1, 1, 10, 0, definition=tagged)]).needs_tags() is True
    assert PolicyBook([entry(1, 1, 10, 0)]).needs_tags() is False
