"""The command as a person runs it: report, idempotence, refusals, dry run."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tickets.imports.models import ImportedTicket, ImportRun
from tickets.models import Ticket, TicketEvent
from workforce.people.models import Team, User

pytestmark = pytest.mark.django_db

FIRST = (
    "1,2024-01-01T09:00:00Z,New,Desk,Bo,L1,1",
    "2,2024-01-01T09:30:00Z,New,Desk,Cy,L1,2",
    "1,2024-01-01T10:00:00Z,Work,Net,Bo,L2,1",
    "1,2024-01-01T11:00:00Z,Done,Desk,Cy,L1,1",
)
LATER = (
    "1,2024-01-02T11:00:00Z,Work,Desk,Cy,L1,1",
    "3,2024-01-02T12:00:00Z,Shut,Desk,Bo,L1,2",
)


def counts():
    return (
        Ticket.objects.count(),
        TicketEvent.objects.count(),
        ImportedTicket.objects.count(),
    )


def test_report_has_exactly_the_promised_shape(run_import, log_file):
    report = run_import(log_file(*FIRST))
    assert report.pop("seconds") >= 0
    assert report == {
        "source": "small",
        "tickets": 2,
        "events": 4,
        "messages": 0,
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
        "rejects_file": None,
        "facts": {
            "by_status": {"solved": 1, "new": 1},
            "by_priority": {"urgent": 1, "low": 1},
            "median_hours_to_resolve": 2.0,
            "reopens": 0,
            "tickets_reopened": 0,
            "handoffs": {"group": 2, "assignee": 1, "level": 2},
            "ping_pongs": {
                "group": {"count": 1, "tickets": 1},
                "assignee": {"count": 0, "tickets": 0},
                "level": {"count": 1, "tickets": 1},
            },
            "first_at": "2024-01-01T09:00:00+00:00",
            "last_at": "2024-01-01T11:00:00+00:00",
        },
    }


def test_import_writes_tickets_with_their_whole_log(run_import, log_file):
    run_import(log_file(*FIRST))
    ticket = Ticket.objects.get(source="small", external_id="1")
    assert ticket.status.code == "resolved"
    assert (ticket.priority, ticket.level) == ("P1", "L1")
    assert (ticket.team.name, ticket.assignee.first_name) == ("Desk", "Cy")
    assert (ticket.resolved_at - ticket.created_at).total_seconds() == 7200
    log = ticket.events.order_by("seq").values_list(
        "kind", "from_value", "to_value", "state"
    )
    assert list(log) == [
        ("CREATED", "", "new", "OPEN"),
        ("TEAM", "", "Desk", ""),
        ("ASSIGNEE", "", "Bo", ""),
        ("LEVEL", "", "L1", ""),
        ("PRIORITY", "", "P1", ""),
        ("STATUS", "new", "in-progress", "OPEN"),
        ("TEAM", "Desk", "Net", ""),
        ("LEVEL", "L1", "L2", ""),
        ("STATUS", "in-progress", "resolved", "RESOLVED"),
        ("TEAM", "Net", "Desk", ""),
        ("ASSIGNEE", "Bo", "Cy", ""),
        ("LEVEL", "L2", "L1", ""),
    ]
    status = ticket.events.get(seq=6)
    assert status.details == {"raw": "Work"}
    assert ticket.events.get(seq=7).details == {"id": Team.objects.get(name="Net").pk}


def test_imported_people_cannot_sign_in(run_import, log_file, mapping_file):
    mapping = mapping_file(automation=["Cy"])
    run_import(log_file(*FIRST), mapping=str(mapping))
    person = User.objects.get(username="small:Bo")
    assert (person.is_active, person.has_usable_password()) == (False, False)
    assert person.imported_from == "small"
    assert User.objects.get(username="small:Cy").is_automation
    assert Team.objects.get(name="Desk").imported_from == "small"


def test_a_team_of_our_own_is_not_taken_over(run_import, log_file):
    ours = Team.objects.create(name="Desk")
    run_import(log_file(*FIRST))
    theirs = Team.objects.get(name="Desk (small)")
    assert theirs.imported_from == "small"
    assert not Ticket.objects.filter(team=ours).exists()
    run_import(log_file(*FIRST, *LATER))
    assert Team.objects.filter(name__startswith="Desk").count() == 2


def test_the_same_file_twice_adds_nothing(run_import, log_file):
    first = run_import(log_file(*FIRST))
    before = counts()
    second = run_import(log_file(*FIRST))
    assert (second["created"], second["updated"], second["unchanged"]) == (0, 0, 2)
    assert second["facts"] == first["facts"]
    assert counts() == before


def test_a_longer_file_adds_only_what_is_new(run_import, log_file):
    run_import(log_file(*FIRST))
    report = run_import(log_file(*FIRST, *LATER))
    assert (report["created"], report["updated"], report["unchanged"]) == (1, 1, 1)
    assert report["facts"]["reopens"] == 1
    ticket = Ticket.objects.get(external_id="1")
    assert (ticket.status.code, ticket.reopen_count) == ("in-progress", 1)
    assert ticket.resolved_at is None
    seqs = list(ticket.events.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, ticket.last_seq + 1))
    kinds = list(ticket.events.order_by("seq").values_list("kind", flat=True))
    run_import(log_file(*FIRST, *LATER), source="again")
    fresh = Ticket.objects.get(source="again", external_id="1").events.order_by("seq")
    assert kinds == list(fresh.values_list("kind", flat=True))


def test_a_changed_past_is_rejected_and_the_rest_imported(run_import, log_file):
    run_import(log_file(*FIRST))
    before = counts()
    changed = FIRST[0].replace("Desk", "Elsewhere")
    report = run_import(log_file(changed, *FIRST[1:]))
    assert (report["tickets"], report["unchanged"], report["rejected"]) == (1, 1, 1)
    assert counts() == before
    with Path(report["rejects_file"]).open(newline="") as handle:
        [row] = csv.DictReader(handle)
    assert row["external_id"] == "1"
    assert "differ from those imported before" in row["reason"]


def test_an_older_file_is_told_as_such(run_import, log_file):
    run_import(log_file(*FIRST))
    report = run_import(log_file(*FIRST[:3]))
    assert (report["unchanged"], report["rejected"]) == (1, 1)


def test_a_ticket_changed_here_is_not_overwritten(run_import, log_file):
    run_import(log_file(*FIRST))
    ticket = Ticket.objects.get(external_id="1")
    TicketEvent.objects.create(
        ticket=ticket,
        seq=ticket.last_seq + 1,
        at=ticket.updated_at,
        kind="LEVEL",
        to_value="L3",
    )
    Ticket.objects.filter(pk=ticket.pk).update(last_seq=ticket.last_seq + 1)
    report = run_import(log_file(*FIRST, *LATER))
    assert (report["created"], report["updated"], report["rejected"]) == (1, 0, 1)


def test_an_escalation_of_our_own_does_not_block_an_update(run_import, log_file):
    run_import(log_file(*FIRST))
    ticket = Ticket.objects.get(external_id="1")
    TicketEvent.objects.create(
        ticket=ticket, seq=ticket.last_seq + 1, at=ticket.updated_at, kind="ESCALATION"
    )
    Ticket.objects.filter(pk=ticket.pk).update(last_seq=ticket.last_seq + 1)
    assert run_import(log_file(*FIRST, *LATER))["updated"] == 1


def test_dry_run_writes_nothing_and_reports_the_same(run_import, log_file):
    dry = run_import(log_file(*FIRST), dry_run=True)
    assert counts() == (0, 0, 0)
    assert not ImportRun.objects.exists()
    assert not User.objects.exists()
    real = run_import(log_file(*FIRST))
    for report in (dry, real):
        report.pop("seconds")
    assert dry == real


def test_order_columns_put_a_mixed_file_in_order(run_import, log_file, mapping_file):
    straight = run_import(log_file(*FIRST, *LATER))
    mapping = str(mapping_file(order_by=["at"]))
    mixed = run_import(
        log_file(*LATER, *FIRST[::-1], name="mixed.csv"),
        source="mixed",
        mapping=mapping,
    )
    assert mixed["facts"] == {
        **straight["facts"],
        "by_status": mixed["facts"]["by_status"],
    }
    assert sorted(mixed["facts"]["by_status"]) == sorted(straight["facts"]["by_status"])


@pytest.mark.parametrize("layout", ["%d/%m/%Y %H:%M"])
def test_day_first_dates_give_the_same_tickets(
    run_import, log_file, mapping_file, layout
):
    iso = run_import(log_file("1,2016-03-05T10:00:00Z,New,Desk,Bo,L1,1"))
    report = run_import(
        log_file("1,5/3/2016 10:00,New,Desk,Bo,L1,1"),
        source="slashes",
        mapping=str(mapping_file(timestamp_format=layout)),
        timezone="UTC",
    )
    assert report["facts"] == iso["facts"]
    assert report["facts"]["first_at"] == "2016-03-05T10:00:00+00:00"


@pytest.mark.parametrize(
    ("row", "changes", "options", "words"),
    [
        ("1,2024-01-01 09:00,New,,,,", {}, {}, "has no zone"),
        ("1,2024-01-01 09:00,New,,,,", {}, {}, "--timezone Europe/Rome"),
        ("1,5/3/2016 10:00,New,,,,", {"timestamp_format": None}, {}, "never guessed"),
        ("1,2024-01-01 09:00,New,,,,", {}, {"timezone": "Mars"}, "no time zone"),
        (
            "1,2024-01-01 09:00,New,,,,",
            {"case_id": "number"},
            {},
            "lacks the column “number”",
        ),
        ("1,2024-01-01 09:00,New,,,,", {"mode": "x"}, {}, "must be one of"),
        ("1,2024-01-01 09:00,New,,,,", {}, {"source": "a b"}, "cannot name a source"),
        ("1,2024-01-01 09:00,New,,,,", {}, {"source": "../up"}, "cannot name a source"),
    ],
)
def test_a_file_that_cannot_be_read_as_told_is_refused(
    run_import, log_file, mapping_file, row, changes, options, words
):
    path = log_file("0,2024-01-01T09:00:00Z,New,,,,", row)
    if changes.get("timestamp_format", "") is None:
        path = log_file(row)
    with pytest.raises(CommandError, match=words):
        run_import(path, mapping=str(mapping_file(**changes)), **options)
    assert counts() == (0, 0, 0)


def test_paths_and_mappings_that_do_not_exist_are_named(run_import, log_file, tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        run_import(tmp_path / "nothing.csv")
    with pytest.raises(CommandError, match="bpi2013, helpdesk_italy"):
        run_import(log_file(*FIRST), mapping="nothing")
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    with pytest.raises(CommandError, match="not JSON"):
        run_import(log_file(*FIRST), mapping=str(broken))
    with pytest.raises(CommandError, match="cannot be read"):
        run_import(tmp_path)


def test_the_format_must_be_said(log_file):
    for options in ({}, {"format": "csv"}, {"format": "jsonl", "mapping": "bpi2013"}):
        with pytest.raises(CommandError, match="Say how to read"):
            call_command("import_tickets", str(log_file()), source="x", **options)


def test_without_json_the_report_is_for_people(log_file, mapping_file):
    out = StringIO()
    call_command(
        "import_tickets",
        str(log_file(*FIRST)),
        source="x",
        mapping=str(mapping_file()),
        stdout=out,
    )
    assert "tickets: 2" in out.getvalue()
    assert "  reopens: 0" in out.getvalue()


def test_a_run_keeps_its_report_and_its_failure(run_import, log_file):
    run_import(log_file(*FIRST))
    run = ImportRun.objects.get()
    assert run.state == ImportRun.State.DONE
    assert run.report["tickets"] == 2
    assert run.arrivals == {"2024-01": 2}
    with pytest.raises(CommandError):
        run_import(log_file("1,2024-01-01,New,,,,"))
    failed = ImportRun.objects.latest("pk")
    assert failed.state == ImportRun.State.FAILED
    assert "no zone" in failed.error


def test_an_unknown_status_changes_nothing(run_import, log_file):
    run_import(log_file(FIRST[0], "1,2024-01-01T10:00:00Z,Hm,Desk,Bo,L1,1"))
    event = TicketEvent.objects.order_by("seq").last()
    assert (event.kind, event.to_value) == ("ACTIVITY", "Hm")
    assert Ticket.objects.get().status.code == "new"
