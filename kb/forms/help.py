"""The public ticket form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kb.selectors.help.centre import Centre
from kb.selectors.help.choices import form_areas, form_categories
from tickets.models import Category, ProductArea
from tickets.models.tickets import SUBJECT_LENGTH

BODY_LENGTH = 20_000
NAME_LENGTH = 200
EMAIL_LENGTH = 254


class ContactForm(forms.Form):
    """Subject first: what it says may answer the question already.

    ``website`` is hidden from people; programs that fill in whatever they find fill it.
    """

    use_required_attribute = True
    required_css_class = ""

    visit = forms.IntegerField(required=False, widget=forms.HiddenInput)
    subject = forms.CharField(
        label=_("What is it about?"),
        max_length=SUBJECT_LENGTH,
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    body = forms.CharField(
        label=_("What happened?"),
        max_length=BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What you did, what you expected and what you saw instead."),
        error_messages={"required": _("Describe it, so that we can answer.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Say whom we write to.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=EMAIL_LENGTH,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("The answer goes there."),
        error_messages={
            "required": _("Without an address the answer cannot reach you."),
            "invalid": _("Write an address such as name@example.com."),
        },
    )
    category = forms.ModelChoiceField(
        label=_("Kind of request"),
        queryset=Category.objects.none(),
        required=False,
        empty_label=_("I do not know"),
    )
    product_area = forms.ModelChoiceField(
        label=_("Part of the product"),
        queryset=ProductArea.objects.none(),
        required=False,
        empty_label=_("I do not know"),
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, words: Centre, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self._offer("category", form_categories(), words.kinds)
        self._offer("product_area", form_areas(), words.parts)

    def _offer(self, name: str, rows: Any, called: Mapping[int, str]) -> None:
        """Offer rows under their names in the reader's language, where they have one."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- for mypy
        field.queryset = rows
        field.label_from_instance = lambda row: called.get(row.pk) or row.name  # type: ignore[method-assign]

    def clean_website(self) -> str:
        """Refuse what a program filled in; a person reads why and can send it."""
        if self.cleaned_data["website"]:
            raise ValidationError(
                _("This field is a trap for programs. Empty it and send again.")
            )
        return ""
