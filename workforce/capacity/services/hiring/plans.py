"""Writing a hiring plan."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from workforce.capacity.core.hiring import checked_ramp, checked_ratios
from workforce.capacity.models import HiringPlan, Queue
from workforce.capacity.services.signing import sign
from workforce.people.models import User


class PlanNameTaken(OperationRefused):
    """Another plan has that name."""

    code = "hiring_plan_name_taken"


class PlanInvalid(OperationRefused):
    """The ramp or the shares of the levels cannot be."""

    code = "hiring_plan_invalid"


@transaction.atomic
def save_plan(
    *,
    plan_id: int | None,
    fields: Mapping[str, Any],
    queues: Iterable[Queue],
    actor: User,
    at: datetime,
) -> HiringPlan:
    """Create a plan, or change one; what was before stays in its history.

    ``fields`` are columns of ``HiringPlan``. Raises ``PlanNameTaken`` or ``PlanInvalid``.
    """
    plan = (
        HiringPlan()
        if plan_id is None
        else HiringPlan.objects.select_for_update().get(pk=plan_id)
    )
    for name, value in fields.items():
        setattr(plan, name, value)
    _refuse(plan)
    sign(plan, actor=actor, at=at)
    plan.save()
    plan.queues.set(queues)
    return plan


def _refuse(plan: HiringPlan) -> None:
    others = HiringPlan.objects.exclude(pk=plan.pk)
    if others.filter(name=plan.name).exists():
        raise PlanNameTaken(
            _("There is a plan called “%(name)s” already. Choose another name.")
            % {"name": plan.name}
        )
    try:
        checked_ramp(plan.ramp)
    except ValueError as error:
        raise PlanInvalid(
            _("A ramp is shares from 0 to 1, week by week, that do not fall.")
        ) from error
    if plan.tier_ratios:
        try:
            checked_ratios(plan.tier_ratios)
        except ValueError as error:
            raise PlanInvalid(
                _("The shares of the support levels add up to 100 %.")
            ) from error
