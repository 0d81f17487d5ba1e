"""Own overlays: saved to be laid over a forecast again, and deleted."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from workforce.capacity.models import Overlay, Queue
from workforce.capacity.services.forecasting.history import sign
from workforce.capacity.services.forecasting.refusals import (
    OverlayRefused,
    StandardOverlay,
)
from workforce.people.models import User


@transaction.atomic
def save_overlay(
    *,
    name: str,
    percent: Decimal,
    starts_on: date | None,
    ends_on: date | None,
    queue: Queue | None,
    response: str,
    actor: User | None,
    at: datetime,
) -> Overlay:
    """Create an overlay of one's own, for one queue or (``None``) for all.

    Raises ``OverlayRefused`` with what the database would not take.
    """
    overlay = Overlay(
        name=name,
        kind=Overlay.Kind.OWN,
        percent=percent,
        starts_on=starts_on,
        ends_on=ends_on,
        response=response,
    )
    try:
        overlay.full_clean()
    except ValidationError as error:
        raise OverlayRefused(" ".join(error.messages)) from error
    sign(overlay, actor, at)
    overlay.save()
    if queue is not None:
        overlay.queues.add(queue)
    return overlay


@transaction.atomic
def delete_overlay(*, overlay_id: int, actor: User | None) -> None:
    """Delete an own overlay; forecasts published with it keep what they hold.

    Raises ``StandardOverlay`` for one that ships with the product.
    """
    overlay = Overlay.objects.select_for_update(of=("self",)).get(pk=overlay_id)
    if overlay.is_standard:
        raise StandardOverlay(
            _("“%(name)s” ships with the product and stays.") % {"name": overlay.name}
        )
    sign(overlay, actor)
    overlay.delete()
