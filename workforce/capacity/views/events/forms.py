"""Enter, change, copy and switch off an event; look at its days before."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from workforce.capacity.core.occurrences import Span, occurrences
from workforce.capacity.forms.events import EventForm, presets
from workforce.capacity.models import DayVolume, Event, Queue
from workforce.capacity.selectors import events as selectors
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.capacity.services import events as services
from workforce.capacity.views.acting import actor_of

PREVIEWED = 12
LOOK_AHEAD = timedelta(days=732)
FIELDS = ("name", "kind", "starts_on", "ends_on", "repeats", "treatment", "percent")


def first_known_day(today: date) -> date:
    """Return the first day with volumes, or the first of this year."""
    first: date | None = DayVolume.objects.aggregate(first=Min("day"))["first"]
    return first or date(today.year, 1, 1)


def next_holiday(today: date) -> date | None:
    queues = list(Queue.objects.filter(is_active=True).exclude(country=""))
    ahead = selectors.holidays_by_day(queues, today, today + timedelta(days=366))
    return next(iter(ahead), None)


class EventFormView(StaffPageMixin, TemplateView):
    """The form, whether the event is new or not."""

    permission: str | None = "capacity.change_event"
    template_name = "capacity/events/form.html"

    def queues(self) -> Any:
        return queues_visible_to(actor_of(self.request)).order_by("name", "channel")

    def page(
        self, form: EventForm, event: Event | None = None, status: int = 200
    ) -> HttpResponse:
        context = self.get_context_data(
            title=event.name if event else _("New event"),
            form=form,
            event=event,
            spans=spans_of_form(form),
        )
        return self.render_to_response(context, status=status)

    def save(self, form: EventForm, event: Event | None) -> HttpResponse:
        if not form.is_valid():
            return self.page(form, event, status=422)
        queues = [*form.cleaned_data["queues"], *self._unseen(event)]
        try:
            if event is None:
                services.create_event(values=form.values(), queues=queues)
            else:
                services.change_event(
                    event_id=event.pk, values=form.values(), queues=queues
                )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, event, status=409)
        messages.success(self.request, _("Saved. The next forecast knows of it."))
        return redirect("capacity:events")

    def _unseen(self, event: Event | None) -> list[Queue]:
        """Return the queues of the event that the person cannot choose or take away."""
        if event is None:
            return []
        return list(event.queues.exclude(pk__in=self.queues().values("pk")))


class EventNewView(EventFormView):
    """Enter an event, from nothing or from a beginning."""

    permission = "capacity.add_event"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page(EventForm(queues=self.queues(), initial=self._initial()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.save(EventForm(request.POST, queues=self.queues()), None)

    def _initial(self) -> dict[str, Any]:
        asked, today = self.request.GET, timezone.localdate()
        known: dict[str, Any] = {name: asked[name] for name in FIELDS if name in asked}
        if "queues" in asked:
            known["queues"] = asked.getlist("queues")
        beginnings = presets(today, first_known_day(today), next_holiday(today))
        return {**beginnings.get(asked.get("preset", ""), {}), **known}


class EventView(EventFormView):
    """Change an event. Queues that the person does not see stay in it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        event = self._event()
        return self.page(EventForm(instance=event, queues=self.queues()), event)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        event = self._event()
        form = EventForm(request.POST, instance=event, queues=self.queues())
        return self.save(form, event)

    def _event(self) -> Event:
        rows = selectors.events_visible_to(actor_of(self.request))
        return get_object_or_404(rows, pk=self.kwargs["pk"])


class EventCopyView(StaffPageMixin, View):
    """Enter the same event again and open its form."""

    permission = "capacity.add_event"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = get_object_or_404(selectors.events_visible_to(request.user), pk=pk)
        copy = services.copy_event(event_id=event.pk)
        messages.success(request, _("Copied. It counts once you make it active."))
        return redirect("capacity:event", pk=copy.pk)


class EventActiveView(StaffPageMixin, View):
    """Let forecasts count an event, or no longer."""

    permission = "capacity.change_event"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = get_object_or_404(selectors.events_visible_to(request.user), pk=pk)
        is_active = request.POST.get("active") == "1"
        services.set_event_active(event_id=event.pk, is_active=is_active)
        text = (
            _("“%(name)s” counts from the next forecast on.")
            if is_active
            else _("“%(name)s” no longer counts in coming forecasts.")
        )
        messages.success(request, text % {"name": event.name})
        return redirect("capacity:events")


class EventPreviewView(StaffPageMixin, TemplateView):
    """The days of the event in the form, before it is saved."""

    permission = "capacity.view_event"
    template_name = "capacity/events/_preview.html"
    title = gettext_lazy("Its days")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        spans = spans_asked(request.GET)
        return self.render_to_response({"spans": spans})


def spans_asked(asked: QueryDict) -> list[Span]:
    """Return the coming days of what a form holds; nothing while it makes no sense."""
    try:
        first = date.fromisoformat(asked.get("starts_on", ""))
        last = date.fromisoformat(asked.get("ends_on", ""))
    except ValueError:
        return []
    return _coming(first, last, asked.get("repeats", ""))


def spans_of_form(form: EventForm) -> list[Span]:
    values = {name: form[name].value() for name in ("starts_on", "ends_on", "repeats")}
    asked = QueryDict(mutable=True)
    asked.update({name: str(value or "") for name, value in values.items()})
    return spans_asked(asked)


def _coming(first: date, last: date, repeats: str) -> list[Span]:
    """Return the first occurrence, and the next ones from today on."""
    today = timezone.localdate()
    if last < first or not 1970 <= first.year <= last.year <= 2200:
        return []
    known = occurrences(
        starts_on=first,
        ends_on=last,
        repeats=repeats,
        start=max(first, today),
        end=max(last, today) + LOOK_AHEAD,
    )
    begin = [(first, last)]
    return (begin + [span for span in known if span not in begin])[:PREVIEWED]
