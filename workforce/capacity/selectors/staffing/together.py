"""People of many queues found in one search.

A search works on arrays: thirty queues of a week cost little more than one of them.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from workforce.capacity.core.erlang import whole_and_fractional
from workforce.capacity.core.staffing import Floor
from workforce.capacity.selectors.staffing.local_times import Floats, Ints

People = tuple[Floats, Ints]
"""People before rounding up, and whole people, of each interval."""


def people_on(floors: Sequence[Floor]) -> list[People]:
    """Return the people of each floor, in their order.

    Together go those that count their service level alike, and those in which callers
    give up apart from those in which nobody does: they take another formula.
    """
    groups: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for place, floor in enumerate(floors):
        given = floor.assumptions
        groups[given.definition, given.patience_seconds is None].append(place)
    found: dict[int, People] = {}
    for (definition, _is_endless), places in groups.items():
        people = _searched([floors[place] for place in places], definition)
        found.update(zip(places, people, strict=True))
    return [found[place] for place in range(len(floors))]


def _searched(floors: Sequence[Floor], definition: str) -> list[People]:
    sizes = [floor.load.size for floor in floors]
    given = [floor.assumptions for floor in floors]

    def each(values: list[float]) -> Floats:
        return np.repeat(np.array(values, dtype=np.float64), sizes)

    whole, exact = whole_and_fractional(
        np.concatenate([floor.load for floor in floors]),
        np.concatenate([floor.handle for floor in floors]),
        service_level=each([one.service_level for one in given]),
        target=each([one.target_seconds for one in given]),
        max_occupancy=each([one.max_occupancy for one in given]),
        patience=each([one.patience_seconds or np.inf for one in given]),
        definition=definition.lower(),
    )
    cuts = np.cumsum(sizes)[:-1]
    return [
        (slots / floor.each.slots, -(-upper // floor.each.slots))
        for floor, slots, upper in zip(
            floors, np.split(exact, cuts), np.split(whole, cuts), strict=True
        )
    ]
