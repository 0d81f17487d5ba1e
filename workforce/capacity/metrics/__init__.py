"""KPIs of capacity: how well it is forecast, how well it is staffed, what it costs."""

from workforce.capacity.metrics import planning, work

__all__ = ["planning", "work"]
