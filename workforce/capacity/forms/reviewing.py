"""Filters of the pages that review forecasts, and the forms of an investigation."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from workforce.capacity.core.judging import GRAINS, HORIZONS
from workforce.capacity.models import Investigation, Queue
from workforce.people.models import User

INPUT = {"class": "sla-input"}

PERIODS = (
    (28, _("Last 4 weeks")),
    (91, _("Last 13 weeks")),
    (182, _("Last 26 weeks")),
    (365, _("Last 365 days")),
)
DEFAULT_PERIOD, DEFAULT_HORIZON = 91, 1


class PeriodForm(forms.Form):
    """Which days are judged, and by how old a forecast."""

    days = forms.TypedChoiceField(
        label=_("Days"), choices=PERIODS, coerce=int, required=False
    )
    horizon = forms.TypedChoiceField(
        label=_("Forecast made at least"),
        choices=[
            (1, _("a day before")),
            *((n, _("%(n)s days before") % {"n": n}) for n in HORIZONS[1:]),
        ],
        coerce=int,
        required=False,
    )

    @property
    def chosen(self) -> tuple[int, int]:
        """Days and horizon; what is missing or unknown takes the default."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        return (
            data.get("days") or DEFAULT_PERIOD,
            data.get("horizon") or DEFAULT_HORIZON,
        )


def grain_of(asked: str | None) -> str:
    return asked if asked in GRAINS else "week"


class FindingForm(forms.Form):
    """What came out of an investigation."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("", "–"), *Investigation.Outcome.choices],
        required=False,
        widget=forms.Select(INPUT),
    )
    finding = forms.CharField(
        label=_("What was found"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({**INPUT, "rows": 4}),
    )
    action = forms.CharField(
        label=_("What is done about it"),
        max_length=300,
        required=False,
        widget=forms.TextInput(INPUT),
    )


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), widget=forms.Select(INPUT)
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=100, widget=forms.TextInput(INPUT)
    )


class InvestigationFilter(forms.Form):
    """Filters of the list; each is kept in the address."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("All")), *Investigation.State.choices],
        required=False,
    )
    mine = forms.BooleanField(label=_("Mine"), required=False)
    queue = forms.ModelChoiceField(
        label=_("Queue"),
        queryset=Queue.objects.none(),
        required=False,
        empty_label=_("All queues"),
    )

    def __init__(self, *args: Any, queues: QuerySet[Queue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["queue"].queryset = queues  # type: ignore[attr-defined]
