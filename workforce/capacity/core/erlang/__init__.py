"""How many people a stream of calls needs: Erlang B, C and A.

Times are in one unit throughout (seconds, by convention), load is in Erlangs: arrivals per
second times mean handle time. Every argument broadcasts; plain numbers give plain numbers.
"""

from workforce.capacity.core.erlang.abandonment import ErlangA, erlang_a
from workforce.capacity.core.erlang.blocking import erlang_b
from workforce.capacity.core.erlang.required import (
    fractional_servers,
    required_servers,
    whole_and_fractional,
)
from workforce.capacity.core.erlang.waiting import (
    average_speed_of_answer,
    erlang_c,
    service_level,
)

__all__ = [
    "ErlangA",
    "average_speed_of_answer",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "fractional_servers",
    "required_servers",
    "service_level",
    "whole_and_fractional",
]
