"""The admin, without work that its pages do not show."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from unfold.sites import UnfoldAdminSite


class PortalAdminSite(UnfoldAdminSite):
    """Unfold's site; the list of all models is made only where something reads it.

    Django makes it for every page, out of each model's permissions. Our navigation shows
    other items, so that was a quarter of a small page's time for nothing.
    """

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))  # type: ignore[return-value]
