"""One talk: its page, its form, its print, its steps."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from qa.coaching.forms.fields import Reason
from qa.coaching.forms.goals import GoalFormSet, goal_initial, subject_choices
from qa.coaching.forms.sessions import (
    KINDS,
    PointFormSet,
    SessionForm,
    review_choices,
    session_initial,
)
from qa.coaching.models import CoachingSession, Goal
from qa.coaching.selectors import sessions as selectors
from qa.coaching.selectors.facts import Proposal, proposal_for
from qa.coaching.services import goals as goal_services
from qa.coaching.services import sessions as services
from qa.coaching.services.refusals import ChangedMeanwhile
from qa.coaching.views.acting import StepView, actor_of, tried
from qa.coaching.views.words import SESSION_CHIPS, fact_rows, goal_rows
from qa.selectors.reviews import reviews_visible_to
from supportops.common.pages import StaffPageMixin
from supportops.metrics.scopes import today

State = selectors.State


class SessionView(StaffPageMixin, TemplateView):
    """The talk as coach or agent reads it.

    What the coach prepares is the agent's to read once the talk was held; figures and
    goals are there before.
    """

    template_name = "coaching/session.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = actor_of(self.request)
        session = get_object_or_404(
            selectors.session_with_people(user), pk=self.kwargs["pk"]
        )
        runs = selectors.sessions_run_by(user).filter(pk=session.pk).exists()
        is_told = runs or session.agent_id != user.pk or session.held_at is not None
        points = selectors.points_of(session, user) if is_told else {}
        before = selectors.previous_session(session)
        return super().get_context_data(
            title=_("Talk with %(agent)s") % {"agent": session.agent},
            session=session,
            chip=SESSION_CHIPS[State(session.state)],
            last_day=session.period_end - timedelta(days=1),
            runs=runs,
            is_told=is_told,
            is_agent=session.agent_id == user.pk,
            strengths=points.get("STRENGTH", []),
            opportunities=points.get("OPPORTUNITY", []),
            facts=fact_rows(session.facts),
            criteria=session.facts.get("criteria", []),
            reviews=_reviews(session, user),
            goals=goal_rows(session.goals.order_by("ends_on", "pk")) if is_told else [],
            before=before,
            before_goals=goal_rows(before.goals.all()) if before else [],
            notes=selectors.private_notes_of(session.pk, user) if runs else None,
            may_edit=runs and session.state in {*selectors.AHEAD, State.HELD},
            cancel_form=Reason(),
            changed_at=session.changed_at.isoformat(),
            **kwargs,
        )


def _reviews(session: CoachingSession, user: Any) -> list[Any]:
    """The stored list of reviews, as far as this person may read them."""
    ids = [row["id"] for row in session.facts.get("reviews", [])]
    return list(
        reviews_visible_to(user)
        .filter(pk__in=ids)
        .select_related("ticket")
        .order_by("-released_at", "-pk")
    )


class PrintView(SessionView):
    template_name = "coaching/session_print.html"


class EditView(StaffPageMixin, TemplateView):
    """The coach's form. Nothing typed is lost when somebody else has saved."""

    permission = "coaching.coach_agent"
    template_name = "coaching/session_edit.html"

    def _session(self) -> CoachingSession:
        user = actor_of(self.request)
        rows = selectors.sessions_run_by(user).select_related("agent", "coach")
        session = get_object_or_404(rows, pk=self.kwargs["pk"])
        if session.state not in {*selectors.AHEAD, State.HELD}:
            raise Http404
        return session

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session, user = self._session(), actor_of(request)
        proposal = self._proposal(session)
        notes = selectors.private_notes_of(session.pk, user) or ""
        book = proposal.playbook
        initial = session_initial(session, notes)
        if session.state == State.PLANNED and not session.focus and book:
            initial |= _from_playbook(proposal)
        parts = self._parts(session, None, proposal)
        form = SessionForm(initial=initial)
        return self._show(session, form, parts, proposal)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session = self._session()
        form = SessionForm(request.POST)
        parts = self._parts(session, request.POST, None)
        # All of them are asked, so that every complaint is shown at once.
        valid = [form.is_valid(), *(part.is_valid() for part in parts.values())]
        status = 422
        if all(valid):
            saved = self._save(session, form, parts)
            if saved is not None:
                return self._after(request, session)
            status = 409
        proposal = self._proposal(session)
        return self._show(session, form, parts, proposal, status=status)

    def _save(self, session: CoachingSession, form: Any, parts: dict[str, Any]) -> Any:
        points = [
            row.content(KINDS[name]) for name in KINDS for row in parts[name].filled()
        ]
        goals = [row.content() for row in parts["goals"].filled()]
        return tried(
            form,
            lambda: services.save_session(
                session_id=session.pk,
                actor=actor_of(self.request),
                content=form.content(points, goals),
                expected_changed_at=form.cleaned_data["expected_changed_at"],
                at=timezone.now(),
            ),
        )

    def _after(self, request: HttpRequest, session: CoachingSession) -> HttpResponse:
        messages.success(request, _("Saved."))
        if "prepare" in request.POST and session.state == State.PLANNED:
            form = SessionForm()
            form.cleaned_data = {}
            done = tried(
                form,
                lambda: services.prepare_session(
                    session_id=session.pk, actor=actor_of(request), at=timezone.now()
                ),
            )
            if done is None:
                for error in form.non_field_errors():
                    messages.error(request, error)
        return redirect("coaching:session", pk=session.pk)

    def _proposal(self, session: CoachingSession) -> Proposal:
        return proposal_for(
            session.agent,
            start=session.period_start,
            end=session.period_end,
            reader=actor_of(self.request),
        )

    def _parts(
        self, session: CoachingSession, data: Any, proposal: Proposal | None
    ) -> dict[str, Any]:
        reviews = review_choices(session, actor_of(self.request))
        parts: dict[str, Any] = {}
        for name, kind in KINDS.items():
            parts[name] = PointFormSet(
                data,
                prefix=name,
                initial=_points_initial(session, kind, proposal),
                form_kwargs={"reviews": reviews},
            )
        rows = session.goals.filter(state=Goal.State.OPEN).order_by("pk")
        parts["goals"] = GoalFormSet(
            data,
            prefix="goals",
            initial=[goal_initial(goal) for goal in rows],
            form_kwargs={
                "subjects": subject_choices(),
                "starts_on": today(timezone.now()),
            },
        )
        return parts

    def _show(
        self,
        session: CoachingSession,
        form: Any,
        parts: dict[str, Any],
        proposal: Proposal,
        status: int = 200,
    ) -> HttpResponse:
        context = self.get_context_data(
            title=_("Prepare the talk with %(agent)s") % {"agent": session.agent},
            session=session,
            form=form,
            parts=parts,
            proposal=proposal,
            facts=fact_rows(session.facts),
            # Whoever has seen the warning may save over it; a mistyped form may not.
            token=self.request.POST.get("expected_changed_at", "")
            if status == 422
            else session.changed_at.isoformat(),
            is_stale=status == 409,
            has_errors=status == 422,
        )
        return self.render_to_response(context, status=status)


def _from_playbook(proposal: Proposal) -> dict[str, Any]:
    """What the fitting playbook says, as a first draft of the focus."""
    book = proposal.playbook
    if book is None:
        return {}
    weak = proposal.weakest
    why = ""
    if weak is not None:
        why = _("%(criterion)s was at %(mean)s of 100 points in %(n)d reviews.") % {
            "criterion": weak.title,
            "mean": f"{weak.mean:.0f}",
            "n": weak.n,
        }
    return {
        "playbook": book,
        "focus": weak.title if weak else book.title,
        "focus_why": why,
        "focus_how": book.approach,
        "resources": book.resources,
    }


def _points_initial(
    session: CoachingSession, kind: str, proposal: Proposal | None
) -> list[dict[str, Any]]:
    """What is stored, or what is proposed while nothing is."""
    stored = session.points.filter(kind=kind)
    if stored or proposal is None or session.state != State.PLANNED:
        return [
            {
                "text": point.text,
                "review": str(point.review_id or ""),
                "criterion": point.criterion_key,
            }
            for point in stored
        ]
    proposed = (
        proposal.strengths if kind == KINDS["strengths"] else proposal.opportunities
    )
    return [
        {
            "text": each.text,
            "review": str(each.review_id or ""),
            "criterion": each.criterion_key,
        }
        for each in proposed
    ]


# Steps ------------------------------------------------------------------------------------


class SessionStep(StepView):
    permission: str | None = "coaching.coach_agent"

    def back(self, **kwargs: Any) -> str:
        return reverse("coaching:session", kwargs={"pk": kwargs["pk"]})


class PrepareView(SessionStep):
    done = gettext_lazy("Prepared.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        return services.prepare_session(
            session_id=kwargs["pk"], actor=actor_of(request), at=timezone.now()
        )


class HoldView(SessionStep):
    done = gettext_lazy("Noted as held. The agent is asked to acknowledge it.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        return services.hold_session(
            session_id=kwargs["pk"], actor=actor_of(request), at=timezone.now()
        )


class TakeView(SessionStep):
    done = gettext_lazy("You are the coach of this talk.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        return services.take_session(
            session_id=kwargs["pk"], actor=actor_of(request), at=timezone.now()
        )


class CancelView(SessionStep):
    done = gettext_lazy("Called off.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        return services.cancel_session(
            session_id=kwargs["pk"],
            actor=actor_of(request),
            reason=request.POST.get("reason", ""),
            at=timezone.now(),
        )


class NotesView(SessionStep):
    done = gettext_lazy("Your notes are saved.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        return services.save_private_notes(
            session_id=kwargs["pk"],
            actor=actor_of(request),
            notes=request.POST.get("private_notes", ""),
        )


class AcknowledgeView(SessionStep):
    """The agent's signature under the talk; not found for everybody else."""

    permission = None
    done = gettext_lazy("Acknowledged.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        user = actor_of(request)
        own = selectors.sessions_visible_to(user).filter(agent=user)
        get_object_or_404(own, pk=kwargs["pk"])
        return services.acknowledge_session(
            session_id=kwargs["pk"],
            agent=user,
            expected_changed_at=_moment(request.POST.get("changed_at", "")),
            at=timezone.now(),
        )


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ChangedMeanwhile(_("Load the page again, then acknowledge.")) from error


class DecideGoalView(StepView):
    permission = "coaching.coach_agent"
    done = gettext_lazy("Decided.")

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        runs = selectors.sessions_run_by(actor_of(request))
        self.goal = get_object_or_404(Goal, pk=kwargs["pk"], session__in=runs)
        return goal_services.decide_goal(
            goal_id=self.goal.pk,
            actor=actor_of(request),
            state=request.POST.get("state", ""),
            at=timezone.now(),
        )

    def back(self, **kwargs: Any) -> str:
        return reverse("coaching:session", kwargs={"pk": self.goal.session_id})
