"""Computing options and filling sections in, each one POST from the decision's page."""

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workforce.capacity.models import Decision
from workforce.capacity.selectors.decisions.sight import CHANGE
from workforce.capacity.services import weighing as services
from workforce.capacity.views.decisions.acting import StepView, actor_of


class WeighStepView(StepView):
    """``step`` names what is done: compute, inputs, today, segments."""

    permission = CHANGE

    def act(self, decision: Decision) -> str:
        steps: dict[str, Callable[..., str]] = {
            "compute": self._compute,
            "inputs": self._inputs,
            "today": self._today,
            "segments": self._segments,
        }
        step = steps.get(self.request.POST.get("step", ""))
        if step is None:
            raise Http404
        how: dict[str, Any] = {
            "decision_id": decision.pk,
            "actor": actor_of(self.request),
            "at": timezone.now(),
        }
        return step(how)

    def _compute(self, how: dict[str, Any]) -> str:
        self.anchor = "#options"
        services.compute_options(**how)
        return _("Computed.")

    def _inputs(self, how: dict[str, Any]) -> str:
        self.anchor = "#inputs"
        rows = services.add_missing_inputs(**how)
        blank = [row.name for row in rows if row.value is None]
        if blank:
            return _("Added. Still to be entered: %(names)s.") % {
                "names": ", ".join(blank)
            }
        n = len(rows)
        return ngettext(
            "%(n)d input read.", "%(n)d inputs read.", n
        ) % {"n": n}  # fmt: skip

    def _today(self, how: dict[str, Any]) -> str:
        self.anchor = "#options"
        option = services.add_status_quo(**how)
        return _("Option %(letter)s is how it is done today.") % {
            "letter": option.letter
        }

    def _segments(self, how: dict[str, Any]) -> str:
        self.anchor = "#segments"
        n = len(services.fill_segments(**how))
        return ngettext(
            "%(n)d segment read from customers.", "%(n)d segments read from customers.", n
        ) % {"n": n}  # fmt: skip
