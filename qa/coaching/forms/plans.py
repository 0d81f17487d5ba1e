"""The form of an improvement plan's draft."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa.coaching.forms import fields
from qa.coaching.models import ImprovementPlan
from qa.coaching.selectors.people import coaches
from qa.coaching.selectors.plans import VIEW_ALL, can_start_for
from qa.coaching.selectors.recognition import colleagues_of
from qa.coaching.services.plans import PlanContent
from workforce.people.models import User

SUPPORT = _("One talk a week with the manager")


class PlanForm(forms.Form):
    agent = fields.person(_("Agent"), User.objects.none())
    manager = fields.person(_("Manager"), User.objects.none())
    hr_contact = fields.person(
        _("Personnel contact"),
        User.objects.none(),
        required=False,
        help_text=_("May read the plan."),
    )
    starts_on = fields.day(_("Starts"))
    days = forms.TypedChoiceField(
        label=_("Length"),
        coerce=int,
        choices=ImprovementPlan.Length.choices,
        initial=ImprovementPlan.Length.DAYS_60,
        widget=forms.Select(attrs=fields.styled()),
    )
    concerns = fields.area(
        _("Specific concerns"), help_text=_("One a line, with examples.")
    )
    support = fields.area(_("Support provided"), initial=SUPPORT)
    buddy = fields.person(_("Buddy"), User.objects.none(), required=False)
    load_percent = fields.whole(
        _("Ticket load meanwhile, %"), least=10, most=100, initial=100
    )
    success = fields.area(_("Success criteria"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].queryset = can_start_for(user)
        managers = coaches() | User.objects.filter(pk=user.pk).distinct()
        if not user.has_perm(VIEW_ALL):
            managers = User.objects.filter(pk=user.pk)
        self.fields["manager"].queryset = managers
        self.fields["manager"].initial = user.pk
        for name in ("hr_contact", "buddy"):
            self.fields[name].queryset = colleagues_of(user)

    def content(self, standards: list[Any], milestones: list[Any]) -> PlanContent:
        data = {**self.cleaned_data}
        data.pop("agent", None)
        return PlanContent(**data, standards=standards, milestones=milestones)


class SignForm(forms.Form):
    """The typed name, and the fingerprint of the text above it."""

    name = fields.text(_("Your full name"), length=200)
    text_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=_("I have read the plan above."),
        widget=forms.CheckboxInput,
    )


class CloseForm(forms.Form):
    state = fields.choice(
        _("How it ends"),
        [
            (ImprovementPlan.State.PASSED, _("Passed")),
            (ImprovementPlan.State.FAILED, _("Not passed")),
        ],
    )
    outcome = fields.area(_("Outcome"), required=True)
