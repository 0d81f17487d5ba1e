"""Other packages' admins, registered again on unfold's classes so that all look alike."""

from typing import Any

from axes.admin import AccessAttemptAdmin, AccessFailureLogAdmin, AccessLogAdmin
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.http import HttpRequest
from django_celery_beat.admin import (
    ClockedScheduleAdmin,
    CrontabScheduleAdmin,
    PeriodicTaskAdmin,
    PeriodicTaskForm,
    PeriodicTaskInline,
    TaskSelectWidget,
)
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

for _model in (
    PeriodicTask,
    IntervalSchedule,
    CrontabSchedule,
    SolarSchedule,
    ClockedSchedule,
    AccessAttempt,
    AccessLog,
    AccessFailureLog,
):
    admin.site.unregister(_model)


class TaskSelect(UnfoldAdminSelectWidget, TaskSelectWidget):
    pass


class ScheduledTaskForm(PeriodicTaskForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["regtask"].widget = TaskSelect()


@admin.register(PeriodicTask)
class ScheduledTaskAdmin(PeriodicTaskAdmin, ModelAdmin):
    form = ScheduledTaskForm
    date_hierarchy = None
    # The five kinds of schedule are nullable: Django's own default would ask per row.
    list_select_related = ("interval", "crontab", "solar", "clocked")


class TasksOfSchedule(PeriodicTaskInline, TabularInline):
    pass


@admin.register(IntervalSchedule, SolarSchedule)
class PlainScheduleAdmin(ModelAdmin):
    inlines = (TasksOfSchedule,)


@admin.register(CrontabSchedule)
class CrontabAdmin(CrontabScheduleAdmin, ModelAdmin):
    inlines = (TasksOfSchedule,)


@admin.register(ClockedSchedule)
class ClockedAdmin(ClockedScheduleAdmin, ModelAdmin):
    inlines = (TasksOfSchedule,)


class SignInLog:
    """What a log of sign-ins shares: read, searched, cleared; never written by hand."""

    date_hierarchy = None  # a function call for each row of the table
    # Their own filters read every distinct path on each page.
    list_filter: tuple[str, ...] = ()
    ordering = ("-attempt_time", "-pk")
    show_full_result_count = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AccessAttempt)
class SignInAttemptAdmin(SignInLog, AccessAttemptAdmin, ModelAdmin):
    pass


@admin.register(AccessLog)
class SignInAdmin(SignInLog, AccessLogAdmin, ModelAdmin):
    pass


@admin.register(AccessFailureLog)
class SignInFailureAdmin(SignInLog, AccessFailureLogAdmin, ModelAdmin):
    list_filter = ("locked_out",)
