"""KPIs of capacity: how well it is forecast, how well it is staffed, what it costs."""

from workforce.capacity.metrics import work

__all__ = ["work"]
