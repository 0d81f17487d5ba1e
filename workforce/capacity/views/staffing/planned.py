"""Planned people: the week's blocks in an editor, copied, from a template, as files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response
from workforce.capacity.forms.staffing import (
    BlockFileForm,
    BlockFormSet,
    CopyForm,
    clock,
)
from workforce.capacity.models import PlannedStaff, Queue
from workforce.capacity.selectors.staffing.planned import (
    Block,
    blocks_of,
    fingerprint,
    is_valid,
)
from workforce.capacity.services import staffing as services
from workforce.capacity.services.staffing import Changes
from workforce.capacity.services.staffing.block_files import COLUMNS, DAYS
from workforce.capacity.services.staffing.blocks import TEMPLATE
from workforce.capacity.views.staffing import (
    CHANGE_PLAN,
    VIEW_PLAN,
    actor_of,
    numbers,
    queue_or_404,
    today_of,
)

A_DAY = 1440


@dataclass(frozen=True)
class DayLine:
    """One weekday as a strip: its blocks as bars and its person-hours."""

    name: str
    bars: list[tuple[float, float, int, str]]
    height: int
    hours: str


def day_lines(blocks: Sequence[PlannedStaff], on: Any) -> list[DayLine]:
    """Draw the blocks valid on a day; each block of a weekday on a line of its own."""
    lines = []
    for weekday in range(7):
        own = [b for b in blocks if b.weekday == weekday and is_valid(b, on)]
        hours = sum(
            float(b.people) * (b.ends_minute - b.starts_minute) / 60 for b in own
        )
        bars = [
            (
                round(100 * block.starts_minute / A_DAY, 2),
                round(100 * (block.ends_minute - block.starts_minute) / A_DAY, 2),
                8 * row,
                block_words(block),
            )
            for row, block in enumerate(own)
        ]
        lines.append(
            DayLine(
                str(WEEKDAYS[weekday]), bars, max(8, 8 * len(own)), numbers.hours(hours)
            )
        )
    return lines


def hours_words(block: PlannedStaff) -> str:
    return f"{clock(block.starts_minute)}–{clock(block.ends_minute)}"


def block_words(block: PlannedStaff) -> str:
    words = _("%(hours)s: %(people)s people") % {
        "hours": hours_words(block),
        "people": numbers.people(float(block.people)),
    }
    return f"{block.name} {words}" if block.name else words


class PlannedView(StaffPageMixin, TemplateView):
    """The blocks of a queue's week; who may, changes them all at once."""

    permission = VIEW_PLAN
    template_name = "capacity/staffing/planned.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        queue = queue_or_404(request, self.kwargs["pk"])
        return self._page(queue)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        queue = queue_or_404(request, self.kwargs["pk"])
        if not request.user.has_perm(CHANGE_PLAN):
            self.raise_exception = True
            return self.handle_no_permission()
        forms = BlockFormSet(request.POST, prefix="block")
        if not forms.is_valid():
            return self._page(queue, forms, status=422)
        try:
            changes = services.save_blocks(
                queue_id=queue.pk,
                blocks=blocks_from(forms),
                actor=actor_of(request),
                at=timezone.now(),
                expected=request.POST.get("seen", ""),
            )
        except OperationRefused as refusal:
            messages.warning(request, str(refusal))
            return self._page(queue, forms, status=409)
        tell(request, changes)
        return redirect("capacity:staffing-planned", pk=queue.pk)

    def _page(self, queue: Queue, forms: Any = None, status: int = 200) -> HttpResponse:
        rows = blocks_of([queue.pk])[queue.pk]
        may_change = self.request.user.has_perm(CHANGE_PLAN)
        today = today_of(queue)
        context = self.get_context_data(
            title=_("Planned people: %(queue)s") % {"queue": queue},
            queue=queue,
            blocks=rows,
            read_rows=[
                (block, hours_words(block), is_valid(block, today)) for block in rows
            ],
            weekdays=[str(WEEKDAYS_ABBR[day]) for day in range(7)],
            lines=day_lines(rows, today),
            forms=forms or _formset(rows) if may_change else None,
            copy=CopyForm(),
            file=BlockFileForm(),
            seen=self.request.POST.get("seen") or fingerprint(rows),
            template=template_rows(),
            may_change=may_change,
        )
        return self.render_to_response(context, status=status)


def _formset(rows: Sequence[PlannedStaff]) -> Any:
    initial = [
        {
            "pk": row.pk,
            "name": row.name,
            "weekday": row.weekday,
            "starts_minute": row.starts_minute,
            "ends_minute": row.ends_minute,
            "people": f"{row.people.normalize():f}",
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
        }
        for row in rows
    ]
    return BlockFormSet(initial=initial, prefix="block")


def blocks_from(forms: Any) -> list[Block]:
    """The blocks of a valid formset, without those to be removed and empty rows."""
    return [
        Block(
            pk=data["pk"],
            **{name: data[name] for name in services.BLOCK_COLUMNS},
        )
        for data in (form.cleaned_data for form in forms)
        if data and not data.get("DELETE") and data.get("people") is not None
    ]


def template_rows() -> list[tuple[str, str, list[int], int]]:
    """The template as a table: shift, hours, people by weekday, and their sum."""
    return [
        (name, f"{clock(60 * starts)}–{clock(60 * ends)}", list(by_day), sum(by_day))
        for name, starts, ends, by_day in TEMPLATE
    ]


def tell(request: HttpRequest, changes: Changes) -> None:
    """Say what was written."""
    if not changes:
        messages.info(request, _("Nothing was different."))
        return
    messages.success(
        request,
        _("Blocks added: %(added)s, changed: %(changed)s, removed: %(removed)s.")
        % {
            "added": changes.added,
            "changed": changes.changed,
            "removed": changes.removed,
        },
    )


class _StepView(StaffPageMixin, View):
    """One change of the plan that is sent as a form and leads back to the editor."""

    permission = CHANGE_PLAN
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        queue = queue_or_404(request, pk)
        try:
            self.step(request, queue)
        except OperationRefused as refusal:
            messages.warning(request, str(refusal))
        return redirect("capacity:staffing-planned", pk=pk)

    def step(self, request: HttpRequest, queue: Queue) -> None:
        raise NotImplementedError

    def write(
        self, request: HttpRequest, queue: Queue, service: Callable[..., Changes],
        **values: Any,
    ) -> None:  # fmt: skip
        changes = service(
            queue_id=queue.pk, actor=actor_of(request), at=timezone.now(), **values
        )
        tell(request, changes)


class CopyDayView(_StepView):
    def step(self, request: HttpRequest, queue: Queue) -> None:
        form = CopyForm(request.POST)
        if not form.is_valid():
            messages.warning(
                request, _("Choose the day to copy and the days to copy to.")
            )
            return
        self.write(request, queue, services.copy_day, **form.cleaned_data)


class StartFromTemplateView(_StepView):
    def step(self, request: HttpRequest, queue: Queue) -> None:
        self.write(request, queue, services.start_from_template)


class BlockFileView(_StepView):
    def step(self, request: HttpRequest, queue: Queue) -> None:
        form = BlockFileForm(request.POST, request.FILES)
        if not form.is_valid():
            words = [text for errors in form.errors.values() for text in errors]
            messages.warning(request, " ".join(words))
            return
        self.write(
            request, queue, services.import_blocks,
            text=form.cleaned_data["file"], replaces=form.cleaned_data["replaces"],
        )  # fmt: skip


class PlannedCsvView(StaffPageMixin, View):
    """The blocks as a file that can be read back."""

    permission = VIEW_PLAN

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        queue = queue_or_404(request, pk)
        rows = [
            (
                DAYS[block.weekday].capitalize(),
                clock(block.starts_minute),
                clock(block.ends_minute),
                f"{block.people.normalize():f}",
                block.name,
                block.valid_from or "",
                block.valid_until or "",
            )
            for block in blocks_of([queue.pk])[queue.pk]
        ]
        return csv_response(f"planned-{queue.pk}", COLUMNS, rows)
