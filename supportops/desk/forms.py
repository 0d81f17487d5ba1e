"""The forms of the ticket page: one for each thing a person can do to a ticket."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from tickets.models import (
    Category,
    Outcome,
    Priority,
    ProductArea,
    Status,
    StatusCategory,
    Ticket,
)
from tickets.services import PauseKind
from workforce.people.models import SupportLevel, Team, User

TEXTAREA = UnfoldAdminTextareaWidget(attrs={"rows": 4})


class ReasonField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Reason"),
            max_length=500,
            widget=UnfoldAdminTextInputWidget(),
            **kwargs,
        )


def _choices(choices: Any) -> list[tuple[str, Any]]:
    return [("", "–"), *choices]


class ReplyForm(forms.Form):
    body = forms.CharField(label=_("Message"), widget=TEXTAREA)
    public = forms.TypedChoiceField(
        label=_("Who reads it"),
        choices=[("1", _("Reply to the customer")), ("", _("Internal note"))],
        coerce=bool,
        empty_value=False,
        required=False,
        initial="1",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ticket.state == StatusCategory.CLOSED:
            public = self.fields["public"]
            public.choices = [choice for choice in public.choices if not choice[0]]
            public.initial = ""
            public.help_text = _(
                "The ticket is closed, so no reply goes out to the customer. To write "
                "to them, reopen it first with “Change status”."
            )


class StatusForm(forms.Form):
    """Offers only the moves that the lifecycle allows from here."""

    status = forms.ChoiceField(label=_("Status"), widget=UnfoldAdminSelectWidget)
    outcome = forms.ChoiceField(
        label=_("Outcome, when it ends"),
        choices=_choices(Outcome.choices),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    reason = ReasonField(required=False)

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        moves = Status.objects.filter(
            is_active=True, moves_in__source=ticket.status_id
        ).order_by("position", "pk")
        self.fields["status"].choices = [(row.code, row.name) for row in moves]


class PriorityForm(forms.Form):
    priority = forms.ChoiceField(
        label=_("Priority"), choices=Priority.choices, widget=UnfoldAdminSelectWidget
    )
    reason = ReasonField()

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"priority": ticket.priority})
        super().__init__(*args, **kwargs)


class AssignForm(forms.Form):
    assignee = forms.ModelChoiceField(
        label=_("Assignee"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        widget=UnfoldAdminSelectWidget,
    )
    reason = ReasonField(required=False)

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"assignee": ticket.assignee_id})
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = User.objects.filter(
            is_active=True, is_staff=True, is_automation=False
        ).order_by("first_name", "last_name", "pk")


class TeamForm(forms.Form):
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.filter(imported_from="").order_by("name"),
        widget=UnfoldAdminSelectWidget,
    )
    reason = ReasonField(required=False)

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"team": ticket.team_id})
        super().__init__(*args, **kwargs)


class LevelForm(forms.Form):
    level = forms.ChoiceField(
        label=_("Support level"),
        choices=SupportLevel.choices,
        widget=UnfoldAdminSelectWidget,
    )
    reason = ReasonField()

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"level": ticket.level})
        super().__init__(*args, **kwargs)


class FieldsForm(forms.Form):
    category = forms.ModelChoiceField(
        label=_("Category"),
        queryset=Category.objects.order_by("path"),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    product_area = forms.ModelChoiceField(
        label=_("Product area"),
        queryset=ProductArea.objects.order_by("name"),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        initial = {
            "category": ticket.category_id,
            "product_area": ticket.product_area_id,
        }
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)


class TagsForm(forms.Form):
    tags = forms.RegexField(
        label=_("Tags, separated by spaces"),
        regex=r"^[\w\- ]*$",
        required=False,
        widget=UnfoldAdminTextInputWidget,
        error_messages={"invalid": _("Tags hold letters, digits, - and _ only.")},
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        words = " ".join(sorted(tag.name for tag in ticket.tags.all()))
        kwargs.setdefault("initial", {"tags": words})
        super().__init__(*args, **kwargs)

    def clean_tags(self) -> list[str]:
        return sorted(set(self.cleaned_data["tags"].lower().split()))


class PauseForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Why the clocks stop"),
        choices=PauseKind.choices,
        widget=UnfoldAdminSelectWidget,
    )
    reason = ReasonField()


class ResumeForm(forms.Form):
    reason = ReasonField(required=False)


class MergeForm(forms.Form):
    into = forms.IntegerField(
        label=_("Number of the older ticket"),
        min_value=1,
        widget=UnfoldAdminTextInputWidget,
    )
    reason = ReasonField()


class NewTicketForm(forms.Form):
    subject = forms.CharField(
        label=_("Subject"), max_length=300, widget=UnfoldAdminTextInputWidget
    )
    requester_email = forms.EmailField(
        label=_("Customer's e-mail"),
        help_text=_("An unknown address becomes a new contact."),
        widget=UnfoldAdminTextInputWidget(attrs={"type": "email"}),
    )
    body = forms.CharField(label=_("What they wrote"), widget=TEXTAREA)
    priority = forms.ChoiceField(
        label=_("Priority"),
        choices=_choices(Priority.choices),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    category = forms.ModelChoiceField(
        label=_("Category"),
        queryset=Category.objects.order_by("path"),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    product_area = forms.ModelChoiceField(
        label=_("Product area"),
        queryset=ProductArea.objects.order_by("name"),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.filter(imported_from="").order_by("name"),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
