"""A reviewer's inbox: what is due, what waits for release, how the week is covered."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView, View

from qa.forms.adhoc import AdhocForm
from qa.sampling_phrases import RULE_NAMES
from qa.selectors import inbox, reliability, sampling
from qa.selectors.inbox import Work
from qa.selectors.sampling_sight import knows_why
from qa.services import drafting, life
from qa.views.acting import actor_of
from qa.views.scoring.next import address_of, start_next
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin

SCORE = "qa.score_review"


class InboxView(StaffPageMixin, TemplateView):
    """Everything that waits for this reviewer; a POST releases what was submitted."""

    permission = SCORE
    title = gettext_lazy("Reviews to do")
    template_name = "qa/scoring/inbox.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = actor_of(request)
        chosen = {pk for pk in request.POST.getlist("review") if pk.isdecimal()}
        own = inbox.waiting_for_release(user).filter(pk__in=chosen)
        try:
            count = life.release_reviews(
                review_ids=list(own.values_list("pk", flat=True)),
                actor=user,
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        else:
            words = ngettext("%(n)d review released.", "%(n)d reviews released.", count)
            messages.success(request, words % {"n": count})
        return redirect("qa:inbox")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, now = actor_of(self.request), timezone.now()
        work = inbox.work_of(user)
        waiting = list(inbox.waiting_for_release(user))
        today = timezone.localdate(now)
        period = inbox.latest_period(today)
        return super().get_context_data(
            work=[_row(each, now) for each in work],
            waiting=waiting,
            tiles=_tiles(work, now, today, len(waiting)),
            coverage=_coverage(user, period),
            period=period,
            own=reliability.own_reliability(user),
            **kwargs,
        )


class StartView(StaffPageMixin, View):
    """Open a drawn or a calibrated ticket, or whatever comes next."""

    permission = SCORE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user, now = actor_of(request), timezone.now()
        origin, pk = self.kwargs.get("origin"), self.kwargs.get("pk")
        if origin is None:
            review, refusal = start_next(user, now)
            if review is None:
                words = refusal.message if refusal else _("Nothing is waiting for you.")
                messages.info(request, words)
                return redirect("qa:inbox")
            return redirect(address_of(review))
        verb = {
            inbox.DRAWN: drafting.start_item,
            inbox.CALIBRATED: drafting.start_calibration,
        }[origin]
        mine = {each.pk for each in inbox.work_of(user) if each.origin == origin}
        if pk not in mine:
            raise Http404(_("This ticket is not waiting for you."))
        try:
            review = verb(item_id=pk, reviewer=user, at=now)
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("qa:inbox")
        return redirect(address_of(review))


class AdhocView(StaffPageMixin, FormView):
    """Choose a ticket and whose work on it; such reviews never enter a measured mean."""

    permission = SCORE
    title = gettext_lazy("Review a ticket")
    template_name = "qa/scoring/adhoc.html"
    form_class = AdhocForm

    def get_initial(self) -> dict[str, Any]:
        return {
            name: value
            for name in ("ticket", "agent")
            if (value := self.request.GET.get(name, "")).isdecimal()
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": actor_of(self.request)}

    def form_valid(self, form: AdhocForm) -> HttpResponse:
        chosen = form.cleaned_data
        try:
            review = drafting.start_adhoc(
                ticket_id=chosen["ticket"].pk,
                agent_id=chosen["agent"].pk,
                reviewer=actor_of(self.request),
                scorecard_id=chosen["scorecard"].pk,
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return redirect(address_of(review))

    def form_invalid(self, form: AdhocForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _row(work: Work, now: Any) -> dict[str, Any]:
    return {
        "work": work,
        "is_late": bool(work.due_at and work.due_at < now),
        "rule": RULE_NAMES.get(work.rule, work.rule),
    }


def _tiles(
    work: list[Work], now: Any, today: date, waiting: int
) -> list[dict[str, Any]]:
    late = sum(bool(each.due_at and each.due_at < now) for each in work)
    due = sum(
        bool(each.due_at and each.due_at >= now)
        and timezone.localdate(each.due_at) == today
        for each in work
    )
    return [
        {"label": _("Overdue"), "n": late, "tone": "late" if late else ""},
        {"label": _("Due today"), "n": due, "tone": "watch" if due else ""},
        {"label": _("Begun"), "n": sum(each.is_begun for each in work), "tone": ""},
        {
            "label": _("To calibrate"),
            "n": sum(each.origin == inbox.CALIBRATED for each in work),
            "tone": "",
        },
        {"label": _("To release"), "n": waiting, "tone": ""},
    ]


def _coverage(user: Any, period: tuple[date, date]) -> list[Any]:
    """The agents of the newest draw; team leads see their own teams only."""
    teams = None
    if not user.has_perm("qa.view_all_reviews"):
        teams = set(user.led_teams.values_list("pk", flat=True))
    return sampling.coverage(
        *period,
        teams,
        timezone.get_current_timezone(),
        is_blind=not knows_why(user),
    )
