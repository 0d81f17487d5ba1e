"""A review that is not from a draw: of which ticket, and whose work."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.models import Scorecard, ScorecardVersion
from tickets.models import Message, Ticket
from tickets.selectors import tickets_visible_to
from workforce.people.models import User


class AdhocForm(forms.Form):
    """Asks for a ticket that the reviewer may see and somebody who worked on it."""

    ticket = forms.IntegerField(
        label=gettext_lazy("Ticket number"), min_value=1, max_value=2**31 - 1
    )
    agent = forms.ModelChoiceField(
        label=gettext_lazy("Agent"),
        queryset=User.objects.none(),
        required=False,
        help_text=gettext_lazy("Empty: whom the ticket is assigned to."),
    )
    scorecard = forms.ModelChoiceField(
        label=gettext_lazy("Scorecard"), queryset=Scorecard.objects.none()
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        people = User.objects.filter(is_active=True, is_automation=False)
        self.fields["agent"].queryset = (  # type: ignore[attr-defined]
            people.exclude(pk=user.pk).order_by("first_name", "last_name", "pk")
        )
        usable = Scorecard.objects.filter(
            versions__state=ScorecardVersion.State.PUBLISHED
        ).order_by("pk")
        self.fields["scorecard"].queryset = usable  # type: ignore[attr-defined]
        self.fields["scorecard"].initial = usable.first()
        for field in self.fields.values():
            field.widget.attrs["class"] = "sla-input"

    def clean_ticket(self) -> Ticket:
        number = self.cleaned_data["ticket"]
        ticket = tickets_visible_to(self.user).filter(pk=number).first()
        if ticket is None:
            raise forms.ValidationError(
                _("There is no ticket #%(number)d that you may see."),
                params={"number": number},
            )
        return ticket

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ticket = cleaned.get("ticket")
        if ticket is None or "agent" in self.errors:
            return cleaned
        agent = cleaned.get("agent") or ticket.assignee
        if agent is None:
            self.add_error("agent", _("This ticket has no assignee: choose an agent."))
        elif agent == self.user:
            self.add_error("agent", _("Nobody reviews their own work."))
        elif not _worked_on(ticket, agent):
            self.add_error(
                "agent",
                _("%(name)s neither holds this ticket nor wrote on it.")
                % {"name": agent},
            )
        cleaned["agent"] = agent
        return cleaned


def _worked_on(ticket: Ticket, agent: User) -> bool:
    return (
        ticket.assignee_id == agent.pk
        or Message.objects.filter(ticket=ticket, author=agent).exists()
    )
