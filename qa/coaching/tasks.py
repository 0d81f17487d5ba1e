"""Celery tasks of coaching."""
