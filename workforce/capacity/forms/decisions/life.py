"""Forms of what happens to a decision as a whole, and of the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from supportops.common.row_fields import RowsField
from workforce.capacity.forms.decisions import fields
from workforce.capacity.models import Decision
from workforce.capacity.selectors.decisions.lists import SORTS, owners_of
from workforce.capacity.selectors.decisions.sight import (
    APPROVE,
    decisions_visible_to,
    people_with,
)
from workforce.people.models import User

L = gettext_lazy
SORT_NAMES = {
    "trigger": L("Triggers, worst first"),
    "review": L("Next review"),
    "changed": L("Last changed"),
    "title": L("Title"),
    "state": L("State"),
    "horizon": L("Horizon"),
    "owner": L("Owner"),
}


class NewDecisionForm(forms.Form):
    kind = fields.choice(L("What is decided"), Decision.Kind.choices)
    title = fields.text(L("Title"), length=160, required=True)
    question = fields.area(
        L("Decision question"),
        rows=3,
        required=True,
        prompt=L("One sentence that can be answered with A, B or C."),
    )
    copy_of = forms.TypedChoiceField(
        label=L("Start from"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs=fields.styled()),
        help_text=L(
            "A copy takes scope, inputs, risks, options and triggers along; what was "
            "decided stays behind."
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = decisions_visible_to(user).order_by("-changed_at", "-pk")[:50]
        self.fields["copy_of"].choices = [
            ("", _("the template")),
            *(
                (row.pk, _("a copy of “%(title)s”") % {"title": row.title})
                for row in rows
            ),
        ]


class ProposeForm(forms.Form):
    approvers = RowsField(
        label=L("Who approves"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    reason = fields.text(L("What is new in this version"))

    def __init__(self, *args: Any, decision: Decision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = people_with(APPROVE).exclude(pk=decision.owner_id)
        self.fields["approvers"].queryset = able


class FilterForm(forms.Form):
    q = fields.text(L("Search"), length=100)
    state = fields.choice(
        L("State"),
        [("", L("any")), ("live", L("not retired")), *Decision.State.choices],
        required=False,
    )
    kind = fields.choice(
        L("Kind"), [("", L("any")), *Decision.Kind.choices], required=False
    )
    owner = fields.choice(L("Owner"), required=False)
    trigger = fields.choice(
        L("Triggers"),
        [
            ("", L("any")),
            ("fired", L("fired")),
            ("beyond", L("beyond a threshold")),
            ("watching", L("watching")),
        ],
        required=False,
    )
    sort = fields.choice(L("Sort by"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = owners_of(decisions_visible_to(user))
        self.fields["owner"].choices = [
            ("", _("anybody")),
            ("me", _("me")),
            *((str(person.pk), str(person)) for person in people),
        ]
        self.fields["sort"].choices = [(key, SORT_NAMES[key]) for key in SORTS]

    def filters(self) -> dict[str, str]:
        """What was asked for, as far as it can be read."""
        self.is_valid()
        return dict(self.cleaned_data)
