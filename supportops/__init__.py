"""The project: settings, navigation and the rooms every app stands on."""

import os

# Before numpy is loaded: arrays here are small, and a pool of threads for each process
# costs more time than it saves on busy cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from supportops.celery import app as celery_app

__all__ = ["celery_app"]
