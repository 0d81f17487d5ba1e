"""Rows of sections that are tables: inputs, risks, triggers, review dates."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from supportops.metrics import catalogue
from workforce.capacity.forms.decisions import fields
from workforce.capacity.forms.decisions.choices import (
    Narrowing,
    can_be_narrowed,
    typed_factor,
)
from workforce.capacity.models import DecisionInput, ReviewDate, Risk, Trigger

L = gettext_lazy


class RowForm(forms.Form):
    """One row; ``id`` names the one it changes."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def content(self) -> dict[str, Any]:
        """What the service writes of this row."""
        return {
            name: value for name, value in self.cleaned_data.items() if name != "DELETE"
        }

    @property
    def is_new(self) -> bool:
        return not self["id"].value()


class InputRow(RowForm):
    wide = ("name", "source", "quality_gap")

    name = fields.text(L("Input"), length=120, required=True)
    about = fields.choice(
        L("About"), DecisionInput.About.choices, initial=DecisionInput.About.OTHER
    )
    value = fields.number(L("Value"))
    unit = fields.text(L("Unit"), length=40)
    low = fields.number(L("Plausible from"))
    high = fields.number(L("Plausible to"))
    metric = fields.choice(L("Metric of the catalogue"), required=False)
    source = fields.text(L("Source"), length=200)
    as_of = fields.day(L("As of"))
    quality_gap = fields.text(L("Data-quality gap"))
    data_owner = fields.text(L("Data owner"), length=120)
    refresh_days = fields.whole(
        L("Read again every, days"), least=1, most=3660, required=False
    )

    def __init__(self, *args: Any, metrics: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = [("", _("none")), *metrics]

    @staticmethod
    def initial_of(row: DecisionInput) -> dict[str, Any]:
        names = [name for name in InputRow.base_fields if name != "id"]
        return {"id": row.pk, **{name: getattr(row, name) for name in names}}


class RiskRow(RowForm):
    wide = ("text", "mitigation")

    text = fields.text(L("Risk"), required=True)
    likelihood = forms.TypedChoiceField(
        label=L("Likelihood"),
        coerce=int,
        choices=Risk.Grade.choices,
        initial=Risk.Grade.MEDIUM,
        widget=forms.Select(attrs=fields.styled()),
    )
    impact = forms.TypedChoiceField(
        label=L("Impact"),
        coerce=int,
        choices=Risk.Grade.choices,
        initial=Risk.Grade.MEDIUM,
        widget=forms.Select(attrs=fields.styled()),
    )
    mitigation = fields.text(L("Mitigation"))
    owner = forms.TypedChoiceField(
        label=L("Owner"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.Select(attrs=fields.styled()),
    )

    def __init__(self, *args: Any, people: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {person.pk: person for person in people}
        self.fields["owner"].choices = [
            ("", _("nobody")),
            *((pk, str(person)) for pk, person in self.people.items()),
        ]

    def content(self) -> dict[str, Any]:
        sent = super().content()
        return {**sent, "owner": self.people.get(sent["owner"])}

    @staticmethod
    def initial_of(row: Risk) -> dict[str, Any]:
        return {
            "id": row.pk,
            "text": row.text,
            "likelihood": row.likelihood,
            "impact": row.impact,
            "mitigation": row.mitigation,
            "owner": row.owner_id,
        }


class TriggerRow(RowForm):
    wide = ("metric", "purpose", "contingency")

    metric = fields.choice(L("Metric"))
    direction = fields.choice(
        L("When it"), Trigger.Direction.choices, initial=Trigger.Direction.ABOVE
    )
    threshold = fields.number(L("Threshold, in its unit"), required=True)
    window_days = fields.whole(L("Over days"), least=1, most=366, initial=7)
    minimum_n = fields.whole(L("With at least, facts"), least=0, initial=20)
    channel = fields.choice(L("Channel"), required=False)
    team = fields.choice(L("Team"), required=False)
    tier = fields.choice(L("Tier"), required=False)
    priority = fields.choice(L("Priority"), required=False)
    purpose = fields.choice(
        L("Purpose"), Trigger.Purpose.choices, initial=Trigger.Purpose.REVIEW
    )
    contingency = fields.text(L("What is done then"))
    is_off = forms.BooleanField(label=L("Switched off"), required=False)

    def __init__(
        self, *args: Any, metrics: Any = (), narrowing: Narrowing, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        held = (self.initial or {}).get("metric", "")
        known = {code for code, _name in metrics}
        gone = [(held, held)] if held and held not in known else []
        # Without a choice of its own, an empty row would look filled in.
        self.fields["metric"].choices = [("", _("choose")), *metrics, *gone]
        for name, choices in narrowing.by.items():
            self.fields[name].choices = choices
        self.dimensions = tuple(narrowing.by)

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or self.cleaned_data
        code = sent.get("metric", "")
        for name in self.dimensions:
            if sent.get(name) and not can_be_narrowed(code, name):
                self.add_error(
                    name,
                    _("%(metric)s cannot be narrowed by this.")
                    % {"metric": catalogue.get(code).name},
                )
        return sent

    def content(self) -> dict[str, Any]:
        sent = super().content()
        filters = {name: [sent.pop(name)] for name in self.dimensions if sent[name]}
        for name in self.dimensions:
            sent.pop(name, None)
        threshold = round(sent["threshold"] / typed_factor(sent["metric"]), 9)
        return {**sent, "filters": filters, "threshold": threshold}

    def unsaved(self) -> Trigger:
        """The trigger as it would be, to look it up in the past before it is saved."""
        sent = self.content()
        names = ("metric", "filters", "direction", "threshold", "window_days")
        return Trigger(
            minimum_n=sent["minimum_n"], **{name: sent[name] for name in names}
        )

    @staticmethod
    def initial_of(row: Trigger) -> dict[str, Any]:
        plain = ("metric", "direction", "window_days", "minimum_n", "purpose")
        return {
            "id": row.pk,
            **{name: getattr(row, name) for name in plain},
            **{name: values[0] for name, values in row.filters.items() if values},
            "contingency": row.contingency,
            "threshold": round(row.threshold * typed_factor(row.metric), 6),
            "is_off": row.state == Trigger.State.OFF,
        }


class ReviewRow(RowForm):
    wide = ("note",)

    due_on = fields.day(L("Review on"), required=True)
    note = fields.text(L("What to look at"), length=200)

    @staticmethod
    def initial_of(row: ReviewDate) -> dict[str, Any]:
        return {"id": row.pk, "due_on": row.due_on, "note": row.note}
