"""One queue's week: how many people, when, and what does each promise cost?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from workforce.capacity.forms.staffing import WhatIfForm
from workforce.capacity.models import Queue
from workforce.capacity.selectors.staffing.assumptions import (
    Change,
    Standing,
    saved_changes,
    standing_of,
)
from workforce.capacity.selectors.staffing.deferred import DeferredNeed
from workforce.capacity.selectors.staffing.grid import WeekGrid
from workforce.capacity.selectors.staffing.money import PersonCost, person_cost
from workforce.capacity.selectors.staffing.picture import Sources, Span, sources_of
from workforce.capacity.selectors.staffing.staffed import Staffed
from workforce.capacity.services import staffing as services
from workforce.capacity.views.staffing import (
    KEEP,
    VIEW,
    actor_of,
    figures,
    heat,
    numbers,
    queue_or_404,
    span_of,
    today_of,
)
from workforce.capacity.views.staffing.explained import explanation
from workforce.capacity.views.staffing.pictures import backlog_picture, charts

SEE_COSTS = "capacity.view_costs"
ASKED = frozenset(WhatIfForm.base_fields)


@dataclass
class Asked:
    """What an address asks of a queue: which week, under which assumptions."""

    request: HttpRequest
    queue: Queue

    @cached_property
    def span(self) -> Span:
        return span_of(self.request, self.queue)

    @cached_property
    def standing(self) -> Standing:
        return standing_of([self.queue], today_of(self.queue))[self.queue.pk]

    @cached_property
    def form(self) -> WhatIfForm:
        data = self.request.GET if self.is_tried else None
        return WhatIfForm(data, queue=self.queue, standing=self.standing)

    @cached_property
    def is_tried(self) -> bool:
        """Whether the address brings assumptions of its own."""
        return not ASKED.isdisjoint(self.request.GET)

    @property
    def measure(self) -> str:
        asked = self.request.GET.get("show", "")
        return asked if asked in heat.MEASURES else "required"

    @cached_property
    def saved(self) -> Sources:
        """The queue's week without a scenario."""
        return sources_of([self.queue], self.span)[self.queue.pk]

    @cached_property
    def tried(self) -> Sources:
        """The queue's week with the scenario and the volume of the form."""
        if not (self.form.is_bound and self.form.is_valid()):
            return self.saved
        return self.saved.with_scenario(
            self.form.cleaned_data["overlay"], self.form.cleaned_data["volume"]
        )

    @cached_property
    def staffed(self) -> Staffed:
        valid = self.form.is_bound and self.form.is_valid()
        given = self.form.given() if valid else self.standing.given
        return self.tried.staffed(self.tried.need(given))

    @cached_property
    def saved_fte(self) -> float | None:
        """Full-time people under the saved assumptions, when others are tried."""
        if not (self.form.is_bound and self.form.is_valid()):
            return None
        need = self.saved.need(
            self.standing.given, with_careful=False, with_service=False
        )
        return need.fte

    @property
    def cost(self) -> PersonCost | None:
        """What a person costs, for those who may see costs: salaries are in it."""
        return person_cost() if self.request.user.has_perm(SEE_COSTS) else None


def cards_of(asked: Asked) -> list[figures.Card]:
    return figures.cards(
        asked.staffed,
        is_typical=asked.span.is_typical,
        saved_fte=asked.saved_fte,
        cost=asked.cost,
    )


def details_of(asked: Asked) -> dict[str, Any]:
    """What takes the need to be worked out many times over, and explains it."""
    staffed = asked.staffed
    need = staffed.need
    context: dict[str, Any] = {
        "need": need,
        "queue": asked.queue,
        "is_deferred": isinstance(need, DeferredNeed),
        "charts": charts(asked.tried, need),
        "explained": explanation(asked.tried, need, asked.standing),
        "days": figures.day_rows(staffed, is_typical=asked.span.is_typical),
    }
    if isinstance(need, DeferredNeed):
        context["backlog"] = backlog_picture(need)
        context["backlog_words"] = figures.backlog_words(need)
    return context


class StaffingQueueView(StaffPageMixin, TemplateView):
    """The page works by itself as a form that is sent; a script only asks sooner."""

    permission = VIEW
    template_name = "capacity/staffing/queue.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = Asked(request, queue_or_404(request, self.kwargs["pk"]))
        context = self._page(asked)
        if not asked.staffed.need.is_empty:
            context |= {"cards": cards_of(asked)} | details_of(asked)
            context |= self._table(asked)
        status = 422 if asked.form.is_bound and not asked.form.is_valid() else 200
        return self.render_to_response(self.get_context_data(**context), status=status)

    def _page(self, asked: Asked) -> dict[str, Any]:
        queue, span = asked.queue, asked.span
        forecast = asked.saved.demand.forecast
        week = timedelta(days=7)
        return {
            "title": str(queue),
            "queue": queue,
            "span": span,
            "form": asked.form,
            "is_tried": asked.is_tried,
            "forecast": forecast,
            "is_empty": asked.staffed.need.is_empty,
            "standing": asked.standing,
            "history": history_of(asked.standing),
            "week_words": figures.week_words(span.start, is_typical=span.is_typical),
            "zone_words": figures.zone_words(queue),
            "weeks": {
                "before": span.start - week,
                "after": span.start if span.is_typical else span.end,
            },
            "sentence": figures.sentence(asked.staffed, asked.saved_fte),
            "measure": asked.measure,
            "coverage": figures.coverage_words(asked.staffed.need.covered_days),
        }

    def _table(self, asked: Asked) -> dict[str, Any]:
        grid = heat.grid_of(asked.staffed)
        cells = _cells(asked.staffed, grid)
        words = heat.words_for(asked.staffed)
        return {
            "measures": heat.measures_for(asked.staffed),
            "words": words,
            "measure_words": words[asked.measure],
            "rows": heat.rows_of(grid, cells[asked.measure]),
            "cells": cells,
            "weekdays": heat.weekday_names(),
        }


def _cells(staffed: Staffed, grid: WeekGrid) -> dict[str, list[heat.Cell]]:
    return heat.cells_of(
        grid, staffed.need.given, is_kept_anyway=staffed.is_kept_anyway
    )


class StaffingAnswerView(StaffPageMixin, View):
    """What a slider's new value means, as data for the page that asked.

    Figures and table come at once; charts, which work the need out tens of times, are
    asked for with ``details`` when the slider rests.
    """

    permission = VIEW

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        asked = Asked(request, queue_or_404(request, pk))
        if asked.form.is_bound and not asked.form.is_valid():
            errors = {name: " ".join(e) for name, e in asked.form.errors.items()}
            return JsonResponse({"errors": errors}, status=422)
        if asked.staffed.need.is_empty:
            return JsonResponse(
                {"sentence": figures.sentence(asked.staffed, None), "cells": {}}
            )
        if "details" in request.GET:
            return JsonResponse({"answers": self._part("answers", details_of(asked))})
        return JsonResponse(
            {
                "sentence": figures.sentence(asked.staffed, asked.saved_fte),
                "cells": _cells(asked.staffed, heat.grid_of(asked.staffed)),
                "words": heat.words_for(asked.staffed),
                "figures": self._part("cards", {"cards": cards_of(asked)}),
                "fte": asked.staffed.need.fte,
                "careful_fte": asked.staffed.need.careful_fte,
                "planned_fte": asked.staffed.fte,
            }
        )

    def _part(self, name: str, context: dict[str, Any]) -> str:
        template = f"capacity/staffing/_{name}.html"
        return render_to_string(template, context, request=self.request)


class KeepAssumptionsView(StaffPageMixin, TemplateView):
    """Show what saving the tried assumptions changes, and save them for everybody."""

    permission = KEEP
    template_name = "capacity/staffing/keep.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = Asked(request, queue_or_404(request, self.kwargs["pk"]))
        if not asked.form.is_bound or not asked.form.is_valid():
            return redirect(self._page(request, asked.queue))
        return self.render_to_response(
            self.get_context_data(
                title=_("Keep these assumptions: %(queue)s") % {"queue": asked.queue},
                queue=asked.queue,
                span=asked.span,
                changes=changes_of(asked.standing, asked.form),
                values=_asked(request.GET),
                seen=_seen(asked.standing),
                fte=numbers.people(asked.staffed.need.fte),
                saved_fte=numbers.people(asked.saved_fte),
                back=self._page(request, asked.queue),
                has_scenario=bool(
                    asked.form.cleaned_data["overlay"]
                    or asked.form.cleaned_data["volume"]
                ),
            )
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        queue = queue_or_404(request, self.kwargs["pk"])
        standing = standing_of([queue], today_of(queue))[queue.pk]
        form = WhatIfForm(request.POST, queue=queue, standing=standing)
        if not form.is_valid():
            messages.warning(request, _("These assumptions cannot be. See below."))
            return redirect(self._page(request, queue))
        try:
            is_changed = services.save_assumptions(
                queue_id=queue.pk,
                values=form.row_values(),
                actor=actor_of(request),
                at=timezone.now(),
                expected=_moment(request.POST.get("seen", "")),
                reason=request.POST.get("reason", "")[:100],
            )
        except OperationRefused as refusal:
            messages.warning(request, str(refusal))
            return redirect(self._page(request, queue))
        if is_changed:
            messages.success(request, _("These assumptions hold from now on."))
        else:
            messages.info(request, _("These are the saved assumptions already."))
        page = reverse("capacity:staffing-queue", args=[queue.pk])
        return redirect(f"{page}?week={span_of(request, queue).key}")

    def _page(self, request: HttpRequest, queue: Queue) -> str:
        """The queue's page with what was tried, so that nothing typed is lost."""
        data = request.POST if request.method == "POST" else request.GET
        page = reverse("capacity:staffing-queue", args=[queue.pk])
        return f"{page}?{_asked(data).urlencode()}"


def changes_of(standing: Standing, form: WhatIfForm) -> list[tuple[str, str, str]]:
    """Name, saved and new value of each assumption that would change."""
    row = standing.row
    return [
        figures.changed_words(name, getattr(row, name), value)
        for name, value in form.row_values().items()
        if getattr(row, name) != value
    ]


def history_of(standing: Standing) -> list[tuple[Change, list[tuple[str, str, str]]]]:
    """The last saved changes, each with what it changed in words."""
    return [
        (change, [figures.changed_words(*field) for field in change.fields])
        for change in saved_changes(standing.row)
    ]


def _seen(standing: Standing) -> str:
    return standing.row.changed_at.isoformat() if standing.row.pk else ""


def _moment(text: str) -> datetime | None:
    """When the page read the assumptions as changed; none for who never saved any."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _asked(data: QueryDict) -> QueryDict:
    """What was tried, without anything else that a form or an address holds."""
    kept = QueryDict(mutable=True)
    for name in sorted({*ASKED, "week", "show"}):
        if value := data.get(name):
            kept[name] = value
    return kept
