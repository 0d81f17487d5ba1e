"""Fields with the look of the portal."""

from typing import Any

from django import forms

INPUT = {"class": "sla-input"}


def text(label: Any, *, length: int, required: bool = False, **more: Any) -> Any:
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        widget=forms.TextInput(attrs=INPUT),
        **more,
    )


def choice(label: Any, choices: Any = (), *, required: bool = False) -> Any:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=required,
        widget=forms.Select(attrs=INPUT),
    )


def one_of(label: Any, queryset: Any, *, empty: Any = None, **more: Any) -> Any:
    more.setdefault("required", empty is None)
    return forms.ModelChoiceField(
        label=label,
        queryset=queryset,
        empty_label=empty,
        widget=forms.Select(attrs=INPUT),
        **more,
    )


def some_of(label: Any, queryset: Any, **more: Any) -> Any:
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=queryset,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        **more,
    )
