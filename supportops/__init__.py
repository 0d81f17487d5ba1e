"""The project: settings, navigation and the rooms every app stands on."""

from supportops.celery import app as celery_app

__all__ = ["celery_app"]
