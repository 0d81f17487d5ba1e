"""Forms of forecasts: method and horizon, overlays chosen and saved, publication."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from workforce.capacity.core.overlays import Change
from workforce.capacity.models import Method, Overlay
from workforce.capacity.services.forecasting.methods import LONGEST_HORIZON

DATE = {"type": "date", "class": "sla-input"}


class MethodForm(forms.Form):
    method = forms.ChoiceField(choices=Method.choices, label=_("Method"))
    horizon_days = forms.IntegerField(
        min_value=1, max_value=LONGEST_HORIZON, label=_("Days ahead")
    )


class PublishForm(forms.Form):
    note = forms.CharField(
        max_length=300,
        required=False,
        label=_("Note"),
        widget=forms.TextInput(attrs={"class": "sla-input"}),
        help_text=_("What is special about this forecast; shown beside it later."),
    )


class OverlayForm(forms.ModelForm):
    is_for_all = forms.BooleanField(required=False, label=_("For every queue"))

    class Meta:
        model = Overlay
        fields = ("name", "percent", "starts_on", "ends_on", "response")
        widgets = {
            "name": forms.TextInput(attrs={"class": "sla-input"}),
            "percent": forms.NumberInput(attrs={"class": "sla-input", "step": "1"}),
            "starts_on": forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
            "response": forms.TextInput(attrs={"class": "sla-input"}),
        }


class OverlayChoice:
    """The overlays that an address lays over a forecast: ``overlay``, ``from-``, ``to-``.

    Days in the address replace those of the overlay, for this look only. Days that
    cannot be read are told in ``errors``, and that overlay is left out.
    """

    def __init__(self, given: QueryDict, offered: Sequence[Overlay]) -> None:
        self.errors: list[str] = []
        self.offered = offered
        self._given = given
        chosen = set(given.getlist("overlay"))
        self.changes = [
            change
            for overlay in offered
            if str(overlay.pk) in chosen and (change := self._change(overlay))
        ]

    def rows(self) -> list[dict[str, Any]]:
        """Return every overlay with what the address says of it, for the panel."""
        chosen = set(self._given.getlist("overlay"))
        return [
            {
                "overlay": overlay,
                "is_on": str(overlay.pk) in chosen,
                "starts_on": self._given.get(f"from-{overlay.pk}", "")
                or _iso(overlay.starts_on),
                "ends_on": self._given.get(f"to-{overlay.pk}", "")
                or _iso(overlay.ends_on),
            }
            for overlay in self.offered
        ]

    def address(self) -> str:
        """Return the part of an address that chooses the same again."""
        said = QueryDict(mutable=True)
        for change in self.changes:
            said.appendlist("overlay", str(change.key))
            if change.starts_on:
                said[f"from-{change.key}"] = change.starts_on.isoformat()
            if change.ends_on:
                said[f"to-{change.key}"] = change.ends_on.isoformat()
        return said.urlencode()

    def _change(self, overlay: Overlay) -> Change | None:
        try:
            first = self._day(f"from-{overlay.pk}", overlay.starts_on)
            last = self._day(f"to-{overlay.pk}", overlay.ends_on)
            return Change(
                overlay.name, float(overlay.percent), first, last, key=overlay.pk
            )
        except (ValidationError, ValueError):
            self.errors.append(
                str(_("“%(name)s” is left out: give its days in order."))
                % {"name": overlay.name}
            )
            return None

    def _day(self, name: str, otherwise: date | None) -> date | None:
        text = self._given.get(name, "").strip()
        if not text:
            return otherwise
        day: date | None = forms.DateField(input_formats=["%Y-%m-%d"]).clean(text)
        return day


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
