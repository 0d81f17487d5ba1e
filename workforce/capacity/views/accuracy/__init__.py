"""Forecast against actual: can it be trusted?"""

from workforce.capacity.views.accuracy.pages import AccuracyView, QueueAccuracyView

__all__ = ["AccuracyView", "QueueAccuracyView"]
