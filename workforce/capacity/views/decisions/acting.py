"""What pages of decisions share: who acts, which decision, how a step is taken."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views import View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from workforce.capacity.models import Decision
from workforce.capacity.selectors.decisions import decisions_visible_to
from workforce.people.models import User

State = Decision.State
CHIPS = {
    State.DRAFT: "idle",
    State.PROPOSED: "watch",
    State.APPROVED: "ok",
    State.REOPENED: "late",
    State.REJECTED: "late",
    State.RETIRED: "idle",
}


def actor_of(request: HttpRequest) -> User:
    return cast("User", request.user)


def decision_or_404(request: HttpRequest, pk: int) -> Decision:
    """Return a decision that the person may read; every other is not found."""
    rows = decisions_visible_to(actor_of(request)).select_related("owner")
    return get_object_or_404(rows, pk=pk)


class StepView(StaffPageMixin, View):
    """A POST that does one thing to a decision; a refusal is shown on its page."""

    http_method_names = ["post", "options"]
    anchor = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        decision = decision_or_404(request, kwargs["pk"])
        try:
            done = self.act(decision)
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        except ObjectDoesNotExist as error:
            raise Http404 from error
        else:
            messages.success(request, done)
        address = reverse("capacity:decision", args=[decision.pk])
        return HttpResponseRedirect(address + self.anchor)

    def act(self, decision: Decision) -> str:
        """Do it and return what to say about it."""
        raise NotImplementedError
