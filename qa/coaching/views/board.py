"""The coaching board, planning a talk, and an agent's own coaching."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from qa.coaching.forms.sessions import PlanSessionForm
from qa.coaching.selectors import plans as plan_selectors
from qa.coaching.selectors import sessions as selectors
from qa.coaching.selectors.people import COACH, coachable_by, coaches, teams_of_coach
from qa.coaching.services import sessions as services
from qa.coaching.views.acting import actor_of, tried
from qa.coaching.views.words import goal_rows
from supportops.common.pages import StaffPageMixin
from supportops.metrics.scopes import today

UNASSIGNED = "nobody"
WEEK = timedelta(days=7)


class BoardView(StaffPageMixin, TemplateView):
    """What is due, prepared, waiting and done; and who was forgotten."""

    permission = "coaching.view_coachingsession"
    title = _("Coaching")
    template_name = "coaching/board.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not actor_of(request).has_perm(COACH):
            return redirect("coaching:mine")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, now = actor_of(self.request), timezone.now()
        teams, people = list(teams_of_coach(user)), list(coaches())
        team = _chosen(teams, self.request.GET.get("team", ""))
        coach_text = self.request.GET.get("coach", "")
        coach = _chosen(people, coach_text)
        board = selectors.board(
            user,
            today=today(now),
            team=team,
            coach=coach,
            is_unassigned=coach_text == UNASSIGNED,
        )
        return super().get_context_data(
            board=board,
            columns=[
                (_("Due"), board.due, _("No talk is due.")),
                (_("Prepared"), board.prepared, _("None is prepared.")),
                (
                    _("Held, not acknowledged"),
                    board.waiting,
                    _("Nothing waits for an agent."),
                ),
                (_("Acknowledged lately"), board.recent, _("None in 30 days.")),
            ],
            uncoached=selectors.uncoached(user, at=now, today=today(now), team=team),
            today=today(now),
            teams=teams,
            coaches=people,
            team=team,
            coach=coach,
            is_unassigned=coach_text == UNASSIGNED,
            has_people=coachable_by(user).exists(),
            **kwargs,
        )


def _chosen(rows: list[Any], text: str) -> Any:
    return next((row for row in rows if str(row.pk) == text), None)


class PlanSessionView(StaffPageMixin, TemplateView):
    permission = "coaching.coach_agent"
    title = _("Plan a talk")
    template_name = "coaching/session_new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = actor_of(request)
        form = PlanSessionForm(
            user=user,
            initial={
                "agent": request.GET.get("agent"),
                "coach": user.pk,
                "due_on": today(timezone.now()) + WEEK,
            },
        )
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PlanSessionForm(request.POST, user=actor_of(request))
        if form.is_valid():
            session = tried(
                form,
                lambda: services.plan_session(
                    **form.cleaned_data, actor=actor_of(request), at=timezone.now()
                ),
            )
            if session is not None:
                return redirect("coaching:session", pk=session.pk)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class MineView(StaffPageMixin, TemplateView):
    """An agent's own coaching: what to work on, goals, talks, and plans if any."""

    title = _("My coaching")
    template_name = "coaching/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = actor_of(self.request)
        sessions = list(selectors.sessions_of(user))
        plans = list(plan_selectors.plans_of(user))
        return super().get_context_data(
            focus=selectors.focus_of(user),
            goals=goal_rows(selectors.open_goals_of(user)),
            waiting=[row for row in sessions if row.state == selectors.State.HELD],
            sessions=sessions,
            plans=plans,
            plans_with_standards=[
                plan
                for plan in plans
                if plan.state == plan.State.ACTIVE and plan.has_standards
            ],
            is_coach=user.has_perm(COACH),
            **kwargs,
        )
