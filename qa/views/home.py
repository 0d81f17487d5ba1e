"""The address of quality itself: it leads each person to the page they start from."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import View

from qa.views.acting import actor_of
from supportops.common.pages import StaffPageMixin


class HomeView(StaffPageMixin, View):
    """Who scores begins with their inbox, who leads with the figures, others with theirs."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = actor_of(request)
        if user.has_perm("qa.score_review"):
            return redirect("qa:inbox")
        if user.has_perm("qa.view_quality"):
            return redirect("qa:overview")
        return redirect("qa:me")
