"""Every calibration a person may know of: where it stands, and who is missing."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from qa.models import CalibrationSession, Participant
from qa.selectors import calibration as selectors
from supportops.common.pages import StaffPageMixin

PAGE_SIZE = 25
State = CalibrationSession.State
CHIPS = {
    State.DRAFT: "idle",
    State.SCORING: "watch",
    State.REVEALED: "watch",
    State.DECIDED: "ok",
    State.CLOSED: "ok",
    State.CANCELLED: "idle",
}
OPEN = (State.DRAFT, State.SCORING, State.REVEALED, State.DECIDED)
FILTERS = {
    "": _("Open"),
    "mine": _("I score"),
    "closed": _("Closed"),
    "all": _("All"),
}


class CalibrationsView(StaffPageMixin, TemplateView):
    permission = "qa.view_calibrationsession"
    title = _("Calibration")
    template_name = "qa/calibration/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        chosen = self.request.GET.get("show", "")
        chosen = chosen if chosen in FILTERS else ""
        page = Paginator(self._sessions(chosen), PAGE_SIZE).get_page(
            self.request.GET.get("page")
        )
        return super().get_context_data(
            page=page,
            rows=[self._row(session) for session in page.object_list],
            chosen=chosen,
            filters=FILTERS.items(),
            may_facilitate=user.has_perm(selectors.FACILITATE),
            **kwargs,
        )

    def _sessions(self, chosen: str) -> Any:
        user = self.request.user
        sessions = selectors.calibrations_visible_to(user)
        if chosen == "":
            sessions = sessions.filter(state__in=OPEN)
        elif chosen == "mine":
            mine = selectors.calibrations_to_score(user)
            sessions = sessions.filter(pk__in=mine.order_by().values("pk"))
        elif chosen == "closed":
            sessions = sessions.filter(state=State.CLOSED)
        people = Participant.objects.select_related("user").order_by("pk")
        return sessions.prefetch_related(
            Prefetch("participants", queryset=people)
        ).order_by("-due_at", "-pk")

    def _row(self, session: CalibrationSession) -> dict[str, Any]:
        people = session.participants.all()
        is_scoring = session.state == State.SCORING
        return {
            "session": session,
            "chip": CHIPS[State(session.state)],
            "missing": [
                row.user
                for row in people
                if row.is_missing or (is_scoring and row.finished_at is None)
            ],
        }
