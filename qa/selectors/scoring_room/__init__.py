"""Everything the scoring room shows, in a number of queries that does not grow."""

from qa.selectors.scoring_room.room import (
    Room,
    Standing,
    answers_now,
    own_draft,
    room,
    standing,
)

__all__ = [
    "Room",
    "Standing",
    "answers_now",
    "own_draft",
    "room",
    "standing",
]
