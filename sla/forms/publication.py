"""What a publication needs beside the draft: from when, and why."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOMENT_FORMAT = "%Y-%m-%dT%H:%M"


class PublicationForm(forms.Form):
    """The moment is read in the zone of the person who types it."""

    effective_from = forms.DateTimeField(
        label=_("In force for tickets created from"),
        input_formats=[MOMENT_FORMAT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(
            format=MOMENT_FORMAT,
            attrs={"type": "datetime-local", "class": "sla-input"},
        ),
        help_text=_(
            "A moment in the past judges the tickets created since then again."
        ),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"class": "sla-input", "rows": 2}),
        help_text=_("Kept with the version, for whoever asks later."),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_from"].initial = now.replace(second=0, microsecond=0)


class PolicyNameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "sla-input"}),
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        widget=forms.Textarea(attrs={"class": "sla-input", "rows": 2}),
    )


class NewPolicyForm(PolicyNameForm):
    start_from = forms.ChoiceField(
        label=_("Start from"), widget=forms.Select(attrs={"class": "sla-input"})
    )

    def __init__(
        self, *args: Any, sources: list[tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start_from"].choices = sources  # type: ignore[attr-defined]
