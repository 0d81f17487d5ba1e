"""Every write to calculations: save, copy, use elsewhere, remove."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from workforce.capacity.core.cost import InputRefused, evaluate
from workforce.capacity.core.cost.evaluation import checked
from workforce.capacity.core.cost.formulas import DEFINITIONS
from workforce.capacity.models import Calculation
from workforce.capacity.services.signing import sign
from workforce.people.models import User

NAME_LENGTH = 120


class ExampleFixed(OperationRefused):
    """A worked example keeps its figures: copy it."""

    code = "calculation_is_example"


class CalculationNameTaken(OperationRefused):
    """Another calculation of this formula has that name."""

    code = "calculation_name_taken"


class InputInvalid(OperationRefused):
    """An input is out of its limits, or a range is the wrong way round."""

    code = "calculation_input_invalid"


class ReferenceKept(OperationRefused):
    """What is used elsewhere cannot be removed."""

    code = "calculation_is_reference"


@transaction.atomic
def create_calculation(
    *, kind: str, name: str, currency: str, actor: User, at: datetime
) -> Calculation:
    """Begin a calculation of one formula with nothing typed yet.

    Raises ``CalculationNameTaken``.
    """
    _refuse_taken(kind, name)
    row = Calculation(
        kind=kind, name=name, currency=currency, created_by=actor, changed_at=at
    )
    return _saved(row, actor, at)


@transaction.atomic
def save_calculation(
    *,
    calculation_id: int,
    name: str,
    currency: str,
    inputs: Mapping[str, Mapping[str, Any]],
    note: str,
    actor: User,
    at: datetime,
) -> Calculation:
    """Store what was typed; what was before stays in its history.

    Raises ``ExampleFixed``, ``CalculationNameTaken`` or ``InputInvalid``.
    """
    row = Calculation.objects.select_for_update().get(pk=calculation_id)
    _refuse_example(row)
    _refuse_taken(row.kind, name, but=row.pk)
    _refuse_inputs(row.kind, inputs)
    row.name, row.currency, row.note = name, currency, note
    row.inputs = {key: dict(value) for key, value in inputs.items()}
    row.changed_at = at
    return _saved(row, actor, at)


@transaction.atomic
def copy_calculation(*, calculation_id: int, actor: User, at: datetime) -> Calculation:
    """Return a copy with a name of its own, that nothing else uses."""
    original = Calculation.objects.get(pk=calculation_id)
    copy = Calculation(
        kind=original.kind,
        name=_free_name(original),
        currency=original.currency,
        inputs=original.inputs,
        note=original.note,
        created_by=actor,
        changed_at=at,
    )
    return _saved(copy, actor, at)


@transaction.atomic
def use_elsewhere(*, calculation_id: int, actor: User, at: datetime) -> Calculation:
    """Let pages and metrics read this calculation from now on, instead of another.

    All calculations of the formula are locked, so of two at once one comes last.
    Raises ``ExampleFixed``.
    """
    row = Calculation.objects.get(pk=calculation_id)
    _refuse_example(row)
    rows = Calculation.objects.select_for_update().filter(kind=row.kind).order_by("pk")
    for each in rows:
        if each.is_reference and each.pk != row.pk:
            each.is_reference = False
            _saved(each, actor, at)
    row.refresh_from_db()
    if not row.is_reference:
        row.is_reference = True
        _saved(row, actor, at)
    return row


@transaction.atomic
def use_no_more(*, calculation_id: int, actor: User, at: datetime) -> Calculation:
    """Let nothing else read this calculation any more."""
    row = Calculation.objects.select_for_update().get(pk=calculation_id)
    if row.is_reference:
        row.is_reference = False
        _saved(row, actor, at)
    return row


@transaction.atomic
def remove_calculation(*, calculation_id: int, actor: User, at: datetime) -> None:
    """Remove a calculation; its history stays. Raises ``ExampleFixed``, ``ReferenceKept``."""
    row = Calculation.objects.select_for_update().get(pk=calculation_id)
    _refuse_example(row)
    if row.is_reference:
        raise ReferenceKept(
            _("“%(name)s” is used elsewhere. Use another one there first.")
            % {"name": row.name}
        )
    sign(row, actor=actor, at=at)
    row.delete()


def _refuse_example(row: Calculation) -> None:
    if row.is_example:
        raise ExampleFixed(
            _("“%(name)s” is a worked example and keeps its figures. Copy it.")
            % {"name": row.name}
        )


def _refuse_taken(kind: str, name: str, but: int | None = None) -> None:
    others = Calculation.objects.filter(kind=kind, name=name)
    if but is not None:
        others = others.exclude(pk=but)
    if others.exists():
        raise CalculationNameTaken(
            _("There is a calculation called “%(name)s” already. Choose another name.")
            % {"name": name}
        )


def _refuse_inputs(kind: str, inputs: Mapping[str, Mapping[str, Any]]) -> None:
    known = DEFINITIONS[kind].by_key
    try:
        evaluate(kind, {key: row.get("value") for key, row in inputs.items()})
        for key, row in inputs.items():
            low, high = row.get("low"), row.get("high")
            if low is None and high is None:
                continue
            if (
                low is None
                or high is None
                or checked(known[key], low) > checked(known[key], high)
            ):
                raise InputInvalid(
                    _("A range needs both ends, the lower one first: %(key)s.")
                    % {"key": key}
                )
    except InputRefused as refused:
        raise InputInvalid(
            _("%(key)s is not within its limits.") % {"key": refused.key}
        ) from refused


def _free_name(original: Calculation) -> str:
    taken = set(
        Calculation.objects.filter(kind=original.kind).values_list("name", flat=True)
    )
    number = 1
    while True:
        number += 1
        ending = f" ({number})"
        name = original.name[: NAME_LENGTH - len(ending)] + ending
        if name not in taken:
            return name


def _saved(row: Calculation, actor: User, at: datetime) -> Calculation:
    sign(row, actor=actor, at=at)
    row.save()
    return row
