"""Tickets that somebody worked on and a draw has picked, for tests of reviewing."""

from datetime import timedelta

from qa.models import SampleItem, SamplingDraw, SamplingPlan
from tests.factories.quality import agent, published_card
from tests.factories.tickets import MONDAY_9AM, ContactFactory, open_ticket
from tickets import services as tickets


def worked_ticket(worked_by, **values):
    """A ticket with a question and the agent's answer."""
    ticket = open_ticket(
        assignee=worked_by,
        requester=ContactFactory(name="Marta Silva"),
        subject="The export is empty",
        body="The export of my invoices is empty since Friday.",
        **values,
    )
    tickets.reply(
        ticket_id=ticket.pk,
        at=MONDAY_9AM + timedelta(hours=1),
        actor=worked_by,
        body="Hi Marta,\nI understand that the export of your invoices is empty.",
        public=True,
    )
    ticket.refresh_from_db()
    return ticket


def sample_item(*, version=None, why="RANDOM", reviewed_by=None, **values):
    version = version or published_card()
    plan = SamplingPlan.objects.create(
        name=f"Plan {SamplingPlan.objects.count()}", scorecard=version.scorecard
    )
    draw = SamplingDraw.objects.create(
        plan=plan,
        starts_on=MONDAY_9AM.date(),
        ends_on=MONDAY_9AM.date() + timedelta(days=7),
        seed=1,
        frame_size=100,
        taken_at=MONDAY_9AM,
    )
    worked_by = values.pop("agent", None) or agent()
    return SampleItem.objects.create(
        draw=draw,
        ticket=values.pop("ticket", None) or worked_ticket(worked_by),
        agent=worked_by,
        why=why,
        probability=0.1 if why == "RANDOM" else None,
        reviewer=reviewed_by,
        due_at=MONDAY_9AM + timedelta(days=4),
        **values,
    )
