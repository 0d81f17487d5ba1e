"""Nominating a ticket and thanking a colleague."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa.coaching.forms import fields
from qa.coaching.selectors.recognition import colleagues_of
from workforce.people.models import User


class NominationForm(forms.Form):
    number = fields.whole(_("Ticket number"), least=1, most=2**62)
    text = fields.area(_("What was good about it"), required=True, rows=2)


class ShoutOutForm(forms.Form):
    agent = fields.person(_("For"), User.objects.none())
    text = fields.area(_("What you thank them for"), required=True, rows=2)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].queryset = colleagues_of(user)
