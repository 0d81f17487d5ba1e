"""Two public logs, against the figures published beside them."""

import pytest

from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_italian_help_desk_gives_its_published_figures(run_import, shared_data):
    report = run_import(
        shared_data / "helpdesk-italy" / "finale.csv",
        source="italy",
        mapping="helpdesk_italy",
        timezone="UTC",
    )
    facts = report["facts"]
    assert (report["tickets"], report["events"], report["rejected"]) == (4580, 21348, 0)
    assert round(facts["median_hours_to_resolve"] / 24, 2) == 6.66
    assert (facts["reopens"], facts["tickets_reopened"]) == (161, 152)
    assert facts["handoffs"] == {"group": 11, "assignee": 8648, "level": 0}
    assert facts["ping_pongs"]["assignee"] == {"count": 306, "tickets": 269}
    assert facts["by_status"] == {
        "closed": 4557,
        "solved": 11,
        "pending": 8,
        "on_hold": 3,
        "open": 1,
    }
    assert facts["first_at"].startswith("2010-01-13")
    tickets = Ticket.objects.filter(source="italy")
    assert tickets.filter(reopen_count__gt=0).count() == 152
    assert tickets.filter(organisation__isnull=False).count() == 4580


def test_volvo_incidents_give_their_published_figures(run_import, shared_data):
    path = shared_data / "bpi2013-volvo" / "VINST-new.csv.gz"
    report = run_import(path, source="volvo", mapping="bpi2013")
    facts = report["facts"]
    assert (report["tickets"], report["events"], report["rejected"]) == (7554, 65533, 0)
    assert round(facts["median_hours_to_resolve"], 2) == 15.21
    assert (facts["reopens"], facts["tickets_reopened"]) == (580, 514)
    assert facts["handoffs"] == {"group": 9454, "assignee": 20649, "level": 5000}
    assert facts["ping_pongs"]["group"] == {"count": 2394, "tickets": 1177}
    assert facts["ping_pongs"]["level"] == {"count": 2392, "tickets": 1115}
    assert facts["by_priority"] == {
        "normal": 4045,
        "low": 3245,
        "high": 261,
        "urgent": 3,
    }
    assert facts["by_status"] == {
        "closed": 5574,
        "solved": 1972,
        "open": 3,
        "pending": 3,
        "on_hold": 2,
    }
    again = run_import(path, source="volvo", mapping="bpi2013")
    assert (again["unchanged"], again["facts"]) == (7554, facts)
    assert Ticket.objects.filter(source="volvo").count() == 7554
