"""The calendar of events: what happens when, and what each did to volume."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from supportops.common.pages import StaffPageMixin
from workforce.capacity.models import Event, Queue
from workforce.capacity.selectors import events as selectors
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.capacity.views.acting import actor_of
from workforce.capacity.views.events.year import months_of

SEE = "capacity.view_event"
FIRST_YEAR, LAST_YEAR = 2000, 2100

PRESETS = (
    ("release", _("Release")),
    ("renewals", _("Renewals")),
    ("month-end", _("End of month")),
    ("tax-season", _("Tax season")),
    ("holiday", _("Holiday")),
    ("eve", _("Eve of a holiday")),
)

CHIPS = {"EXCLUDE": "idle", "ADJUST": "watch", "REPEAT": "ok"}


class EventsView(StaffPageMixin, TemplateView):
    """What moves volume, and on which days?"""

    permission = SEE
    template_name = "capacity/events/calendar.html"
    title = _("Events")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        today = timezone.localdate()
        year = _year(request.GET.get("year"), today)
        queues = list(queues_visible_to(actor_of(request)).filter(is_active=True))
        queue = _chosen(request.GET.get("queue"), queues)
        shown = [queue] if queue else queues
        events = list(selectors.events_visible_to(actor_of(request)))
        if queue is not None:
            events = [each for each in events if selectors.concerned(each, [queue])]
        holidays = selectors.holidays_by_day(
            shown, date(year, 1, 1), date(year + 1, 1, 1)
        )
        return self.render_to_response(
            self.get_context_data(
                year=year,
                queue=queue,
                queues=queues,
                months=months_of(year, events, holidays, today),
                rows=[
                    {"row": row, "chip": CHIPS[row.event.treatment]}
                    for row in selectors.event_rows(events, shown, today)
                ],
                kinds=Event.Kind.choices,
                presets=PRESETS,
                may_add=request.user.has_perm("capacity.add_event"),
                may_change=request.user.has_perm("capacity.change_event"),
            )
        )


def _year(asked: str | None, today: date) -> int:
    if asked and asked.isdecimal() and FIRST_YEAR <= int(asked) <= LAST_YEAR:
        return int(asked)
    return today.year


def _chosen(asked: str | None, queues: list[Queue]) -> Queue | None:
    return next((each for each in queues if str(each.pk) == asked), None)
