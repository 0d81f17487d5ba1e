"""What every staff page of our own shares: sign-in, a permission, unfold's frame."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.mixins import AccessMixin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise


class StaffPageMixin(AccessMixin):
    """A class-based view inside unfold's frame; ``permission`` names who may see it."""

    permission: str | None = None
    title: str | Promise = ""
    raise_exception = False

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        user = request.user
        if not (user.is_authenticated and user.is_active and user.is_staff):
            return self.handle_no_permission()
        if self.permission and not user.has_perm(self.permission):
            self.raise_exception = True
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {**admin.site.each_context(self.request), "title": self.title}  # type: ignore[attr-defined]
        return super().get_context_data(**{**context, **kwargs})  # type: ignore[misc]
