"""Writes the demo's capacity: volumes, forecasts, staffing, plans and decisions."""

from collections.abc import Callable
from datetime import datetime

from supportops.demo.capacity import forecasts
from supportops.demo.capacity.decisions import write_decisions
from supportops.demo.capacity.plans import write_plans
from supportops.demo.capacity.queues import write_queues
from supportops.demo.people import Cast


def load_capacity(
    *,
    cast: Cast,
    start: datetime,
    until: datetime,
    seed: int,
    say: Callable[[str], None],
) -> None:
    """Write what the workforce manager would have planned by ``until``."""
    manager = cast.users["carla.mendes"]
    queues = write_queues(cast, at=until)
    forecasts.import_hotline(queues, actor=manager, start=start, until=until, seed=seed)
    forecasts.count_tickets(queues, start=start, until=until)
    forecasts.write_events(queues, until=until)
    forecasts.forecast_year(queues, actor=manager, until=until)
    lead = cast.users["nora.keller"]
    write_plans(queues, manager=manager, lead=lead, until=until)
    approvers = [lead, cast.users["henrik.dahl"]]
    write_decisions(queues, owner=manager, approvers=approvers, until=until)
    say(f"  {len(queues.partner) + len(queues.own)} queues forecast")


__all__ = ["load_capacity"]
