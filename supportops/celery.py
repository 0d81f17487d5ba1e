"""The Celery application. Without a broker URL it uses folders under ``var/``."""

import os

from celery import Celery

from supportops import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportops.settings")

broker.install()
app = Celery("supportops")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
