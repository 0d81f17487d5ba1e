"""What jobs tell others, after commit."""

from django.dispatch import Signal

# Arguments: job_id, at.
job_finished = Signal()
