"""The small forms of scorecards: name, description, reason."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from qa.models import RootCause
from qa.selectors.scorecards import criteria_in_use
from supportops.common import roles
from workforce.people.models import User

INPUT = {"class": "sla-input"}
OWNERS = (roles.SUPPORT_LEAD, roles.QA_REVIEWER, roles.ADMINISTRATOR)


class DescriptionForm(forms.Form):
    """What is said about a scorecard, beside what it judges."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs=INPUT)
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        widget=forms.Textarea(attrs={**INPUT, "rows": 2}),
    )


class DetailsForm(DescriptionForm):
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.Select(attrs=INPUT),
        help_text=_("Whom reviewers ask about it."),
    )
    requires_certificate = forms.BooleanField(
        label=_("Certified reviewers only"),
        required=False,
        help_text=_("Others may practise on gold tickets and in calibrations."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        present = self.initial.get("owner")
        owner.queryset = (
            User.objects.filter(
                Q(is_active=True, groups__name__in=OWNERS)
                | Q(pk=present.pk if present else None)
            )
            .distinct()
            .order_by("first_name", "last_name", "pk")
        )


class NewScorecardForm(DescriptionForm):
    start_from = forms.ChoiceField(
        label=_("Start from"), widget=forms.Select(attrs=INPUT)
    )

    def __init__(
        self, *args: Any, sources: list[tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start_from"].choices = sources  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={**INPUT, "rows": 3}),
        help_text=_("Kept with the version, for whoever asks later."),
    )


class RootCauseForm(forms.ModelForm):
    """A root cause; its criterion is one of the published scorecards' criteria."""

    criterion_key = forms.ChoiceField(
        label=_("Criterion"),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=_("Offered at this criterion only; of all scorecards that have it."),
    )

    class Meta:
        model = RootCause
        fields = ("name", "kind", "criterion_key", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = criteria_in_use()
        if self.instance.criterion_key:
            # Kept although no published scorecard has it any more.
            titles.setdefault(self.instance.criterion_key, self.instance.criterion_key)
        choice: Any = self.fields["criterion_key"]
        choice.choices = [("", _("Every criterion")), *titles.items()]
