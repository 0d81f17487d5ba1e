"""Why it takes so many people: the simple equation beside the model, and definitions."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workforce.capacity.core.chat import concurrency
from workforce.capacity.models import Assumptions, Queue
from workforce.capacity.selectors.handle_time import DAYS, HandleSource
from workforce.capacity.selectors.staffing.assumptions import Standing
from workforce.capacity.selectors.staffing.need import StaffingNeed
from workforce.capacity.selectors.staffing.picture import Sources
from workforce.capacity.selectors.staffing.promises import (
    definitions,
    people_a_day,
    simple_equation,
    working_days,
)
from workforce.capacity.views.staffing import numbers
from workforce.capacity.views.staffing.figures import need_occupancy

MEANINGS: dict[str, str | Promise] = {
    "OFFERED": gettext_lazy(
        "Who gives up counts as not served, however short the wait was. The strictest "
        "where people hang up at once."
    ),
    "WITHOUT_SHORT": gettext_lazy(
        "Who gives up within the target is left out of both sides: they may have dialled "
        "a wrong number."
    ),
    "WAITED": gettext_lazy(
        "Looks at waits alone: giving up within the target counts as kept. The mildest."
    ),
    "VIRTUAL": gettext_lazy(
        "Asks how long somebody with endless patience would have waited."
    ),
}


@dataclass(frozen=True)
class DefinitionRow:
    """One way of counting a service level, and what it would ask for here."""

    label: str | Promise
    meaning: str | Promise
    fte: str
    is_chosen: bool


@dataclass(frozen=True)
class Explanation:
    """The simple equation with a queue's numbers, and why the model says otherwise."""

    work: str
    each: str
    lines: Sequence[tuple[str, str]]
    simple: str
    model: str
    because: Sequence[str]
    handle: str
    definitions: Sequence[DefinitionRow]


def explanation(
    source: Sources, need: StaffingNeed, standing: Standing
) -> Explanation | None:
    """Put the equation beside the model; none where nothing comes in."""
    equation = simple_equation(need)
    if equation is None:
        return None
    given = need.given
    volume = float(need.volumes.sum()) / working_days(need)
    hours = given.hours_per_week / 5
    words = {
        "volume": numbers.whole(volume),
        "minutes": numbers.people(given.handle_seconds / 60),
        "work": numbers.whole(equation.work_minutes),
        "hours": numbers.people(hours),
        "share": numbers.percent(1 - given.shrinkage),
        "each": numbers.whole(equation.minutes_per_agent),
        "exact": numbers.people(equation.exact),
        "agents": numbers.whole(equation.agents),
    }
    return Explanation(
        work=words["work"],
        each=words["each"],
        lines=[
            (
                _("%(volume)s contacts a day × %(minutes)s min") % words,
                _("%(work)s minutes of work") % words,
            ),
            (
                _("%(hours)s h × 60 min × %(share)s of paid time at work") % words,
                _("%(each)s minutes a person and day") % words,
            ),
            (
                _("%(work)s ÷ %(each)s = %(exact)s") % words,
                _("%(agents)s people a day") % words,
            ),
        ],
        simple=words["agents"],
        model=numbers.people(people_a_day(need)),
        because=_reasons(need),
        handle=handle_words(standing),
        definitions=_definitions(source, need),
    )


def _definitions(source: Sources, need: StaffingNeed) -> list[DefinitionRow]:
    labels = dict(Assumptions.Definition.choices)
    return [
        DefinitionRow(
            labels[code],
            MEANINGS[code],
            numbers.people(fte),
            code == need.given.definition,
        )
        for code, fte in definitions(source, need)
    ]


def _reasons(need: StaffingNeed) -> list[str]:
    if need.queue.handling == Queue.Handling.DEFERRED:
        return _deferred_reasons(need)
    given, found = need.given, []
    occupancy = need_occupancy(need)
    if occupancy is not None and occupancy < 0.995:
        found.append(
            _(
                "contacts come by chance and %(level)s are to be answered within "
                "%(target)s s, so people at work are busy %(occupancy)s of the time, and "
                "the equation assumes all of it"
            )
            % {
                "level": numbers.percent(given.service_level),
                "target": numbers.whole(given.target_seconds),
                "occupancy": numbers.percent(occupancy),
            }
        )
    if need.queue.handling == Queue.Handling.CHAT and given.concurrency > 1:
        gain = concurrency(given.concurrency, given.slowdown).gain
        found.append(
            _(
                "one person holds %(slots)s chats at once and gets %(gain)s times as much "
                "done, which the equation does not know"
            )
            % {"slots": given.concurrency, "gain": numbers.people(gain)}
        )
    if given.patience_seconds is not None:
        found.append(_("who gives up waiting is not served and takes no work"))
    return found


def _deferred_reasons(need: StaffingNeed) -> list[str]:
    found = []
    if need.given.max_occupancy < 1:
        found.append(
            _(
                "people are on contacts for at most %(share)s of their time at work, and "
                "the equation assumes all of it"
            )
            % {"share": numbers.percent(need.given.max_occupancy)}
        )
    found.append(
        _(
            "work that waits from one day to the next is done on the day the plan puts it"
        )
    )
    return found


def handle_words(standing: Standing) -> str:
    """Where the handle time comes from, with its number of contacts."""
    handle = standing.handle
    if handle.source == HandleSource.VOLUMES:
        return _(
            "Handle time %(seconds)s s: the mean of %(n)s contacts of the last %(days)s days."
        ) % {
            "seconds": numbers.whole(handle.seconds),
            "n": numbers.whole(handle.n),
            "days": DAYS,
        }
    return _(
        "Handle time %(seconds)s s is assumed: none was measured, or not asked for."
    ) % {"seconds": numbers.whole(handle.seconds)}
