"""Fields that forms of coaching share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOMENT_FORMAT = "%Y-%m-%dT%H:%M"


def styled(**attrs: Any) -> dict[str, Any]:
    return {"class": "sla-input", **attrs}


def text(label: Any, *, required: bool = True, length: int = 300, **more: Any) -> Any:
    return forms.CharField(
        label=label,
        required=required,
        max_length=length,
        widget=forms.TextInput(attrs=styled()),
        **more,
    )


def area(label: Any, *, required: bool = False, rows: int = 3, **more: Any) -> Any:
    return forms.CharField(
        label=label,
        required=required,
        widget=forms.Textarea(attrs=styled(rows=rows)),
        **more,
    )


def day(label: Any, *, required: bool = True, **more: Any) -> Any:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs=styled(type="date")),
        **more,
    )


def moment(label: Any, *, required: bool = False, **more: Any) -> Any:
    return forms.DateTimeField(
        label=label,
        required=required,
        input_formats=[MOMENT_FORMAT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(
            format=MOMENT_FORMAT, attrs=styled(type="datetime-local")
        ),
        **more,
    )


def choice(label: Any, choices: Any = (), *, required: bool = True, **more: Any) -> Any:
    return forms.ChoiceField(
        label=label,
        required=required,
        choices=choices,
        widget=forms.Select(attrs=styled()),
        **more,
    )


def person(label: Any, queryset: Any, *, required: bool = True, **more: Any) -> Any:
    return forms.ModelChoiceField(
        label=label,
        required=required,
        queryset=queryset,
        widget=forms.Select(attrs=styled()),
        **more,
    )


def whole(label: Any, *, least: int, most: int, **more: Any) -> Any:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs=styled()),
        **more,
    )


def number(label: Any, **more: Any) -> Any:
    return forms.FloatField(
        label=label,
        required=False,
        widget=forms.NumberInput(attrs=styled(step="any")),
        **more,
    )


class Reason(forms.Form):
    """One field that says why, or what came of it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.TextInput(attrs=styled()),
    )
