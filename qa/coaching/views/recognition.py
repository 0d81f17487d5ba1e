"""The wall: awards, nominations with voices, and thanks."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from qa.coaching.core.awards import week_start
from qa.coaching.forms.recognition import NominationForm, ShoutOutForm
from qa.coaching.models import Recognition
from qa.coaching.selectors import recognition as selectors
from qa.coaching.services import recognition as services
from qa.coaching.services.refusals import AwardRefused
from qa.coaching.views.acting import StepView, actor_of
from supportops.common.pages import StaffPageMixin
from supportops.metrics.scopes import today

Kind = Recognition.Kind
BEST = (Kind.TOP_PERFORMER, Kind.QUALITY_CHAMPION)


class WallView(StaffPageMixin, TemplateView):
    """What everybody sees. Scores of others are only for whoever awards."""

    permission = "coaching.view_recognition"
    title = gettext_lazy("Recognition")
    template_name = "coaching/wall.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, day = actor_of(self.request), today(timezone.now())
        may_award = user.has_perm(services.AWARD)
        week = week_start(day)
        awards = [(kind.label, selectors.latest_award(kind)) for kind in Kind][:3]
        feed = list(selectors.wall(day)[: selectors.FEED])
        weeks = selectors.open_weeks(day) if may_award else [week]
        nominated = [
            (each, list(selectors.nominations(user, each)))
            for each in sorted({*weeks, week}, reverse=True)
        ]
        for _week, rows in nominated:
            has_voice = any(row.is_mine for row in rows)
            for row in rows:
                row.moves_voice = has_voice and not row.is_mine
        shown = [
            *(award for _label, award in awards if award),
            *feed,
            *(row for _week, rows in nominated for row in rows),
        ]
        return super().get_context_data(
            awards=awards,
            feed=feed,
            nominated=nominated,
            this_week=week,
            may_award=may_award,
            may_take_part=user.has_perm("coaching.add_recognition"),
            openable=selectors.visible_tickets(user, shown),
            exemplary=list(selectors.exemplary_reviews(user, week)[:8])
            if user.has_perm("qa.view_review")
            else [],
            best=[_best(kind, day) for kind in BEST] if may_award else [],
            nomination_form=NominationForm(),
            shout_out_form=ShoutOutForm(user=user),
            **kwargs,
        )


def _best(kind: str, day: Any) -> dict[str, Any]:
    """The candidates for an award, for whoever gives it."""
    period = selectors.last_complete(kind, day)
    return {
        "kind": kind,
        "label": Kind(kind).label,
        "period": period,
        "is_awarded": selectors.is_awarded(period),
        "candidates": selectors.ranked(period)[:5],
        "min_n": selectors.MIN_N[Kind(kind)],
    }


class WallStep(StepView):
    permission = "coaching.add_recognition"

    def back(self, **kwargs: Any) -> str:
        return reverse("coaching:wall")


class NominateView(WallStep):
    done = gettext_lazy("Nominated.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        user, now = actor_of(request), timezone.now()
        if request.POST.get("review"):
            return services.nominate_review(
                review_id=_number(request.POST["review"]),
                text=request.POST.get("text", ""),
                actor=user,
                at=now,
            )
        form = NominationForm(request.POST)
        if not form.is_valid():
            raise AwardRefused(_("Name a ticket, and say what was good about it."))
        return services.nominate_ticket(**form.cleaned_data, actor=user, at=now)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


class VoteView(WallStep):
    done = gettext_lazy("Your voice of the week is given.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        return services.vote(
            recognition_id=kwargs["pk"], user=actor_of(request), at=timezone.now()
        )


class AwardView(WallStep):
    permission = services.AWARD
    done = gettext_lazy("Awarded.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        return services.award_ticket(
            recognition_id=kwargs["pk"], actor=actor_of(request), at=timezone.now()
        )


class AwardBestView(WallStep):
    permission = services.AWARD
    done = gettext_lazy("Awarded.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        kind = request.POST.get("kind", "")
        if kind not in BEST:
            raise AwardRefused(_("Choose an award from the page."))
        return services.award_best(
            kind=kind,
            text=request.POST.get("text", ""),
            actor=actor_of(request),
            at=timezone.now(),
        )


class ShoutOutView(WallStep):
    done = gettext_lazy("Thanked.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        return services.shout_out(
            agent_id=_number(request.POST.get("agent", "")),
            text=request.POST.get("text", ""),
            actor=actor_of(request),
            at=timezone.now(),
        )


class WithdrawView(WallStep):
    done = gettext_lazy("Taken back.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        get_object_or_404(Recognition, pk=kwargs["pk"])
        return services.withdraw(recognition_id=kwargs["pk"], actor=actor_of(request))
