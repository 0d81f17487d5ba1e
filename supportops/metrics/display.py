"""Figures as people read them: value with unit, target, change, verdict."""

from collections.abc import Callable

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from supportops.common.durations import MINUTE, counted, spoken
from supportops.metrics.catalogue import (
    Better,
    Figure,
    Grain,
    Level,
    Metric,
    Text,
    Unit,
    Verdict,
)

NOTHING = "–"

Words = Callable[[float], str]

UNIT_NAMES: dict[Unit, Text] = {
    Unit.SHARE: gettext_lazy("%"),
    Unit.SECONDS: gettext_lazy("time"),
    Unit.COUNT: gettext_lazy("number"),
    Unit.RATIO: gettext_lazy("ratio"),
    Unit.POINTS: gettext_lazy("points of 100"),
    Unit.MONEY: gettext_lazy("money"),
}
# CSS modifier and word of each verdict; the word always stands beside the colour.
VERDICTS: dict[Verdict, tuple[str, Text]] = {
    Verdict.MET: ("ok", gettext_lazy("On target")),
    Verdict.NEAR: ("watch", gettext_lazy("Near target")),
    Verdict.WARNING: ("late", gettext_lazy("Far off")),
    Verdict.MISSED: ("late", gettext_lazy("Off target")),
    Verdict.NONE: ("idle", gettext_lazy("No target")),
}
SELF_SERVICE_FACTS: dict[Grain, Callable[[int], str]] = {
    Grain.SEARCH: lambda n: ngettext(
        "of %(number)s search", "of %(number)s searches", n
    ),
    Grain.READER: lambda n: ngettext(
        "of %(number)s reader", "of %(number)s readers", n
    ),
    Grain.FORM_VISITOR: lambda n: ngettext(
        "of %(number)s visitor of the form", "of %(number)s visitors of the form", n
    ),
    Grain.VOTE: lambda n: ngettext("of %(number)s vote", "of %(number)s votes", n),
    Grain.ANSWER: lambda n: ngettext(
        "of %(number)s answer", "of %(number)s answers", n
    ),
    Grain.ARTICLE: lambda n: ngettext(
        "of %(number)s article", "of %(number)s articles", n
    ),
    Grain.TICKET_CATEGORY: lambda n: ngettext(
        "of %(number)s category", "of %(number)s categories", n
    ),
}
STAGE_NAMES: dict[str, Text] = {
    "startup": gettext_lazy("Startup"),
    "growth": gettext_lazy("Growth"),
    "scale": gettext_lazy("Scale"),
    "enterprise": gettext_lazy("Enterprise"),
}


def time_words(metric: Metric) -> Words:
    """How the metric's times are said: a promise's are open hours, never days."""
    return counted if metric.grain is Grain.PROMISE else spoken


def facts_text(metric: Metric, figure: Figure) -> str:
    """Say of how many facts a figure is; nothing where it is their number itself."""
    n = figure.n
    is_promises = metric.grain is Grain.PROMISE
    if metric.unit is Unit.COUNT and not is_promises and figure.value == n:
        return ""
    shown = {"count": n, "number": _number(n, 0)}
    if is_promises:
        words = ngettext("of %(number)s promise", "of %(number)s promises", n)
    elif metric.grain is Grain.REVIEW:
        words = ngettext("of %(number)s review", "of %(number)s reviews", n)
    elif metric.grain is Grain.AGENT_WEEK:
        words = ngettext("of %(number)s agent-week", "of %(number)s agent-weeks", n)
    elif metric.grain is Grain.AGENT_DAY:
        words = ngettext("of %(number)s agent-day", "of %(number)s agent-days", n)
    elif metric.grain is Grain.QUEUE_DAY:
        words = ngettext("of %(number)s queue-day", "of %(number)s queue-days", n)
    elif metric.grain is Grain.INTERVAL:
        words = ngettext("of %(number)s interval", "of %(number)s intervals", n)
    elif metric.grain is Grain.CALCULATION:
        words = ngettext("of %(number)s calculation", "of %(number)s calculations", n)
    elif metric.grain in SELF_SERVICE_FACTS:
        words = SELF_SERVICE_FACTS[metric.grain](n)
    else:
        words = ngettext("of %(number)s ticket", "of %(number)s tickets", n)
    return words % shown


def value_text(value: float | None, unit: Unit, time: Words = spoken) -> str:
    """Write a value with its unit; a dash where there is none."""
    if value is None:
        return NOTHING
    if unit is Unit.SHARE:
        return _("%(share)s %%") % {"share": _number(100 * value, 1)}
    if unit is Unit.SECONDS:
        return time(value)
    if unit is Unit.COUNT:
        return _number(value, 0)
    if unit is Unit.POINTS:
        return _("%(points)s points") % {"points": _number(value, 1)}
    if unit is Unit.MONEY:
        return money(value)
    return _number(value, 2 if abs(value) < 100 else 0)


def money(value: float) -> str:
    """Write an amount in the organisation's currency, to the cent below a thousand."""
    amount = _number(value, 2 if abs(value) < 1000 else 0)
    return f"{amount} {settings.CURRENCY}"


def level_text(level: Level, unit: Unit, time: Words = spoken) -> str:
    """Write a bound: “≥ 95 %”, “≤ 1 h”, “5 – 15”."""

    def written(bound: float) -> str:
        if unit is Unit.SECONDS:
            return time(bound) if bound else "0"
        scale, sign = (100, " %") if unit is Unit.SHARE else (1, "")
        is_whole = round(scale * bound, 6) % 1 == 0
        places = 0 if unit is Unit.COUNT or is_whole else 1
        if unit is Unit.POINTS:
            return _("%(points)s points") % {"points": _number(bound, places)}
        if unit is Unit.MONEY:
            return money(bound)
        return _number(scale * bound, places) + sign

    if level.at_least is not None and level.at_most is not None:
        return f"{written(level.at_least)} – {written(level.at_most)}"
    if level.at_least is not None:
        return f"≥ {written(level.at_least)}"
    if level.at_most is not None:
        return f"≤ {written(level.at_most)}"
    return ""


def warning_text(level: Level, unit: Unit) -> str:
    """Write where “far off” begins: beyond what the level still allows."""
    text = level_text(level, unit)
    return text.replace("≥", "<").replace("≤", ">")


def interval_text(figure: Figure, unit: Unit, time: Words = spoken) -> str:
    """Write the 95 % interval; empty where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return _("95 %% interval %(low)s to %(high)s") % {
        "low": value_text(figure.low, unit, time),
        "high": value_text(figure.high, unit, time),
    }


def target_text(metric: Metric, figure: Figure) -> str:
    """Write what the figure should be, with the reason where facts bring the target."""
    level = figure.target or metric.target
    text = level_text(level, metric.unit, time_words(metric))
    if metric.target_note:
        return f"{text} ({metric.target_note})" if text else str(metric.target_note)
    return text


def change_text(metric: Metric, figure: Figure, before: Figure) -> str:
    """Write the change from the period before, in points for a share."""
    if figure.value is None or before.value is None or not before.n:
        return ""
    change = figure.value - before.value
    if metric.unit in {Unit.SHARE, Unit.POINTS}:
        scale = 100 if metric.unit is Unit.SHARE else 1
        return _("%(change)s points") % {"change": signed(scale * change, 1)}
    if metric.unit is Unit.SECONDS:
        if abs(change) < MINUTE:
            return _("under 1 min of change")
        return ("+" if change > 0 else "−") + time_words(metric)(change)
    return signed(change, 0 if metric.unit is Unit.COUNT else 2)


def change_class(metric: Metric, figure: Figure, before: Figure) -> str:
    """Say whether the change is for the better (``ok``), the worse, or neither."""
    if figure.value is None or before.value is None or metric.better is Better.WITHIN:
        return "idle"
    change = figure.value - before.value
    if not change or (metric.unit is Unit.SECONDS and abs(change) < MINUTE):
        return "idle"
    return "ok" if (change > 0) == (metric.better is Better.HIGHER) else "late"


def _number(value: float, places: int) -> str:
    # Django's number_format cuts a float's digits off; we round them.
    return number_format(round(value, places), places, force_grouping=True)


def signed(value: float, places: int) -> str:
    """Write a number with its sign; what rounds to zero is ±0."""
    rounded = round(value, places)
    sign = "±" if rounded == 0 else "+" if rounded > 0 else "−"
    return sign + _number(abs(rounded), places)


def stage_text(metric: Metric) -> list[tuple[Text, str]]:
    """The seed's benchmarks by company stage, written out."""
    return [
        (STAGE_NAMES[stage], level_text(level, metric.unit))
        for stage, level in metric.benchmarks.items()
    ]


def verdict_of(metric: Metric, figure: Figure) -> tuple[str, Text]:
    if figure.value is None:
        return "idle", gettext_lazy("No data")
    return VERDICTS[metric.judge(figure)]
