"""Forms of hiring: a plan, and people who join together."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from supportops.common.row_fields import RowsField
from workforce.capacity.core.hiring import STAGES, timing_for_full_load
from workforce.capacity.core.hiring import LeadTime as Lead
from workforce.capacity.models import RAMP, Hire, HiringPlan, Queue
from workforce.capacity.selectors.planning import possible_owners
from workforce.people.models import SupportLevel

INPUT = {"class": "sla-input"}
LEVELS = ("L1", "L2", "L3")
OWN = "OWN"
STAGE_NAMES = [
    ("", gettext_lazy("do not split by level")),
    ("BLUEPRINT", gettext_lazy("by tickets solved: 65, 30, 5 %")),
    ("EARLY", gettext_lazy("early stage: 5 to 2 to 1")),
    ("GROWTH", gettext_lazy("growth: 8 to 3 to 1")),
    ("SCALE", gettext_lazy("scale: 10 to 3 to 1")),
    ("ENTERPRISE", gettext_lazy("enterprise focus: 6 to 4 to 2")),
    (OWN, gettext_lazy("shares of our own")),
]


class PlanForm(forms.Form):
    """A hiring plan. Shares are typed in percent."""

    name = forms.CharField(
        label=gettext_lazy("name"), max_length=120, widget=forms.TextInput(INPUT)
    )
    queues = RowsField(
        label=gettext_lazy("queues"),
        queryset=Queue.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None means every active queue."),
    )
    months = forms.IntegerField(
        label=gettext_lazy("months shown, this one included"),
        min_value=1,
        max_value=24,
        initial=3,
        widget=forms.NumberInput(INPUT),
    )
    attrition = forms.DecimalField(
        label=gettext_lazy("attrition a year, %"),
        min_value=0,
        max_value=99,
        max_digits=4,
        decimal_places=1,
        initial=30,
        widget=forms.NumberInput({**INPUT, "step": "0.1"}),
        help_text=gettext_lazy("Share of the team that leaves within a year."),
    )
    people_now = forms.DecimalField(
        label=gettext_lazy("people today, full-time equivalents"),
        min_value=0,
        max_digits=6,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput({**INPUT, "step": "0.01"}),
        help_text=gettext_lazy(
            "Empty: counted from the active members of the queues' teams."
        ),
    )
    ramp = forms.CharField(
        label=gettext_lazy("ramp, % of a full load week by week"),
        max_length=200,
        widget=forms.TextInput(INPUT),
        help_text=gettext_lazy("Separated by blanks or slashes; full from then on."),
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("split hires by support level"),
        choices=STAGE_NAMES,
        required=False,
        widget=forms.Select(INPUT),
    )
    L1 = forms.FloatField(
        label=gettext_lazy("L1, %"),
        required=False,
        widget=forms.NumberInput(INPUT),
        help_text=gettext_lazy("These three count for shares of our own only."),
    )
    L2 = forms.FloatField(
        label=gettext_lazy("L2, %"), required=False, widget=forms.NumberInput(INPUT)
    )
    L3 = forms.FloatField(
        label=gettext_lazy("L3, %"), required=False, widget=forms.NumberInput(INPUT)
    )
    owner = forms.ModelChoiceField(
        label=gettext_lazy("owner"),
        queryset=HiringPlan.objects.none(),
        required=False,
        widget=forms.Select(INPUT),
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("active"), required=False, initial=True
    )

    def __init__(
        self, *args: Any, plan: HiringPlan | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", _initial(plan))
        super().__init__(*args, **kwargs)
        self.fields["queues"].queryset = Queue.objects.filter(is_active=True)
        self.fields["owner"].queryset = possible_owners()

    def clean_ramp(self) -> list[float]:
        words = self.cleaned_data["ramp"].replace("/", " ").replace("%", " ").split()
        try:
            return [round(float(word) / 100, 6) for word in words]
        except ValueError as error:
            raise forms.ValidationError(
                _("Numbers from 0 to 100, such as 0 0 25 50 75 75 100 100.")
            ) from error

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("stage") == OWN:
            shares = [self.cleaned_data.get(level) or 0 for level in LEVELS]
            if abs(sum(shares) - 100) > 0.1 or min(shares) < 0:
                self.add_error(
                    "L1",
                    _("The shares add up to 100 %%, not %(sum)s %%.")
                    % {"sum": f"{sum(shares):g}"},
                )
        return self.cleaned_data

    @property
    def columns(self) -> dict[str, Any]:
        """What was typed, as columns of ``HiringPlan``."""
        typed = self.cleaned_data
        if typed["stage"] == OWN:
            ratios = {level: (typed.get(level) or 0) / 100 for level in LEVELS}
        else:
            ratios = dict(STAGES.get(typed["stage"], {}))
        return {
            "name": typed["name"],
            "months": typed["months"],
            "attrition": typed["attrition"] / 100,
            "people_now": typed["people_now"],
            "ramp": typed["ramp"],
            "tier_ratios": ratios,
            "owner": typed["owner"],
            "is_active": typed["is_active"],
        }


def _initial(plan: HiringPlan | None) -> dict[str, Any]:
    if plan is None:
        return {"ramp": _ramp_words(RAMP), "months": 3, "attrition": 30,
                "is_active": True, "stage": "BLUEPRINT"}  # fmt: skip
    stage = next(
        (name for name, ratios in STAGES.items() if _same(ratios, plan.tier_ratios)),
        OWN if plan.tier_ratios else "",
    )
    return {
        "name": plan.name,
        "queues": list(plan.queues.all()),
        "months": plan.months,
        "attrition": f"{100 * plan.attrition:.1f}",
        "people_now": plan.people_now,
        "ramp": _ramp_words(plan.ramp),
        "stage": stage,
        "owner": plan.owner_id,
        "is_active": plan.is_active,
        **{
            level: round(100 * share, 2)
            for level, share in plan.tier_ratios.items()
            if level in LEVELS
        },
    }


def _same(ratios: dict[str, float], others: dict[str, float]) -> bool:
    return ratios.keys() == others.keys() and all(
        abs(share - others[level]) < 1e-6 for level, share in ratios.items()
    )


def _ramp_words(ramp: list[float]) -> str:
    return " ".join(f"{100 * share:g}" for share in ramp)


class HireForm(forms.Form):
    """People who join together, by their first day or the day they must be able to work."""

    scenario = forms.ChoiceField(
        label=gettext_lazy("kind"),
        choices=Hire.Scenario.choices,
        widget=forms.Select(INPUT),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("support level"),
        choices=[("", "–"), *SupportLevel.choices],
        required=False,
        widget=forms.Select(INPUT),
    )
    people = forms.DecimalField(
        label=gettext_lazy("people, full-time equivalents"),
        min_value=0.01,
        max_digits=5,
        decimal_places=2,
        initial=1,
        widget=forms.NumberInput({**INPUT, "step": "0.01"}),
    )
    joins_on = forms.DateField(
        label=gettext_lazy("first day at work"),
        required=False,
        widget=forms.DateInput({**INPUT, "type": "date"}, "%Y-%m-%d"),
    )
    full_on = forms.DateField(
        label=gettext_lazy("or: at full load on"),
        required=False,
        widget=forms.DateInput({**INPUT, "type": "date"}, "%Y-%m-%d"),
        help_text=gettext_lazy(
            "When given, their first day is counted back from it by the ramp."
        ),
    )
    leaves_on = forms.DateField(
        label=gettext_lazy("leaves on"),
        required=False,
        widget=forms.DateInput({**INPUT, "type": "date"}, "%Y-%m-%d"),
        help_text=gettext_lazy("For seasonal people; the first day they are gone."),
    )
    note = forms.CharField(
        label=gettext_lazy("note"),
        required=False,
        max_length=300,
        widget=forms.TextInput(INPUT),
    )

    def __init__(self, *args: Any, plan: HiringPlan, **kwargs: Any) -> None:
        self.plan = plan
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        joins, full = typed.get("joins_on"), typed.get("full_on")
        if joins is None and full is None:
            self.add_error("joins_on", _("Give one of the two days."))
        elif full is not None:
            joins = timing_for_full_load(full, Lead(0, 0), self.plan.ramp).joins_on
            typed["joins_on"] = joins
        leaves = typed.get("leaves_on")
        if joins and leaves and leaves <= joins:
            self.add_error("leaves_on", _("Nobody leaves before joining."))
        if typed.get("scenario") == Hire.Scenario.SEASONAL and not leaves:
            self.add_error("leaves_on", _("Seasonal people leave: say when."))
        return typed

    @property
    def columns(self) -> dict[str, Any]:
        names = ("scenario", "level", "people", "joins_on", "leaves_on", "note")
        return {name: self.cleaned_data[name] for name in names}


def hire_initial(hire: Hire) -> dict[str, Any]:
    names = ("scenario", "level", "people", "joins_on", "leaves_on", "note")
    return {name: getattr(hire, name) for name in names}
