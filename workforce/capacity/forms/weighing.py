"""How options, criteria and segments of a decision are edited."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.models import CustomerTier
from workforce.capacity.core.segments import RISK, VALUE
from workforce.capacity.forms.decisions import fields
from workforce.capacity.forms.decisions.parts import RowsEditor, register
from workforce.capacity.forms.decisions.rows import RowForm
from workforce.capacity.models import (
    Criterion,
    Decision,
    DecisionOption,
    Queue,
    Segment,
)
from workforce.capacity.selectors.decisions.reading import MIX
from workforce.capacity.selectors.weighing.segments import weights_of
from workforce.capacity.selectors.weighing.setting import channel_key
from workforce.capacity.services.weighing.parts import LETTERS

L = gettext_lazy
SHARE, GRADE = "share_", "grade_"


def share_field(name: str) -> forms.FloatField:
    return forms.FloatField(
        label=_("%(channel)s, %%") % {"channel": name},
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs=fields.styled(step="any", **{"data-share": ""})),
    )


def channels_of(decision: Decision) -> list[str]:
    """Channels of the decision's inputs and options, then those work is planned in."""
    typed = [
        key.removeprefix(MIX)
        for key in decision.inputs.values_list("key", flat=True)
        if key.startswith(MIX)
    ]
    mixed = [
        name for mix in decision.options.values_list("mix", flat=True) for name in mix
    ]
    planned = Queue.objects.filter(is_active=True).order_by("channel")
    known = list(dict.fromkeys([*typed, *mixed]))
    names = planned.values_list("channel", flat=True)
    return known or list(dict.fromkeys(channel_key(name) for name in names))


class OptionRow(RowForm):
    wide = ("name", "description")

    letter = fields.choice(L("Letter"), [(each, each) for each in LETTERS])
    name = fields.text(L("Name"), length=120, required=True)
    people = fields.number(L("People, FTE"), min_value=0)
    automation = fields.number(L("Automated, %"), min_value=0, max_value=100, initial=0)
    description = fields.text(L("Speed versus cost"), length=1000)

    def __init__(
        self, *args: Any, channels: Any = (), free: str = "A", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.channels = list(channels)
        self.fields["letter"].initial = free
        for place, name in enumerate(self.channels):
            self.fields[f"{SHARE}{place}"] = share_field(name)
        for place, name in enumerate(self.channels):
            share = self.initial.get("mix", {}).get(name)
            if share is not None:
                self.initial[f"{SHARE}{place}"] = round(100 * share, 4)

    @property
    def shares(self) -> list[Any]:
        return [self[f"{SHARE}{place}"] for place in range(len(self.channels))]

    @property
    def plain(self) -> list[Any]:
        return [field for field in self.visible_fields() if SHARE not in field.name]

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or self.cleaned_data
        shares = [sent.get(f"{SHARE}{place}") for place in range(len(self.channels))]
        total = sum(share for share in shares if share)
        if total and abs(total - 100) > 0.5 and not sent.get("DELETE"):
            raise forms.ValidationError(
                _("The channel shares add up to %(total)g %%, not 100 %%."),
                params={"total": round(total, 2)},
            )
        return sent

    def content(self) -> dict[str, Any]:
        sent = self.cleaned_data
        shares = {
            name: (sent.get(f"{SHARE}{place}") or 0.0) / 100
            for place, name in enumerate(self.channels)
        }
        mix = {name: round(share, 6) for name, share in shares.items() if share}
        return {
            "id": sent["id"],
            "letter": sent["letter"],
            "name": sent["name"],
            "description": sent["description"],
            "people": sent["people"],
            "automation": round((sent["automation"] or 0.0) / 100, 6),
            "mix": mix,
        }

    @staticmethod
    def initial_of(row: DecisionOption) -> dict[str, Any]:
        return {
            "id": row.pk,
            "letter": row.letter,
            "name": row.name,
            "description": row.description,
            "people": row.people,
            "automation": round(100 * row.automation, 4),
            "mix": row.mix,
        }


class OptionsEditor(RowsEditor):
    row_form = OptionRow
    template = "capacity/decisions/edit/options.html"

    def rows(self) -> Any:
        return self.decision.options.order_by("letter")

    def row_arguments(self) -> dict[str, Any]:
        taken = set(self.decision.options.values_list("letter", flat=True))
        free = [letter for letter in LETTERS if letter not in taken]
        return {
            "channels": channels_of(self.decision),
            "free": free[0] if free else LETTERS[-1],
        }


class CriterionRow(RowForm):
    wide = ("name",)

    name = fields.text(L("Criterion"), length=160, required=True)
    measure = fields.choice(L("Measured by"), Criterion.Measure.choices)
    weight = fields.number(L("Weight"), min_value=0, initial=1, required=True)

    def __init__(self, *args: Any, letters: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letters = list(letters)
        grades = self.initial.get("grades", {})
        for letter in self.letters:
            self.fields[f"{GRADE}{letter}"] = forms.FloatField(
                label=_("Grade of %(letter)s") % {"letter": letter},
                required=False,
                min_value=0,
                max_value=10,
                widget=forms.NumberInput(attrs=fields.styled(step="any")),
            )
            if letter in grades:
                self.initial[f"{GRADE}{letter}"] = grades[letter]

    def content(self) -> dict[str, Any]:
        sent = super().content()
        typed = {letter: sent.pop(f"{GRADE}{letter}", None) for letter in self.letters}
        return {
            **sent,
            "grades": {key: value for key, value in typed.items() if value is not None},
        }

    @staticmethod
    def initial_of(row: Criterion) -> dict[str, Any]:
        return {
            "id": row.pk,
            "name": row.name,
            "measure": row.measure,
            "weight": row.weight,
            "grades": row.grades,
        }


class CriteriaEditor(RowsEditor):
    row_form = CriterionRow

    def rows(self) -> Any:
        return self.decision.criteria.all()

    def row_arguments(self) -> dict[str, Any]:
        options = self.decision.options.order_by("letter")
        return {"letters": list(options.values_list("letter", flat=True))}


class SegmentRow(RowForm):
    wide = ("name", "source")

    name = fields.text(L("Segment"), length=120, required=True)
    tier = forms.TypedChoiceField(
        label=L("Customer tier"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.Select(attrs=fields.styled()),
    )
    customers = fields.whole(L("Customers"), most=100_000_000, initial=0)
    lifetime_value = fields.number(
        L("Lifetime value of one"), min_value=0, initial=0, required=True
    )
    churn_risk = fields.number(
        L("Churn risk, % a year"), min_value=0, max_value=100, initial=0, required=True
    )
    demand = fields.number(L("Demand, a week"), min_value=0, initial=0, required=True)
    commitment = fields.number(
        L("Committed, a week"), min_value=0, initial=0, required=True
    )
    source = fields.text(L("Source"), length=200)

    def __init__(self, *args: Any, tiers: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tiers = {tier.pk: tier for tier in tiers}
        self.fields["tier"].choices = [
            ("", _("none")),
            *((pk, str(tier)) for pk, tier in self.tiers.items()),
        ]

    def content(self) -> dict[str, Any]:
        sent = super().content()
        return {
            **sent,
            "tier": self.tiers.get(sent["tier"]),
            "churn_risk": round(sent["churn_risk"] / 100, 6),
        }

    @staticmethod
    def initial_of(row: Segment) -> dict[str, Any]:
        plain = (
            "name",
            "customers",
            "lifetime_value",
            "demand",
            "commitment",
            "source",
        )
        return {
            "id": row.pk,
            "tier": row.tier_id,
            "churn_risk": round(100 * row.churn_risk, 4),
            **{name: getattr(row, name) for name in plain},
        }


class SharingForm(forms.Form):
    capacity = fields.number(
        L("Capacity to share out, tickets a week"),
        min_value=0,
        help_text=L("What people and automation get through in a week."),
    )
    value_weight = fields.number(
        L("Weight of lifetime value"), min_value=0, required=True
    )
    risk_weight = fields.number(L("Weight of churn risk"), min_value=0, required=True)


class SegmentsEditor(RowsEditor):
    row_form = SegmentRow

    def rows(self) -> Any:
        return self.decision.segments.all()

    def row_arguments(self) -> dict[str, Any]:
        return {"tiers": list(CustomerTier.objects.order_by("rank", "pk"))}

    def head_form(self, data: Any) -> forms.Form:
        weights = weights_of(self.decision)
        initial = {
            "capacity": self.decision.capacity,
            "value_weight": weights[VALUE],
            "risk_weight": weights[RISK],
        }
        return SharingForm(data, initial=initial)

    def content(self) -> dict[str, Any]:
        sent = super().content()
        weights = {VALUE: sent.pop("value_weight"), RISK: sent.pop("risk_weight")}
        return {**sent, "weights": weights}


for _part, _editor in (
    ("options", OptionsEditor), ("criteria", CriteriaEditor),
    ("segments", SegmentsEditor),
):  # fmt: skip
    register(_part, _editor)
