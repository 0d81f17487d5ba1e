"""The overlays that may be laid over a queue's forecast."""

from django.db.models import Q, QuerySet

from workforce.capacity.models import Overlay, Queue


def overlays_of(queue: Queue) -> QuerySet[Overlay]:
    """Return the overlays of every queue and those of this one, standard ones first."""
    own = Overlay.queues.through.objects.filter(queue_id=queue.pk).values("overlay_id")
    return Overlay.objects.filter(Q(pk__in=own) | Q(queues__isnull=True)).order_by(
        "-is_standard", "percent", "name", "pk"
    )
