"""Celery tasks of reviews."""
