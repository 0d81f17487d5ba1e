"""Filters of the self-service pages, and the inputs of its value."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kb.models import KnowledgeValue

INPUT = {"class": "sla-input"}
HUNDRED = Decimal(100)


class ValueForm(forms.Form):
    """What the value is worked out from; an empty field takes what was counted."""

    visits_per_month = forms.IntegerField(
        label=_("Visits of the help centre a month"),
        required=False,
        min_value=0,
        max_value=1_000_000_000,
        help_text=_("Empty: readers of articles in the period, scaled to a month."),
        widget=forms.NumberInput(INPUT),
    )
    deflection_percent = forms.DecimalField(
        label=_("Deflection rate, %"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text=_("Empty: readers without a ticket in the period."),
        widget=forms.NumberInput(INPUT),
    )
    cost_per_ticket = forms.DecimalField(
        label=_("Cost per ticket"),
        min_value=0,
        max_digits=10,
        decimal_places=2,
        help_text=_(
            "15 is the worked example's. Yours stands under Costs, if you may see them."
        ),
        widget=forms.NumberInput(INPUT),
    )
    source = forms.CharField(
        label=_("Where these figures come from"),
        required=False,
        max_length=200,
        widget=forms.TextInput(INPUT),
    )

    @classmethod
    def of(cls, stored: KnowledgeValue | None) -> "ValueForm":
        """The form as it is filled at first."""
        row = stored or KnowledgeValue()
        rate = row.deflection_rate
        return cls(
            initial={
                "visits_per_month": row.visits_per_month,
                "deflection_percent": None
                if rate is None
                else (rate * HUNDRED).normalize(),
                "cost_per_ticket": row.cost_per_ticket,
                "source": row.source,
            }
        )

    @property
    def values(self) -> dict[str, Any]:
        """What ``services.figures.save_value`` takes."""
        given = self.cleaned_data
        percent = given["deflection_percent"]
        return {
            "visits_per_month": given["visits_per_month"],
            "deflection_rate": None if percent is None else percent / HUNDRED,
            "cost_per_ticket": given["cost_per_ticket"],
            "source": given["source"],
        }
