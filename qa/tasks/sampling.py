"""Celery tasks of sampling."""
