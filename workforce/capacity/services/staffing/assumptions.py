"""Saving what staffing takes for granted, with who did it in the history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from workforce.capacity.models import Assumptions, Queue
from workforce.capacity.services.staffing.refusals import (
    AssumptionsChangedMeanwhile,
    AssumptionsInvalid,
)
from workforce.people.models import User

FIELDS = frozenset(
    {
        "service_level",
        "target_seconds",
        "definition",
        "handle_seconds",
        "handle_from_tickets",
        "patience_seconds",
        "concurrency",
        "slowdown",
        "max_occupancy",
        "shrinkage",
        "hours_per_week",
    }
)


@transaction.atomic
def save_assumptions(
    *,
    queue_id: int,
    values: Mapping[str, Any],
    actor: User | None,
    at: datetime,
    expected: datetime | None = None,
    reason: str = "",
) -> bool:
    """Save some assumptions of a queue; return whether anything changed.

    ``expected`` is when the caller last read them as changed: a later change by somebody
    else is refused. The queue's row is locked, so that of two at once one waits.

    Raises ``AssumptionsChangedMeanwhile`` or ``AssumptionsInvalid``, and ``ValueError``
    for a field that is none.
    """
    unknown = set(values) - FIELDS
    if unknown:
        raise ValueError(f"no such assumption: {', '.join(sorted(unknown))}")
    queue = Queue.objects.select_for_update().get(pk=queue_id)
    row = Assumptions.objects.filter(queue=queue).first() or Assumptions(queue=queue)
    if expected is not None and row.pk and row.changed_at != expected:
        raise AssumptionsChangedMeanwhile(
            _(
                "Somebody saved other assumptions of this queue meanwhile. "
                "Open the page again and look at them first."
            )
        )
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if row.pk and not changed:
        return False
    for name in changed:
        setattr(row, name, values[name])
    _refuse_invalid(row)
    row._history_user = actor  # type: ignore[attr-defined]  # noqa: SLF001 -- simple-history's documented hook
    row._history_date = at  # type: ignore[attr-defined]  # noqa: SLF001
    row._change_reason = reason or None  # type: ignore[attr-defined]  # noqa: SLF001
    row.save()
    return True


def _refuse_invalid(row: Assumptions) -> None:
    try:
        row.full_clean(validate_unique=False)
    except ValidationError as error:
        words = [
            f"{_label(name)}: {' '.join(messages)}"
            for name, messages in error.message_dict.items()
        ]
        raise AssumptionsInvalid(" ".join(words)) from error


def _label(name: str) -> str:
    if name == "__all__":
        return str(_("Assumptions"))
    field = Assumptions._meta.get_field(name)  # noqa: SLF001 -- Django's documented name
    return str(getattr(field, "verbose_name", name))
