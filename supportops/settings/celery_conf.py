"""Celery's settings: an embedded broker in folders, or the one the environment names."""

from pathlib import Path

import environ


def celery_settings(env: environ.Env, var_dir: Path) -> dict:
    """Return every ``CELERY_*`` setting.

    No result backend: what a task did is kept in our own tables (``supportops.jobs``).
    Messages may be lost or delivered twice by any broker, so each task finds its work in
    the database and is safe to run again.
    """
    broker = env.str("CELERY_BROKER_URL", default="filesystem://")
    transport: dict = {}
    if broker.startswith("filesystem://"):
        folder = var_dir / "broker"
        queue, control = folder / "queue", folder / "control"
        for path in (queue, control):
            path.mkdir(parents=True, exist_ok=True)
        transport = {
            "data_folder_in": str(queue),
            "data_folder_out": str(queue),
            "control_folder": str(control),
            "polling_interval": 0.2,
        }
    return {
        "CELERY_BROKER_URL": broker,
        "CELERY_BROKER_TRANSPORT_OPTIONS": transport,
        "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": True,
        "CELERY_TASK_ACKS_LATE": True,
        "CELERY_TASK_IGNORE_RESULT": True,
        "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
        "CELERY_WORKER_HIJACK_ROOT_LOGGER": False,
        "CELERY_BEAT_SCHEDULER": "django_celery_beat.schedulers:DatabaseScheduler",
        "CELERY_TIMEZONE": "UTC",
        "CELERY_BEAT_SCHEDULE": {
            "heartbeat": {"task": "common.heartbeat", "schedule": 60.0},
            "sla-sweep": {"task": "sla.sweep", "schedule": 30.0},
            "notifications-deliver": {
                "task": "notifications.deliver",
                "schedule": 15.0,
            },
            "api-forget-answers": {
                "task": "api.forget_answers",
                "schedule": 3600.0,
            },
            "jobs-recover": {"task": "jobs.recover", "schedule": 60.0},
            "metrics-refresh": {"task": "metrics.refresh", "schedule": 30.0},
            "capacity-count-volumes": {
                "task": "capacity.count_volumes",
                "schedule": 60.0,
            },
            "capacity-renew-forecasts": {
                "task": "capacity.renew_forecasts",
                "schedule": 86400.0,
            },
            "capacity-open-investigations": {
                "task": "capacity.open_investigations",
                "schedule": 86400.0,
            },
            "capacity-alert-intraday": {
                "task": "capacity.alert_intraday",
                "schedule": 1800.0,
            },
            "capacity-planning-duties": {
                "task": "capacity.planning_duties",
                "schedule": 86400.0,
            },
            "capacity-mark-outliers": {
                "task": "capacity.mark_outliers",
                "schedule": 86400.0,
            },
            "kb-renew-worklist": {
                "task": "kb.renew_worklist",
                "schedule": 86400.0,
            },
            "kb-content-duties": {
                "task": "kb.content_duties",
                "schedule": 86400.0,
            },
            "kb-grow-known-questions": {
                "task": "kb.grow_known_questions",
                "schedule": 86400.0,
            },
            "jobs-remove-old": {"task": "jobs.remove_old", "schedule": 86400.0},
            "sla-drift-check": {"task": "sla.drift_check", "schedule": 86400.0},
            "coaching-check-goals": {
                "task": "coaching.check_goals",
                "schedule": 86400.0,
            },
            "coaching-remind-due": {
                "task": "coaching.remind_due",
                "schedule": 86400.0,
            },
            "qa-close-due": {"task": "qa.close_due", "schedule": 86400.0},
            "qa-remind-of-disputes": {
                "task": "qa.remind_of_disputes",
                "schedule": 3600.0,
            },
            "qa-remind-of-calibrations": {
                "task": "qa.remind_of_calibrations",
                "schedule": 3600.0,
            },
            "qa-compute-reliability": {
                "task": "qa.compute_reliability",
                "schedule": 86400.0,
            },
            "qa-draw-due": {"task": "qa.draw_due", "schedule": 3600.0},
            "capacity-check-triggers": {
                "task": "capacity.check_triggers",
                "schedule": 3600.0,
            },
            "capacity-remind-of-decisions": {
                "task": "capacity.remind_of_decisions",
                "schedule": 86400.0,
            },
            "kb-close-conversations": {
                "task": "kb.close_conversations",
                "schedule": 3600.0,
            },
            "kb-settle-search-days": {
                "task": "kb.settle_search_days",
                "schedule": 86400.0,
            },
            "kb-check-experiments": {
                "task": "kb.check_experiments",
                "schedule": 86400.0,
            },
        },
    }
