"""A taken draw: its items, its replay, handing items on, replacing one."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from qa import sampling_phrases as phrases
from qa.forms.sampling import ReassignForm, ReplaceForm
from qa.models import SampleItem, SamplingDraw
from qa.selectors import sampling as selectors
from qa.selectors.sampling_sight import MANAGE, knows_why
from qa.services import sampling as services
from qa.views.acting import actor_of
from qa.views.sampling import PAGE_SIZE, strata_bars
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.metrics.exports import csv_response
from workforce.people.models import User

STATE_CHIPS = {"OPEN": "watch", "DONE": "ok", "REPLACED": "idle", "EXPIRED": "late"}


def draw_or_404(pk: int) -> SamplingDraw:
    return get_object_or_404(
        SamplingDraw.objects.select_related("plan__scorecard", "taken_by"), pk=pk
    )


class DrawView(StaffPageMixin, TemplateView):
    """What was drawn and what became of it.

    Which reviews are second ones and which tickets are gold is shown to those who manage
    draws only: a reviewer who knows does not review as usual. For the same reason all
    others read how many tickets of an agent were drawn, not how many of them by chance.
    """

    permission = "qa.view_samplingdraw"
    template_name = "qa/sampling/draw.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        draw = draw_or_404(self.kwargs["pk"])
        manages = knows_why(request.user)
        if "csv" in request.GET:
            if not manages:
                raise PermissionDenied
            return items_csv(draw)
        context = self._figures(draw) | {"manages": manages}
        if manages:
            context |= self._items(draw)
        return self.render_to_response(self.get_context_data(**context))

    def _figures(self, draw: SamplingDraw) -> dict[str, Any]:
        manages = knows_why(actor_of(self.request))
        rows = selectors.draw_agents(draw, is_blind=not manages)
        shown = selectors.agents_overseen_by(actor_of(self.request))
        if shown is not None:
            rows = [row for row in rows if row.agent.pk in shown]
        return {
            "title": _("%(plan)s, week from %(day)s")
            % {"plan": draw.plan.name, "day": date_format(draw.starts_on)},
            "draw": draw,
            "agents": rows,
            "covered": sum(row.done > 0 for row in rows),
            "strata": strata_bars(
                [
                    (row["label"], row["size"], row["drawn"], row["spread"])
                    for row in draw.strata
                ],
                draw.plan_then["strata"],
            )
            if manages
            else [],
            "uncovered": [
                person
                for person in User.objects.filter(pk__in=draw.uncovered)
                if shown is None or person.pk in shown
            ],
            "differences": services.replay_draw(draw),
        }

    def _items(self, draw: SamplingDraw) -> dict[str, Any]:
        items = selectors.items_of(draw)
        state = self.request.GET.get("state", "")
        if state in SampleItem.State.values:
            items = items.filter(state=state)
        page = Paginator(items, PAGE_SIZE).get_page(self.request.GET.get("page"))
        fields = draw.plan_then["strata"]
        return {
            "page": page,
            "items": [item_line(item, fields) for item in page.object_list],
            "state": state,
            "states": [("", _("All")), *SampleItem.State.choices],
            "reassign": ReassignForm(),
            "nobodys": draw.items.open().filter(reviewer__isnull=True).count(),
        }


def item_line(item: SampleItem, fields: list[str]) -> dict[str, Any]:
    return {
        "item": item,
        "stratum": phrases.stratum_words(item.stratum, fields) if item.stratum else "",
        "why": phrases.why_words(item.why, item.rule, item.probability),
        "chip": STATE_CHIPS[item.state],
        "may_move": item.state == SampleItem.State.OPEN
        and getattr(item, "review", None) is None,
    }


def items_csv(draw: SamplingDraw) -> HttpResponseBase:
    header = (
        "position", "ticket", "agent", "stratum", "why", "rule", "probability",
        "reviewer", "due", "state", "reason_code", "reason", "replaced_by_ticket",
    )  # fmt: skip

    def rows() -> Iterator[tuple[Any, ...]]:
        for item in selectors.items_of(draw):
            instead = item.replaced_by.ticket_id if item.replaced_by else ""
            yield (
                item.position,
                item.ticket_id,
                str(item.agent),
                item.stratum,
                item.why,
                item.rule,
                item.probability,
                str(item.reviewer or ""),
                item.due_at.isoformat(),
                item.state,
                item.reason_code,
                item.reason,
                instead,
            )

    return csv_response(f"draw-{draw.plan_id}-{draw.starts_on}", header, rows())


class ReassignView(StaffPageMixin, View):
    """Hand the chosen items of a draw to one reviewer."""

    permission = MANAGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        draw = draw_or_404(pk)
        form = ReassignForm(request.POST)
        chosen = [each for each in request.POST.getlist("item") if each.isdecimal()]
        ids = list(
            draw.items.filter(pk__in=chosen).order_by("pk").values_list("pk", flat=True)
        )
        if not form.is_valid() or not ids:
            messages.warning(request, _("Choose items and a reviewer."))
            return redirect("qa:sampling-draw", pk=pk)
        self._hand_on(request, ids, form.cleaned_data["reviewer"])
        return redirect("qa:sampling-draw", pk=pk)

    def _hand_on(self, request: HttpRequest, ids: list[int], reviewer: User) -> None:
        given = 0
        for item_id in ids:
            try:
                services.reassign_item(
                    item_id=item_id,
                    reviewer=reviewer,
                    actor=actor_of(request),
                    at=timezone.now(),
                )
            except OperationRefused as refusal:
                messages.warning(request, str(refusal))
            else:
                given += 1
        if given:
            messages.success(
                request,
                ngettext(
                    "%(n)s review given to %(who)s.",
                    "%(n)s reviews given to %(who)s.",
                    given,
                )
                % {"n": given, "who": reviewer},
            )


class ReplaceView(StaffPageMixin, TemplateView):
    """Put another ticket in the place of one: the reviewer's own item, or any by a lead."""

    permission = "qa.score_review"
    template_name = "qa/sampling/replace.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._page(ReplaceForm(), self._item())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        item, form = self._item(), ReplaceForm(request.POST)
        if not form.is_valid():
            return self._page(form, item, status=422)
        try:
            new = services.replace_item(
                item_id=item.pk,
                actor=actor_of(request),
                at=timezone.now(),
                **form.cleaned_data,
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self._page(form, item, status=409)
        if new is None:
            messages.warning(request, _("Taken out. There is no other ticket to draw."))
        elif item.reviewer_id and not new.reviewer_id:
            messages.warning(
                request,
                _(
                    "Ticket #%(ticket)s takes its place. It is nobody's yet: who had "
                    "this one worked on it or has read it for another review."
                )
                % {"ticket": new.ticket_id},
            )
        else:
            messages.success(
                request,
                _("Ticket #%(ticket)s takes its place.") % {"ticket": new.ticket_id},
            )
        if request.user.has_perm(MANAGE):
            return redirect("qa:sampling-draw", pk=item.draw_id)
        return redirect("qa:inbox")

    def _page(
        self, form: ReplaceForm, item: SampleItem, status: int = 200
    ) -> HttpResponse:
        title = _("Replace ticket #%(ticket)s") % {"ticket": item.ticket_id}
        context = self.get_context_data(title=title, form=form, item=item)
        return self.render_to_response(context, status=status)

    def _item(self) -> SampleItem:
        item = get_object_or_404(
            SampleItem.objects.select_related("ticket", "agent", "draw__plan"),
            pk=self.kwargs["pk"],
        )
        user = actor_of(self.request)
        if item.reviewer_id != user.pk and not user.has_perm(MANAGE):
            raise Http404
        return item
