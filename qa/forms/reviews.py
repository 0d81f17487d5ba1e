"""Forms of reviews: the filters of a list, the agent's words, a reason."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa.models import Review
from qa.selectors import review_lists
from qa.selectors.review_lists import Wanted
from workforce.people.models import User

REASON_LENGTH = 500
WORDS_LENGTH = 2000
AREA = {"class": "sla-input", "rows": 3}

BANDS = [
    ("", _("Any score")),
    ("failed", _("Not passed")),
    ("critical", _("Critical fail")),
    ("under70", _("Below 70")),
    ("70to84", _("70 to 84")),
    ("85to94", _("85 to 94")),
    ("from95", _("95 and more")),
]
ORDERS = [
    ("newest", _("Newest first")),
    ("oldest", _("Oldest first")),
    ("lowest", _("Lowest score first")),
    ("highest", _("Highest score first")),
]


class ReviewFilterForm(forms.Form):
    """What narrows a list; it lives in the address, so a list can be sent to somebody."""

    q = forms.CharField(
        label=_("Ticket or subject"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "placeholder": "#"}),
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    period_from = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"})
    )
    period_to = forms.DateField(
        label=_("To, included"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
    )
    agent = forms.ModelChoiceField(
        label=_("Agent"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Every agent"),
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=None, required=False, empty_label=_("Every team")
    )
    reviewer = forms.ModelChoiceField(
        label=_("Reviewer"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Every reviewer"),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    band = forms.ChoiceField(label=_("Score"), choices=BANDS, required=False)
    order = forms.ChoiceField(label=_("Order"), choices=ORDERS, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("All finished")), *Review.State.choices]
        self.fields["kind"].choices = [("", _("All kinds")), *Review.Kind.choices]
        self.fields["agent"].queryset = review_lists.agents_listed(user)
        self.fields["reviewer"].queryset = review_lists.reviewers_listed(user)
        self.fields["team"].queryset = review_lists.teams_listed(user)

    def leave_out(self, *names: str) -> None:
        """Offer fewer filters: an agent's own list needs no agent."""
        for name in names:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("period_from"), data.get("period_to")
        if start and end and end < start:
            self.add_error("period_to", _("The last day lies before the first."))
        return data

    def wanted(self) -> Wanted:
        """What was asked for; a filter that cannot be read narrows nothing."""
        data = self.cleaned_data
        named = {name: data.get(name) for name in ("agent", "team", "reviewer")}
        return Wanted(
            states=tuple(filter(None, [data.get("state")])),
            kinds=tuple(filter(None, [data.get("kind")])),
            start=_midnight(data.get("period_from")),
            end=_midnight(data.get("period_to"), days=1),
            equal={name: value for name, value in named.items() if value},
            band=data.get("band") or "",
            order=data.get("order") or "newest",
            words=data.get("q") or "",
        )


def _midnight(day: Any, days: int = 0) -> datetime | None:
    """The first moment of a day in the zone of whoever asks."""
    if day is None:
        return None
    return timezone.make_aware(
        datetime.combine(day + timedelta(days=days), time.min),
        timezone.get_current_timezone(),
    )


class AcknowledgeForm(forms.Form):
    words = forms.CharField(
        label=_("Your words, if you wish"),
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea({**AREA, "rows": 2}),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea(AREA)
    )
