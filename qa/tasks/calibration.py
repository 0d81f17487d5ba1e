"""Celery tasks of calibration."""
