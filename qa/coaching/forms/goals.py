"""Goals and milestones as typed: percent, hours and points, not fractions and seconds."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.coaching.core.goals import milestone_weeks
from qa.coaching.forms import fields
from qa.coaching.models import Goal, Milestone
from qa.coaching.selectors.goals import (
    CRITERION,
    code_of,
    in_own_unit,
    measurable,
    subject_name,
    typed_scale,
    value_words,
)
from qa.coaching.services.plans import MilestoneContent
from qa.coaching.services.session_content import GoalContent


def subject_choices() -> list[tuple[str, str]]:
    return [("", _("no figure: a person says")), *measurable()]


def goal_words(code: str, comparison: str, target: float | None) -> str:
    """Say a goal in words, for one that was left without."""
    return _("%(what)s %(comparison)s %(target)s") % {
        "what": subject_name(code),
        "comparison": Goal.Comparison(comparison).label,
        "target": value_words(code, target),
    }


class GoalForm(forms.Form):
    """One goal; an empty row is none. Without a figure it needs words."""

    goal = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = fields.text(gettext_lazy("Goal"), required=False)
    subject = fields.choice(gettext_lazy("Figure"), required=False)
    comparison = fields.choice(
        gettext_lazy("should be"), Goal.Comparison.choices, required=False
    )
    target = fields.number(gettext_lazy("Target"))
    min_n = fields.whole(
        gettext_lazy("from how many cases"), least=1, most=500, initial=3
    )
    starts_on = fields.day(gettext_lazy("counted from"), required=False)
    ends_on = fields.day(gettext_lazy("by"), required=False)

    needs_days = True

    def __init__(
        self,
        *args: Any,
        subjects: list[Any],
        starts_on: date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = subjects
        if starts_on and self.needs_days:
            self.fields["starts_on"].initial = starts_on
            self.fields["ends_on"].initial = starts_on + timedelta(days=7)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.is_filled:
            return data
        if data.get("subject") and data.get("target") is None:
            self.add_error("target", _("A figure needs a target."))
        if not self.needs_days:
            return data
        start, end = data.get("starts_on"), data.get("ends_on")
        if not start or not end:
            self.add_error("ends_on", _("Say from when to when it counts."))
        elif end <= start:
            self.add_error("ends_on", _("It ends after it starts."))
        return data

    @property
    def is_filled(self) -> bool:
        data = getattr(self, "cleaned_data", {})
        return bool(data.get("text") or data.get("subject"))

    def content(self, **days: Any) -> GoalContent:
        data = self.cleaned_data
        code = data["subject"]
        is_criterion = code.startswith(CRITERION)
        target = data["target"] if code else None
        scaled = None if target is None else in_own_unit(code, target)
        comparison = data["comparison"] or Goal.Comparison.AT_LEAST
        return GoalContent(
            id=data["goal"],
            text=data["text"] or goal_words(code, comparison, scaled),
            metric="" if is_criterion else code,
            criterion_key=code.removeprefix(CRITERION) if is_criterion else "",
            comparison=comparison,
            target=scaled,
            min_n=data["min_n"],
            starts_on=days.get("starts_on") or data["starts_on"],
            ends_on=days.get("ends_on") or data["ends_on"],
        )


class StandardForm(GoalForm):
    """A standard of a plan: it counts over the whole plan."""

    needs_days = False
    starts_on = None
    ends_on = None


def goal_initial(goal: Goal) -> dict[str, Any]:
    code = code_of(goal)
    target = goal.target
    return {
        "goal": goal.pk,
        "text": goal.text,
        "subject": code,
        "comparison": goal.comparison,
        "target": None if target is None else round(target / typed_scale(code), 4),
        "min_n": goal.min_n,
        "starts_on": goal.starts_on,
        "ends_on": goal.ends_on,
    }


class FilledFormSet(forms.BaseFormSet):
    """Rows of which only the filled ones count."""

    def filled(self) -> list[Any]:
        return [form for form in self.forms if form.is_filled]


GoalFormSet = forms.formset_factory(GoalForm, formset=FilledFormSet, extra=2)
StandardFormSet = forms.formset_factory(StandardForm, formset=FilledFormSet, extra=2)


class MilestoneForm(forms.Form):
    """One milestone; the week without words is none."""

    week = forms.TypedChoiceField(
        label=gettext_lazy("Week"),
        coerce=int,
        choices=[(week, week) for week in milestone_weeks(90)],
        widget=forms.Select(attrs=fields.styled()),
    )
    text = fields.text(gettext_lazy("Milestone"), required=False)
    metric = fields.choice(gettext_lazy("Figure"), required=False)
    at_least = fields.number(gettext_lazy("at least"))
    at_most = fields.number(gettext_lazy("at most"))
    min_n = fields.whole(
        gettext_lazy("from how many cases"), least=1, most=500, initial=3
    )

    def __init__(self, *args: Any, subjects: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = subjects

    @property
    def is_filled(self) -> bool:
        return bool(getattr(self, "cleaned_data", {}).get("text"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        bounds = [data.get("at_least"), data.get("at_most")]
        if data.get("metric") and bounds == [None, None]:
            self.add_error("at_least", _("A figure needs a bound."))
        if data.get("metric") and not data.get("text"):
            self.add_error("text", _("Say what should be seen by then."))
        return data

    def content(self) -> MilestoneContent:
        data = self.cleaned_data
        has_figure = bool(data["metric"])

        def bound(name: str) -> float | None:
            value = data[name]
            if not has_figure or value is None:
                return None
            return in_own_unit(data["metric"], value)

        return MilestoneContent(
            week=data["week"],
            text=data["text"],
            metric=data["metric"],
            at_least=bound("at_least"),
            at_most=bound("at_most"),
            min_n=data["min_n"],
        )


def milestone_initial(row: Milestone) -> dict[str, Any]:
    scale = typed_scale(row.metric)

    def typed(value: float | None) -> float | None:
        return None if value is None else round(value / scale, 4)

    return {
        "week": row.week,
        "text": row.text,
        "metric": row.metric,
        "at_least": typed(row.at_least),
        "at_most": typed(row.at_most),
        "min_n": row.min_n,
    }


class MilestoneRows(FilledFormSet):
    def clean(self) -> None:
        if any(self.errors):
            return
        weeks = [form.cleaned_data["week"] for form in self.filled()]
        if len(weeks) != len(set(weeks)):
            raise forms.ValidationError(_("One milestone a week."))


MilestoneFormSet = forms.formset_factory(MilestoneForm, formset=MilestoneRows, extra=0)


def over_the_plan(starts_on: Any, days: int) -> dict[str, Any]:
    """The days of a standard."""
    return {"starts_on": starts_on, "ends_on": starts_on + timedelta(days=days - 1)}
