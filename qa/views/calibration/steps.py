"""What is done in a calibration's room: each step is one POST; and its minutes."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views import View

from qa.forms.calibration import DecisionForm
from qa.models import CalibrationItem, CalibrationSession
from qa.selectors import calibration as selectors
from qa.services import calibration as services
from qa.services import gold
from qa.services.calibration.minutes import value_label
from qa.views.acting import actor_of
from qa.views.calibration.minutes import minutes_html
from qa.views.calibration.room import RoomPage
from supportops.common.errors import OperationRefused


class StepPage(RoomPage, View):
    """A POST of who may run calibrations; a refusal is shown in the room."""

    permission = selectors.FACILITATE
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session = self.session()
        try:
            done = self.act(session)
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        return redirect(self.next_address(session))

    def act(self, session: CalibrationSession) -> str:
        """Do the step and return what to say about it."""
        raise NotImplementedError

    def next_address(self, session: CalibrationSession) -> str:
        return reverse("qa:calibration", args=[session.pk])


class StepView(StepPage):
    """Start, open, finish, write minutes, close, call off: ``step`` names which."""

    def act(self, session: CalibrationSession) -> str:
        steps: dict[str, Callable[[CalibrationSession], str]] = {
            "start": self._start,
            "reveal": self._reveal,
            "finish": self._finish,
            "minutes": self._minutes,
            "redraft": self._redraft,
            "close": self._close,
            "cancel": self._cancel,
        }
        step = steps.get(self.request.POST.get("step", ""))
        if step is None:
            raise Http404
        self.how = {"actor": actor_of(self.request), "at": timezone.now()}
        return step(session)

    def _start(self, session: CalibrationSession) -> str:
        services.start_scoring(session_id=session.pk, **self.how)
        return _("Scoring has started; everybody who takes part has been told.")

    def _reveal(self, session: CalibrationSession) -> str:
        services.reveal(session_id=session.pk, **self.how)
        return _("The scores are open.")

    def _finish(self, session: CalibrationSession) -> str:
        self._refuse_blind(session)
        services.finish_decisions(session_id=session.pk, **self.how)
        return _("Everything is decided. Read the minutes, then close.")

    def _minutes(self, session: CalibrationSession) -> str:
        self._refuse_blind(session)
        text = self.request.POST.get("text", "")
        services.change_minutes(
            session_id=session.pk, text=text, actor=self.how["actor"]
        )
        return _("The minutes are saved.")

    def _redraft(self, session: CalibrationSession) -> str:
        self._refuse_blind(session)
        services.rewrite_minutes(session_id=session.pk, actor=self.how["actor"])
        return _("The minutes are drafted again.")

    def _close(self, session: CalibrationSession) -> str:
        self._refuse_blind(session)
        with transaction.atomic():
            if "text" in self.request.POST:
                self._minutes(session)
            services.close(session_id=session.pk, **self.how)
        return _("The calibration is closed: nothing of it changes any more.")

    def _cancel(self, session: CalibrationSession) -> str:
        reason = self.request.POST.get("reason", "")
        services.cancel(session_id=session.pk, reason=reason, **self.how)
        return _("The calibration is called off.")

    def _refuse_blind(self, session: CalibrationSession) -> None:
        """Nobody decides about sheets that they may not read."""
        is_early = session.state in {"DRAFT", "SCORING", "CANCELLED"}
        if not is_early and not selectors.is_open_to(session, self.request.user):
            raise PermissionDenied


class DecideView(StepPage):
    """Record what was agreed on one cell, then go on to the next one."""

    def act(self, session: CalibrationSession) -> str:
        item = item_or_404(session, self.kwargs["item"])
        if not selectors.is_open_to(session, self.request.user):
            raise PermissionDenied
        found = selectors.comparison(session, self.request.user)
        try:
            criterion = found.card.criterion(self.kwargs["criterion"])
        except KeyError as error:
            raise Http404 from error
        form = DecisionForm(self.request.POST, criterion=criterion, label=value_label)
        form.is_valid()
        level = form.cleaned_data.get("level", "")
        services.decide(
            item_id=item.pk,
            criterion=criterion.key,
            level="" if level == DecisionForm.UNCLEAR else level,
            is_unclear=level == DecisionForm.UNCLEAR,
            reason=form.cleaned_data.get("reason", ""),
            quote=form.cleaned_data.get("quote", ""),
            actor=actor_of(self.request),
            at=timezone.now(),
        )
        return _("Decided: ticket #%(ticket)d, %(criterion)s.") % {
            "ticket": item.ticket_id,
            "criterion": criterion.title,
        }

    def next_address(self, session: CalibrationSession) -> str:
        return f"{super().next_address(session)}#cell"


class GoldView(StepPage):
    """Make a decided ticket gold."""

    permission = "qa.change_goldticket"

    def act(self, session: CalibrationSession) -> str:
        item = item_or_404(session, self.kwargs["item"])
        if not selectors.is_open_to(session, self.request.user):
            raise PermissionDenied
        made = gold.create_gold(
            item_id=item.pk, actor=actor_of(self.request), at=timezone.now()
        )
        return _("Ticket #%(number)d is gold, with %(score)s points as its answer.") % {
            "number": item.ticket_id,
            "score": made.score,
        }


class MinutesView(RoomPage):
    """The minutes to read and to print; with ``.md`` as Markdown to keep."""

    template_name = "qa/calibration/minutes.html"
    as_file = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session = self.session()
        if not session.minutes or not selectors.is_open_to(session, request.user):
            raise Http404
        if self.as_file:
            name = slugify(session.title) or f"calibration-{session.pk}"
            return HttpResponse(
                session.minutes + "\n",
                content_type="text/markdown; charset=utf-8",
                headers={
                    "Content-Disposition": f'attachment; filename="{name}.md"',
                },
            )
        context = self.get_context_data(
            title=_("Minutes: %(title)s") % {"title": session.title},
            session=session,
            text=minutes_html(session.minutes),
        )
        return self.render_to_response(context)


def item_or_404(session: CalibrationSession, item_id: int) -> CalibrationItem:
    item = session.items.filter(pk=item_id).first()
    if item is None:
        raise Http404
    return item
