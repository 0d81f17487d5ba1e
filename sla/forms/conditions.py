"""Whom a policy is for, as pickers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.core.policy import CONDITION_FIELDS, PRIORITIES
from tickets.models import Category, Channel, Organisation, Priority, Tag


class LinesField(forms.CharField):
    """One value a line, or separated by commas; the value is a list of texts."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str | None) else ", ".join(map(str, value))

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        parts = [part.strip() for part in text.replace(",", "\n").splitlines()]
        return list(dict.fromkeys(part for part in parts if part))


class OrganisationsField(forms.CharField):
    """Names, one a line (commas belong to names); the value is a list of numbers."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str | None):
            return value
        names = Organisation.objects.filter(pk__in=value).order_by("name")
        return "\n".join(f"{row.name} #{row.pk}" for row in names)

    def clean(self, value: Any) -> list[int]:
        text = super().clean(value)
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return sorted({self._find(line) for line in lines})

    def _find(self, line: str) -> int:
        name, _hash, number = line.rpartition("#")
        if number.isdecimal() and len(number) < 16:
            found = Organisation.objects.filter(pk=int(number))
        else:
            found = Organisation.objects.filter(name__iexact=line)
        ids = list(found.values_list("pk", flat=True)[:2])
        if len(ids) == 1:
            return ids[0]
        if ids:
            message = _(
                "Several organisations are called “%(name)s”: add # and its number."
            )
        else:
            message = _("There is no organisation “%(name)s”.")
        raise forms.ValidationError(message % {"name": name.strip() or line})


def _checkboxes(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple
    )


class ConditionsForm(forms.Form):
    """Any value of a field matches, every field must; an empty field accepts all."""

    cond_tier = _checkboxes(gettext_lazy("Tier"))
    cond_priority = _checkboxes(gettext_lazy("Priority"))
    cond_channel = _checkboxes(gettext_lazy("Channel"))
    cond_category = forms.MultipleChoiceField(
        label=gettext_lazy("Category"),
        required=False,
        widget=forms.SelectMultiple(attrs={"class": "sla-input", "size": 5}),
        help_text=gettext_lazy("With everything below it."),
    )
    cond_organisation = OrganisationsField(
        required=False,
        label=gettext_lazy("Organisation"),
        widget=forms.Textarea(attrs={"class": "sla-input", "rows": 3}),
        help_text=gettext_lazy("One name a line."),
    )
    cond_tag = LinesField(
        label=gettext_lazy("Tag"),
        widget=forms.TextInput(attrs={"class": "sla-input", "list": "sla-tags"}),
        help_text=gettext_lazy("Separated by commas."),
    )

    def __init__(self, *args: Any, tiers: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Priority.choices)
        channels = Channel.objects.order_by("name").values_list("code", "name")
        paths = Category.objects.order_by("path").values_list("path", flat=True)
        self._offer("cond_tier", list(tiers.items()))
        self._offer("cond_priority", [(code, labels[code]) for code in PRIORITIES])
        self._offer("cond_channel", list(channels))
        self._offer("cond_category", [(path, path) for path in paths])

    def _offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """Offer choices, and the chosen ones that no longer exist, so none is lost."""
        offered = list(choices)
        known = {value for value, _label in offered}
        gone = [v for v in self.initial.get(name) or () if v not in known]
        field = self.fields[name]
        field.choices = [*offered, *((value, value) for value in gone)]  # type: ignore[attr-defined]

    def conditions(self) -> dict[str, tuple[Any, ...]]:
        values = {name: self.cleaned_data[f"cond_{name}"] for name in CONDITION_FIELDS}
        return {name: tuple(chosen) for name, chosen in values.items() if chosen}

    def tags(self) -> list[str]:
        """Names to complete from."""
        return list(Tag.objects.order_by("name").values_list("name", flat=True)[:200])
