"""Forms of experiments: which are shown, and what a new one tries."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kb.models import Article, Experiment
from kb.selectors.articles.sight import not_hidden_from
from workforce.people.models import User

INPUT = {"class": "sla-input"}
PERCENT = {
    "min_value": 1,
    "max_value": 99,
    "max_digits": 3,
    "decimal_places": 1,
    "widget": forms.NumberInput(attrs={**INPUT, "step": "0.5"}),
}


class ShownForm(forms.Form):
    """How the list is narrowed."""

    q = forms.CharField(label=_("Name or article"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), *Experiment.State.choices],
    )
    outcome = forms.ChoiceField(
        label=_("Judged by"),
        required=False,
        choices=[("", _("all")), *Experiment.Outcome.choices],
    )


class ArticleForm(forms.Form):
    """Of which article."""

    article = forms.ModelChoiceField(
        label=_("Article"),
        queryset=Article.objects.none(),
        empty_label=_("choose an article"),
        widget=forms.Select(attrs=INPUT),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["article"].queryset = (
            Article.objects.filter(not_hidden_from(user), state=Article.State.PUBLISHED)
            .select_related("published")
            .order_by("title", "pk")
        )


class ExperimentForm(forms.Form):
    """What is tried, and by which rule; shares in percent."""

    name = forms.CharField(
        label=_("What is tried"),
        max_length=160,
        widget=forms.TextInput(attrs=INPUT),
        help_text=_("Such as: steps first, background last."),
    )
    outcome = forms.ChoiceField(
        label=_("Judged by"),
        choices=Experiment.Outcome.choices,
        widget=forms.RadioSelect,
        initial=Experiment.Outcome.HELPFUL,
        help_text=_("The other outcome is guarded: B must not do worse in it."),
    )
    share = forms.DecimalField(
        label=_("Share of readers who see B, %"),
        initial=Decimal(50),
        help_text=_("Half decides soonest; less risks less."),
        **PERCENT,
    )
    alpha = forms.DecimalField(
        label=_("False alarms at most, %"),
        initial=Decimal(5),
        help_text=_("Of experiments with two equal versions, however often one looks."),
        **PERCENT,
    )
    guardrail = forms.DecimalField(
        label=_("Stop when B is surely worse by, points"),
        initial=Decimal(10),
        help_text=_("In either outcome. Checked each day; you are told."),
        **PERCENT,
    )

    @property
    def columns(self) -> dict[str, Any]:
        """Return what the service takes, shares between 0 and 1."""
        given = self.cleaned_data
        return {
            "name": given["name"],
            "outcome": given["outcome"],
            "share_b": given["share"] / 100,
            "alpha": given["alpha"] / 100,
            "guardrail_drop": given["guardrail"] / 100,
        }
