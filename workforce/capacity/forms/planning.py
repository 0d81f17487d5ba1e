"""Forms of the planning calendar: the month and owner shown, a new owner."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from supportops.common.row_ids import row_id
from workforce.capacity.selectors import planning as selectors
from workforce.people.models import User


class ShownForm(forms.Form):
    """Which month and whose duties. What cannot be read is left out."""

    month = forms.CharField(required=False)
    owner = forms.CharField(required=False)

    def clean_month(self) -> date | None:
        try:
            typed = datetime.strptime(self.cleaned_data["month"], "%Y-%m")  # noqa: DTZ007 -- a month has no zone
        except ValueError:
            return None
        return typed.date()

    def clean_owner(self) -> str:
        typed = self.cleaned_data["owner"]
        return typed if typed == "nobody" or row_id(typed) else ""


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(
        label=gettext_lazy("owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("nobody"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = selectors.possible_owners()
