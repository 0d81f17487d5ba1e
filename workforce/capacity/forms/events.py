"""The form of an event, and the beginnings that it offers."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from supportops.common.row_fields import RowsField
from workforce.capacity.models import Event, Queue

INPUT = {"class": "sla-input"}
DATE = {**INPUT, "type": "date"}

TREATMENTS: tuple[tuple[str, str | Promise, str | Promise], ...] = (
    (
        Event.Treatment.REPEAT,
        _("Learn it and repeat it"),
        _(
            "Past occurrences show how much more or less comes; the next ones are "
            "forecast with that change. For what comes back: releases, month ends."
        ),
    ),
    (
        Event.Treatment.EXCLUDE,
        _("Leave its days out"),
        _(
            "The forecast is computed as if these days had not been. For what will not "
            "come again: an outage, a strike, a move."
        ),
    ),
    (
        Event.Treatment.ADJUST,
        _("Take a stated change out"),
        _(
            "You know the change in percent: it is taken out of past days, and put into "
            "coming ones. For what you know better than the numbers."
        ),
    ),
)


class EventForm(forms.ModelForm):
    """An event; checked by the model's own constraints, written by the service."""

    class Meta:
        model = Event
        fields = (
            "name",
            "kind",
            "starts_on",
            "ends_on",
            "repeats",
            "treatment",
            "percent",
            "queues",
            "note",
            "is_active",
        )
        field_classes = {"queues": RowsField}
        widgets = {
            "name": forms.TextInput(INPUT),
            "kind": forms.Select(INPUT),
            "starts_on": forms.DateInput(DATE, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(DATE, format="%Y-%m-%d"),
            "repeats": forms.Select(INPUT),
            "treatment": forms.RadioSelect,
            "percent": forms.NumberInput({**INPUT, "step": "0.1"}),
            "queues": forms.CheckboxSelectMultiple,
            "note": forms.TextInput(INPUT),
        }

    def __init__(self, *args: Any, queues: QuerySet[Queue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["queues"].queryset = queues  # type: ignore[attr-defined]
        self.fields["treatment"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label, _help in TREATMENTS
        ]

    @property
    def treatments(self) -> list[tuple[Any, str | Promise]]:
        """Each choice with what it means in plain words."""
        words = [each[2] for each in TREATMENTS]
        return list(zip(self["treatment"], words, strict=True))

    def values(self) -> dict[str, Any]:
        return {
            name: value for name, value in self.cleaned_data.items() if name != "queues"
        }


def _month_end(day: date) -> date:
    after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return after - timedelta(days=1)


def presets(
    today: date, first: date, holiday: date | None
) -> dict[str, dict[str, Any]]:
    """Return beginnings of events: what is usual, from the first day that is known.

    Repeating ones begin in the first known year, because occurrences before the first
    day of an event do not exist and teach nothing. ``holiday`` is the next public one.
    """
    end = _month_end(first)
    off = holiday or today
    return {
        "release": {
            "name": _("Release"),
            "kind": Event.Kind.RELEASE,
            "starts_on": today,
            "ends_on": today + timedelta(days=2),
            "repeats": Event.Repeats.NEVER,
        },
        "renewals": {
            "name": _("Renewal quarter"),
            "kind": Event.Kind.RENEWAL,
            "starts_on": date(first.year, 3, 1),
            "ends_on": date(first.year, 3, 31),
            "repeats": Event.Repeats.QUARTERLY,
        },
        "month-end": {
            "name": _("End of month"),
            "kind": Event.Kind.END_OF_MONTH,
            "starts_on": end - timedelta(days=2),
            "ends_on": end,
            "repeats": Event.Repeats.MONTHLY,
        },
        "tax-season": {
            "name": _("Tax season"),
            "kind": Event.Kind.TAX_SEASON,
            "starts_on": date(first.year, 4, 1),
            "ends_on": date(first.year, 4, 30),
            "repeats": Event.Repeats.YEARLY,
        },
        "holiday": {
            "name": _("Holiday of our own"),
            "kind": Event.Kind.HOLIDAY,
            "starts_on": off,
            "ends_on": off,
            "repeats": Event.Repeats.YEARLY,
        },
        "eve": {
            "name": _("Eve of a holiday"),
            "kind": Event.Kind.HOLIDAY_EVE,
            "starts_on": off - timedelta(days=1),
            "ends_on": off - timedelta(days=1),
            "repeats": Event.Repeats.YEARLY,
        },
    }
