"""KPIs of speed and quality, in real time as the customer lives it."""

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from supportops.metrics import catalogue
from supportops.metrics.catalogue import Area, Better, Grain, Level, Metric, Unit
from supportops.metrics.core import measures
from supportops.metrics.core.measures import Totals
from supportops.metrics.core.rows import Selected
from tickets.metrics.segments import CREATED, RESOLVED

Rows = Selected
Groups = NDArray[np.intp]

HOUR = 3600.0
HAPPY = 4
"""Stars from which on a customer counts as satisfied."""
# The seed's benchmarks by company stage.
STAGES = ("startup", "growth", "scale", "enterprise")


def stages(*levels: Level) -> dict[str, Level]:
    return dict(zip(STAGES, levels, strict=True))


def at_most(*hours: float) -> dict[str, Level]:
    return stages(*(Level(at_most=limit * HOUR) for limit in hours))


def _single(rows: Rows) -> NDArray[np.bool_]:
    """Tickets in their own right: a merged duplicate is judged with its original."""
    return rows["duplicate"] == 0


def _response_time(rows: Rows, groups: Groups, size: int) -> Totals:
    answered = (rows["responded"] != 0) & _single(rows)
    return measures.mean(rows["response_seconds"][answered], groups[answered], size)


def _resolution_time(rows: Rows, groups: Groups, size: int) -> Totals:
    single = _single(rows)
    return measures.mean(rows["resolution_seconds"][single], groups[single], size)


def _resolution_median(rows: Rows, groups: Groups, size: int) -> Totals:
    single = _single(rows)
    return measures.median(rows["resolution_seconds"][single], groups[single], size)


def _first_contact(rows: Rows, groups: Groups, size: int) -> Totals:
    answered = (rows["replies"] > 0) & _single(rows)
    solved = (rows["replies"] == 1) & (rows["reopens"] == 0) & (rows["escalated"] == 0)
    return measures.share(solved[answered], groups[answered], size)


def _satisfied(rows: Rows, groups: Groups, size: int) -> Totals:
    answered = rows["stars"] > 0
    return measures.share(rows["stars"][answered] >= HAPPY, groups[answered], size)


def _handle_time(rows: Rows, groups: Groups, size: int) -> Totals:
    timed = rows["handle_seconds"] > 0
    return measures.mean(rows["handle_seconds"][timed], groups[timed], size)


def _reopened(rows: Rows, groups: Groups, size: int) -> Totals:
    single = _single(rows)
    return measures.share((rows["reopens"] > 0)[single], groups[single], size)


catalogue.register(
    Metric(
        code="first_response_time",
        name=_("Time to first response"),
        description=_(
            "How long a customer waits for the first answer, nights included."
        ),
        formula=_("Sum of (first public reply − creation) ÷ tickets answered"),
        unit=Unit.SECONDS,
        better=Better.LOWER,
        grain=Grain.CREATED,
        area=Area.SPEED,
        target=Level(at_most=HOUR),
        warning=Level(at_most=4 * HOUR),
        benchmarks=at_most(4, 2, 1, 0.5),
        segment=CREATED,
        measure=_response_time,
    )
)
catalogue.register(
    Metric(
        code="resolution_time",
        name=_("Time to resolution, mean"),
        description=_("From creation to the latest resolution, in real time."),
        formula=_("Sum of (resolution − creation) ÷ tickets resolved"),
        unit=Unit.SECONDS,
        better=Better.LOWER,
        grain=Grain.RESOLVED,
        area=Area.SPEED,
        target=Level(at_most=24 * HOUR),
        warning=Level(at_most=72 * HOUR),
        benchmarks=at_most(48, 24, 12, 8),
        segment=RESOLVED,
        measure=_resolution_time,
    )
)
catalogue.register(
    Metric(
        code="resolution_time_median",
        name=_("Time to resolution, median"),
        description=_("Half of the resolved tickets took no longer than this."),
        formula=_("Median of (resolution − creation) of tickets resolved"),
        unit=Unit.SECONDS,
        better=Better.LOWER,
        grain=Grain.RESOLVED,
        area=Area.SPEED,
        target=Level(at_most=24 * HOUR),
        warning=Level(at_most=72 * HOUR),
        benchmarks=at_most(48, 24, 12, 8),
        segment=RESOLVED,
        measure=_resolution_median,
    )
)
catalogue.register(
    Metric(
        code="first_contact_resolution",
        name=_("First contact resolution"),
        description=_(
            "Tickets solved by one public reply: not escalated, not reopened. Tickets "
            "without any public reply tell nothing and are left out."
        ),
        formula=_("Tickets solved by the first reply ÷ tickets resolved with a reply"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        grain=Grain.RESOLVED,
        area=Area.QUALITY,
        target=Level(at_least=0.70),
        warning=Level(at_least=0.50),
        benchmarks=stages(*(Level(at_least=v) for v in (0.60, 0.65, 0.70, 0.75))),
        segment=RESOLVED,
        measure=_first_contact,
    )
)
catalogue.register(
    Metric(
        code="reopen_rate",
        name=_("Reopen rate"),
        description=_(
            "Tickets resolved in the period that had been reopened before. One that is "
            "open again counts once it is resolved again."
        ),
        formula=_("Tickets resolved that were reopened ÷ tickets resolved"),
        unit=Unit.SHARE,
        better=Better.LOWER,
        grain=Grain.RESOLVED,
        area=Area.QUALITY,
        target=Level(at_most=0.05),
        warning=Level(at_most=0.10),
        segment=RESOLVED,
        measure=_reopened,
    )
)
catalogue.register(
    Metric(
        code="csat",
        name=_("Customer satisfaction (CSAT)"),
        description=_(
            "Of the customers who answered, how many gave four or five stars of five. "
            "Who did not answer is not counted, so look at n."
        ),
        formula=_("Answers of 4 or 5 stars ÷ answers, of tickets resolved"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        grain=Grain.RESOLVED,
        area=Area.QUALITY,
        target=Level(at_least=0.90),
        warning=Level(at_least=0.85),
        segment=RESOLVED,
        measure=_satisfied,
    )
)
catalogue.register(
    Metric(
        code="handle_time",
        name=_("Handle time, mean"),
        description=_(
            "Hands-on work on a ticket, where its source recorded it. Staffing is "
            "computed from it."
        ),
        formula=_("Sum of hands-on time ÷ tickets resolved whose time is known"),
        unit=Unit.SECONDS,
        better=Better.WITHIN,
        grain=Grain.RESOLVED,
        area=Area.SPEED,
        segment=RESOLVED,
        measure=_handle_time,
    )
)
