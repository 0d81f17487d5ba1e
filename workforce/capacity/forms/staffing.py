"""Forms of staffing: what-if values of a queue, and the blocks of planned people."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workforce.capacity.core.staffing import Assumptions as Given
from workforce.capacity.models import Assumptions, Overlay, PlannedStaff, Queue
from workforce.capacity.selectors.forecasts.scenarios import overlays_of
from workforce.capacity.selectors.handle_time import HandleSource
from workforce.capacity.selectors.staffing.assumptions import Standing

LIVE_ONLY = ("target_seconds", "patience_seconds", "definition")
CHAT_ONLY = ("concurrency", "slowdown")
DEFERRED_ONLY = ("target_hours",)
PERCENTS = ("service_level", "max_occupancy", "shrinkage", "slowdown")
HOUR = 3600


def _number(
    label: Any,
    unit: Any,
    *slider: float,
    decimals: bool = False,
    **limits: Any,
) -> forms.Field:
    """A number and a slider (least, most, step); the box takes more than the slider."""
    low, high, step = slider
    kind = forms.FloatField if decimals else forms.IntegerField
    field = kind(label=label, **limits)
    field.unit = unit
    field.slider = {"min": low, "max": high, "step": step}
    return field


class WhatIfForm(forms.Form):
    """Assumptions to try, and a scenario to lay over the forecast.

    What a queue's handling knows nothing of is left out. Percents and hours are for
    people; ``given`` turns them into what the core takes.
    """

    service_level = _number(
        _("Service level"), "%", 50, 99, 1, decimals=True, min_value=1, max_value=99.9
    )
    target_seconds = _number(
        _("Answered within"), _("s"), 0, 300, 5, min_value=0, max_value=86400
    )
    target_hours = _number(
        _("Done within, open hours"), _("h"), 0.5, 80, 0.5, decimals=True,
        min_value=0.05, max_value=2000,
    )  # fmt: skip
    handle_seconds = _number(
        _("Handle time"), _("s"), 30, 3600, 10, min_value=1, max_value=360000
    )
    measured = forms.BooleanField(
        label=_("Measured handle time where known"), required=False
    )
    shrinkage = _number(
        _("Shrinkage"), "%", 0, 60, 1, decimals=True, min_value=0, max_value=95
    )
    max_occupancy = _number(
        _("Occupancy at most"),
        "%",
        50,
        100,
        1,
        decimals=True,
        min_value=5,
        max_value=100,
    )
    concurrency = _number(_("Chats at once"), "", 1, 6, 1, min_value=1, max_value=20)
    slowdown = _number(
        _("Slower for each further chat"), "%", 0, 50, 1, decimals=True, min_value=0,
        max_value=100,
    )  # fmt: skip
    patience_seconds = _number(
        _("Patience"), _("s"), 10, 600, 10, min_value=1, max_value=86400, required=False
    )
    definition = forms.ChoiceField(
        label=_("Service level counts"), choices=Assumptions.Definition.choices
    )
    volume = _number(
        _("Volume, change"), "%", -50, 100, 5, decimals=True, min_value=-100,
        max_value=1000,
    )  # fmt: skip
    overlay = forms.ModelChoiceField(
        label=_("Scenario"), queryset=Overlay.objects.none(), required=False,
        empty_label=_("None"),
    )  # fmt: skip

    def __init__(
        self, asked: Mapping[str, Any] | None, *, queue: Queue, standing: Standing
    ) -> None:
        self.queue, self.standing = queue, standing
        saved = saved_values(queue, standing)
        values = None
        if asked is not None:
            present = {name: asked[name] for name in self.base_fields if name in asked}
            # A box that is not ticked is not sent, so any other value sent means "no".
            kept = {k: v for k, v in saved.items() if k != "measured" or not present}
            values = {**kept, **present}
        super().__init__(values, initial=saved)
        for name in unused_fields(queue):
            del self.fields[name]
        self.fields["overlay"].queryset = overlays_of(queue)
        self._describe()

    def _describe(self) -> None:
        for name, field in self.fields.items():
            if slider := getattr(field, "slider", None):
                top = max(slider["max"], float(self.initial.get(name) or 0))
                field.slider = slider | {"max": top}
        if "patience_seconds" in self.fields:
            self.fields["patience_seconds"].help_text = _("Empty: nobody gives up.")

    @property
    def uses_measured(self) -> bool:
        return bool(self.cleaned_data.get("measured"))

    def given(self) -> Given:
        """The core's assumptions with the values of the form in their place."""
        row = self.row_values()
        names = {
            name: float(value) if isinstance(value, Decimal) else value
            for name, value in row.items()
            if name != "handle_from_tickets"
        }
        if self.uses_measured and self.standing.handle.source == HandleSource.VOLUMES:
            names["handle_seconds"] = self.standing.handle.seconds
        return replace(self.standing.given, **names)

    def row_values(self) -> dict[str, Any]:
        """What saving these assumptions writes."""
        data = self.cleaned_data
        values: dict[str, Any] = {
            name: data[name]
            for name in ("target_seconds", "definition", "concurrency")
            if name in data
        }
        for name in PERCENTS:
            if name in data:
                values[name] = (Decimal(str(data[name])) / 100).quantize(
                    Decimal("0.001")
                )
        if "patience_seconds" in data:
            values["patience_seconds"] = data["patience_seconds"]
        if "target_hours" in data:
            values["target_seconds"] = round(data["target_hours"] * HOUR)
        return values | self._handle()

    def _handle(self) -> dict[str, Any]:
        if self.uses_measured and self.standing.handle.source == HandleSource.VOLUMES:
            return {"handle_from_tickets": True}
        return {
            "handle_from_tickets": self.uses_measured,
            "handle_seconds": self.cleaned_data["handle_seconds"],
        }


def unused_fields(queue: Queue) -> list[str]:
    """Names of the fields that mean nothing for how the queue is handled."""
    names: list[str] = []
    if queue.handling == Queue.Handling.DEFERRED:
        names += [*LIVE_ONLY, "service_level"]
    else:
        names += DEFERRED_ONLY
    if queue.handling != Queue.Handling.CHAT:
        names += CHAT_ONLY
    return names


def saved_values(queue: Queue, standing: Standing) -> dict[str, Any]:
    """The saved assumptions in the units of the form."""
    row = standing.row
    values: dict[str, Any] = {
        name: plain(round(float(getattr(row, name)) * 100, 1)) for name in PERCENTS
    }
    return values | {
        "target_seconds": row.target_seconds,
        "target_hours": plain(round(row.target_seconds / HOUR, 2)),
        "handle_seconds": round(standing.handle.seconds),
        "measured": row.handle_from_tickets,
        "patience_seconds": row.patience_seconds,
        "concurrency": row.concurrency,
        "definition": row.definition,
        "volume": 0,
        "overlay": None,
    }


def plain(number: float) -> float | int:
    """A whole number without its decimal place."""
    return int(number) if number == int(number) else number


class MinuteField(forms.Field):
    """A time of day as minutes after midnight; 24:00 is the end of the day."""

    def __init__(self, **options: Any) -> None:
        attrs = {
            "inputmode": "numeric", "placeholder": "hh:mm", "maxlength": 5,
            "class": "sla-input",
        }  # fmt: skip
        super().__init__(widget=forms.TextInput(attrs=attrs), **options)

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        hours, _colon, minutes = text.partition(":")
        if not (hours.isdecimal() and (minutes or "0").isdecimal()):
            raise forms.ValidationError(_("Write a time such as 08:30."), code="time")
        total = 60 * int(hours) + int(minutes or 0)
        if total > 1440 or int(minutes or 0) > 59:
            raise forms.ValidationError(_("Write a time up to 24:00."), code="time")
        return total

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return initial != self.to_python(data)
        except forms.ValidationError:
            return True

    def prepare_value(self, value: Any) -> Any:
        return clock(value) if isinstance(value, int) else value


def clock(minute: int) -> str:
    """Minutes after midnight as 08:30."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


class BlockForm(forms.Form):
    """One block of planned people; a row left empty says nothing."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    weekday = forms.TypedChoiceField(label=_("Weekday"), coerce=int)
    starts_minute = MinuteField(label=_("From"))
    ends_minute = MinuteField(label=_("Until"))
    people = forms.DecimalField(
        label=_("People"), min_value=0, max_digits=6, decimal_places=2
    )
    valid_from = forms.DateField(
        label=_("Valid from"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    valid_until = forms.DateField(
        label=_("Valid until"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = PlannedStaff._meta.get_field("weekday").choices  # noqa: SLF001
        self.fields["weekday"].choices = [("", "–"), *choices]
        for name, field in self.fields.items():
            if name != "pk":
                field.widget.attrs.setdefault("class", "sla-input")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts_minute"), data.get("ends_minute")
        if starts is not None and ends is not None and ends <= starts:
            self.add_error("ends_minute", _("It ends after it starts."))
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day is before the first."))
        return data


BlockFormSet = forms.formset_factory(
    BlockForm, extra=3, max_num=500, validate_max=True, can_delete=True
)


class CopyForm(forms.Form):
    """Which day to copy, and to which days."""

    source = forms.TypedChoiceField(label=_("Copy"), coerce=int)
    targets = forms.TypedMultipleChoiceField(
        label=_("to"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = PlannedStaff._meta.get_field("weekday").choices  # noqa: SLF001
        self.fields["source"].choices = choices
        self.fields["targets"].choices = choices


class BlockFileForm(forms.Form):
    """A file of blocks, beside those there are or in their place."""

    LARGEST = 1_000_000

    file = forms.FileField(label=_("CSV file"))
    replaces = forms.BooleanField(
        label=_("Remove the blocks that are not in the file"), required=False
    )

    def clean_file(self) -> str:
        upload = self.cleaned_data["file"]
        if upload.size > self.LARGEST:
            raise forms.ValidationError(_("The file is larger than 1 MB."), code="size")
        try:
            return upload.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(
                _("The file is not UTF-8 text. Save it as CSV UTF-8."), code="encoding"
            ) from error
