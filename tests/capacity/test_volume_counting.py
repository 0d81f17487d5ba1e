"""Queues filled from tickets: every count equals a plain loop over the tickets."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from supportops.jobs.models import Job
from supportops.jobs.services import request_cancel, run
from tests.factories.capacity import make_queue
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import ChannelFactory
from tickets.models import Ticket
from tickets.services.history import HistoricEvent, TicketHistory, append_histories
from workforce.capacity.models import (
    DayVolume,
    DirtyVolumeDay,
    IntervalVolume,
    Source,
)
from workforce.capacity.services import volumes

pytestmark = pytest.mark.django_db
BERLIN = "Europe/Berlin"
FACTS = ("offered", "handled", "abandoned", "timed", "handle_seconds", "backlog")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


NOW = at(2026, 4, 4, 12)


@pytest.fixture
def write(django_capture_on_commit_callbacks):
    """Write histories, continue them, and let the receivers hear of it."""

    def _write(*histories: TicketHistory) -> list[int]:
        with django_capture_on_commit_callbacks(execute=True):
            done = append_histories(histories, at=NOW)
        for history, appended in zip(histories, done, strict=True):
            history.ticket_id = appended.ticket_id
            history.written = len(history.events)
        return [appended.ticket_id for appended in done]

    return _write


def history(created: datetime, channel, team=None, **columns) -> TicketHistory:
    events = [HistoricEvent(created, "CREATED", to_value="new", state="OPEN")]
    if team:
        events.append(moved(created, team))
    return TicketHistory("Cannot sign in", events, channel_id=channel.pk, **columns)


def moved(moment: datetime, team) -> HistoricEvent:
    return HistoricEvent(moment, "TEAM", to_value=str(team), details={"id": team.pk})


def ended(moment: datetime, outcome: str = "SOLVED") -> HistoricEvent:
    return HistoricEvent(
        moment,
        "STATUS",
        to_value="resolved",
        state="RESOLVED",
        details={"outcome": outcome},
    )


def reopened(moment: datetime) -> HistoricEvent:
    return HistoricEvent(moment, "STATUS", to_value="in-progress", state="OPEN")


def answered(moment: datetime) -> HistoricEvent:
    return HistoricEvent(moment, "MESSAGE", direction="OUT")


def rows(queue) -> list[tuple]:
    found = IntervalVolume.objects.filter(queue=queue).order_by("starts_at")
    return list(found.values_list("starts_at", *FACTS))


def brute_force(queue) -> dict[datetime, tuple]:
    """Count by hand: the tickets one by one, with the zone's own clock."""
    zone, step = ZoneInfo(queue.time_zone), queue.interval_minutes
    teams = set(queue.teams.values_list("pk", flat=True))
    channels = set(queue.channels.values_list("pk", flat=True))
    counts: dict[datetime, list[int]] = {}
    spans = []

    def slot(moment: datetime) -> datetime:
        local = moment.astimezone(zone)
        past = (local.hour * 60 + local.minute) % step
        exact = timedelta(seconds=local.second, microseconds=local.microsecond)
        if step == 1440:
            return local.replace(
                hour=0, minute=0, second=0, microsecond=0, fold=0
            ).astimezone(UTC)
        return moment - timedelta(minutes=past) - exact

    for ticket in Ticket.objects.all():
        if ticket.channel_id not in channels or (teams and ticket.team_id not in teams):
            continue
        spans.append((ticket.created_at, ticket.resolved_at))
        counts.setdefault(slot(ticket.created_at), [0] * 5)[0] += 1
        if ticket.resolved_at is None:
            continue
        cell = counts.setdefault(slot(ticket.resolved_at), [0] * 5)
        if ticket.outcome == "NO_ANSWER" and ticket.first_response_at is None:
            cell[2] += 1
            continue
        cell[1] += 1
        if "handle_minutes" in ticket.custom:
            cell[3] += 1
            cell[4] += ticket.custom["handle_minutes"] * 60
    length = timedelta(minutes=step)
    found = {}
    for start, cell in sorted(counts.items()):
        stop = start + length
        if step == 1440:
            local = start.astimezone(zone)
            stop = datetime.combine(
                local.date() + timedelta(days=1), datetime.min.time(), tzinfo=zone
            )
        backlog = sum(
            came < stop and (left is None or left >= stop) for came, left in spans
        )
        found[start] = (*cell, backlog)
    return found


def assert_equals_brute_force(queue) -> None:
    assert {row[0]: row[1:] for row in rows(queue)} == brute_force(queue)


def assert_days_are_whole(queue, today: date) -> None:
    """Every local day from the first ticket until today has its sum and backlog."""
    zone = ZoneInfo(queue.time_zone)
    known = {row.day: row for row in DayVolume.objects.filter(queue=queue)}
    first = min(start for start in brute_force(queue)).astimezone(zone).date()
    span = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    assert sorted(known) == span
    teams = set(queue.teams.values_list("pk", flat=True))
    channels = queue.channels.values_list("pk", flat=True)
    tickets = Ticket.objects.filter(channel__in=channels)
    for day in span:
        offered = sum(
            row[1] for row in rows(queue) if row[0].astimezone(zone).date() == day
        )
        end = datetime.combine(
            day + timedelta(days=1), datetime.min.time(), tzinfo=zone
        )
        still = sum(
            ticket.created_at < end
            and (ticket.resolved_at is None or ticket.resolved_at >= end)
            and (not teams or ticket.team_id in teams)
            for ticket in tickets
        )
        assert (day, known[day].offered, known[day].backlog) == (day, offered, still)


@pytest.mark.parametrize(
    ("zone", "minutes"),
    [(BERLIN, 30), ("America/New_York", 60), ("Asia/Kathmandu", 15), (BERLIN, 1440)],
)
def test_counts_equal_a_plain_loop_through_changes_of_every_kind(write, zone, minutes):
    """Tickets come, end, reopen, move and go over the night that clocks change."""
    chance = random.Random(f"{zone}{minutes}")
    channels, teams = ChannelFactory.create_batch(2), TeamFactory.create_batch(2)
    queue = make_queue(time_zone=zone, interval_minutes=minutes)
    queue.channels.set(channels[:1])
    queue.teams.set(teams[:1])
    known = [
        history(
            at(2026, 3, 26) + timedelta(minutes=chance.randrange(8 * 1440)),
            chance.choice([channels[0], channels[0], channels[1]]),
            chance.choice(teams),
            custom={"handle_minutes": 12} if chance.random() < 0.5 else {},
        )
        for _ticket in range(25)
    ]
    write(*known)
    for _round in range(3):
        volumes.refresh_dirty(NOW)
        assert_equals_brute_force(queue)
        for one in chance.sample(known, 8):
            moment = one.events[-1].at + timedelta(minutes=chance.randrange(1, 2000))
            one.events = [*one.events, next_event(chance, one, moment, teams)]
        write(*known)
        Ticket.objects.filter(pk=known.pop().ticket_id).first().delete()
    volumes.refresh_dirty(NOW)
    assert_equals_brute_force(queue)
    assert_days_are_whole(queue, NOW.astimezone(ZoneInfo(zone)).date())
    assert not DirtyVolumeDay.objects.exists()
    assert_a_span_equals_its_days(queue)


def assert_a_span_equals_its_days(queue) -> None:
    """Lose some of what was counted day by day, and count all of it in one go."""
    held = rows(queue), sums(queue)
    IntervalVolume.objects.filter(pk__in=some_of(IntervalVolume)).delete()
    IntervalVolume.objects.filter(pk__in=some_of(IntervalVolume)).update(offered=99)
    DayVolume.objects.filter(pk__in=some_of(DayVolume)).delete()
    DayVolume.objects.filter(pk__in=some_of(DayVolume)).update(backlog=99)
    volumes.rebuild(queue, date(2026, 3, 1), date(2026, 4, 20), NOW)
    assert (rows(queue), sums(queue)) == held
    assert not DirtyVolumeDay.objects.exists()
    again = volumes.rebuild(queue, date(2026, 3, 1), date(2026, 4, 20), NOW)
    assert again == {"days": 50, "changed": 0}


def some_of(model) -> list[int]:
    return list(model.objects.order_by("pk").values_list("pk", flat=True)[1::3])


def sums(queue) -> list[tuple]:
    found = DayVolume.objects.filter(queue=queue).order_by("day")
    return list(found.values_list("day", *FACTS))


def next_event(chance, one, moment, teams) -> HistoricEvent:
    if one.events[-1].state == "RESOLVED":
        return reopened(moment)
    return chance.choice(
        [
            ended(moment),
            ended(moment, "NO_ANSWER"),
            answered(moment),
            moved(moment, chance.choice(teams)),
        ]
    )


def fed_queue(**fields):
    channel = ChannelFactory()
    queue = make_queue(**fields)
    queue.channels.add(channel)
    return queue, channel


def test_what_nobody_answered_is_abandoned_and_not_handled(write):
    queue, channel = fed_queue()
    silent, spoken = (history(at(2026, 4, 2, 9, 5), channel) for _ticket in "ab")
    silent.events = [*silent.events, ended(at(2026, 4, 2, 9, 40), "NO_ANSWER")]
    spoken.events = [
        *spoken.events,
        answered(at(2026, 4, 2, 9, 20)),
        ended(at(2026, 4, 2, 9, 50), "NO_ANSWER"),
    ]
    write(silent, spoken)
    volumes.refresh_dirty(NOW)
    assert rows(queue) == [
        (at(2026, 4, 2, 9), 2, 0, 0, 0, 0, 2),
        (at(2026, 4, 2, 9, 30), 0, 1, 1, 0, 0, 0),
    ]


@pytest.mark.parametrize("stated", ["soon", -5, True, 1e9, None, [3]])
def test_a_handle_time_that_cannot_be_is_unknown(write, stated):
    queue, channel = fed_queue()
    one = history(at(2026, 4, 2, 9), channel, custom={"handle_minutes": stated})
    one.events = [*one.events, ended(at(2026, 4, 2, 9, 10))]
    write(one)
    volumes.refresh_dirty(NOW)
    assert rows(queue) == [(at(2026, 4, 2, 9), 1, 1, 0, 0, 0, 0)]


def test_duplicates_and_what_is_out_of_scope_count_as_offered(write):
    queue, channel = fed_queue()
    known = [history(at(2026, 4, 2, 9), channel) for _ticket in range(2)]
    for one, outcome in zip(known, ("DUPLICATE", "OUT_OF_SCOPE"), strict=True):
        one.events = [*one.events, ended(at(2026, 4, 2, 9, 10), outcome)]
    write(*known)
    volumes.refresh_dirty(NOW)
    assert rows(queue) == [(at(2026, 4, 2, 9), 2, 2, 0, 0, 0, 0)]


def test_only_days_of_queues_concerned_are_marked(write):
    queue, channel = fed_queue(time_zone=BERLIN)
    other, _channel = fed_queue()
    DirtyVolumeDay.objects.all().delete()
    write(history(at(2026, 4, 2, 22, 30), channel))
    assert list(DirtyVolumeDay.objects.values_list("queue", "day")) == [
        (queue.pk, date(2026, 4, 3))
    ]
    assert other.pk != queue.pk


def test_quiet_days_after_the_first_ticket_are_known_zeros(write):
    queue, channel = fed_queue()
    write(history(at(2026, 4, 1, 9), channel))
    volumes.refresh_dirty(NOW)
    days = DayVolume.objects.filter(queue=queue).order_by("day")
    assert list(days.values_list("day", "offered", "backlog")) == [
        (date(2026, 4, 1), 1, 1),
        (date(2026, 4, 2), 0, 1),
        (date(2026, 4, 3), 0, 1),
        (date(2026, 4, 4), 0, 1),
    ]
    volumes.refresh_dirty(NOW + timedelta(days=1))
    assert days.last().day == date(2026, 4, 5)


def test_counting_again_changes_nothing(write):
    queue, channel = fed_queue()
    write(history(at(2026, 4, 2, 9), channel), history(at(2026, 4, 3, 9), channel))
    volumes.refresh_dirty(NOW)
    before = list(IntervalVolume.objects.order_by("pk").values())
    counts = volumes.rebuild(queue, date(2026, 4, 2), date(2026, 4, 5), NOW)
    assert counts == {"days": 3, "changed": 0}
    assert list(IntervalVolume.objects.order_by("pk").values()) == before


def test_counting_stops_at_its_limit_and_goes_on_next_time(write):
    queue, channel = fed_queue()
    write(*(history(at(2026, 4, day, 9), channel) for day in (1, 2, 3)))
    assert volumes.refresh_dirty(NOW, limit=2)["days"] == 2
    assert DirtyVolumeDay.objects.exists()
    volumes.refresh_dirty(NOW)
    assert_equals_brute_force(queue)


def test_an_import_wins_over_what_tickets_say(write):
    queue, channel = fed_queue()
    IntervalVolume.objects.create(
        queue=queue,
        starts_at=at(2026, 4, 2, 9),
        minutes=30,
        offered=40,
        source=Source.IMPORT,
    )
    write(history(at(2026, 4, 2, 9), channel), history(at(2026, 4, 2, 9, 30), channel))
    volumes.refresh_dirty(NOW)
    assert [row[:2] for row in rows(queue)] == [
        (at(2026, 4, 2, 9), 40),
        (at(2026, 4, 2, 9, 30), 1),
    ]
    assert DayVolume.objects.get(queue=queue, day=date(2026, 4, 2)).offered == 41


@pytest.mark.parametrize(
    "change",
    [
        {"time_zone": "Asia/Kathmandu"},
        {"interval_minutes": 60},
        {"interval_minutes": 1440},
    ],
)
def test_another_grid_counts_every_day_again(write, change):
    queue, channel = fed_queue()
    write(*(history(at(2026, 4, day, 23, 50), channel) for day in (1, 3)))
    volumes.refresh_dirty(NOW)
    for name, value in change.items():
        setattr(queue, name, value)
    queue.save()
    volumes.refresh_dirty(NOW)
    assert_equals_brute_force(queue)
    assert_days_are_whole(queue, NOW.astimezone(ZoneInfo(queue.time_zone)).date())


def test_other_channels_or_teams_count_every_day_again(write):
    queue, channel = fed_queue()
    other, team = ChannelFactory(), TeamFactory()
    write(history(at(2026, 4, 2, 9), channel), history(at(2026, 4, 1, 9), other, team))
    volumes.refresh_dirty(NOW)
    queue.channels.add(other)
    volumes.refresh_dirty(NOW)
    assert_equals_brute_force(queue)
    assert_days_are_whole(queue, date(2026, 4, 4))
    queue.teams.add(team)
    volumes.refresh_dirty(NOW)
    assert [row[0] for row in rows(queue)] == [at(2026, 4, 1, 9)]
    queue.channels.clear()
    volumes.refresh_dirty(NOW)
    assert rows(queue) == []
    assert not DayVolume.objects.filter(queue=queue).exists()


def test_a_rename_marks_nothing(write):
    queue, channel = fed_queue()
    write(history(at(2026, 4, 2, 9), channel))
    volumes.refresh_dirty(NOW)
    queue.name = "Another name"
    queue.save()
    assert not DirtyVolumeDay.objects.exists()


def test_one_day_takes_as_many_queries_for_many_tickets_as_for_one(
    write, django_assert_num_queries
):
    queue, channel = fed_queue()
    queue.teams.clear()
    for tickets in (1, 30):
        write(*(history(at(2026, 4, 4, 9), channel) for _ticket in range(tickets)))
        with django_assert_num_queries(16):
            volumes.count_day(queue_id=queue.pk, day=date(2026, 4, 4), at=NOW)
    assert rows(queue)[0][1] == 31


def test_command_counts_queues_again(write, capsys):
    queue, channel = fed_queue(name="Mail")
    write(history(at(2026, 4, 2, 9), channel))
    DirtyVolumeDay.objects.all().delete()
    call_command("rebuild_volumes", "--queue", str(queue.pk), "--to", "2026-04-05")
    assert capsys.readouterr().out == (
        "Mail · phone: 3 days counted, 1 intervals changed.\n"
    )
    assert_equals_brute_force(queue)


def test_command_refuses_an_unknown_queue_and_a_turned_period():
    with pytest.raises(CommandError, match="No queue has the number 404"):
        call_command("rebuild_volumes", "--queue", "404")
    with pytest.raises(CommandError, match="must come after"):
        call_command("rebuild_volumes", "--from", "2026-04-05", "--to", "2026-04-05")


def test_job_counts_a_queue_again_and_tells_how_far_it_is(write):
    queue, channel = fed_queue()
    write(history(at(2026, 4, 2, 9), channel))
    DirtyVolumeDay.objects.all().delete()
    job = volumes.start_rebuild(queue_id=queue.pk, actor=UserFactory(), at=NOW)
    assert run(job_id=job.pk, clock=timezone.now) == "DONE"
    job.refresh_from_db()
    assert (job.done, job.total, job.result) == (3, 3, {"days": 3, "changed": 1})
    assert_equals_brute_force(queue)


def test_job_stops_when_cancelled_and_its_successor_finishes(write):
    queue, channel = fed_queue()
    write(*(history(at(2026, 4, day, 9), channel) for day in (1, 2, 3)))
    DirtyVolumeDay.objects.all().delete()
    job = volumes.start_rebuild(queue_id=queue.pk, actor=None, at=NOW)
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    assert run(job_id=job.pk, clock=timezone.now) in {"CANCELLED", "taken"}
    assert rows(queue) == []
    again = volumes.start_rebuild(queue_id=queue.pk, actor=None, at=NOW)
    assert run(job_id=again.pk, clock=timezone.now) == "DONE"
    assert_equals_brute_force(queue)
    with pytest.raises(Exception, match="already finished"):
        request_cancel(job_id=again.pk, at=NOW)


def test_job_is_refused_where_nothing_comes_in():
    with pytest.raises(volumes.NothingToCount):
        volumes.start_rebuild(queue_id=make_queue().pk, actor=None, at=NOW)
    assert not Job.objects.exists()
