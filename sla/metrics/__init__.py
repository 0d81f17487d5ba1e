"""What promises register in the metric catalogue."""

from sla.metrics import kpis, segments

__all__ = ["kpis", "segments"]
