"""The words of costs: each formula, its inputs and its lines."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Words = str | Promise

ABOUT: dict[str, Words] = {
    "CAPACITY": gettext_lazy(
        "How many agents a day's tickets take. For queues with waiting times use "
        "Staffing, which counts interval by interval."
    ),
    "COST_PER_TICKET": gettext_lazy(
        "What one ticket costs, all told. 5 to 25 dollars are usual, by how hard tickets "
        "are. Time saved is money only if it goes into other tickets or fewer hires."
    ),
    "AUTOMATION": gettext_lazy(
        "Everything an automation costs over its horizon, with what comes back to people, "
        "against the work of people that it replaces. Hours set free save money only "
        "where somebody is not hired or does other work."
    ),
    "SELF_SERVICE": gettext_lazy(
        "What articles save each month: visits that would otherwise have been tickets, "
        "less what the knowledge base costs."
    ),
    "OUTSOURCING": gettext_lazy(
        "The same tickets answered by your own people or by a vendor, with transition, "
        "oversight, lower quality and the way back counted in."
    ),
}

INPUTS: dict[str, dict[str, Words]] = {
    "CAPACITY": {
        "volume": gettext_lazy("tickets a day"),
        "handle_minutes": gettext_lazy("handle time"),
        "hours": gettext_lazy("hours a day"),
        "utilisation": gettext_lazy("utilisation"),
    },
    "COST_PER_TICKET": {
        "salary": gettext_lazy("salary and benefits"),
        "tools": gettext_lazy("tools and systems"),
        "training": gettext_lazy("training"),
        "overhead": gettext_lazy("management overhead"),
        "tickets_a_day": gettext_lazy("tickets a working day"),
        "days_a_year": gettext_lazy("working days a year"),
        "handle_cut": gettext_lazy("shorter handle time"),
        "fcr_gain": gettext_lazy("more solved at first contact"),
    },
    "AUTOMATION": {
        "contacts": gettext_lazy("contacts a month"),
        "automated_share": gettext_lazy("share automated"),
        "human_cost": gettext_lazy("cost of a contact by people"),
        "horizon": gettext_lazy("horizon"),
        "integration": gettext_lazy("integration, once"),
        "training": gettext_lazy("training, once"),
        "licences": gettext_lazy("licences a month"),
        "infrastructure": gettext_lazy("infrastructure a month"),
        "usage": gettext_lazy("price of an automated contact"),
        "maintenance": gettext_lazy("maintenance a month"),
        "oversight_hours": gettext_lazy("hours of oversight a month"),
        "oversight_hour": gettext_lazy("cost of an hour of oversight"),
        "leakage": gettext_lazy("share that comes back to people"),
        "leak_cost": gettext_lazy("cost of one that comes back"),
        "quality_loss": gettext_lazy("loss of quality on each automated contact"),
    },
    "SELF_SERVICE": {
        "visits": gettext_lazy("visits a month"),
        "deflection": gettext_lazy("share deflected"),
        "ticket_cost": gettext_lazy("cost per ticket"),
        "running": gettext_lazy("running cost a month"),
        "once": gettext_lazy("investment, once"),
        "horizon": gettext_lazy("horizon"),
    },
    "OUTSOURCING": {
        "volume": gettext_lazy("tickets a month"),
        "horizon": gettext_lazy("horizon"),
        "agent_tickets": gettext_lazy("tickets an agent a year"),
        "headroom": gettext_lazy("staff kept for peaks"),
        "salary": gettext_lazy("salary"),
        "benefits": gettext_lazy("benefits"),
        "training": gettext_lazy("training"),
        "management": gettext_lazy("management"),
        "tools": gettext_lazy("tools"),
        "attrition": gettext_lazy("attrition a year"),
        "replacement": gettext_lazy("cost of replacing a leaver"),
        "ticket_price": gettext_lazy("vendor's price of a ticket"),
        "hour_price": gettext_lazy("vendor's price of an hour"),
        "handle_minutes": gettext_lazy("handle time"),
        "minimum": gettext_lazy("billed at least, tickets a month"),
        "transition": gettext_lazy("transition, once"),
        "oversight": gettext_lazy("oversight a month"),
        "reopened_now": gettext_lazy("reopened, own people"),
        "reopened_then": gettext_lazy("reopened, vendor"),
        "escalated": gettext_lazy("sent back to own people"),
        "escalation_cost": gettext_lazy("cost of one sent back"),
        "exit_cost": gettext_lazy("cost of coming back, once"),
    },
}

HELP: dict[str, dict[str, Words]] = {
    "CAPACITY": {
        "hours": gettext_lazy("Hours worked by one agent."),
        "utilisation": gettext_lazy(
            "Share of those hours on tickets; 70 to 80 % lasts."
        ),
    },
    "COST_PER_TICKET": {
        "salary": gettext_lazy("A year, for one agent, as the three below."),
        "tickets_a_day": gettext_lazy("Handled by one agent."),
        "handle_cut": gettext_lazy("What if handle time fell by this share?"),
        "fcr_gain": gettext_lazy("What if this share of tickets did not come back?"),
    },
    "AUTOMATION": {
        "quality_loss": gettext_lazy(
            "Such as refunds and customers lost, spread over all."
        ),
        "leak_cost": gettext_lazy("Often dearer than a plain contact: people repeat."),
    },
    "SELF_SERVICE": {
        "deflection": gettext_lazy(
            "Visits after which no ticket came. Not measured here yet."
        ),
        "once": gettext_lazy("Writing, migration, set-up."),
    },
    "OUTSOURCING": {
        "agent_tickets": gettext_lazy("Handled by one agent of your own."),
        "headroom": gettext_lazy(
            "Your own people are paid in quiet weeks too; a vendor scales with volume."
        ),
        "salary": gettext_lazy("A year, for one agent, as the four below."),
        "hour_price": gettext_lazy("Used with handle time; 0 when paid by the ticket."),
        "reopened_then": gettext_lazy("Each is billed again."),
        "exit_cost": gettext_lazy("Hiring and training again when it ends."),
    },
}

LINES: dict[str, dict[str, Words]] = {
    "CAPACITY": {
        "work": gettext_lazy("work a day"),
        "agent_minutes": gettext_lazy("minutes of an agent a day"),
        "exact": gettext_lazy("agents, not rounded"),
        "agents": gettext_lazy("agents required"),
    },
    "COST_PER_TICKET": {
        "agent_cost": gettext_lazy("cost of an agent a year"),
        "agent_tickets": gettext_lazy("tickets of an agent a year"),
        "cost_per_ticket": gettext_lazy("cost per ticket"),
        "handle_saving": gettext_lazy("saved on a ticket by shorter handle time"),
        "avoided": gettext_lazy("tickets of an agent avoided a year"),
        "fcr_saving": gettext_lazy("saved by an agent a year"),
    },
    "AUTOMATION": {
        "automated": gettext_lazy("automated contacts a month"),
        "once": gettext_lazy("paid once"),
        "oversight": gettext_lazy("oversight a month"),
        "running": gettext_lazy("running cost a month"),
        "leaked": gettext_lazy("cost of lower quality a month"),
        "ownership": gettext_lazy("total cost of ownership"),
        "replaced": gettext_lazy("work of people replaced"),
        "net": gettext_lazy("net saving over the horizon"),
        "monthly": gettext_lazy("saved a month, once it runs"),
        "break_even": gettext_lazy("breaks even after"),
        "per_automated": gettext_lazy("cost of an automated contact"),
        "hybrid": gettext_lazy("cost of any contact, people and automation together"),
        "fixed": gettext_lazy("cost a month whatever the volume"),
        "margin": gettext_lazy("saved on each automated contact"),
        "break_even_volume": gettext_lazy("contacts a month from which it pays"),
    },
    "SELF_SERVICE": {
        "deflected": gettext_lazy("tickets deflected a month"),
        "gross": gettext_lazy("cost of those tickets"),
        "saved": gettext_lazy("saved a month"),
        "total": gettext_lazy("saved over the horizon, less the investment"),
        "payback": gettext_lazy("investment earned back after"),
    },
    "OUTSOURCING": {
        "agents": gettext_lazy("agents of your own"),
        "agent_cost": gettext_lazy("cost of an agent a year"),
        "inhouse_month": gettext_lazy("in-house a month"),
        "inhouse": gettext_lazy("in-house over the horizon"),
        "inhouse_ticket": gettext_lazy("in-house, a ticket"),
        "price": gettext_lazy("vendor's price of a ticket, all in"),
        "quality_ticket": gettext_lazy("cost of lower quality on a ticket"),
        "billed": gettext_lazy("tickets billed a month"),
        "vendor_month": gettext_lazy("vendor a month"),
        "once": gettext_lazy("paid once, there and back"),
        "outsourced": gettext_lazy("outsourced over the horizon"),
        "outsourced_ticket": gettext_lazy("outsourced, a ticket"),
        "difference": gettext_lazy("outsourcing saves over the horizon"),
        "fixed": gettext_lazy("cost a month whatever the volume"),
        "margin": gettext_lazy("saved on each ticket"),
        "break_even_volume": gettext_lazy("tickets a month from which it pays"),
    },
}


def name_of(kind: str, key: str) -> str:
    """Return what an input or a line is called."""
    return str(INPUTS[kind].get(key) or LINES[kind][key])


def call_words(name: str, parts: list[str]) -> str:
    """Say a function of a formula with its arguments, in words."""
    if name == "ceil":
        return _("%(number)s, rounded up") % {"number": parts[0]}
    if name == "max":
        return _("the larger of (%(first)s) and (%(second)s)") % {
            "first": parts[0],
            "second": parts[1],
        }
    return _("how often (%(each)s) makes up for (%(once)s)") % {
        "once": parts[0],
        "each": parts[1],
    }
