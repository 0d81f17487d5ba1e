"""Fields that forms of decisions share."""

from typing import Any

from django import forms


def styled(**attrs: Any) -> dict[str, Any]:
    return {"class": "sla-input", **attrs}


def text(label: Any, *, required: bool = False, length: int = 300, **more: Any) -> Any:
    widget = forms.TextInput(attrs=styled())
    return forms.CharField(
        label=label, required=required, max_length=length, widget=widget, **more
    )


def area(label: Any, *, rows: int = 4, prompt: Any = "", **more: Any) -> Any:
    return forms.CharField(
        label=label,
        required=more.pop("required", False),
        max_length=20_000,
        widget=forms.Textarea(attrs=styled(rows=rows, placeholder=prompt)),
        **more,
    )


def day(label: Any, *, required: bool = False, **more: Any) -> Any:
    widget = forms.DateInput(format="%Y-%m-%d", attrs=styled(type="date"))
    return forms.DateField(label=label, required=required, widget=widget, **more)


def number(label: Any, *, required: bool = False, **more: Any) -> Any:
    widget = forms.NumberInput(attrs=styled(step="any"))
    return forms.FloatField(label=label, required=required, widget=widget, **more)


def whole(label: Any, *, least: int = 0, most: int = 100_000, **more: Any) -> Any:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs=styled()),
        **more,
    )


def choice(label: Any, choices: Any = (), *, required: bool = True, **more: Any) -> Any:
    widget = forms.Select(attrs=styled())
    return forms.ChoiceField(
        label=label, choices=choices, required=required, widget=widget, **more
    )


def person(label: Any, queryset: Any, *, required: bool = False, **more: Any) -> Any:
    return forms.ModelChoiceField(
        label=label,
        queryset=queryset,
        required=required,
        widget=forms.Select(attrs=styled()),
        **more,
    )
