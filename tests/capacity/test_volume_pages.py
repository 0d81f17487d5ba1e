"""Pages of volumes: who sees what, how many queries, and what they say."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from supportops.jobs.models import Job
from tests.factories.capacity import MONDAY, fill_days, make_queue
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import ChannelFactory
from workforce.capacity.models import OutlierDay, Queue, VolumeImport

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TWO = b"timestamp,volume\n2026-03-02 09:00,5\n2026-03-02 09:30,7\nsoon,1\n"


@pytest.fixture(autouse=True)
def _clock(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(client, role="Workforce manager"):
    person = UserFactory(role=role)
    client.force_login(person)
    return person


def filled(name: str = "", days: int = 84, **fields):
    queue = make_queue(name, **fields)
    fill_days(queue, [160 + day % 7 for day in range(days)], abandoned=1)
    return queue


def outlier(queue, offset: int = 3, **fields) -> OutlierDay:
    return OutlierDay.objects.create(
        queue=queue,
        day=MONDAY + timedelta(days=offset),
        actual=900,
        expected=160,
        found_at=NOW,
        **fields,
    )


def text(response) -> str:
    content = getattr(response, "streaming_content", None)
    return (b"".join(content) if content else response.content).decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_as_many_queries_for_many_queues_as_for_one(
    client, count, django_assert_num_queries
):
    signed_in(client)
    for _number in range(count):
        outlier(filled())
    client.get(reverse("capacity:volumes"))
    with django_assert_num_queries(10):
        page = text(client.get(reverse("capacity:volumes")))
    assert page.count("cv-spark") == count


@pytest.mark.parametrize("count", [1, 3])
def test_queue_page_takes_as_many_queries_for_a_year_as_for_a_week(
    client, count, django_assert_num_queries
):
    signed_in(client)
    queue = filled(days=7 * count)
    address = reverse("capacity:volumes-queue", args=[queue.pk])
    client.get(address)
    with django_assert_num_queries(14):
        assert "cv-heat" in text(client.get(address))


@pytest.mark.parametrize("count", [1, 3])
def test_outliers_take_as_many_queries_for_many_as_for_one(
    client, count, django_assert_num_queries
):
    signed_in(client)
    for _number in range(count):
        outlier(filled(days=7))
    address = reverse("capacity:outliers")
    client.get(address)
    with django_assert_num_queries(7):
        assert text(client.get(address)).count('name="outlier"') == count


@pytest.mark.parametrize("count", [1, 3])
def test_imports_take_as_many_queries_for_many_as_for_one(
    client, count, django_assert_num_queries
):
    person = signed_in(client)
    for number in range(count):
        VolumeImport.objects.create(
            file_name=f"{number}.csv",
            time_zone="UTC",
            created_by=person,
            created_at=NOW,
        )
    address = reverse("capacity:volume-imports")
    client.get(address)
    with django_assert_num_queries(6):
        assert text(client.get(address)).count(".csv</a>") == count


@pytest.mark.parametrize("count", [1, 3])
def test_admin_list_takes_as_many_queries_for_many_queues_as_for_one(
    client, count, django_assert_num_queries
):
    signed_in(client)
    for _number in range(count):
        make_queue().channels.add(ChannelFactory())
    address = reverse("admin:capacity_queue_changelist")
    client.get(address)
    with django_assert_num_queries(10):
        assert client.get(address).status_code == 200


def test_list_says_what_changed_and_what_is_missing(client):
    signed_in(client)
    queue = filled("Care", days=56)
    queue.days.filter(day=MONDAY + timedelta(days=20)).delete()
    page = text(client.get(reverse("capacity:volumes")))
    assert "Care · phone" in page
    assert "1 day missing" in page
    assert "ends before 27 Apr 2026" in page
    assert "4,564" in page  # of the 28 days from 30 March


def test_list_without_a_queue_says_how_to_begin(client):
    signed_in(client)
    page = text(client.get(reverse("capacity:volumes")))
    assert "No queue yet" in page
    assert reverse("admin:capacity_queue_add") in page


def test_queue_page_without_data_says_how_to_begin(client):
    signed_in(client)
    page = client.get(reverse("capacity:volumes-queue", args=[make_queue().pk]))
    assert "No volumes yet" in text(page)


def test_queue_page_shows_the_mean_week_with_its_days(client):
    signed_in(client)
    queue = filled(days=14)
    page = text(
        client.get(reverse("capacity:volumes-queue", args=[queue.pk]), {"period": "28"})
    )
    assert "n = 2" in page
    assert "09:00" in page
    assert "16:30" in page
    assert "17:00" not in page
    assert '<td class="q4">' in page


def test_queue_page_refuses_a_turned_period_and_shows_the_usual_one(client):
    signed_in(client)
    queue = filled(days=14)
    page = client.get(
        reverse("capacity:volumes-queue", args=[queue.pk]),
        {"from": "2026-03-10", "to": "2026-03-02"},
    )
    assert "must not come after the last" in text(page)


def test_csv_files_hold_the_period_and_no_formula(client):
    signed_in(client)
    queue = filled("=SUM(A1)", days=2)
    asked = {"from": "2026-03-02", "to": "2026-03-02"}
    address = reverse("capacity:volumes-queue-days", args=[queue.pk])
    assert text(client.get(address, asked)).splitlines()[1:] == [
        "'=SUM(A1),phone,2026-03-02,160,160,0,0,0,"
    ]
    address = reverse("capacity:volumes-queue-intervals", args=[queue.pk])
    lines = text(client.get(address, asked)).splitlines()
    assert len(lines) == 17
    assert lines[1].startswith("'=SUM(A1),phone,2026-03-02T09:00:00+00:00,")
    assert "'=SUM(A1)" in text(client.get(reverse("capacity:volumes-csv")))


LEAD_SEES = [
    ("capacity:volumes", ()),
    ("capacity:volumes-csv", ()),
    ("capacity:outliers", ()),
    ("capacity:outliers-csv", ()),
    ("admin:capacity_queue_changelist", ()),
]


@pytest.mark.parametrize(("name", "args"), LEAD_SEES)
def test_a_team_lead_sees_only_queues_of_own_teams(client, name, args):
    lead = signed_in(client, "Team lead")
    own, foreign = filled("Mine", days=7), filled("Theirs", days=7)
    own.teams.add(TeamFactory(lead=lead))
    foreign.teams.add(TeamFactory())
    outlier(own), outlier(foreign)
    page = text(client.get(reverse(name, args=args)))
    assert "Mine" in page
    assert "Theirs" not in page


def test_a_team_lead_opens_no_page_of_another_queue(client):
    lead = signed_in(client, "Team lead")
    own, foreign = filled("Mine", days=7), filled("Theirs", days=7)
    own.teams.add(TeamFactory(lead=lead))
    for name in ("volumes-queue", "volumes-queue-days"):
        for queue, status in ((own, 200), (foreign, 404)):
            address = reverse(f"capacity:{name}", args=[queue.pk])
            assert client.get(address).status_code == status


@pytest.mark.parametrize(
    ("role", "status"),
    [("Team lead", 403), ("Agent", 403), ("Executive", 200), ("Support lead", 200)],
)
def test_imports_are_for_who_sees_every_queue(client, role, status):
    person = signed_in(client, role)
    run = VolumeImport.objects.create(
        file_name="x.csv",
        time_zone="UTC",
        created_by=person,
        created_at=NOW,
        state="DONE",
    )
    for name, args in (
        ("volume-imports", ()),
        ("volume-import", (run.pk,)),
        ("volume-import-refused", (run.pk,)),
    ):
        assert client.get(reverse(f"capacity:{name}", args=args)).status_code == status


@pytest.mark.parametrize("role", ["Support lead", "Team lead", "Executive"])
def test_only_planners_import_decide_and_count_again(client, role):
    signed_in(client, role)
    row = outlier(filled(days=7))
    upload = {"file": SimpleUploadedFile("v.csv", TWO), "time_zone": "UTC"}
    decide = {"outlier": row.pk, "state": "CONFIRMED", "reason": "x"}
    for address, data in (
        (reverse("capacity:volume-imports"), upload),
        (reverse("capacity:outliers-decide"), decide),
        (reverse("capacity:volumes-rebuild", args=[row.queue_id]), {}),
    ):
        assert client.post(address, data).status_code == 403
    row.refresh_from_db()
    assert row.state == "FOUND"
    assert not VolumeImport.objects.exists()
    assert not Job.objects.exists()


def test_an_agent_sees_nothing(client):
    signed_in(client, "Agent")
    queue = filled(days=7)
    for name, args in (
        ("volumes", ()),
        ("volumes-csv", ()),
        ("volumes-queue", (queue.pk,)),
        ("volumes-queue-days", (queue.pk,)),
        ("outliers", ()),
        ("volume-template", ()),
    ):
        assert client.get(reverse(f"capacity:{name}", args=args)).status_code == 403


def test_days_are_decided_together_and_taken_back(client):
    person = signed_in(client)
    queue = filled(days=7)
    rows = [outlier(queue, offset) for offset in (1, 2)]
    told = {"outlier": [row.pk for row in rows], "state": "DISMISSED"}
    address = reverse("capacity:outliers-decide")
    page = client.post(address, told, follow=True)
    assert "Say why" in text(page)
    client.post(address, {**told, "reason": "a launch"})
    assert set(OutlierDay.objects.values_list("state", "reason", "decided_by")) == {
        ("DISMISSED", "a launch", person.pk)
    }
    client.post(address, {**told, "state": "FOUND"})
    assert set(OutlierDay.objects.values_list("state", "reason", "decided_by")) == {
        ("FOUND", "", None)
    }


def test_deciding_leads_back_to_the_list_and_to_no_other_site(client):
    signed_in(client)
    row = outlier(filled(days=7))
    told = {"outlier": row.pk, "state": "CONFIRMED", "reason": "outage"}
    address = reverse("capacity:outliers-decide")
    narrowed = reverse("capacity:outliers") + "?state=FOUND"
    assert client.post(address, {**told, "back": narrowed}).url == narrowed
    elsewhere = client.post(address, {**told, "back": "https://evil.example/"})
    assert elsewhere.url == reverse("capacity:outliers")


def upload(client, content: bytes = TWO, name: str = "v.csv", zone: str = "UTC"):
    return client.post(
        reverse("capacity:volume-imports"),
        {"file": SimpleUploadedFile(name, content), "time_zone": zone},
    )


def columns(whole=None, **changes) -> dict:
    return {
        "start": "timestamp",
        "offered": "volume",
        "unit": "sum_seconds",
        "step": "0",
        "time_zone": "UTC",
        "whole": whole.pk if whole else "",
        **changes,
    }


def test_a_file_goes_from_upload_to_report_and_back(
    client, django_capture_on_commit_callbacks
):
    signed_in(client)
    queue = make_queue("Care")
    mapping = upload(client).url
    page = text(client.get(mapping))
    assert "2026-03-02 09:00" in page
    assert "Line 4: “soon” is no day or time" in page
    answer = client.post(mapping, columns(queue))
    assert answer.url == mapping
    with django_capture_on_commit_callbacks(execute=True):
        report = client.post(mapping, {**columns(queue), "go": "1"}).url
    page = text(client.get(report))
    assert "Line 4: “soon” is no day or time" in page
    assert list(queue.intervals.values_list("offered", flat=True)) == [5, 7]
    run = VolumeImport.objects.get()
    refused = reverse("capacity:volume-import-refused", args=[run.pk])
    assert text(client.get(refused)).splitlines()[1] == (
        "4,bad_start,“soon” is no day or time"
    )
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("capacity:volume-import-undo", args=[run.pk]))
    assert not queue.intervals.exists()


def test_names_without_a_queue_are_asked_about(client):
    signed_in(client)
    file = b"queue,start,offered\nNew one,2026-03-02 09:00,4\n"
    mapping = upload(client, file).url
    assert "New one" in text(client.get(mapping))
    told = columns(start="start", offered="offered", queue="queue")
    client.post(mapping, {**told, "name_0": "create"})
    assert VolumeImport.objects.get().mapping["names"] == [["New one", "", "create"]]
    assert not Queue.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "zone", "words"),
    [
        (TWO, "v.xlsx", "UTC", "Upload a .csv"),
        (b"PK\x00", "v.csv", "UTC", "no CSV file"),
        (TWO, "v.csv", "Mars/Base", "is no time zone"),
    ],
)
def test_an_upload_that_cannot_be_is_refused(client, content, name, zone, words):
    signed_in(client)
    answer = upload(client, content, name, zone)
    assert answer.status_code == 422
    assert words in text(answer)
    assert not VolumeImport.objects.exists()


def test_an_import_whose_file_is_gone_says_so(client):
    signed_in(client)
    queue = make_queue()
    mapping = upload(client).url
    run = VolumeImport.objects.get()
    run.file.delete()

    assert "The file of this import is gone" in text(client.get(mapping))
    answer = client.post(mapping, {**columns(queue), "go": "1"}, follow=True)

    assert "The file of this import is gone" in text(answer)
    run.refresh_from_db()
    assert (run.state, run.job) == ("WAITING", None)


def test_the_template_can_be_imported(client):
    signed_in(client)
    content = text(client.get(reverse("capacity:volume-template"))).encode()
    mapping = upload(client, content).url
    assert VolumeImport.objects.get().mapping["columns"]["handle"] == "handle_seconds"
    assert "2026-03-02 09:30" in text(client.get(mapping))


def test_counting_again_starts_a_job(client):
    signed_in(client)
    queue = filled(days=7)
    client.post(reverse("capacity:volumes-rebuild", args=[queue.pk]))
    assert Job.objects.get().kind == "capacity.rebuild_volumes"


def form_of(queue, **changes) -> dict:
    return {
        "name": queue.name,
        "channel": queue.channel,
        "handling": queue.handling,
        "interval_minutes": queue.interval_minutes,
        "time_zone": queue.time_zone,
        "country": queue.country,
        "is_active": "on",
        **changes,
    }


def test_admin_makes_a_queue_with_assumptions(client):
    signed_in(client)
    blank = Queue(name="Care", channel="phone", handling="LIVE")
    client.post(reverse("admin:capacity_queue_add"), form_of(blank, country="de-be"))
    queue = Queue.objects.get()
    assert (queue.country, queue.assumptions.handle_seconds) == ("DE-BE", 1200)
    assert queue.history.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"country": "XX"}, "No holidays are known"),
        ({"country": "DE-XX"}, "No holidays are known"),
        ({"interval_minutes": 60}, "Imported intervals stand on this"),
        ({"time_zone": "Europe/Berlin"}, "Imported intervals stand on this"),
    ],
)
def test_admin_refuses_what_cannot_be(client, change, words):
    signed_in(client)
    queue = filled(days=2)
    address = reverse("admin:capacity_queue_change", args=[queue.pk])
    assert words in text(client.post(address, form_of(queue, **change)))
    queue.refresh_from_db()
    assert (queue.interval_minutes, queue.country) == (30, "")
