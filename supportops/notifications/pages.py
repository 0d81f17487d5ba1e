"""A person's own notifications: the inbox and the choice of what to get."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from supportops.common.pages import StaffPageMixin
from supportops.common.row_ids import row_id
from supportops.notifications import selectors, services
from supportops.notifications.models import Kind

PAGE_SIZE = 25


class InboxPage(StaffPageMixin, TemplateView):
    """What have I been told? Unread first to see, opened with one click."""

    template_name = "notifications/inbox.html"
    title = gettext_lazy("Notifications")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        only_unread = self.request.GET.get("show") == "unread"
        rows = selectors.inbox(self.request.user)
        pages = Paginator(rows.unread() if only_unread else rows, PAGE_SIZE)
        page = pages.get_page(self.request.GET.get("page"))
        newest = page.object_list[0].pk if page.object_list else 0
        return super().get_context_data(
            page=page, only_unread=only_unread, newest=newest, **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Mark everything read that the person has had in front of them."""
        services.mark_all_read(
            user=request.user,
            at=timezone.now(),
            up_to_id=row_id(request.POST.get("up_to")),
        )
        return HttpResponseRedirect(inbox_url())


class UnreadCount(StaffPageMixin, View):
    """The number beside the bell, asked for by every page once it is shown."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> JsonResponse:
        return JsonResponse({"unread": selectors.inbox(request.user).unread().count()})


class OpenPage(StaffPageMixin, View):
    """Mark one notification read and go where it points."""

    def post(
        self, request: HttpRequest, notification_id: int, **_kwargs: Any
    ) -> HttpResponse:
        rows = selectors.inbox(request.user)
        notification = get_object_or_404(rows, pk=notification_id)
        services.mark_read(
            user=request.user, notification_ids=[notification.pk], at=timezone.now()
        )
        target = notification.url
        # Only ever a page of ours: the address was stored by our own code.
        is_ours = target.startswith("/") and not urlsplit(target).netloc
        return HttpResponseRedirect(target if is_ours else inbox_url())


class ChoicesPage(StaffPageMixin, TemplateView):
    """What do I want to be told, and how?"""

    template_name = "notifications/choices.html"
    title = gettext_lazy("What I am told")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            rows=selectors.choices_of(self.request.user),
            address=self.request.user.email,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.save_choices(
            user=request.user,
            choices={
                kind: (f"app-{kind}" in request.POST, f"mail-{kind}" in request.POST)
                for kind in Kind.values
            },
        )
        messages.info(request, _("Your choice is saved."))
        return HttpResponseRedirect(reverse("admin:notifications_notification_choices"))


def inbox_url() -> str:
    return reverse("admin:notifications_notification_changelist")
