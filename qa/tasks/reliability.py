"""Celery tasks of reliability."""
