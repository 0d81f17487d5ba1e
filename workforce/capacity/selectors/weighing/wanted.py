"""The inputs options are computed from: key, what to enter, in which unit."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workforce.capacity.models import DecisionInput

About = DecisionInput.About
Words = str | Promise


@dataclass(frozen=True)
class Wanted:
    """One input: how it is called, in which unit it is typed, what it means."""

    key: str
    about: About
    name: Words
    unit: Words
    hint: Words
    is_needed: bool = False


_ROWS = (
    Wanted(
        "staffing_fte", About.STAFFING, _("Planned people"), _("FTE"),
        _("full-time people paid for this work today"), True,
    ),
    Wanted(
        "automation_coverage", About.AUTOMATION, _("Automation coverage"), "%",
        _("share of contacts that automation takes on today; 0 for none"), True,
    ),
    Wanted(
        "tickets_per_week", About.WORK, _("Volume"), _("a week"),
        _("contacts a week, with the range it may take"), True,
    ),
    Wanted(
        "handle_minutes", About.WORK, _("Handle time"), _("minutes"),
        _("hands-on minutes of one contact; for chat divided by the chats at once"), True,
    ),
    Wanted(
        "cost_per_fte_week", About.COST, _("Cost of a full-time person a week"), "",
        _("pay, tools, training and overhead of a week"), True,
    ),
    Wanted(
        "csat_today", About.OTHER, _("CSAT today"), "%",
        _("share of answers with four or five stars"), True,
    ),
    Wanted(
        "csat_per_doubling", About.OTHER, _("CSAT when the time doubles"), _("points"),
        _("points CSAT moves when resolution takes twice as long; below 0 when it falls"),
        True,
    ),
    Wanted(
        "csat_automation", About.OTHER, _("CSAT of automation against people"),
        _("points"), _("points between contacts closed by automation and by people"),
    ),
    Wanted(
        "hours_per_week", About.STAFFING, _("Paid hours of a full-time person"),
        _("hours a week"), _("40 unless entered"),
    ),
    Wanted(
        "shrinkage", About.STAFFING, _("Shrinkage"), "%",
        _("share of paid time not available for contacts; 25 % unless entered"),
    ),
    Wanted(
        "open_hours", About.STAFFING, _("Open hours"), _("hours a week"),
        _("hours a week in which people work on it; 40 unless entered"),
    ),
    Wanted(
        "other_hours", About.WORK, _("Waiting for others"), _("hours"),
        _("open hours a contact waits for the customer or a third party; 0 unless entered"),
    ),
    Wanted(
        "automation_success", About.AUTOMATION, _("Automation success"), "%",
        _("of what automation takes on, the share it finishes; 100 % unless entered"),
    ),
    Wanted(
        "automation_minutes", About.AUTOMATION, _("Time automation takes"), _("minutes"),
        _("1 unless entered"),
    ),
    Wanted(
        "automation_cost_week", About.COST, _("Automation, fixed cost a week"), "",
        _("0 unless entered"),
    ),
    Wanted(
        "automation_cost_contact", About.COST, _("Automation, cost of a contact"), "",
        _("0 unless entered"),
    ),
)  # fmt: skip

WANTED: dict[str, Wanted] = {each.key: each for each in _ROWS}
COST_KEYS = frozenset(each.key for each in _ROWS if each.about == About.COST)
