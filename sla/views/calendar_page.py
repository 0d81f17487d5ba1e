"""The calendar editor, its check while typing, and publishing new hours."""

from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from sla.core.calendar import BusinessCalendar
from sla.core.public_holidays import country_names, subdivisions_by_country
from sla.forms.calendars import (
    CalendarForm,
    ExceptionFormSet,
    calendar_initial,
    exceptions_initial,
)
from sla.hours_phrases import week_sentence
from sla.models import Calendar
from sla.selectors import calendars as selectors
from sla.selectors import policies as policy_selectors
from sla.selectors import policy_moves
from sla.services import calendars as services
from sla.services import policies as policy_services
from sla.views import calendar_picture as picture
from sla.views.acting import actor_of
from sla.views.policy_editor import as_moment, as_text, joined_errors
from sla.views.policy_publication import (
    PublicationPage,
    moves_of_policy_sentence,
    planned_entries,
)
from sla.views.wording import change_lines
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.jobs.models import Job

EXCEPTIONS = "ex"


class CalendarView(StaffPageMixin, TemplateView):
    """Hours, holidays, exceptions, and the year they make; also for a new calendar."""

    permission = "sla.view_calendar"
    template_name = "sla/calendar/editor.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        calendar = self._calendar()
        if calendar is None:
            self._require("sla.add_calendar")
            empty = ExceptionFormSet(prefix=EXCEPTIONS)
            return self._render(None, CalendarForm(), empty)
        form = CalendarForm(
            initial={
                **calendar_initial(calendar),
                "expected_changed_at": as_text(calendar.changed_at),
            }
        )
        exceptions = ExceptionFormSet(
            initial=exceptions_initial(calendar), prefix=EXCEPTIONS
        )
        return self._render(calendar, form, exceptions)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        calendar = self._calendar()
        self._require("sla.change_calendar" if calendar else "sla.add_calendar")
        form = CalendarForm(request.POST)
        exceptions = ExceptionFormSet(request.POST, prefix=EXCEPTIONS)
        if not (form.is_valid() & exceptions.is_valid()):
            return self._render(calendar, form, exceptions, status=422)
        try:
            saved = services.save_calendar(
                calendar_id=calendar.pk if calendar else None,
                content=content_of(form, exceptions),
                actor=actor_of(request),
                at=timezone.now(),
                expected_changed_at=as_moment(form.cleaned_data["expected_changed_at"]),
            )
        except OperationRefused as refusal:
            form.add_error(None, str(refusal))
            return self._render(calendar, form, exceptions, status=409)
        messages.info(request, _("The calendar was saved."))
        return redirect("sla:calendar", pk=saved.pk)

    def _calendar(self) -> Calendar | None:
        if "pk" not in self.kwargs:
            return None
        return get_object_or_404(selectors.calendars_with_parts(), pk=self.kwargs["pk"])

    def _require(self, permission: str) -> None:
        if not self.request.user.has_perm(permission):
            raise PermissionDenied

    def _render(
        self,
        calendar: Calendar | None,
        form: CalendarForm,
        exceptions: Any,
        status: int = 200,
    ) -> HttpResponse:
        now = timezone.now()
        may_edit = self.request.user.has_perm(
            "sla.change_calendar" if calendar else "sla.add_calendar"
        )
        hours = selectors.business_calendar(calendar, at=now) if calendar else None
        check = {}
        if hours:
            year = _year(self.request, now)
            names = {row.date: row.name for row in calendar.exceptions.all()}
            check = _check(hours, calendar_places(calendar), names, now, year)
        context = self.get_context_data(
            title=calendar.name if calendar else _("New calendar"),
            calendar=calendar,
            form=form,
            exceptions=exceptions,
            may_edit=may_edit,
            days=_days(form, hours),
            countries=_countries(),
            zones=_zones(),
            outdated=selectors.versions_with_former_hours(calendar, at=now)
            if calendar
            else [],
            **check,
        )
        return self.render_to_response(context, status=status)


class CalendarCheckView(StaffPageMixin, View):
    """The year, the lint and the week of what is typed."""

    permission = "sla.view_calendar"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = CalendarForm(request.POST)
        exceptions = ExceptionFormSet(request.POST, prefix=EXCEPTIONS)
        if not (form.is_valid() & exceptions.is_valid()):
            return JsonResponse({"errors": errors_of(form, exceptions)})
        now = timezone.now()
        hours = typed_hours(form, exceptions, now)
        places = (
            [] if form.cleaned_data["is_always_open"] else form.cleaned_data["places"]
        )
        names = {day: name for day, name, _hours in exceptions.rows()}
        year = min(max(form.cleaned_data["year"] or now.year, 1970), 2100)
        context = _check(hours, places, names, now, year)
        panel = render_to_string("sla/calendar/check.html", context, request=request)
        return JsonResponse(
            {"errors": {}, "panel": panel, "week": picture.week_bars(hours)}
        )


class DeleteCalendarView(StaffPageMixin, View):
    permission = "sla.delete_calendar"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        calendar = get_object_or_404(Calendar, pk=self.kwargs["pk"])
        try:
            services.delete_calendar(calendar_id=calendar.pk, actor=actor_of(request))
        except OperationRefused as refusal:
            messages.warning(request, str(refusal))
            return redirect("sla:calendar", pk=calendar.pk)
        messages.info(request, _("“%s” was deleted.") % calendar.name)
        return redirect("admin:sla_calendar_changelist")


class RepublishView(PublicationPage):
    """Publish the policies that still count on a calendar's former hours once more."""

    template_name = "sla/calendar/publish.html"

    def preview(self, effective_from: datetime) -> dict[str, Any]:
        now = timezone.now()
        calendar = get_object_or_404(
            selectors.calendars_with_parts(), pk=self.kwargs["pk"]
        )
        outdated = selectors.versions_with_former_hours(calendar, at=now)
        frozen = selectors.named_calendars(at=now)
        book = policy_selectors.versions_in_force()
        policies = []
        for version in outdated:
            former = policy_selectors.definition_of(version)
            present = former.with_calendars(frozen)
            moves = policy_moves.moves_of_new_hours(
                version.policy_id, frozen, effective_from=effective_from
            )
            policies.append(
                {
                    "policy": version.policy,
                    "changes": change_lines(former, present),
                    "planned": planned_entries(book, version.policy_id, effective_from),
                    "moves_sentence": moves_of_policy_sentence(
                        moves, version.policy_id
                    ),
                }
            )
        return {
            "title": _("New hours of “%s”") % calendar.name,
            "calendar": calendar,
            "policies": policies,
            "effective_from": effective_from,
        }

    def act(self, **how: Any) -> list[Job | None]:
        published = policy_services.republish_with_new_hours(
            calendar_id=self.kwargs["pk"], **how
        )
        return [job for _version, job in published]

    def done_url(self) -> str:
        return reverse("sla:calendar", kwargs={"pk": self.kwargs["pk"]})

    def done_text(self, effective_from: datetime) -> str:
        return _(
            "Published: the new hours count for tickets created from %(at)s on."
        ) % {
            "at": formats.date_format(
                timezone.localtime(effective_from), "j M Y, H:i T"
            )
        }


def content_of(form: CalendarForm, exceptions: Any) -> services.CalendarContent:
    cleaned = form.cleaned_data
    return services.CalendarContent(
        name=cleaned["name"],
        time_zone=cleaned["time_zone"],
        is_always_open=cleaned["is_always_open"],
        weekly=form.weekly(),
        places=cleaned["places"],
        exceptions=exceptions.rows(),
    )


def typed_hours(form: CalendarForm, exceptions: Any, at: datetime) -> BusinessCalendar:
    """The calendar that the valid form would make."""
    cleaned = form.cleaned_data
    if cleaned["is_always_open"]:
        return BusinessCalendar.always_open(cleaned["time_zone"])
    return selectors.build_hours(
        time_zone=cleaned["time_zone"],
        weekly=[
            (day, start, end)
            for day, intervals in form.weekly().items()
            for start, end in intervals
        ],
        places=cleaned["places"],
        exceptions=exceptions.rows(),
        years=selectors.holiday_years(at),
    )


def errors_of(form: CalendarForm, exceptions: Any) -> dict[str, str]:
    """Field name to what is wrong with it, over the form and every exception row."""
    found = {name: joined_errors(texts) for name, texts in form.errors.items()}
    for row in exceptions.forms:
        for name, texts in row.errors.items():
            found[row.add_prefix(name)] = joined_errors(texts)
    if exceptions.non_form_errors():
        found[EXCEPTIONS] = joined_errors(exceptions.non_form_errors())
    return found


def calendar_places(calendar: Calendar | None) -> list[tuple[str, str]]:
    if calendar is None or calendar.is_always_open:
        return []
    return [(row.country, row.subdivision) for row in calendar.holiday_sets.all()]


def _check(
    hours: BusinessCalendar,
    places: list[tuple[str, str]],
    names: dict[date, str],
    now: datetime,
    year: int,
) -> dict[str, Any]:
    today = selectors.local_today(hours.timezone, at=now)
    first, last = selectors.holiday_years(now)
    return {
        "year": picture.year_of(hours, year, today, names),
        "now_sentence": picture.now_sentence(hours, now),
        "week_sentence": week_sentence(hours),
        "findings": picture.lint_rows(hours, places, range(first, last + 1), today),
        "first_year": first,
        "last_year": last,
    }


def _year(request: HttpRequest, now: datetime) -> int:
    text = request.GET.get("year", "")
    chosen = int(text) if text.isdecimal() and len(text) == 4 else now.year
    return min(max(chosen, 1970), 2100)


def _days(form: CalendarForm, hours: BusinessCalendar | None) -> list[tuple[Any, Any]]:
    bars = picture.week_bars(hours) if hours else [[] for _day in range(7)]
    return list(zip(form.day_fields(), bars, strict=True))


def _countries() -> list[tuple[str, str, str]]:
    parts = subdivisions_by_country()
    return [
        (code, name, " ".join(parts[code])) for code, name in country_names().items()
    ]


def _zones() -> list[str]:
    return sorted(
        zone for zone in available_timezones() if "/" in zone or zone == "UTC"
    )
