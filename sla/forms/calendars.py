"""The calendar editor's form: hours as text, holidays by country, dated exceptions."""

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.core.hours_text import Minutes, format_hours, parse_hours
from sla.core.public_holidays import check_place
from sla.models import Calendar
from sla.models.calendars import Weekday

INPUT = {"class": "sla-input", "autocomplete": "off"}


class HoursField(forms.CharField):
    """Opening hours of one day; the value is a list of minutes."""

    widget = forms.TextInput(attrs={**INPUT, "placeholder": gettext_lazy("closed")})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=200, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str | None) else format_hours(value)

    def clean(self, value: Any) -> list[Minutes]:
        try:
            return parse_hours(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(
                _("Write hours such as 09:00-12:30, 13:30-18:00: %(reason)s.")
                % {"reason": error}
            ) from error


class PlacesField(forms.CharField):
    """Countries such as ``DE-BY, FR``; the value is a list of country and subdivision."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str | None):
            return value
        return ", ".join("-".join(filter(None, place)) for place in value)

    def clean(self, value: Any) -> list[tuple[str, str]]:
        text = super().clean(value).upper()
        codes = dict.fromkeys(part.strip() for part in text.split(","))
        return [self._place(code) for code in codes if code]

    @staticmethod
    def _place(code: str) -> tuple[str, str]:
        country, _dash, subdivision = code.partition("-")
        try:
            check_place(country, subdivision)
        except ValueError as error:
            raise forms.ValidationError(
                _("“%(code)s”: %(reason)s.") % {"code": code, "reason": error}
            ) from error
        return country, subdivision


class CalendarForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput(attrs=INPUT)
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        initial="UTC",
        widget=forms.TextInput(attrs={**INPUT, "list": "sla-zones"}),
    )
    is_always_open = forms.BooleanField(
        label=gettext_lazy("24/7: hours and holidays below are ignored"), required=False
    )
    places = PlacesField(
        label=gettext_lazy("Public holidays of"),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={**INPUT, "placeholder": "DE-BY, FR"}),
    )
    expected_changed_at = forms.CharField(
        required=False, widget=forms.HiddenInput, max_length=40
    )
    year = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, label in Weekday.choices:
            self.fields[f"day_{day}"] = HoursField(label=label)

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(
                _("“%(zone)s” is no time zone. Use a name such as Europe/Berlin.")
                % {"zone": zone}
            )
        return zone

    def weekly(self) -> dict[int, list[Minutes]]:
        days = {day: self.cleaned_data[f"day_{day}"] for day in range(7)}
        return {day: hours for day, hours in days.items() if hours}

    def day_fields(self) -> list[forms.BoundField]:
        return [self[f"day_{day}"] for day in range(7)]


class ExceptionForm(forms.Form):
    """One dated day; without a date the row is left out, without hours it is closed."""

    date = forms.DateField(
        label=gettext_lazy("Date"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={**INPUT, "type": "date"}),
    )
    hours = HoursField(label=gettext_lazy("Hours"))
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs=INPUT),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("date") and not cleaned.get("name"):
            self.add_error("name", _("Say what day this is."))
        if not cleaned.get("date") and (cleaned.get("name") or cleaned.get("hours")):
            self.add_error("date", _("A date is missing."))
        return cleaned


class BaseExceptions(forms.BaseFormSet):
    def clean(self) -> None:
        days: list[date] = [day for day, _name, _hours in self.rows()]
        twice = {day for day in days if days.count(day) > 1}
        if twice:
            raise forms.ValidationError(
                _("%(day)s is named twice.") % {"day": min(twice).isoformat()}
            )

    def rows(self) -> list[tuple[date, str, list[Minutes]]]:
        filled = [form.cleaned_data for form in self.forms if form.is_valid()]
        return [
            (row["date"], row["name"], row["hours"])
            for row in filled
            if row.get("date")
        ]


ExceptionFormSet = forms.formset_factory(
    ExceptionForm, formset=BaseExceptions, extra=2, max_num=500
)


def calendar_initial(calendar: Calendar) -> dict[str, Any]:
    """A calendar row with its parts as the form's initial values."""
    values: dict[str, Any] = {
        "name": calendar.name,
        "time_zone": calendar.time_zone,
        "is_always_open": calendar.is_always_open,
        "places": [(p.country, p.subdivision) for p in calendar.holiday_sets.all()],
    }
    for row in calendar.intervals.all():
        values.setdefault(f"day_{row.weekday}", []).append(
            (row.starts_minute, row.ends_minute)
        )
    return values


def exceptions_initial(calendar: Calendar) -> list[dict[str, Any]]:
    return [
        {"date": row.date, "name": row.name, "hours": row.hours}
        for row in calendar.exceptions.all()
    ]
