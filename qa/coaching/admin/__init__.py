"""Admin pages of coaching."""

from qa.coaching.admin import playbooks, readonly

__all__ = ["playbooks", "readonly"]
