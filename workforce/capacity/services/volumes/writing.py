"""Writing one queue's day: its intervals, and with them the sum of the day."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from workforce.capacity.core.volumes.counting import Counted, total
from workforce.capacity.models import DayVolume, IntervalVolume, Queue, Source
from workforce.capacity.selectors.volumes import local_bounds

FACTS = tuple(field.name for field in fields(Counted))
NEXT = timedelta(days=1)
BATCH = 90  # rows of eleven columns; SQLite takes 999 parameters a statement


def locked_queue(queue_id: int) -> Queue | None:
    """Return the queue, locked until the transaction ends.

    Whoever writes volumes takes this lock first, so of two workers on one queue the one
    that writes last has also read last. What only refers to the queue does not wait.
    """
    queues = Queue.objects.select_for_update(no_key=True, of=("self",))
    return queues.filter(pk=queue_id).first()


def write_ticket_rows(
    queue: Queue, day: date, counts: Mapping[int, Counted], *, end: date | None = None
) -> int:
    """Make the day's ticket intervals equal to these counts; return how many changed.

    With ``end`` those of the days ``[day, end)``. Intervals that an import wrote stay: an import wins over what tickets say.
    """
    held = {int(row.starts_at.timestamp()): row for row in _rows_of(queue, day, end)}
    gone = [
        row.pk
        for start, row in held.items()
        if row.source == Source.TICKETS and start not in counts
    ]
    changed, new = [], []
    for start, fact in counts.items():
        row = held.get(start)
        if row is None:
            new.append(_row(queue, start, fact))
        elif row.source == Source.TICKETS and _differs(row, queue, fact):
            changed.append(row)
    for place in range(0, len(gone), BATCH):
        IntervalVolume.objects.filter(pk__in=gone[place : place + BATCH]).delete()
    IntervalVolume.objects.bulk_create(new, batch_size=BATCH)
    IntervalVolume.objects.bulk_update(changed, [*FACTS, "minutes"], batch_size=BATCH)
    return len(gone) + len(new) + len(changed)


def write_day(
    queue: Queue, day: date, *, began: bool, backlog: int | None = None
) -> bool:
    """Write the sum of the day's intervals; return whether the backlog changed.

    A day without intervals is kept as zeros when the queue ``began`` before it ended,
    and removed otherwise: nothing is known of it. ``backlog`` is that of the tickets;
    without it the last interval that knows one tells.
    """
    rows = _rows_of(queue, day)
    former = DayVolume.objects.filter(queue=queue, day=day).first()
    if not rows and not began:
        DayVolume.objects.filter(queue=queue, day=day).delete()
        return former is not None and former.backlog is not None
    facts = _sum(rows, backlog)
    if former is None:
        DayVolume.objects.create(queue=queue, day=day, **facts)
        return facts["backlog"] is not None
    if any(getattr(former, name) != value for name, value in facts.items()):
        DayVolume.objects.filter(pk=former.pk).update(**facts)
    return bool(former.backlog != facts["backlog"])


def write_days(
    queue: Queue, days: Sequence[date], backlogs: Mapping[date, int]
) -> set[date]:
    """`write_day` of days one after the other; return those whose backlog changed.

    ``backlogs`` has the days that end after the queue began.
    """
    rows: dict[date, list[IntervalVolume]] = {day: [] for day in days}
    zone = ZoneInfo(queue.time_zone)
    for interval in _rows_of(queue, days[0], days[-1] + NEXT):
        rows[interval.starts_at.astimezone(zone).date()].append(interval)
    held = DayVolume.objects.filter(queue=queue, day__gte=days[0], day__lte=days[-1])
    former = {row.day: row for row in held}
    moved, new, changed, gone = set(), [], [], []
    for day in days:
        row = former.get(day)
        if not rows[day] and day not in backlogs:
            gone += [row.pk] if row else []
            facts: dict[str, int | None] = {"backlog": None}
        else:
            facts = _sum(rows[day], backlogs.get(day))
            if row is None:
                new.append(DayVolume(queue=queue, day=day, **facts))
            elif any(getattr(row, name) != value for name, value in facts.items()):
                changed.append((row, facts))
        if facts["backlog"] != (row.backlog if row else None):
            moved.add(day)
    DayVolume.objects.filter(pk__in=gone).delete()
    DayVolume.objects.bulk_create(new, batch_size=BATCH)
    for row, facts in changed:
        for name, value in facts.items():
            setattr(row, name, value)
    DayVolume.objects.bulk_update(
        [row for row, _facts in changed], FACTS, batch_size=BATCH
    )
    return moved


def _sum(rows: Sequence[IntervalVolume], backlog: int | None) -> dict[str, int | None]:
    facts: dict[str, int | None] = asdict(total([fact_of(row) for row in rows]))
    if backlog is not None:
        facts["backlog"] = backlog
    return facts


def fact_of(row: IntervalVolume) -> Counted:
    return Counted(**{name: getattr(row, name) for name in FACTS})


def _rows_of(
    queue: Queue, day: date, end: date | None = None
) -> list[IntervalVolume]:  # fmt: skip
    first, last = local_bounds(queue, day, end or day + NEXT)
    rows = IntervalVolume.objects.filter(
        queue=queue, starts_at__gte=first, starts_at__lt=last
    )
    return list(rows.order_by("starts_at"))


def _row(queue: Queue, start: int, fact: Counted) -> IntervalVolume:
    return IntervalVolume(
        queue=queue,
        starts_at=datetime.fromtimestamp(start, UTC),
        minutes=queue.interval_minutes,
        source=Source.TICKETS,
        **asdict(fact),
    )


def _differs(row: IntervalVolume, queue: Queue, fact: Counted) -> bool:
    """Take the fact over into the row; return whether anything changed."""
    if fact_of(row) == fact and row.minutes == queue.interval_minutes:
        return False
    for name in FACTS:
        setattr(row, name, getattr(fact, name))
    row.minutes = queue.interval_minutes
    return True
