"""The figures above a queue's week, and the sentence that says them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workforce.capacity.models import Assumptions, Queue
from workforce.capacity.selectors.costs.amounts import money
from workforce.capacity.selectors.staffing.deferred import DeferredNeed
from workforce.capacity.selectors.staffing.local_times import number_of
from workforce.capacity.selectors.staffing.money import PersonCost
from workforce.capacity.selectors.staffing.need import StaffingNeed
from workforce.capacity.selectors.staffing.staffed import Staffed, weighted
from workforce.capacity.views.staffing import numbers
from workforce.capacity.views.staffing.heat import occupancy_shade

WORKING_DAYS = 5


@dataclass(frozen=True)
class Card:
    """One figure: name, value, what it counts, and a state in a word."""

    name: str
    value: str
    note: str = ""
    chip: str = ""
    word: str = ""


def moment_words(need: StaffingNeed, place: int, *, is_typical: bool) -> str:
    """When an interval begins, in the queue's zone: weekday and time, with its day."""
    at = datetime.fromtimestamp(
        int(need.times.starts[place]), ZoneInfo(need.queue.time_zone)
    )
    weekday = str(WEEKDAYS[at.weekday()])
    if need.queue.interval_minutes < 1440:
        weekday = f"{weekday} {at:%H:%M}"
    return weekday if is_typical else f"{weekday}, {date_format(at.date(), 'j M')}"


def cards(
    staffed: Staffed,
    *,
    is_typical: bool,
    saved_fte: float | None,
    cost: PersonCost | None = None,
) -> list[Card]:
    """The figures of one week."""
    need = staffed.need
    found = [_needed(need, saved_fte), _careful(need), _peak(need, is_typical)]
    found.append(_planned(staffed))
    if staffed.is_planned:
        found += [
            _service(staffed),
            _occupancy(staffed),
            _coverage(staffed, is_typical),
        ]
    found.append(_per_day(staffed))
    if cost is not None and need.fte is not None:
        found.append(_cost(need.fte, cost))
    return found


def _cost(fte: float, cost: PersonCost) -> Card:
    return Card(
        _("Cost a week"),
        money(cost.of_week(fte), cost.currency),
        _("of the people needed, at %(yearly)s a person and year: “%(name)s”")
        % {"yearly": money(cost.yearly, cost.currency), "name": cost.name},
    )


def _needed(need: StaffingNeed, saved_fte: float | None) -> Card:
    note = _("full-time people a week, %(hours)s paid") % {
        "hours": numbers.hours(need.paid_hours)
    }
    if saved_fte is None or need.fte is None or abs(need.fte - saved_fte) < 0.05:
        return Card(_("Needed"), numbers.people(need.fte), note)
    return Card(
        _("Needed"),
        numbers.people(need.fte),
        note,
        "watch" if need.fte > saved_fte else "ok",
        _("%(change)s against saved %(saved)s")
        % {
            "change": difference(need.fte, saved_fte),
            "saved": numbers.people(saved_fte),
        },
    )


def _careful(need: StaffingNeed) -> Card:
    return Card(
        _("Careful plan"),
        numbers.people(need.careful_fte),
        _("full-time people if each interval comes at the upper end of its 80 % band"),
    )


def _peak(need: StaffingNeed, is_typical: bool) -> Card:
    if need.peak is None:
        return Card(_("Most at once"), "–", _("nothing is expected"))
    _value, place = need.peak
    words = {"when": moment_words(need, place, is_typical=is_typical)}
    return Card(
        _("Most at once"),
        numbers.whole(float(need.agents[place])),
        _("people at work, %(when)s") % words,
    )


def _planned(staffed: Staffed) -> Card:
    if not staffed.is_planned:
        return Card(
            _("Planned"), "–", _("nobody is planned yet"), "watch", _("No plan")
        )  # fmt: skip
    need, planned = staffed.need.fte, staffed.fte or 0.0
    if need is None:
        return Card(_("Planned"), numbers.people(planned), _("full-time people a week"))
    left = planned - need
    return Card(
        _("Planned"),
        numbers.people(planned),
        _("full-time people a week"),
        "ok" if left > -0.05 else "late",
        numbers.short_or_spare(round(planned, 1) - round(need, 1)),
    )


def difference(new: float, old: float) -> str:
    """The difference of two numbers as they are shown."""
    return numbers.signed(round(new, 1) - round(old, 1))


def late_words(staffed: Staffed) -> str:
    """How late work that can wait is, which its share alone does not say."""
    mean = staffed.mean_hours_late
    if not mean:
        return ""
    return _(
        "What is late is late by %(mean)s of staffed time on average, by %(most)s at "
        "most; at the end of the week %(left)s of work is late"
    ) % {
        "mean": numbers.hours(mean),
        "most": numbers.hours(staffed.most_hours_late),
        "left": numbers.hours(staffed.left_late),
    }


def _service(staffed: Staffed) -> Card:
    level, wanted = staffed.mean_service_level, staffed.need.given.service_level
    if isinstance(staffed.need, DeferredNeed):
        wanted = 1.0
    chip, word = "", ""
    if level is not None:
        is_kept = level >= wanted - 0.0005
        chip = "ok" if is_kept else ("watch" if level >= wanted - 0.1 else "late")
        word = _("kept") if is_kept else _("missed")
    note = _("expected with the planned people; promised %(wanted)s") % {
        "wanted": numbers.percent(wanted)
    }
    if late := late_words(staffed):
        note += ". " + late
    return Card(
        _("Service level as planned"),
        numbers.percent(level),
        note,
        chip,
        word,
    )


def _occupancy(staffed: Staffed) -> Card:
    value, most = staffed.mean_occupancy, staffed.need.given.max_occupancy
    if value is None:
        return Card(_("Occupancy as planned"), "–", "")
    return Card(
        _("Occupancy as planned"),
        numbers.percent(value),
        _("of the time at work on contacts; band 70–%(most)s")
        % {"most": numbers.percent(most)},
        week_occupancy_shade(staffed),
        occupancy_word(staffed),
    )


def week_occupancy_shade(staffed: Staffed) -> str:
    """Shade the week's mean: busy enough is no success where the promise is missed."""
    busy, level = staffed.mean_occupancy, staffed.mean_service_level
    if busy is None:
        return ""
    given = staffed.need.given
    shade = occupancy_shade(busy, given.max_occupancy)
    is_missed = level is not None and level < given.service_level - 0.0005
    return "idle" if shade == "ok" and is_missed else shade


def occupancy_word(staffed: Staffed) -> str:
    """Say where the week's mean occupancy lies, whatever its shade."""
    busy = staffed.mean_occupancy
    words = {"ok": _("in the band"), "idle": _("below the band"), "late": _("too high")}
    most = staffed.need.given.max_occupancy
    return "" if busy is None else words[occupancy_shade(busy, most)]


def _coverage(staffed: Staffed, is_typical: bool) -> Card:
    hours = staffed.uncovered_hours
    worst = staffed.worst
    note = _("with less than half of the people needed")
    if worst is not None:
        note += ". " + _("Most are missing %(when)s: %(short)s people") % {
            "when": moment_words(staffed.need, worst.place, is_typical=is_typical),
            "short": numbers.people(worst.short),
        }
    return Card(
        _("Coverage gaps"),
        numbers.hours(hours),
        note,
        "late" if hours else "ok",
        _("gaps") if hours else _("none"),
    )


def _per_day(staffed: Staffed) -> Card:
    need = staffed.need
    volume = float(need.volumes.sum())
    return Card(
        _("Contacts per person and day"),
        numbers.people(per_person_day(volume, need.paid_hours, need)),
        _("at the need; %(planned)s as planned. %(volume)s contacts are expected")
        % {
            "planned": numbers.people(
                per_person_day(volume, staffed.floor_hours, need)
            ),
            "volume": numbers.whole(volume),
        },
    )


def per_person_day(volume: float, hours: float, need: StaffingNeed) -> float | None:
    """Contacts for each paid day of a full-time person; none without paid hours."""
    day = need.given.hours_per_week / WORKING_DAYS
    return volume / (hours / day) if hours > 0 else None


def need_occupancy(need: StaffingNeed) -> float | None:
    return weighted(need.occupancy, need.exact * need.hours)


def sentence(staffed: Staffed, saved_fte: float | None) -> str:
    """What changed, in words, for who does not see the table."""
    need = staffed.need
    if need.fte is None:
        return _("No published forecast covers these days.")
    words = _("Needs %(fte)s full-time people") % {"fte": numbers.people(need.fte)}
    if saved_fte is not None and abs(need.fte - saved_fte) >= 0.05:
        words += _(", %(change)s against the saved assumptions") % {
            "change": difference(need.fte, saved_fte)
        }
    words += ". "
    if not staffed.is_planned:
        return words + _("Nobody is planned.")
    words += _("Planned %(fte)s.") % {"fte": numbers.people(staffed.fte)} + " "
    level = numbers.percent(staffed.mean_service_level)
    return words + _("With them %(level)s are served in time.") % {"level": level}


def backlog_words(need: DeferredNeed) -> str:
    """Whether every deadline can be kept, and by how much not."""
    if need.is_feasible:
        return _("Feasible: everything is done within the promised open time.")
    return _(
        "Not feasible: up to %(hours)s of work are past their deadline at one time, however many people there are. "
        "The staffed hours are too short for the promise."
    ) % {"hours": numbers.hours(need.late_hours)}


def coverage_words(days: int) -> str:
    return ngettext(
        "The forecast covers %(n)s day of this week.",
        "The forecast covers %(n)s days of this week.",
        days,
    ) % {"n": days}


def zone_words(queue: Queue) -> str:
    return _("Times in %(zone)s.") % {"zone": queue.time_zone}


def week_words(start: date, *, is_typical: bool) -> str:
    if is_typical:
        return _("Typical week: the mean of the four weeks from %(day)s") % {
            "day": date_format(start, "j M Y")
        }
    return _("Week from %(day)s") % {"day": date_format(start, "j M Y")}


@dataclass(frozen=True)
class DayRow:
    """One day of the week in the table: need against plan."""

    day: str
    volume: str
    hours: str
    careful: str
    peak: str
    planned: str
    left: str
    chip: str


def day_rows(staffed: Staffed, *, is_typical: bool) -> list[DayRow]:
    """Each day's contacts, paid hours needed and planned; typical ones have no date."""
    rows = []
    named = "l" if is_typical else "D j M"
    for need in staffed.need.days:
        here = staffed.need.times.days == number_of(need.day)
        planned = float(staffed.on_floor[here] @ staffed.need.hours[here])
        left = planned - need.paid_hours
        rows.append(
            DayRow(
                day=date_format(need.day, named),
                volume=numbers.whole(need.volume),
                hours=numbers.hours(need.paid_hours),
                careful=numbers.hours(need.careful_hours),
                peak=numbers.people(need.peak),
                planned=numbers.hours(planned),
                left=numbers.short_or_spare(left),
                chip="ok" if left > -0.05 else "late",
            )
        )
    return rows


SHARES = frozenset({"service_level", "max_occupancy", "shrinkage", "slowdown"})


def assumption_words(name: str, value: Any) -> str:
    """A saved value as people write it."""
    if value is None or value == "":
        return "–"
    if name in SHARES:
        return numbers.percent(float(value), 1)
    if name == "definition":
        return str(dict(Assumptions.Definition.choices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def changed_words(name: str, old: Any, new: Any) -> tuple[str, str, str]:
    """The name of an assumption, and its value before and after."""
    label = Assumptions._meta.get_field(name).verbose_name  # noqa: SLF001
    return str(label), assumption_words(name, old), assumption_words(name, new)
