"""Volumes from files: every row written once or refused with its reason, and undone."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from supportops.jobs.models import Job
from supportops.jobs.services import run as run_job
from tests.factories.capacity import MONDAY, fill_days, make_queue
from tests.factories.people import UserFactory
from tests.factories.tickets import ChannelFactory
from workforce.capacity.models import (
    DayVolume,
    DirtyVolumeDay,
    IntervalVolume,
    Queue,
    ReplacedVolume,
    Source,
    VolumeImport,
)
from workforce.capacity.selectors.volume_imports import FileUnreadable, preview
from workforce.capacity.services.volumes import imports

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
State = VolumeImport.State


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def keep(text: str, queue: Queue | None = None, **mapping) -> VolumeImport:
    kept = imports.keep_upload(
        content=text.encode(),
        file_name="volumes.csv",
        time_zone="UTC",
        actor=UserFactory(),
        at=NOW,
    )
    told = {**kept.mapping, "queue": queue.pk if queue else None, **mapping}
    return imports.settle_mapping(import_id=kept.pk, mapping=told, time_zone="UTC")


def take(text: str, queue: Queue | None = None, **mapping) -> VolumeImport:
    kept = keep(text, queue, **mapping)
    imports.run_import(import_id=kept.pk, at=NOW)
    kept.refresh_from_db()
    return kept


def counts(kept: VolumeImport) -> tuple[int, int, int, int]:
    return kept.rows_new, kept.rows_replaced, kept.rows_same, kept.rows_refused


def offered(queue: Queue) -> list[int]:
    rows = IntervalVolume.objects.filter(queue=queue).order_by("starts_at")
    return list(rows.values_list("offered", flat=True))


TWO = "timestamp,volume\n2026-03-02 09:00,5\n2026-03-02 09:30,7\n"


def test_a_file_fills_intervals_and_days():
    queue = make_queue()
    kept = take(TWO, queue)
    assert (kept.state, kept.rows_read, counts(kept)) == ("DONE", 2, (2, 0, 0, 0))
    assert offered(queue) == [5, 7]
    day = DayVolume.objects.get(queue=queue)
    assert (day.day, day.offered) == (MONDAY, 12)
    assert (kept.first_at, kept.last_at) == (
        datetime(2026, 3, 2, 9, tzinfo=UTC),
        datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    )


def test_the_same_file_again_adds_nothing():
    queue = make_queue()
    take(TWO, queue)
    before = list(IntervalVolume.objects.order_by("pk").values())
    assert counts(take(TWO, queue)) == (0, 0, 2, 0)
    assert list(IntervalVolume.objects.order_by("pk").values()) == before


def test_an_attempt_after_a_kill_repeats_without_doubles():
    queue = make_queue()
    fill_days(queue, [3], intervals=1)
    kept = take(TWO, queue)
    assert counts(kept) == (1, 1, 0, 0)
    VolumeImport.objects.filter(pk=kept.pk).update(state=State.RUNNING, rows_new=0)
    imports.run_import(import_id=kept.pk, at=NOW)
    kept.refresh_from_db()
    assert counts(kept) == (1, 1, 0, 0)
    assert offered(queue) == [5, 7]
    assert ReplacedVolume.objects.count() == 1


def test_undo_brings_back_what_was_replaced_and_removes_the_rest():
    queue = make_queue()
    fill_days(queue, [3], intervals=1, backlog=4)
    before = list(IntervalVolume.objects.values())
    kept = take(TWO, queue)
    assert imports.undo_import(import_id=kept.pk, at=NOW) == {
        "restored": 1,
        "removed": 1,
    }
    assert list(IntervalVolume.objects.values()) == before
    assert DayVolume.objects.get(queue=queue).offered == 3
    kept.refresh_from_db()
    assert kept.state == State.UNDONE
    assert not ReplacedVolume.objects.exists()


def test_undo_of_the_only_import_leaves_no_day_behind():
    queue = make_queue()
    kept = take(TWO, queue)
    imports.undo_import(import_id=kept.pk, at=NOW)
    assert not DayVolume.objects.exists()


def test_undo_is_refused_while_a_later_import_stands_on_it():
    queue = make_queue()
    first = take(TWO, queue)
    later = take(TWO.replace(",5", ",6"), queue)
    with pytest.raises(imports.UndoRefused, match=f"Undo #{later.pk} first"):
        imports.start_undo(import_id=first.pk, actor=UserFactory(), at=NOW)
    assert offered(queue) == [6, 7]
    imports.undo_import(import_id=later.pk, at=NOW)
    assert offered(queue) == [5, 7]
    imports.undo_import(import_id=first.pk, at=NOW)
    assert offered(queue) == []


def test_every_refused_row_is_named_with_line_and_reason():
    queue = make_queue()
    kept = take(
        "timestamp,volume\n"
        "2026-03-02 09:00,5\n"
        "2026-03-02 09:00,6\n"
        "soon,1\n"
        "2026-03-02 10:00,-1\n"
        "2026-03-02 10:30,many\n"
        "3/4/2026 11:00,1\n"
        "2026-03-02 11:30\n",
        queue,
    )
    assert counts(kept) == (1, 0, 0, 6)
    assert [(row["first"], row["code"]) for row in kept.refusals] == [
        (3, "duplicate"),
        (4, "bad_start"),
        (5, "negative"),
        (6, "bad_number"),
        (7, "day_or_month"),
        (8, "no_count"),
    ]


MANY = (
    "queue,channel,start,offered,handled,abandoned,aht,backlog\n"
    "Care,phone,2026-03-02 09:00,10,8,2,300,1\n"
    "Care,chat,2026-03-02 09:00,4,4,0,600,0\n"
    "Sales,phone,2026-03-02 09:00,3,3,0,,\n"
)


def test_rows_find_their_queues_by_name_and_channel():
    phone = make_queue("Care")
    chat = make_queue("Care", channel="chat")
    kept = take(MANY)
    assert counts(kept) == (2, 0, 0, 1)
    assert kept.refusals == [
        {"first": 4, "last": 4, "code": "unknown_queue", "shown": "Sales · phone"}
    ]
    row = IntervalVolume.objects.get(queue=phone)
    assert (row.handled, row.abandoned, row.timed, row.handle_seconds) == (
        8,
        2,
        8,
        2400,
    )
    assert row.backlog == 1
    assert offered(chat) == [4]


def test_an_unknown_queue_is_made_or_mapped_when_somebody_says_so():
    sales = make_queue("Outbound")
    names = [["Care", "phone", "create"], ["Care", "chat", "create"]]
    kept = take(MANY, names=[*names, ["Sales", "phone", sales.pk]])
    assert counts(kept) == (3, 0, 0, 0)
    assert offered(sales) == [3]
    chat = Queue.objects.get(name="Care", channel="chat")
    assert (chat.handling, chat.interval_minutes) == ("CHAT", 60)
    assert chat.assumptions.pk
    assert counts(take(MANY, names=[["Sales", "phone", sales.pk]])) == (0, 0, 3, 0)


def test_a_name_that_two_queues_have_is_refused_until_somebody_says_which():
    make_queue("Care")
    chat = make_queue("Care", channel="chat")
    text = "queue,start,offered\nCare,2026-03-02 09:00,4\n"
    assert take(text).refusals[0]["code"] == "unknown_queue"
    take(text, names=[["Care", "", chat.pk]])
    assert offered(chat) == [4]


def test_columns_that_the_file_lacks_keep_what_was_there():
    queue = make_queue()
    fill_days(queue, [3], intervals=1, timed=2, handle_seconds=50)
    take(TWO, queue)
    row = IntervalVolume.objects.order_by("starts_at").first()
    assert (row.offered, row.handled, row.timed, row.handle_seconds) == (5, 3, 2, 50)


def test_an_import_wins_over_tickets_and_its_day_is_counted_again():
    queue = make_queue()
    queue.channels.add(ChannelFactory())
    fill_days(queue, [5], intervals=1)
    IntervalVolume.objects.update(source=Source.TICKETS)
    kept = take(TWO, queue)
    assert counts(kept) == (1, 1, 0, 0)
    assert set(IntervalVolume.objects.values_list("source", flat=True)) == {"IMPORT"}
    assert DirtyVolumeDay.objects.filter(queue=queue, day=MONDAY).exists()
    imports.undo_import(import_id=kept.pk, at=NOW)
    assert IntervalVolume.objects.get().source == Source.TICKETS


def test_a_finer_file_is_summed():
    queue = make_queue()
    take(
        "timestamp,volume\n2026-03-02 09:00,5\n2026-03-02 09:15,7\n"
        "2026-03-02 09:30,1\n2026-03-02 09:45,1\n",
        queue,
    )
    assert offered(queue) == [12, 2]


def test_a_coarser_file_is_refused_as_a_whole():
    queue = make_queue(interval_minutes=15)
    text = "timestamp,volume\n" + "".join(
        f"2026-03-02 {hour:02}:00,5\n" for hour in range(24)
    )
    kept = take(text, queue)
    assert counts(kept) == (0, 0, 0, 24)
    assert kept.refusals == [
        {"first": 2, "last": 25, "code": "coarser", "shown": "60/15"}
    ]
    assert not IntervalVolume.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xff\xfe\x00a", "no CSV file in UTF-8"),
        (b"PK\x03\x04\x00\x00", "no CSV file in UTF-8"),
        (b"a,b\n" * 3_000_000, "larger than 10 MB"),
    ],
)
def test_a_file_that_cannot_be_is_refused_and_not_kept(content, words):
    with pytest.raises(FileUnreadable, match=words):
        imports.keep_upload(
            content=content,
            file_name="x.csv",
            time_zone="UTC",
            actor=UserFactory(),
            at=NOW,
        )
    assert not VolumeImport.objects.exists()


def test_a_file_without_a_needed_column_is_not_started():
    kept = keep("when,how many\n2026-03-02,4\n")
    with pytest.raises(FileUnreadable, match="the start of the interval, the volume"):
        imports.import_volumes(import_id=kept.pk, actor=UserFactory(), at=NOW)
    assert not Job.objects.exists()


def test_preview_shows_first_rows_and_names_without_a_queue():
    make_queue("Care")
    found = preview(keep(MANY))
    assert found.headers[0] == "queue"
    assert (found.rows, len(found.first)) == (3, 3)
    assert found.unknown == [("Care", "chat"), ("Sales", "phone")]


def test_job_imports_and_says_how_far_it_is():
    queue = make_queue()
    kept = keep(TWO, queue)
    job = imports.import_volumes(import_id=kept.pk, actor=UserFactory(), at=NOW)
    assert run_job(job_id=job.pk, clock=timezone.now) == "DONE"
    job.refresh_from_db()
    kept.refresh_from_db()
    assert (job.done, job.total, kept.state) == (1, 1, "DONE")
    with pytest.raises(imports.ImportStarted):
        imports.import_volumes(import_id=kept.pk, actor=UserFactory(), at=NOW)
    undo = imports.start_undo(import_id=kept.pk, actor=UserFactory(), at=NOW)
    assert run_job(job_id=undo.pk, clock=timezone.now) == "DONE"
    assert not IntervalVolume.objects.exists()


def test_a_cancelled_import_can_start_again():
    queue = make_queue()
    kept = keep(TWO, queue)
    imports.import_volumes(import_id=kept.pk, actor=UserFactory(), at=NOW)
    imports.cancel_import(import_id=kept.pk, at=NOW)
    kept.refresh_from_db()
    assert kept.state == State.FAILED
    assert offered(queue) == []
    job = imports.import_volumes(import_id=kept.pk, actor=UserFactory(), at=NOW)
    assert run_job(job_id=job.pk, clock=timezone.now) == "DONE"
    assert offered(queue) == [5, 7]


class Stopped(Exception):  # noqa: N818 -- stands for a worker that was killed
    pass


class StopAfterOneDay:
    def set_total(self, total: int) -> None:
        self.total = total

    def advance(self, count: int = 1, *, note: str = "") -> None:
        raise Stopped


def test_a_killed_worker_leaves_whole_days_and_the_next_one_finishes():
    queue = make_queue()
    kept = keep(TWO + "2026-03-03 09:00,8\n", queue)
    with pytest.raises(Stopped):
        imports.run_import(import_id=kept.pk, at=NOW, progress=StopAfterOneDay())
    assert offered(queue) == [5, 7]
    imports.run_import(import_id=kept.pk, at=NOW)
    kept.refresh_from_db()
    assert (offered(queue), counts(kept)) == ([5, 7, 8], (3, 0, 0, 0))


def shared(name: str) -> str:
    path = Path(settings.BASE_DIR).parent / "shared" / "data" / "volume" / name
    if not path.exists():
        pytest.skip(f"needs the sample {name} beside the repository")
    return path.read_text()


def test_half_hours_of_a_bank_import_without_a_refusal():
    queue = make_queue(time_zone="America/New_York")
    text = shared("bank_calls_30min.csv")
    kept = keep(text, queue)
    imports.settle_mapping(
        import_id=kept.pk, mapping=kept.mapping, time_zone="America/New_York"
    )
    imports.run_import(import_id=kept.pk, at=NOW)
    kept.refresh_from_db()
    assert counts(kept) == (4592, 0, 0, 0)
    assert DayVolume.objects.filter(queue=queue).count() == 164
    row = IntervalVolume.objects.order_by("starts_at").first()
    assert (row.starts_at, row.offered) == (datetime(2003, 3, 3, 12, tzinfo=UTC), 560)


def test_days_of_a_help_desk_import_into_a_queue_of_days():
    queue = make_queue(interval_minutes=1440, time_zone="Europe/Rome")
    kept = take(shared("helpdesk_daily.csv"), queue)
    assert counts(kept) == (1416, 0, 0, 0)
    total = sum(DayVolume.objects.values_list("offered", flat=True))
    assert (total, DayVolume.objects.earliest("day").day) == (4580, date(2010, 1, 13))
    assert DayVolume.objects.latest("day").day == date(2010, 1, 13) + timedelta(
        days=1415
    )
