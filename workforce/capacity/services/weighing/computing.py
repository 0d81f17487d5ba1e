"""Computing the options of a decision and keeping what came out, with what went in."""

import math
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from workforce.capacity.core.options import Comparison, Measure, simulate
from workforce.capacity.core.options.simulate import SHOWN
from workforce.capacity.models import DecisionOption, Evidence
from workforce.capacity.selectors.weighing.flips import flips_of
from workforce.capacity.selectors.weighing.live import levels_of
from workforce.capacity.selectors.weighing.setting import Gathered, gather
from workforce.capacity.services.decisions.evidence_log import (
    locked,
    log,
    require_editable,
    require_writer,
    touch,
)
from workforce.capacity.services.decisions.refusals import DecisionPartInvalid
from workforce.people.models import User


@transaction.atomic
def compute_options(
    *, decision_id: int, actor: User, at: datetime
) -> list[DecisionOption]:
    """Compute every option from the inputs as they are, and keep the results.

    The evidence log keeps what was computed from what, with the points where the
    preference flips. Raises ``DecisionNotYours``, ``DecisionWrongState``,
    ``DecisionPartInvalid`` when an input is missing or an option cannot be.
    """
    require_writer(actor)
    decision = locked(decision_id)
    require_editable(decision)
    options = list(decision.options.select_for_update().order_by("letter"))
    held = gather(decision, options, levels_of(decision, at))
    _require_computable(held)
    assert held.setting is not None  # noqa: S101 -- for mypy: checked above
    found = simulate(held.setting, held.plans)
    for place, option in enumerate(options):
        option.results = results_of(found, place, held)
        option.computed_at = at
        option.save(update_fields=["results", "computed_at"])
    touch(decision, at)
    letters = ", ".join(option.letter for option in options)
    log(
        decision,
        Evidence.Kind.COMPUTED,
        _("Options %(letters)s computed from %(n)d inputs.")
        % {"letters": letters, "n": len(held.used)},
        actor=actor,
        at=at,
        part="options",
        digest=held.digest,
        inputs=held.used,
        flips=flips_of(decision, held),
        today=figures_of(simulate(held.setting, [held.setting.today]), 0),
    )
    return options


def _require_computable(held: Gathered) -> None:
    words = [
        _("%(name)s: enter %(hint)s") % {"name": each.name, "hint": each.hint}
        for each in held.missing
    ] + held.problems
    if words:
        raise DecisionPartInvalid(
            _("Not computed. %(why)s") % {"why": "; ".join(words)}
        )
    if not held.plans:
        raise DecisionPartInvalid(_("Not computed. There is no option yet."))


def results_of(found: Comparison, place: int, held: Gathered) -> dict[str, Any]:
    """Write one option's results as values that JSON knows."""
    return {
        "digest": held.digest,
        "currency": held.currency,
        "figures": figures_of(found, place),
        "best": {
            measure.value: round(float(found.best[measure][place]), 4)
            for measure in Measure
        },
        "leads": [
            measure.value for measure in Measure if place in found.leaders(measure)
        ],
    }


def figures_of(found: Comparison, place: int) -> dict[str, list[float | None]]:
    """Write each figure of a plan as value, low and high."""
    return {
        name: [
            _plain(number) for number in (interval.value, interval.low, interval.high)
        ]
        for name in SHOWN
        for interval in [found.intervals[name][place]]
    }


def _plain(number: float) -> float | None:
    return round(number, 6) if math.isfinite(number) else None
