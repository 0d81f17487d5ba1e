"""The one form of the API: a new token."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from supportops.api.scopes import SCOPES
from supportops.api.selectors import MANAGE


class Lifetime(models.TextChoices):
    MONTH = "30", _("30 days")
    QUARTER = "90", _("90 days")
    YEAR = "365", _("a year")
    ENDLESS = "", _("until it is revoked")

    def end(self, at: datetime) -> datetime | None:
        return at + timedelta(days=int(self.value)) if self.value else None


class NewTokenForm(forms.Form):
    """Name, scopes and lifetime; whoever manages tokens may also choose a program."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        widget=UnfoldAdminTextInputWidget(attrs={"autofocus": True}),
        help_text=_("What it is for, such as “Nightly export”."),
    )
    owner = forms.ModelChoiceField(
        label=_("Acts as"),
        queryset=get_user_model().objects.none(),
        required=False,
        empty_label=_("Myself"),
        widget=UnfoldAdminSelectWidget,
        help_text=_("Yourself, or an account that is marked as automation."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("May"),
        choices=list(SCOPES.items()),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_(
            "Each scope opens only what its owner may do anyway. Choose as few as "
            "the work needs."
        ),
    )
    lifetime = forms.ChoiceField(
        label=_("Valid for"),
        choices=Lifetime.choices,
        initial=Lifetime.QUARTER,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        programs = get_user_model().objects.filter(is_automation=True, is_active=True)
        if not user.is_superuser:
            # Otherwise managing tokens would be a way to become a superuser.
            programs = programs.filter(is_superuser=False)
        if user.has_perm(MANAGE):
            self.fields["owner"].queryset = programs.order_by("username")
        else:
            del self.fields["owner"]

    def clean_lifetime(self) -> Lifetime:
        return Lifetime(self.cleaned_data["lifetime"])

    @property
    def token_owner(self) -> Any:
        return self.cleaned_data.get("owner") or self.user
