"""The ticket side's vocabulary in the admin. The ticket list itself is the desk's."""

from tickets.admin import customers, matrices, vocabulary

__all__ = ["customers", "matrices", "vocabulary"]
