"""Forms of sampling: a plan, a draw, reassigning, replacing, the precision planner."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from qa.core.sampling import STRATUM_FIELDS
from qa.core.sampling.flags import RULES
from qa.models import SampleItem, SamplingPlan
from qa.sampling_phrases import RULE_LABELS, STRATUM_NAMES
from qa.selectors.sampling.lint import people_who_may_score
from qa.services.sampling import LARGEST_SEED
from supportops.common.row_fields import RowsField
from workforce.people.models import Team, User

INPUT = {"class": "sla-input"}


class SamplingPlanForm(forms.ModelForm):
    strata = forms.MultipleChoiceField(
        label=gettext_lazy("Strata"),
        required=False,
        choices=[(field, STRATUM_NAMES[field]) for field in STRATUM_FIELDS],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy(
            "Each kind of ticket gets its part of the sample; choose two at most, or most "
            "would stay empty. Category is its first level. Complex is ten messages or "
            "more, two hand-offs or reopened; medium five messages or a hand-off."
        ),
    )
    rules = forms.MultipleChoiceField(
        label=gettext_lazy("Flagged tickets"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy(
            "Reviewed beside the random ones and kept out of the measured score."
        ),
    )
    reviewers = RowsField(
        label=gettext_lazy("Reviewers"),
        required=False,
        queryset=User.objects.none(),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy(
            "Everybody who may score reviews. Reviews are shared out evenly, in turn over "
            "agents; nobody gets their own tickets."
        ),
    )

    class Meta:
        model = SamplingPlan
        fields = (
            "name", "scorecard", "is_active", "teams", "categories", "channels",
            "quota_rule", "quota", "strata", "allocation", "rules", "rule_limit",
            "overlap_share", "gold_share", "reviewers", "reviewer_limit", "pair_limit",
            "due_hours", "is_automatic", "weekday", "time_zone",
        )  # fmt: skip
        help_texts = {
            "teams": gettext_lazy("Whose tickets are reviewed; empty for all teams."),
            "categories": gettext_lazy(
                "With everything beneath; empty for all categories."
            ),
            "channels": gettext_lazy("Empty for all channels."),
            "quota": gettext_lazy("Only with a fixed number."),
            "allocation": gettext_lazy(
                "Neyman takes more where scores have varied more, once there are five "
                "scores in a stratum."
            ),
            "rule_limit": gettext_lazy("In each week."),
            "overlap_share": gettext_lazy(
                "Share of the random tickets, such as 0.08; at least one a draw. Tells "
                "how far reviewers agree."
            ),
            "gold_share": gettext_lazy(
                "Share of the random tickets, such as 0.02; at least one a draw. Tells "
                "who drifts."
            ),
            "reviewer_limit": gettext_lazy("In each draw; empty for no limit."),
            "pair_limit": gettext_lazy("In each draw; empty for no limit."),
            "due_hours": gettext_lazy("After the draw. Feedback within 48 hours is usual."),
            "is_automatic": gettext_lazy("Each week, on the day below, for last week."),
            "time_zone": gettext_lazy("In which weeks begin and end."),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who may only look gets a form without fields.
        if "rules" in self.fields:
            self.fields["rules"].choices = [  # type: ignore[attr-defined]
                (rule, RULE_LABELS[rule]) for rule in RULES
            ]
        if "reviewers" in self.fields:
            self.fields["reviewers"].queryset = self._choosable()  # type: ignore[attr-defined]

    def _choosable(self) -> Any:
        """Return who may score, and who was named and may no longer."""
        able = people_who_may_score()
        if not self.instance.pk:
            return able
        named = User.objects.filter(sampling_plans=self.instance)
        return User.objects.filter(
            pk__in={
                *able.values_list("pk", flat=True),
                *named.values_list("pk", flat=True),
            }
        ).order_by("first_name", "last_name", "pk")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        fixed = cleaned.get("quota_rule") == SamplingPlan.Quota.FIXED
        if fixed and not cleaned.get("quota"):
            self.add_error("quota", _("Say how many tickets a week."))
        for name in ("reviewer_limit", "pair_limit"):
            if cleaned.get(name) == 0:
                self.add_error(name, _("A limit is 1 or more; empty for no limit."))
        return cleaned


class DrawForm(forms.Form):
    """Which week, and from which seed."""

    starts_on = forms.DateField(
        label=gettext_lazy("Week from Monday"),
        widget=forms.DateInput(
            format="%Y-%m-%d", attrs={**INPUT, "type": "date", "step": "7"}
        ),
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"),
        min_value=0,
        max_value=LARGEST_SEED,
        widget=forms.NumberInput(attrs=INPUT),
        help_text=gettext_lazy("The same seed draws the same tickets."),
    )


class TakeForm(DrawForm):
    expected_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ReassignForm(forms.Form):
    """Several items to one reviewer."""

    reviewer = forms.ModelChoiceField(
        label=gettext_lazy("Give the chosen ones to"),
        queryset=User.objects.none(),
        widget=forms.Select(attrs=INPUT),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = people_who_may_score()  # type: ignore[attr-defined]


class ReplaceForm(forms.Form):
    code = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=SampleItem.Reason.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("In words"),
        max_length=300,
        widget=forms.Textarea(attrs={**INPUT, "rows": 2}),
        help_text=gettext_lazy("Kept: who replaces what is counted."),
    )


class PeriodForm(forms.Form):
    """Days from and to, both included, and a team."""

    start = forms.DateField(
        label=gettext_lazy("from"), widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=gettext_lazy("to and including"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    team = forms.ModelChoiceField(
        label=gettext_lazy("team"),
        required=False,
        empty_label=gettext_lazy("all"),
        queryset=Team.objects.order_by("name"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, last = cleaned.get("start"), cleaned.get("last")
        if start and last and last < start:
            self.add_error("last", _("The last day is before the first."))
        return cleaned


class PrecisionForm(forms.Form):
    """What should be told apart, until when, and for whom."""

    score = forms.FloatField(
        label=gettext_lazy("tell a mean of"),
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )
    other = forms.FloatField(
        label=gettext_lazy("from"),
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )
    confidence = forms.TypedChoiceField(
        label=gettext_lazy("as sure as"),
        coerce=float,
        choices=[("0.8", "80 %"), ("0.9", "90 %"), ("0.95", "95 %"), ("0.99", "99 %")],
    )
    team = forms.ModelChoiceField(
        label=gettext_lazy("agents of"),
        required=False,
        empty_label=gettext_lazy("all teams"),
        queryset=Team.objects.order_by("name"),
    )
    month = forms.DateField(
        label=gettext_lazy("month"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("score") is not None and cleaned["score"] == cleaned.get(
            "other"
        ):
            self.add_error("other", _("Two equal means cannot be told apart."))
        return cleaned
