"""Forms of costs: a calculation with the inputs of its formula."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workforce.capacity.core.cost import DEFINITIONS, Input
from workforce.capacity.models import Calculation
from workforce.capacity.selectors.costs import phrases
from workforce.capacity.selectors.costs.amounts import number, unit_label

INPUT = {"class": "sla-input"}
PARTS = ("value", "low", "high", "source", "as_of")


class NewCalculationForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("formula"),
        choices=Calculation.Kind.choices,
        widget=forms.Select(INPUT),
    )
    name = forms.CharField(
        label=gettext_lazy("name"), max_length=120, widget=forms.TextInput(INPUT)
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=gettext_lazy("currency"),
        initial="USD",
        widget=forms.TextInput(
            {**INPUT, "maxlength": 3, "autocapitalize": "characters"}
        ),
        error_messages={"invalid": gettext_lazy("Three letters, such as USD or EUR.")},
    )


class CalculationForm(forms.Form):
    """One calculation: each input has a value, a range, a source and a date.

    An empty value takes the live one where there is one, else the formula's default.
    Shares are typed in percent.
    """

    name = forms.CharField(
        label=gettext_lazy("name"), max_length=120, widget=forms.TextInput(INPUT)
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=gettext_lazy("currency"),
        widget=forms.TextInput({**INPUT, "maxlength": 3}),
        error_messages={"invalid": gettext_lazy("Three letters, such as USD or EUR.")},
    )
    note = forms.CharField(
        label=gettext_lazy("note"),
        required=False,
        max_length=300,
        widget=forms.TextInput(INPUT),
    )

    def __init__(
        self,
        *args: Any,
        calculation: Calculation,
        is_fixed: bool = False,
        **kwargs: Any,
    ) -> None:
        self.kind = calculation.kind
        kwargs.setdefault("initial", _initial(calculation))
        super().__init__(*args, **kwargs)
        for each in DEFINITIONS[self.kind].inputs:
            self.fields |= _fields(self.kind, each)
        if is_fixed:
            for name in ("name", "currency", "note"):
                self.fields[name].required = False
                self.fields[name].widget.attrs["readonly"] = True

    def clean(self) -> dict[str, Any]:
        for each in DEFINITIONS[self.kind].inputs:
            self._check_limits(each)
            low = self.cleaned_data.get(f"{each.key}-low")
            high = self.cleaned_data.get(f"{each.key}-high")
            if (low is None) != (high is None):
                self.add_error(
                    f"{each.key}-low", _("A range needs both ends, or neither.")
                )
            elif low is not None and low > high:
                self.add_error(
                    f"{each.key}-low", _("The lower end is above the upper one.")
                )
        return self.cleaned_data

    def _check_limits(self, each: Input) -> None:
        scale = _scale(each)
        for part in ("value", "low", "high"):
            name = f"{each.key}-{part}"
            typed = self.cleaned_data.get(name)
            if typed is not None and not each.low <= typed / scale <= each.high:
                self.add_error(
                    name,
                    _("From %(low)s to %(high)s.")
                    % {
                        "low": number(each.low * scale, 3),
                        "high": number(each.high * scale),
                    },
                )

    @property
    def inputs(self) -> dict[str, dict[str, Any]]:
        """What was typed, as ``Calculation.inputs`` holds it."""
        found = {}
        for each in DEFINITIONS[self.kind].inputs:
            row = {
                part: _stored(each, part, self.cleaned_data.get(f"{each.key}-{part}"))
                for part in PARTS
            }
            row = {part: value for part, value in row.items() if value is not None}
            if row:
                found[each.key] = row
        return found

    def parts(self, key: str) -> dict[str, forms.BoundField]:
        return {part: self[f"{key}-{part}"] for part in PARTS}


def _scale(each: Input) -> float:
    return 100.0 if each.unit == "share" else 1.0


def _fields(kind: str, each: Input) -> dict[str, forms.Field]:
    name = str(phrases.INPUTS[kind][each.key])
    unit = unit_label(each.unit, "")
    labels = {
        "value": _("%(name)s, value") % {"name": name},
        "low": _("%(name)s, range from") % {"name": name},
        "high": _("%(name)s, range to") % {"name": name},
        "source": _("%(name)s, source") % {"name": name},
        "as_of": _("%(name)s, date of the source") % {"name": name},
    }

    def attributes(part: str) -> dict[str, Any]:
        return {**INPUT, "aria-label": labels[part], "data-part": part}

    numbers = {
        f"{each.key}-{part}": forms.FloatField(
            label=labels[part],
            required=False,
            help_text=unit,
            widget=forms.NumberInput({**attributes(part), "step": "any"}),
        )
        for part in ("value", "low", "high")
    }
    return {
        **numbers,
        f"{each.key}-source": forms.CharField(
            label=labels["source"],
            required=False,
            max_length=200,
            widget=forms.TextInput(attributes("source")),
        ),
        f"{each.key}-as_of": forms.DateField(
            label=labels["as_of"],
            required=False,
            widget=forms.DateInput({**attributes("as_of"), "type": "date"}, "%Y-%m-%d"),
        ),
    }


def _initial(calculation: Calculation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": calculation.name,
        "currency": calculation.currency,
        "note": calculation.note,
    }
    for each in DEFINITIONS[calculation.kind].inputs:
        row = calculation.inputs.get(each.key, {})
        for part in PARTS:
            value = row.get(part)
            if value is not None and part in {"value", "low", "high"}:
                # 0.07 × 100 is 7.000000000000001.
                value = f"{round(value * _scale(each), 9):.15g}"
            found[f"{each.key}-{part}"] = value
    return found


def _stored(each: Input, part: str, value: Any) -> Any:
    if value in {None, ""}:
        return None
    if part == "as_of":
        return value.isoformat()
    if part == "source":
        return value
    return round(value / _scale(each), 12)
