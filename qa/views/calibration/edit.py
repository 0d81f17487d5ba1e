"""The draft of a calibration: settings, who scores, and which tickets."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from qa.forms.calibration import CalibrationForm
from qa.models import CalibrationSession
from qa.selectors import calibration as selectors
from qa.selectors.reviews import reviews_visible_to
from qa.services import calibration as services
from qa.views.acting import actor_of
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from tickets.models import Ticket
from workforce.people.models import User

MOST_AT_RANDOM = 50
NUMBER_LENGTH = 9


@dataclass(slots=True)
class Picked:
    """A ticket on the draft's list; ``agent`` is set when it is not the assignee."""

    ticket: int
    agent: int | None = None

    @property
    def value(self) -> str:
        return f"{self.ticket}:{self.agent or ''}"


class DraftView(StaffPageMixin, TemplateView):
    """What a new and an existing draft share. Adding a ticket saves nothing yet."""

    permission = selectors.FACILITATE
    template_name = "qa/calibration/edit.html"

    def session(self) -> CalibrationSession | None:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session = self.session()
        if session is not None and session.state != CalibrationSession.State.DRAFT:
            return redirect("qa:calibration", pk=session.pk)
        picked = []
        if session is not None:
            items = session.items.order_by("position")
            picked = [Picked(item.ticket_id, item.agent_id) for item in items]
        return self.show(self._form(session), picked)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session, picked = self.session(), self._picked()
        if "remove" in request.POST:
            removed = request.POST["remove"]
            rest = [row for row in picked if row.value != removed]
            return self.show(self._form(session, request.POST), rest)
        if "add" in request.POST:
            return self._add(session, picked)
        form = self._form(session, request.POST)
        if not form.is_valid():
            return self.show(form, picked, status=422)
        try:
            with transaction.atomic():
                saved = self._save(session, form, picked)
                if "start" in request.POST:
                    services.start_scoring(
                        session_id=saved.pk,
                        actor=actor_of(request),
                        at=timezone.now(),
                    )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form, picked, status=409)
        messages.success(
            request,
            _("Scoring has started; everybody who takes part has been told.")
            if "start" in request.POST
            else _("The draft is saved."),
        )
        return redirect("qa:calibration", pk=saved.pk)

    def show(
        self,
        form: CalibrationForm,
        picked: list[Picked],
        *,
        problem: str = "",
        status: int = 200,
    ) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(
                form=form,
                session=self.session(),
                rows=_rows(picked),
                problem=problem,
                recent=self._recent(),
            ),
            status=status,
        )

    def _form(self, session: CalibrationSession | None, data: Any = None) -> Any:
        now = timezone.now()
        due = (now + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
        initial = (
            {} if session else {"facilitator": self.request.user.pk, "due_at": due}
        )
        return CalibrationForm(data, instance=session, initial=initial)

    def _picked(self) -> list[Picked]:
        found = []
        for text in self.request.POST.getlist("ticket"):
            ticket, _colon, agent = text.partition(":")
            if _is_number(ticket) and (not agent or _is_number(agent)):
                found.append(Picked(int(ticket), int(agent) if agent else None))
        return found

    def _add(
        self, session: CalibrationSession | None, picked: list[Picked]
    ) -> HttpResponse:
        """Add what the pressed button names to the list, and show the page again."""
        form = self._form(session, self.request.POST)
        known = {row.ticket for row in picked}
        how = self.request.POST["add"]
        new: list[Picked] = []
        problem = ""
        if how == "number":
            new, problem = self._by_number()
        elif how == "random":
            new, problem = self._at_random(known)
        elif how.startswith("review:") and _is_number(how[7:]):
            review = (
                reviews_visible_to(self.request.user).filter(pk=int(how[7:])).first()
            )
            new = [Picked(review.ticket_id, review.agent_id)] if review else []
            problem = "" if review else _("This review cannot be read any more.")
        rows = [*picked, *(row for row in new if row.ticket not in known)]
        return self.show(form, rows, problem=problem)

    def _by_number(self) -> tuple[list[Picked], str]:
        texts = self.request.POST.get("numbers", "").replace("#", " ")
        words = texts.replace(",", " ").split()
        wrong = [word for word in words if not _is_number(word)]
        numbers = [int(word) for word in words if _is_number(word)]
        known = Ticket.objects.in_bulk(numbers)
        wrong += [str(number) for number in numbers if number not in known]
        problem = (
            _("No such ticket: %(numbers)s.") % {"numbers": ", ".join(wrong)}
            if wrong
            else ""
        )
        return [Picked(number) for number in numbers if number in known], problem

    def _at_random(self, known: set[int]) -> tuple[list[Picked], str]:
        count, seed = (
            self.request.POST.get("count", ""),
            self.request.POST.get("seed", ""),
        )
        if not _is_number(count) or not 0 < int(count) <= MOST_AT_RANDOM:
            return [], _("Say how many, from 1 to %(most)d.") % {"most": MOST_AT_RANDOM}
        if not _is_number(seed):
            return [], _("The seed is a whole number: the same one picks the same.")
        found = selectors.drawn_at_random(
            count=int(count), seed=int(seed), without=known
        )
        if not found:
            return [], _(
                "No draw holds further tickets. Take a draw, or add by number."
            )
        return [Picked(ticket, agent) for ticket, agent in found], ""

    def _recent(self) -> Any:
        """Finished reviews to take a ticket from, the newest first."""
        return (
            reviews_visible_to(self.request.user)
            .rated()
            .select_related("ticket", "version__scorecard")
            .order_by("-submitted_at", "-pk")[:10]
        )

    def _save(
        self,
        session: CalibrationSession | None,
        form: CalibrationForm,
        picked: list[Picked],
    ) -> CalibrationSession:
        values, now = form.cleaned_data, timezone.now()
        actor = actor_of(self.request)
        if session is None:
            session = services.create_calibration(
                title=values["title"],
                version_id=values["version"].pk,
                facilitator=values["facilitator"],
                due_at=values["due_at"],
                mode=values["mode"],
                baseline=values["baseline"],
                actor=actor,
                at=now,
            )
        return services.write_draft(
            session_id=session.pk,
            version_id=values["version"].pk,
            values={name: values[name] for name in services.SETTINGS},
            users=list(values["participants"]),
            ticket_ids=[row.ticket for row in picked],
            agents={row.ticket: row.agent for row in picked if row.agent},
            actor=actor,
            at=now,
        )


class NewCalibrationView(DraftView):
    title = gettext_lazy("New calibration")

    def session(self) -> None:
        return None


class EditCalibrationView(DraftView):
    title = gettext_lazy("Draft of a calibration")

    def session(self) -> CalibrationSession:
        visible = selectors.calibrations_visible_to(self.request.user)
        session = visible.filter(pk=self.kwargs["pk"]).first()
        if session is None:
            raise Http404
        return session


def _rows(picked: list[Picked]) -> list[dict[str, Any]]:
    tickets = Ticket.objects.select_related("assignee", "category").in_bulk(
        [row.ticket for row in picked]
    )
    agents = User.objects.in_bulk([row.agent for row in picked if row.agent])
    return [
        {
            "value": row.value,
            "ticket": tickets[row.ticket],
            "agent": agents.get(row.agent)
            if row.agent
            else tickets[row.ticket].assignee,
        }
        for row in picked
        if row.ticket in tickets
    ]


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= NUMBER_LENGTH
