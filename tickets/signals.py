"""What the ticket side tells the apps above it, once it is committed."""

from django.dispatch import Signal

# Sent with ``ticket_ids: list[int]`` and ``at: datetime``, sender ``Ticket``, after the
# commit of every change that appended an event. A receiver does little: mark, enqueue,
# or bounded work.
tickets_changed = Signal()
