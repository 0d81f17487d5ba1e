"""What sibling apps of the platform tell each other without importing one another."""

from django.dispatch import Signal

# Long work has ended, sent after commit by ``supportops.jobs`` with: job_id, at, kind,
# title, state, note, created_by_id (None when nobody asked), seconds, url.
job_finished = Signal()
