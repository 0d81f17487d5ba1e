"""KPIs of quality, and the day segment that they count."""

from qa.metrics import kpis, segments

__all__ = ["kpis", "segments"]
