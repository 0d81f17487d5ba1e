"""The four steps of an import in the admin, and its undoing."""

import json

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from supportops.common.roles import AGENT, SUPPORT_LEAD
from tests.ticket_imports.conftest import HEADER, MAPPING
from tickets.imports.models import ImportedTicket, ImportRun
from tickets.models import Ticket, TicketEvent
from workforce.people.models import User

pytestmark = pytest.mark.django_db

ROWS = (
    "1,2024-01-01 09:00,New,Desk,Bo,L1,1",
    "1,2024-01-01 11:00,Done,Net,Bo,L1,1",
    "2,2024-02-01 09:30,New,Desk,Cy,L1,2",
    "2,soon,New,Desk,Cy,L1,2",
)
LOG = "\n".join([f"{HEADER},extra", *(f"{row},x" for row in ROWS)]) + "\n"


def person(client, role):
    user = User.objects.create_user(f"p{User.objects.count()}", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return user


@pytest.fixture
def lead(client):
    return person(client, SUPPORT_LEAD)


def page(name, run=None):
    return reverse(f"admin:ticket_imports_{name}", args=[run.pk] if run else [])


def upload(client, **changes):
    told = {
        "file": SimpleUploadedFile("log.csv", LOG.encode()),
        "mapping_file": SimpleUploadedFile("m.json", json.dumps(MAPPING).encode()),
        "source": "small",
        "format": "csv",
        **changes,
    }
    return client.post(
        page("importrun_add"), {k: v for k, v in told.items() if v is not None}
    )


def uploaded(client, **changes) -> ImportRun:
    response = upload(client, **changes)
    run = ImportRun.objects.latest("pk")
    assert response.headers["Location"] == page("mapping", run)
    return run


def done(client, django_capture_on_commit_callbacks) -> ImportRun:
    run = uploaded(client)
    client.post(
        page("mapping", run), {"mapping": json.dumps(MAPPING), "time_zone": "UTC"}
    )
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page("start", run))
    run.refresh_from_db()
    assert run.state == ImportRun.State.DONE
    return run


def test_the_zone_is_asked_for_and_never_guessed(client, lead):
    run = uploaded(client)
    html = client.get(page("mapping", run)).content.decode()
    assert "has no zone" in html
    assert "say which one its clock ran in" in html
    assert "Choose the zone below" in html
    assert "--timezone" not in html
    assert page("start", run) not in html


def test_the_preview_shows_rows_rejects_and_unmapped_columns(client, lead):
    run = uploaded(client)
    response = client.post(
        page("mapping", run), {"mapping": json.dumps(MAPPING), "time_zone": "+01:00"}
    )
    html = client.get(response.headers["Location"]).content.decode()
    assert "2024-01-01 08:00:00" in html
    assert "extra: not read" in html
    assert "time “soon” does not fit ISO 8601" in html
    assert page("start", run) in html
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"mapping": "{"}, "not JSON"),
        ({"mapping": '{"case_id": "id"}'}, "timestamp"),
        ({"mapping": json.dumps(MAPPING), "time_zone": "Mars"}, "no time zone"),
    ],
)
def test_mistakes_in_the_mapping_are_shown_beside_it(client, lead, told, words):
    run = uploaded(client)
    response = client.post(page("mapping", run), told)
    assert response.status_code == 422
    assert words in response.content.decode()
    run.refresh_from_db()
    assert run.mapping == MAPPING


def test_an_import_runs_in_the_background_and_reports(
    client, lead, django_capture_on_commit_callbacks
):
    run = done(client, django_capture_on_commit_callbacks)
    assert Ticket.objects.filter(source="small").count() == 2
    assert run.job.percent == 100
    html = client.get(page("report", run)).content.decode()
    for words in ("2 created", "2024-01", "2024-02", "solved", "Undo this import"):
        assert words in html
    rejects = client.get(page("rejects", run))
    assert b"soon" in b"".join(rejects.streaming_content)
    assert "attachment" in rejects.headers["Content-Disposition"]
    assert client.get(page("mapping", run)).headers["Location"] == page("report", run)


def test_the_report_says_when_in_words_and_what_judges_the_tickets(
    client, lead, log_file, run_import
):
    report = run_import(
        log_file(
            "1,2010-01-13T08:40:25Z,New,Desk,Bo,L1,",
            "2,2014-01-03T13:20:58Z,New,Desk,Bo,L1,",
            "3,2012-01-03T13:20:58Z,New,Desk,Bo,L1,1",
        )
    )
    assert report["facts"]["first_at"] == "2010-01-13T08:40:25+00:00"
    html = client.get(page("report", ImportRun.objects.get())).content.decode()
    assert "From 13 Jan 2010, 08:40 UTC to 3 Jan 2014, 13:20 UTC." in html
    assert "+00:00" not in html
    assert "rows of the file" in html
    assert "2 tickets came without a priority" in html
    assert "Write a policy in force from 13 Jan 2010" in html
    assert reverse("sla:policy-new") in html


def test_the_report_is_silent_on_priorities_when_each_ticket_has_one(
    client, lead, log_file, run_import
):
    run_import(log_file("1,2010-01-13T08:40:25Z,New,Desk,Bo,L1,1"))
    html = client.get(page("report", ImportRun.objects.get())).content.decode()
    assert "came without a priority" not in html
    assert "Write a policy in force from 13 Jan 2010" in html


def test_a_failed_import_leads_back_to_how_it_is_read(
    client, lead, django_capture_on_commit_callbacks
):
    run = uploaded(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page("start", run))
    run.refresh_from_db()
    assert run.state == ImportRun.State.FAILED
    html = client.get(page("report", run)).content.decode()
    assert "has no zone" in html
    assert "--timezone" not in html
    assert page("mapping", run) in html


def test_a_run_under_way_shows_progress_and_can_be_cancelled(client, lead):
    run = uploaded(client)
    client.post(
        page("mapping", run), {"mapping": json.dumps(MAPPING), "time_zone": "UTC"}
    )
    assert client.post(page("start", run)).headers["Location"] == page("progress", run)
    assert "Waiting for a worker" in client.get(page("progress", run)).content.decode()
    client.post(page("cancel", run))
    run.refresh_from_db()
    polled = client.get(page("progress", run), headers={"HX-Request": "true"})
    assert polled.headers["HX-Redirect"] == page("report", run)
    assert run.state == ImportRun.State.CANCELLED
    assert "Start again" in client.get(page("report", run)).content.decode()
    assert not Ticket.objects.exists()


def test_a_started_import_cannot_be_remapped(client, lead):
    run = uploaded(client)
    client.post(
        page("mapping", run), {"mapping": json.dumps(MAPPING), "time_zone": "UTC"}
    )
    client.post(page("start", run))
    changed = {**MAPPING, "name": "other"}
    response = client.post(page("mapping", run), {"mapping": json.dumps(changed)})
    assert response.headers["Location"] == page("progress", run)
    run.refresh_from_db()
    assert run.mapping == MAPPING


def test_undo_shows_what_it_deletes_and_keeps_what_was_touched(
    client, lead, django_capture_on_commit_callbacks
):
    run = done(client, django_capture_on_commit_callbacks)
    touched = Ticket.objects.get(external_id="2")
    TicketEvent.objects.create(
        ticket=touched, seq=touched.last_seq + 1, at=touched.updated_at, kind="LEVEL"
    )
    Ticket.objects.filter(pk=touched.pk).update(last_seq=touched.last_seq + 1)
    html = client.get(page("undo", run)).content.decode()
    assert "This deletes 1 ticket, " in html
    assert "made from 2 rows of the file" in html
    assert "with 7 entries of the event log" in html
    assert "What stays: people, teams and organisations" in html
    assert f'href="{page("report", run)}"' in html
    assert f"#{touched.pk}" in html
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page("undo", run))
    run.refresh_from_db()
    assert run.state == ImportRun.State.UNDONE
    assert list(Ticket.objects.values_list("pk", flat=True)) == [touched.pk]
    assert TicketEvent.objects.exclude(ticket=touched).count() == 0
    assert ImportedTicket.objects.count() == 1
    assert client.get(page("undo", run)).headers["Location"] == page("report", run)


def test_undo_keeps_what_a_later_import_continued(
    client, lead, run_import, log_file, django_capture_on_commit_callbacks
):
    first = log_file(
        "1,2024-01-01T09:00:00Z,New,Desk,Bo,L1,1", "2,2024-01-01T09:00:00Z,New,,,,"
    )
    run_import(first)
    run = ImportRun.objects.get()
    run_import(
        log_file(
            "1,2024-01-01T09:00:00Z,New,Desk,Bo,L1,1",
            "1,2024-01-02T09:00:00Z,Done,Desk,Bo,L1,1",
        )
    )
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page("undo", run))
    assert list(Ticket.objects.values_list("external_id", flat=True)) == ["1"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"file": None}, "required"),
        ({"source": "a b"}, "slug"),
        ({"mapping_file": SimpleUploadedFile("m.json", b"{")}, "not JSON"),
        ({"mapping_file": SimpleUploadedFile("m.json", b"\xff\xfe{")}, "UTF-8"),
    ],
)
def test_an_upload_that_lacks_something_is_shown_again(client, lead, changes, words):
    response = upload(client, **changes)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not ImportRun.objects.exists()


def test_a_shipped_mapping_can_be_chosen(client, lead):
    run = uploaded(client, mapping_file=None, shipped="bpi2013")
    assert run.mapping["case_id"] == "SR Number"
    assert "lacks the columns" in client.get(page("mapping", run)).content.decode()


def test_json_lines_need_no_mapping(client, lead, django_capture_on_commit_callbacks):
    line = {
        "schema": "ticket-import/1",
        "external_id": "A",
        "created_at": "2024-01-01T09:00:00Z",
        "subject": "<b>VPN</b>",
    }
    file = SimpleUploadedFile("t.jsonl", json.dumps(line).encode())
    run = uploaded(client, file=file, format="jsonl", mapping_file=None)
    html = client.get(page("mapping", run)).content.decode()
    assert "&lt;b&gt;VPN&lt;/b&gt;" in html
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page("start", run))
    assert Ticket.objects.get().subject == "<b>VPN</b>"


PAGES = ("mapping", "progress", "report", "rejects", "undo")


@pytest.mark.parametrize("name", [*PAGES, "start", "cancel"])
def test_imports_are_closed_to_agents(client, name):
    person(client, AGENT)
    run = ImportRun.objects.create(
        source="s",
        file_name="f",
        path="/nowhere",
        format="csv",
        created_at="2024-01-01T00:00Z",
    )
    send = client.post if name in {"start", "cancel"} else client.get
    assert send(page(name, run)).status_code == 403
    assert client.get(page("importrun_add")).status_code == 403
    assert client.get(page("importrun_changelist")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_three_imports_as_for_one(
    client, lead, count, django_assert_num_queries
):
    for number in range(count):
        ImportRun.objects.create(
            source=f"s{number}",
            file_name="f",
            path="x",
            format="csv",
            state=ImportRun.State.DONE,
            report={"tickets": 3, "rejected": 1},
            created_by=User.objects.create_user(f"by{number}"),
            created_at="2024-01-01T00:00Z",
        )
    client.get(page("importrun_changelist"))
    with django_assert_num_queries(LIST_QUERIES):
        response = client.get(page("importrun_changelist"))
    assert f"by{count - 1}" in response.content.decode()


# session, user, permissions of the user and of the groups, count, rows
LIST_QUERIES = 6


def test_an_import_opens_at_the_step_it_has_reached(client, lead):
    run = uploaded(client)
    address = reverse("admin:ticket_imports_importrun_change", args=[run.pk])
    assert client.get(address).headers["Location"] == page("mapping", run)
