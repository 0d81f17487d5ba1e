"""Admin pages of capacity, one module a noun."""

from workforce.capacity.admin import (  # noqa: F401 -- registered when imported
    decisions,
    events,
    forecasts,
    hiring,
    planning,
    queues,
    staffing,
)
