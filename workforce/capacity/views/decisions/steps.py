"""Steps in the life of a decision, each one POST from its page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from workforce.capacity.forms.decisions.life import ProposeForm
from workforce.capacity.models import Approval, Decision
from workforce.capacity.selectors.decisions.reading import is_typed
from workforce.capacity.selectors.decisions.sight import APPROVE, CHANGE
from workforce.capacity.services import decisions as services
from workforce.capacity.views.decisions.acting import StepView, actor_of


def numbers_of(sent: list[str]) -> list[int]:
    """Keys as a browser sends them; what is no key is passed over."""
    return [
        int(text)
        for text in sent
        if text.isascii() and text.isdigit() and len(text) < 19
    ]


class ReadingForm(forms.Form):
    value = forms.FloatField()
    source = forms.CharField(required=False, max_length=200)
    as_of = forms.DateField()


class DecisionStepView(StepView):
    """``step`` names what is done: propose, reopen, retire, note, review, refresh, read."""

    permission = CHANGE

    def act(self, decision: Decision) -> str:
        steps: dict[str, Callable[[Decision], str]] = {
            "propose": self._propose,
            "reopen": self._reopen,
            "retire": self._retire,
            "note": self._note,
            "review": self._review,
            "refresh": self._refresh,
            "read": self._read,
        }
        step = steps.get(self.request.POST.get("step", ""))
        if step is None:
            raise Http404
        self.how: dict[str, Any] = {
            "actor": actor_of(self.request),
            "at": timezone.now(),
        }
        return step(decision)

    def _propose(self, decision: Decision) -> str:
        form = ProposeForm(self.request.POST, decision=decision)
        form.is_valid()
        version = services.propose(
            decision_id=decision.pk,
            approver_ids=[each.pk for each in form.cleaned_data.get("approvers", ())],
            reason=form.cleaned_data.get("reason", ""),
            accepted_inputs=self._accepted(),
            **self.how,
        )
        return _("Version %(number)d is proposed; the approvers have been told.") % {
            "number": version.number
        }

    def _accepted(self) -> list[int]:
        """The inputs that were listed where the box was ticked; none without it."""
        if "accepts_inputs" not in self.request.POST:
            return []
        return numbers_of(self.request.POST.getlist("unvalidated"))

    def _reopen(self, decision: Decision) -> str:
        services.reopen(
            decision_id=decision.pk, reason=self._sent("reason"), **self.how
        )
        return _("Reopened. What was decided stays in its version.")

    def _retire(self, decision: Decision) -> str:
        services.retire(
            decision_id=decision.pk, reason=self._sent("reason"), **self.how
        )
        return _("Retired: it is watched no more.")

    def _note(self, decision: Decision) -> str:
        self.anchor = "#evidence"
        services.add_evidence(
            decision_id=decision.pk, text=self._sent("text"), **self.how
        )
        return _("Noted.")

    def _review(self, decision: Decision) -> str:
        self.anchor = "#reviews"
        row = decision.reviews.get(pk=self._number("review"))
        services.complete_review(
            review_id=row.pk, outcome=self._sent("outcome"), **self.how
        )
        return _("The review is noted.")

    def _refresh(self, decision: Decision) -> str:
        """One input, or all that nobody typed, from what the portal knows."""
        self.anchor = "#inputs"
        now = timezone.now()
        rows = decision.inputs.all()
        ids = [row.pk for row in rows if not is_typed(row, decision, now)]
        if self._sent("input"):
            ids = [self._number("input")]
        read = services.refresh_inputs(
            decision_id=decision.pk, input_ids=ids, **self.how
        )
        return _("Read now: %(names)s.") % {
            "names": ", ".join(row.name for row in read)
        }

    def _read(self, decision: Decision) -> str:
        self.anchor = "#inputs"
        row = decision.inputs.get(pk=self._number("input"))
        form = ReadingForm(self.request.POST)
        if not form.is_valid():
            raise services.DecisionPartInvalid(
                _("A reading is a number and a day, such as 12.5 on 2026-03-02.")
            )
        services.write_reading(input_id=row.pk, **form.cleaned_data, **self.how)
        return _("The reading is noted.")

    def _sent(self, name: str) -> str:
        return self.request.POST.get(name, "")

    def _number(self, name: str) -> int:
        sent = self._sent(name)
        if not (sent.isascii() and sent.isdigit() and len(sent) < 19):
            raise Http404
        return int(sent)


class AnswerView(StepView):
    """The answer of somebody whose approval is asked."""

    permission = APPROVE

    def act(self, decision: Decision) -> str:
        user = actor_of(self.request)
        mine = decision.approvals.filter(person=user).order_by("-number")
        approval = mine.first()
        if approval is None:
            raise services.DecisionNotYours(_("This approval is not asked of you."))
        answer = self.request.POST.get("answer", "")
        services.answer_approval(
            approval_id=approval.pk,
            person=user,
            answer=answer,
            words=self.request.POST.get("words", ""),
            at=timezone.now(),
            accepted_triggers=numbers_of(self.request.POST.getlist("crossed")),
        )
        if answer == Approval.Answer.APPROVED:
            return _("Approved.")
        return _("Rejected.")
