"""Thin entry points of the worker: read the time, find the work, call a service."""

from kb.tasks import assistant, experiments, figures, known_questions, work

__all__ = ["assistant", "experiments", "figures", "known_questions", "work"]
