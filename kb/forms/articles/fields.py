"""Fields with the look of the portal."""

from typing import Any

from django import forms

from supportops.common.row_fields import RowsField

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


class TopicSelect(forms.Select):
    """A list of topics; each line says which purpose it is for, so a script can follow."""

    kinds: dict[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> Any:
        option = super().create_option(name, value, *args, **kwargs)
        if kind := self.kinds.get(str(value)):
            option["attrs"]["data-kind"] = kind
        return option


def topic(label: Any) -> Any:
    return forms.ChoiceField(label=label, widget=TopicSelect(attrs=INPUT))


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
    return RowsField(
        label=label,
        queryset=queryset,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        **more,
    )
