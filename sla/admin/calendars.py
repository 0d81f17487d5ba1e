"""Calendars in the admin: the list. The editor is a page of its own."""

from django.contrib import admin
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from sla.hours_phrases import week_sentence
from sla.models import Calendar
from sla.selectors import calendars as selectors


@admin.register(Calendar)
class CalendarAdmin(ModelAdmin):
    list_display = ("name", "week", "holidays", "exceptions", "open_now", "changed_at")
    search_fields = ("name",)
    ordering = ("name", "pk")
    list_per_page = 25

    def get_queryset(self, request):
        return selectors.calendars_with_parts()

    def get_changelist_instance(self, request):
        """Build the hours of each row once."""
        changelist = super().get_changelist_instance(request)
        now = timezone.now()
        for calendar in changelist.result_list:
            calendar.hours = selectors.business_calendar(calendar, at=now)
            calendar.is_open_now = calendar.hours.is_open(now)
        return changelist

    @display(description=_("Week"))
    def week(self, calendar):
        return week_sentence(calendar.hours)

    @display(description=_("Holidays of"))
    def holidays(self, calendar):
        return ", ".join(str(place) for place in calendar.holiday_sets.all())

    @display(description=_("Exceptions"))
    def exceptions(self, calendar):
        return len(calendar.exceptions.all())

    @display(description=_("Now"), label={"OPEN": "success", "CLOSED": "info"})
    def open_now(self, calendar):
        if calendar.is_open_now:
            return "OPEN", _("Open")
        return "CLOSED", _("Closed")

    def add_view(self, request, form_url="", extra_context=None):
        return redirect("sla:calendar-new")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return redirect("sla:calendar", pk=object_id)

    def has_delete_permission(self, request, obj=None):
        return False
