"""What imports tell the apps above them, once it is committed."""

from django.dispatch import Signal

# Sent with ``ticket_ids: list[int]``, ``days: list[date]`` (UTC, of creation, resolution
# and closing) and ``at: datetime`` after an undone import deleted tickets.
tickets_removed = Signal()
