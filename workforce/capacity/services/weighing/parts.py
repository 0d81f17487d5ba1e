"""How options, criteria and segments of a decision are written."""

import math
import string
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from workforce.capacity.core.options.scoring import FULL
from workforce.capacity.models import Criterion, Decision, DecisionOption, Segment
from workforce.capacity.selectors.decisions.inputs import amount
from workforce.capacity.services.decisions.parts import (
    Content,
    register_writer,
    write_fields,
    write_rows,
)
from workforce.capacity.services.decisions.refusals import DecisionPartInvalid

MOST_OPTIONS = 5
LETTERS = string.ascii_uppercase[:MOST_OPTIONS]
ROUNDING = 0.005
"""Shares are typed in percent with decimals; they must add up to 100 % this closely."""


def _options(decision: Decision, content: Content, at: datetime) -> None:
    rows = list(content.get("rows", ()))
    if len(rows) > MOST_OPTIONS:
        raise DecisionPartInvalid(
            _("A decision weighs %(n)d options at most.") % {"n": MOST_OPTIONS}
        )
    _require_once(rows, "letter", _("Two options have the letter %(name)s."))
    kept = {row.pk: row for row in decision.options.select_for_update()}
    _free_letters(kept, rows)
    gone = {row.letter for row in kept.values()} - {row.get("letter") for row in rows}
    if decision.chosen in gone and decision.chosen:
        raise DecisionPartInvalid(
            _("Option %(letter)s is the one chosen: choose another one first.")
            % {"letter": decision.chosen}
        )
    write_rows(
        DecisionOption, decision, rows,
        ("letter", "name", "description", "mix", "people", "automation"),
        kept=decision.options.all(), prepare=_check_option,
    )  # fmt: skip


def _require_once(rows: Iterable[Content], name: str, words: str) -> None:
    seen = set()
    for row in rows:
        if row.get(name) in seen:
            raise DecisionPartInvalid(words % {"name": row.get(name)})
        seen.add(row.get(name))


def _free_letters(kept: Mapping[int, DecisionOption], rows: list[Content]) -> None:
    """Let options exchange their letters: each is moved out of the way first."""
    sent = {row.get("id"): row.get("letter") for row in rows}
    spare = iter("vwxyz")
    for pk, option in kept.items():
        if pk in sent and sent[pk] != option.letter:
            DecisionOption.objects.filter(pk=pk).update(letter=next(spare))


def _check_option(row: DecisionOption, sent: Content, place: int) -> None:
    if row.letter not in LETTERS or len(row.letter) != 1:
        raise DecisionPartInvalid(
            _("Row %(place)d: options are called A to %(last)s.")
            % {"place": place, "last": LETTERS[-1]}
        )
    if row.people is not None and row.people < 0:
        raise DecisionPartInvalid(
            _("Row %(place)d: people cannot be below 0.") % {"place": place}
        )
    _check_mix(row.mix, place)


def _check_mix(mix: Mapping[str, Any], place: int) -> None:
    if not mix:
        return
    shares = list(mix.values())
    if any(not _is_number(share) or not 0 <= share <= 1 for share in shares):
        raise DecisionPartInvalid(
            _("Row %(place)d: a channel has between 0 and 100 %% of the contacts.")
            % {"place": place}
        )
    if abs(sum(shares) - 1) > ROUNDING:
        raise DecisionPartInvalid(
            _("Row %(place)d: the channel shares add up to %(total)s, not 100 %%.")
            % {"place": place, "total": amount(round(100 * sum(shares), 2), "%")}
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _criteria(decision: Decision, content: Content, at: datetime) -> None:
    write_rows(
        Criterion, decision, content.get("rows", ()),
        ("name", "measure", "weight", "grades"),
        kept=decision.criteria.all(), prepare=_check_criterion,
    )  # fmt: skip


def _check_criterion(row: Criterion, sent: Content, place: int) -> None:
    if row.measure != Criterion.Measure.HAND:
        row.grades = {}
    if any(
        not _is_number(each) or not 0 <= each <= FULL for each in row.grades.values()
    ):
        raise DecisionPartInvalid(
            _("Row %(place)d: grades lie between 0 and 10.") % {"place": place}
        )


SEGMENT_FIELDS = (
    "name", "tier", "customers", "lifetime_value", "churn_risk", "demand",
    "commitment", "source",
)  # fmt: skip


def _segments(decision: Decision, content: Content, at: datetime) -> None:
    weights, capacity = content.get("weights"), content.get("capacity")
    if weights is not None:
        numbers = [weights.get("value"), weights.get("risk")]
        if any(not _is_number(each) or each < 0 for each in numbers) or not sum(
            numbers
        ):
            raise DecisionPartInvalid(
                _("Weights are 0 or more, and one of them is more than 0.")
            )
        write_fields(decision, {"weights": dict(weights)}, ("weights",))
    if capacity is not None and (not _is_number(capacity) or capacity < 0):
        raise DecisionPartInvalid(_("Capacity is 0 or more."))
    if "capacity" in content:
        write_fields(decision, {"capacity": capacity}, ("capacity",))
    if "rows" in content:
        rows = list(content["rows"])
        _require_once(rows, "name", _("Two segments are called %(name)s."))
        write_rows(
            Segment, decision, rows, SEGMENT_FIELDS, kept=decision.segments.all()
        )


for _part, _writer in (
    ("options", _options), ("criteria", _criteria), ("segments", _segments),
):  # fmt: skip
    register_writer(_part, _writer)
