"""Thin entry points of the worker: read the time, find the work, call a service."""

from workforce.capacity.tasks import decisions, forecasts, planning, reviewing, volumes

__all__ = ["decisions", "forecasts", "planning", "reviewing", "volumes"]
