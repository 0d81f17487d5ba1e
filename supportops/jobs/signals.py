"""What jobs tell others, after commit."""

from supportops.common.signals import job_finished

__all__ = ["job_finished"]
