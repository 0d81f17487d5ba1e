"""Deflection, measured: forms with suggestions against forms without."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Value

from kb.core import arms, deflection
from kb.core.deflection import Deflection
from kb.models import AssistantRules, FormVisit
from kb.selectors.figures.shares import Share, share
from kb.selectors.figures.windows import Window
from supportops.metrics.catalogue import Figure

UNEVEN_BELOW = 0.001
"""A split so unlikely means that the counting is wrong, not that luck was bad."""

WANTED = 0.05
"""The effect that the page says how many forms it takes to see."""


@dataclass(frozen=True)
class Measured:
    """Both groups, what differs, and what could be seen with so many visitors.

    ``p_value`` is of the split as planned now, ``None`` without a plan. ``smallest`` is
    the smallest drop of the rate that so many visitors would show with 80 % power, and
    ``needed`` how many of them show a drop of five points; both are ``None`` where there
    is no rate to start from.
    """

    result: Deflection
    shown: Share
    held_out: Share
    planned: float
    p_value: float | None
    smallest: float | None
    needed: int | None

    @property
    def visitors(self) -> int:
        return self.shown.n + self.held_out.n

    @property
    def figure(self) -> Figure:
        """The effect as a figure of the catalogue, in points of 100."""
        result = self.result
        bounds = (result.effect, result.lower, result.upper)
        value, low, high = (None if x is None else 100 * x for x in bounds)
        return Figure(value, self.visitors, low, high)

    @property
    def is_uneven(self) -> bool:
        return self.p_value is not None and self.p_value < UNEVEN_BELOW


def measured(window: Window, claimed: Share) -> Measured:
    """Compare the groups; each visitor counts once, by the first visit in the window.

    ``claimed`` are readers without a ticket, for the figure that is usually claimed. A
    form has no language: all count.
    """
    counts = _by_arm(window)
    shown, held_out = (
        share(*counts.get(arm, (0, 0)))
        for arm in (FormVisit.Arm.SHOWN, FormVisit.Arm.HELD_OUT)
    )
    result = deflection.measure(
        shown_sent=shown.hits,
        shown_forms=shown.n,
        held_out_sent=held_out.hits,
        held_out_forms=held_out.n,
        views=claimed.n,
        views_without_ticket=claimed.hits,
    )
    rules = AssistantRules.objects.order_by("pk").first() or AssistantRules()
    planned = float(rules.holdout)
    smallest, needed = _seen(shown, held_out)
    return Measured(
        result, shown, held_out, planned, _p_value(shown, held_out, planned),
        smallest, needed,
    )  # fmt: skip


def _by_arm(window: Window) -> dict[str, tuple[int, int]]:
    """Return forms sent and visitors of each group."""
    visits = FormVisit.objects.filter(at__gte=window.starts_at, at__lt=window.ends_at)
    earlier = visits.filter(visitor=OuterRef("visitor")).filter(
        Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), pk__lt=OuterRef("pk"))
    )
    counted = (
        visits.filter(~Exists(earlier))
        .order_by()
        .values_list("arm")
        .annotate(sent=Count(Value(1), filter=Q(was_sent=True)), n=Count("*"))
    )
    return {arm: (sent, n) for arm, sent, n in counted}


def _p_value(shown: Share, held_out: Share, planned: float) -> float | None:
    total = shown.n + held_out.n
    if not total or not 0 < planned < 1:
        return None
    return arms.split_p_value(held_out.n, total, share=planned)


def _seen(shown: Share, held_out: Share) -> tuple[float | None, int | None]:
    total = shown.n + held_out.n
    base = held_out.value
    if base is None or not shown.n or not 0 < base < 1:
        return None, None
    part = held_out.n / total
    smallest = deflection.smallest_effect(total, base_rate=base, holdout=part)
    if base <= WANTED:
        return smallest, None
    needed = deflection.forms_needed(WANTED, base_rate=base, holdout=part)
    return smallest, int(needed[0])
