"""Which method a queue is forecast with, chosen by a person; every choice is kept."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from workforce.capacity.models import Method, Queue, QueueMethod
from workforce.capacity.services.forecasting.history import sign
from workforce.capacity.services.forecasting.refusals import (
    HorizonOutOfRange,
    MethodUnknown,
)
from workforce.people.models import User

LONGEST_HORIZON = 400


@transaction.atomic
def choose_method(
    *, queue_id: int, method: str, horizon_days: int, actor: User | None, at: datetime
) -> QueueMethod:
    """Remember the method and the horizon of a queue, with who chose them.

    It holds from the next computation on. Raises ``MethodUnknown`` or
    ``HorizonOutOfRange``.
    """
    if method not in Method.values:
        raise MethodUnknown(
            _("There is no method of that name. Choose one of the list.")
        )
    if not 1 <= horizon_days <= LONGEST_HORIZON:
        raise HorizonOutOfRange(
            _("Choose 1 to %(most)d days ahead.") % {"most": LONGEST_HORIZON}
        )
    Queue.objects.select_for_update(of=("self",)).get(pk=queue_id)
    chosen = QueueMethod.objects.filter(queue_id=queue_id).first()
    chosen = chosen or QueueMethod(queue_id=queue_id)
    if chosen.pk and (chosen.method, chosen.horizon_days) == (method, horizon_days):
        return chosen
    chosen.method = method
    chosen.horizon_days = horizon_days
    sign(chosen, actor, at)
    chosen.save()
    return chosen
