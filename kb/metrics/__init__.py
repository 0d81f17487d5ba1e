"""KPIs of the knowledge base."""

from kb.metrics import self_service

__all__ = ["self_service"]
