"""Forms of synonyms and known questions. They check shapes; services decide."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kb.services.known_questions import TEXT_LENGTH
from kb.services.synonyms import TERM_LENGTH

INPUT = {"class": "sla-input"}
_BETWEEN = re.compile(r"[\n,;、，]")
Choices = Sequence[tuple[str, str]]


class SynonymForm(forms.Form):
    """A word, and what means the same."""

    term = forms.CharField(
        label=_("Word"), max_length=TERM_LENGTH, widget=forms.TextInput(INPUT)
    )
    same_as = forms.CharField(
        label=_("Means the same as"),
        max_length=2_000,
        widget=forms.Textarea({**INPUT, "rows": 4}),
        help_text=_("One on a line, or with commas between: single sign-on, SAML."),
    )
    language = forms.ChoiceField(label=_("Language"), widget=forms.Select(INPUT))
    is_active = forms.BooleanField(
        label=_("In use"), required=False, initial=True, widget=forms.CheckboxInput
    )
    # Which entry the effect on the page is that of; saving another one shows it first.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, languages: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        given = self.cleaned_data
        return {
            "term": given["term"],
            "same_as": [word for word in _BETWEEN.split(given["same_as"]) if word],
            "language": given["language"],
            "is_active": given["is_active"],
        }


class QuestionForm(forms.Form):
    """A question and its right article, chosen among those that a search finds."""

    text = forms.CharField(
        label=_("Question"),
        max_length=TEXT_LENGTH,
        widget=forms.TextInput(INPUT),
        help_text=_("As customers ask it, not as the article is called."),
    )
    language = forms.ChoiceField(label=_("Language"), widget=forms.Select(INPUT))
    weight = forms.IntegerField(
        label=_("How many asked it"),
        min_value=1,
        max_value=1_000_000,
        initial=1,
        widget=forms.NumberInput({**INPUT, "class": "sla-input sla-narrow"}),
    )
    find = forms.CharField(
        label=_("Find other articles"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.TextInput(INPUT),
        help_text=_("Words of the right article, if it is not in the list."),
    )
    article = forms.IntegerField(
        label=_("Right article"),
        required=True,
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose the right article.")},
    )

    def __init__(self, *args: Any, languages: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages

    def typed(self, name: str) -> str:
        """Return what stands in a field, checked or not."""
        return str(self[name].value() or "")

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        given = self.cleaned_data
        return {
            "text": given["text"],
            "language": given["language"],
            "weight": given["weight"],
            "article_id": given["article"],
        }
