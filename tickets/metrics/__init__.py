"""What the ticket side registers in the metric catalogue."""

from tickets.metrics import dimensions, flow, queue, segments, speed

__all__ = ["dimensions", "flow", "queue", "segments", "speed"]
