"""Forms of calibrations: the draft, a decision, the minutes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa.core.calibration.matrix import values_of
from qa.core.scorecard import Criterion
from qa.models import CalibrationSession, ScorecardVersion
from supportops.common.row_fields import RowsField
from workforce.people.models import User

MOMENT_FORMAT = "%Y-%m-%dT%H:%M"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def people_who_may(permission: str) -> Any:
    """Return active people with a permission, by name."""
    return (
        User.objects.with_perm(permission, backend=BACKEND, include_superusers=False)
        .filter(is_active=True)
        .order_by("first_name", "last_name", "pk")
    )


class CalibrationForm(forms.ModelForm):
    """Settings and participants. Tickets are picked beside it."""

    version = forms.ModelChoiceField(
        label=_("Scorecard"),
        queryset=ScorecardVersion.objects.none(),
        widget=forms.Select(attrs={"class": "sla-input"}),
    )
    participants = RowsField(
        label=_("Who scores"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    due_at = forms.DateTimeField(
        label=_("Scores due"),
        input_formats=[MOMENT_FORMAT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(
            format=MOMENT_FORMAT,
            attrs={"type": "datetime-local", "class": "sla-input"},
        ),
    )

    class Meta:
        model = CalibrationSession
        fields = (
            "title",
            "version",
            "facilitator",
            "due_at",
            "mode",
            "baseline",
            "reveal",
            "threshold",
            "min_participants",
            "hide_agent",
        )
        help_texts = {
            "threshold": _(
                "Highest minus lowest total of one ticket. 5 is the usual limit."
            ),
            "min_participants": _("Scores cannot be opened under this number."),
            "hide_agent": _("Participants do not read whose work they score."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = ScorecardVersion.objects.filter(
            state=ScorecardVersion.State.PUBLISHED
        ).select_related("scorecard")
        self.fields["version"].queryset = versions.order_by("scorecard__name")
        self.fields["version"].label_from_instance = version_name
        reviewers = people_who_may("qa.score_review")
        self.fields["participants"].queryset = reviewers
        self.fields["baseline"].queryset = reviewers
        facilitators = people_who_may("qa.facilitate_calibration")
        self.fields["facilitator"].queryset = facilitators
        if self.instance.pk:
            taking_part = self.instance.participants.values_list("user_id", flat=True)
            self.fields["participants"].initial = list(taking_part)
        for name in (
            "title",
            "facilitator",
            "mode",
            "baseline",
            "reveal",
            "threshold",
            "min_participants",
        ):
            self.fields[name].widget.attrs["class"] = "sla-input"


def version_name(version: ScorecardVersion) -> str:
    return _("%(name)s, version %(number)d") % {
        "name": version.scorecard.name,
        "number": version.number,
    }


class DecisionForm(forms.Form):
    """What was agreed on one criterion of one ticket, or that it is unclear."""

    UNCLEAR = "unclear!"

    level = forms.ChoiceField(
        label=_("Agreed"), widget=forms.Select(attrs={"class": "sla-input"})
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"class": "sla-input", "rows": 3}),
        help_text=_("Shown to whoever scores this criterion later."),
    )
    quote = forms.CharField(
        label=_("Passage of the ticket it rests on"),
        required=False,
        widget=forms.Textarea(attrs={"class": "sla-input", "rows": 2}),
    )

    def __init__(
        self, *args: Any, criterion: Criterion, label: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *(
                (value, label(criterion, value))
                for value, _name in values_of(criterion)
            ),
            (self.UNCLEAR, _("The criterion is unclear: change the rubric")),
        ]
