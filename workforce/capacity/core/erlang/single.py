"""The fewest people for one cell of Erlang C, in plain Python: no array is set up."""

import math

from workforce.capacity.core.erlang.blocking import RECURSION_UP_TO, inverse_of
from workforce.capacity.core.erlang.promise import ROUNDING
from workforce.capacity.core.erlang.waiting import answered_from


def fewest_of(load: float, wait: float, service_level: float, cap: float) -> int:
    """Return the fewest whole people; ``wait`` in handle times, all checked.

    One pass over 1/B up to the answer; for large loads a search on it.
    """
    if load == 0:
        return 0
    servers = math.floor(load) + 1
    if cap < 1.0:
        servers = max(servers, math.ceil(load / cap * (1 - ROUNDING)))
    wanted = service_level - ROUNDING
    if servers > RECURSION_UP_TO:
        return _large(load, wait, wanted, servers)
    inverse = inverse_of(servers, load)
    while answered_from(inverse, servers, load, wait) < wanted:
        servers += 1
        inverse = 1.0 + inverse * servers / load
    return servers


def _large(load: float, wait: float, wanted: float, least: int) -> int:
    def kept(servers: int) -> bool:
        inverse = inverse_of(servers, load)
        return answered_from(inverse, servers, load, wait) >= wanted

    low, step = least, 1
    while not kept(low + step - 1):
        low, step = low + step, step * 2
    high = low + step - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if kept(middle) else (middle + 1, high)
    return high
