"""Which jobs a person sees."""

from typing import Any

from django.db.models import QuerySet

from supportops.jobs.models import Job


def jobs_visible_to(user: Any) -> QuerySet[Job]:
    """Everything with ``jobs.view_job``; otherwise what the person asked for."""
    jobs = Job.objects.select_related("created_by")
    if user.has_perm("jobs.view_job"):
        return jobs
    return jobs.filter(created_by=user.pk)
