"""The five formulas, as data. Defaults of the first three are the worked examples.

Sources: "Key Formulas", "Cost Per Ticket Analysis" and "Measuring Self-Service ROI" of
the support chapter for capacity, cost per ticket and self-service; for an automation the
total cost of ownership that counts integration, training, upkeep and what comes back to
people; for outsourcing make against buy on cost, quality and scalability.
"""

from workforce.capacity.core.cost.definitions import Definition, Input, Step

CAPACITY = Definition(
    "CAPACITY",
    (
        Input("volume", "tickets", 500, live="tickets_a_day"),
        Input("handle_minutes", "minutes", 20, live="measured_minutes"),
        Input("hours", "hours", 8, low=0.1, high=24),
        Input("utilisation", "share", 0.75, low=0.01, high=1),
    ),
    (
        Step("work", "volume * handle_minutes", "minutes"),
        Step("agent_minutes", "hours * 60 * utilisation", "minutes"),
        Step("exact", "work / agent_minutes", "people"),
        Step("agents", "ceil(exact)", "people"),
    ),
    result="agents",
    headlines=("exact",),
)

COST_PER_TICKET = Definition(
    "COST_PER_TICKET",
    (
        Input("salary", "money", 60_000),
        Input("tools", "money", 5_000),
        Input("training", "money", 2_000),
        Input("overhead", "money", 8_000),
        Input(
            "tickets_a_day", "tickets", 25, low=0.01, high=10_000,
            live="agent_tickets_a_year / days_a_year",
        ),
        Input("days_a_year", "days", 240, low=1, high=366),
        Input("handle_cut", "share", 0.10, high=1),
        Input("fcr_gain", "share", 0.05, high=1),
    ),
    (
        Step("agent_cost", "salary + tools + training + overhead", "money"),
        Step("agent_tickets", "tickets_a_day * days_a_year", "tickets"),
        Step("cost_per_ticket", "agent_cost / agent_tickets", "money"),
        Step("handle_saving", "cost_per_ticket * handle_cut", "money"),
        Step("avoided", "agent_tickets * fcr_gain", "tickets"),
        Step("fcr_saving", "avoided * cost_per_ticket", "money"),
    ),
    result="cost_per_ticket",
    headlines=("agent_cost", "handle_saving", "fcr_saving"),
)  # fmt: skip

SELF_SERVICE = Definition(
    "SELF_SERVICE",
    (
        Input("visits", "visits", 10_000),
        Input("deflection", "share", 0.35, high=1),
        Input("ticket_cost", "money", 15, live="cost_per_ticket"),
        Input("running", "money", 0),
        Input("once", "money", 0),
        Input("horizon", "months", 12, low=1, high=120),
    ),
    (
        Step("deflected", "visits * deflection", "tickets"),
        Step("gross", "deflected * ticket_cost", "money"),
        Step("saved", "gross - running", "money"),
        Step("total", "saved * horizon - once", "money"),
        Step("payback", "payback(once, saved)", "months"),
    ),
    result="saved",
    headlines=("deflected", "total", "payback"),
)

AUTOMATION = Definition(
    "AUTOMATION",
    (
        Input("contacts", "tickets", 3_000, low=1, live="tickets_a_month"),
        Input("automated_share", "share", 0.30, low=0.001, high=1),
        Input("human_cost", "money", 12.50, live="cost_per_ticket"),
        Input("horizon", "months", 36, low=1, high=120),
        Input("integration", "money", 40_000),
        Input("training", "money", 10_000),
        Input("licences", "money", 2_000),
        Input("infrastructure", "money", 300),
        Input("usage", "money", 0.50),
        Input("maintenance", "money", 1_500),
        Input("oversight_hours", "hours", 40, high=100_000),
        Input("oversight_hour", "money", 45),
        Input("leakage", "share", 0.10, high=1),
        Input("leak_cost", "money", 15),
        Input("quality_loss", "money", 0),
    ),
    (
        Step("automated", "contacts * automated_share", "tickets"),
        Step("once", "integration + training", "money"),
        Step("oversight", "oversight_hours * oversight_hour", "money"),
        Step("running", "licences + infrastructure + maintenance + oversight + automated * usage", "money"),
        Step("leaked", "automated * (leakage * leak_cost + quality_loss)", "money"),
        Step("ownership", "once + horizon * (running + leaked)", "money"),
        Step("replaced", "horizon * automated * human_cost", "money"),
        Step("net", "replaced - ownership", "money"),
        Step("monthly", "automated * human_cost - running - leaked", "money"),
        Step("break_even", "payback(once, monthly)", "months"),
        Step("per_automated", "ownership / (horizon * automated)", "money"),
        Step("hybrid", "(ownership + horizon * (contacts - automated) * human_cost) / (horizon * contacts)", "money"),
        Step("fixed", "once / horizon + licences + infrastructure + maintenance + oversight", "money"),
        Step("margin", "human_cost - usage - leakage * leak_cost - quality_loss", "money"),
        Step("break_even_volume", "payback(fixed, margin * automated_share)", "tickets"),
    ),
    result="net",
    headlines=("ownership", "break_even", "per_automated", "hybrid"),
)  # fmt: skip

OUTSOURCING = Definition(
    "OUTSOURCING",
    (
        Input("volume", "tickets", 3_000, low=1, live="tickets_a_month"),
        Input("horizon", "months", 24, low=1, high=120),
        Input("agent_tickets", "tickets", 6_000, low=1, live="agent_tickets_a_year"),
        Input("headroom", "share", 0.10, high=3),
        Input("salary", "money", 48_000, live="agent_pay - benefits"),
        Input("benefits", "money", 12_000),
        Input("training", "money", 2_000, live="agent_training"),
        Input("management", "money", 8_000, live="agent_overhead"),
        Input("tools", "money", 5_000, live="agent_tools"),
        Input("attrition", "share", 0.30, high=3),
        Input("replacement", "money", 9_000),
        Input("ticket_price", "money", 8),
        Input("hour_price", "money", 0),
        Input("handle_minutes", "minutes", 20, live="measured_minutes"),
        Input("minimum", "tickets", 2_000),
        Input("transition", "money", 50_000),
        Input("oversight", "money", 5_000),
        Input("reopened_now", "share", 0.05, high=1, live="reopened_share"),
        Input("reopened_then", "share", 0.09, high=1),
        Input("escalated", "share", 0.06, high=1),
        Input("escalation_cost", "money", 25),
        Input("exit_cost", "money", 30_000),
    ),
    (
        Step("agents", "volume * 12 * (1 + headroom) / agent_tickets", "people"),
        Step("agent_cost", "salary + benefits + training + management + tools + attrition * replacement", "money"),
        Step("inhouse_month", "agents * agent_cost / 12", "money"),
        Step("inhouse", "horizon * inhouse_month", "money"),
        Step("inhouse_ticket", "inhouse_month / volume", "money"),
        Step("price", "ticket_price + hour_price * handle_minutes / 60", "money"),
        Step("quality_ticket", "(reopened_then - reopened_now) * price + escalated * escalation_cost", "money"),
        Step("billed", "max(volume, minimum)", "tickets"),
        Step("vendor_month", "billed * price + oversight + volume * quality_ticket", "money"),
        Step("once", "transition + exit_cost", "money"),
        Step("outsourced", "once + horizon * vendor_month", "money"),
        Step("outsourced_ticket", "outsourced / (horizon * volume)", "money"),
        Step("difference", "inhouse - outsourced", "money"),
        Step("fixed", "once / horizon + oversight", "money"),
        Step("margin", "inhouse_ticket - price - quality_ticket", "money"),
        Step("break_even_volume", "max(payback(fixed, margin), payback(minimum * price + fixed, inhouse_ticket - quality_ticket))", "tickets"),
    ),
    result="difference",
    headlines=("inhouse_ticket", "outsourced_ticket", "break_even_volume"),
)  # fmt: skip

DEFINITIONS = {
    each.kind: each
    for each in (CAPACITY, COST_PER_TICKET, AUTOMATION, SELF_SERVICE, OUTSOURCING)
}
