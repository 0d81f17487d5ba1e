"""Work that can wait: the smoothest staffing that still meets every deadline."""

from workforce.capacity.core.backlog.deadlines import due_within
from workforce.capacity.core.backlog.planner import BacklogPlan, plan, project
from workforce.capacity.core.backlog.string import taut_string

__all__ = ["BacklogPlan", "due_within", "plan", "project", "taut_string"]
