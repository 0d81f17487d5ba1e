"""Notifications in the admin: everyone's own inbox and choices, no one else's."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin

from supportops.notifications.models import Notification
from supportops.notifications.pages import (
    ChoicesPage,
    InboxPage,
    OpenPage,
    UnreadCount,
)


@admin.register(Notification)
class NotificationAdmin(ModelAdmin):
    """The changelist is the inbox; there is no form: a notification is a fact."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "",
                wrap(InboxPage.as_view()),
                name="notifications_notification_changelist",
            ),
            path(
                "choices/",
                wrap(ChoicesPage.as_view()),
                name="notifications_notification_choices",
            ),
            path(
                "unread/",
                wrap(UnreadCount.as_view()),
                name="notifications_notification_unread",
            ),
            path(
                "<int:notification_id>/open/",
                wrap(OpenPage.as_view()),
                name="notifications_notification_open",
            ),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_view_permission(
        self, request: HttpRequest, obj: Notification | None = None
    ) -> bool:
        if not request.user.is_staff:
            return False
        return obj is None or obj.recipient_id == request.user.pk

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Notification | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Notification | None = None
    ) -> bool:
        return False
