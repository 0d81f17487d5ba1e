"""Steps that pages take: who acts, and how a refusal is shown."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views import View

from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from workforce.people.models import User


def actor_of(request: HttpRequest) -> User:
    return cast("User", request.user)


class StepView(StaffPageMixin, View):
    """A form that does one thing and leads back to a page.

    What may not be seen is not found; a refusal is shown on the page it came from.
    """

    http_method_names = ["post"]
    done = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.act(request, **kwargs)
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        except ObjectDoesNotExist as error:
            raise Http404 from error
        else:
            if self.done:
                messages.success(request, str(self.done))
        return HttpResponseRedirect(self.back(**kwargs))

    def act(self, request: HttpRequest, **kwargs: Any) -> Any:
        raise NotImplementedError

    def back(self, **kwargs: Any) -> str:
        raise NotImplementedError


def tried(
    form: Any, call: Callable[[], Any], *, refusals: type[Exception] = OperationRefused
) -> Any:
    """Call a service; put its refusal on the form and return None then."""
    try:
        return call()
    except refusals as refusal:
        form.add_error(None, str(refusal))
        return None
