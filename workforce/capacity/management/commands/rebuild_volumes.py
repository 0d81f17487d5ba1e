"""Count queues again from their tickets."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from workforce.capacity.models import Queue
from workforce.capacity.selectors.coverage import countable_span
from workforce.capacity.services.volumes import rebuild, refresh_dirty


class Command(BaseCommand):
    help = (
        "Count the volumes of queues again from their tickets. "
        "Imported intervals stay as they are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--queue", type=int, action="append", help="number of a queue; may repeat"
        )
        parser.add_argument(
            "--from", dest="start", type=date.fromisoformat, help="first local day"
        )
        parser.add_argument(
            "--to", dest="end", type=date.fromisoformat, help="the day after the last"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        start, end = options["start"], options["end"]
        if start and end and end <= start:
            raise CommandError(f"--to {end} must come after --from {start}.")
        now = timezone.now()
        for queue in self._queues(options["queue"]):
            span = countable_span(queue, at=now, start=start, end=end)
            counts = rebuild(queue, *span, now) if span else {"days": 0, "changed": 0}
            self.stdout.write(
                f"{queue}: {counts['days']} days counted, "
                f"{counts['changed']} intervals changed."
            )
        refresh_dirty(now)

    def _queues(self, numbers: list[int] | None) -> list[Queue]:
        queues = Queue.objects.order_by("name", "channel")
        if numbers is None:
            return list(queues.filter(is_active=True))
        found = list(queues.filter(pk__in=numbers))
        if missing := set(numbers) - {queue.pk for queue in found}:
            listed = ", ".join(map(str, sorted(missing)))
            raise CommandError(f"No queue has the number {listed}.")
        return found
