"""Forms of the assistant: the public ones, and those of its rules."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kb.models import AssistantRules
from kb.models.assistant import CHOICE_LENGTH, NAME_LENGTH, WELCOME_LENGTH
from kb.selectors.help.choices import form_areas, form_categories
from kb.selectors.help.languages import other_languages
from kb.services.assistant import CentreWords, RulesContent
from kb.services.assistant.asking import LONGEST_QUESTION
from kb.services.assistant.handing_over import LONGEST_MISSING
from sla.models import Calendar

EMAIL_LENGTH, PERSON_LENGTH = 254, 100
BAD_ADDRESS = _("Write an address such as name@example.com.")


class QuestionForm(forms.Form):
    """One question, and an address for those who want a person where we are not sure."""

    question = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write a question, then send it.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=EMAIL_LENGTH,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Then a question that needs a person goes to one at once."),
        error_messages={"invalid": BAD_ADDRESS},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", auto_id="ask-%s", **kwargs)


class PersonForm(forms.Form):
    """Whom a person answers, and what is still missing.

    ``website`` is hidden from people; programs that fill in whatever they find fill it.
    """

    missing = forms.CharField(
        label=_("What is still missing?"),
        max_length=LONGEST_MISSING,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Your questions above go along: no need to repeat them."),
        error_messages={"required": _("Say what you need, then send it.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=PERSON_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=EMAIL_LENGTH,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("The answer goes there."),
        error_messages={
            "required": _("Without an address the answer cannot reach you."),
            "invalid": BAD_ADDRESS,
        },
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, has_questions: bool, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", auto_id="person-%s", **kwargs)
        if has_questions:
            self.fields["missing"].required = False
        else:
            self.fields["missing"].label = _("What do you need?")
            self.fields["missing"].help_text = ""

    def clean_website(self) -> str:
        """Refuse what a program filled in; a person reads why and can send it."""
        if self.cleaned_data["website"]:
            raise ValidationError(
                _("This field is a trap for programs. Empty it and send again.")
            )
        return ""


class RulesForm(forms.Form):
    """The rules, with shares as percentages."""

    name = forms.CharField(
        label=_("Name in the help centre"),
        required=False,
        max_length=NAME_LENGTH,
        help_text=_("In the header, titles and feeds; left empty, the organisation's."),
    )
    welcome = forms.CharField(
        label=_("Words over the search"),
        required=False,
        max_length=WELCOME_LENGTH,
        help_text=_("Left empty, “How can we help?” in the reader's language."),
    )
    is_on = forms.BooleanField(label=_("The assistant answers"), required=False)
    mode = forms.ChoiceField(
        label=_("A passage is shown from"), choices=AssistantRules.Mode
    )
    threshold = forms.DecimalField(
        label=_("Fixed confidence, %"),
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
    )
    precision = forms.DecimalField(
        label=_("Right answers at least, %"),
        min_value=1,
        max_value=Decimal("99.9"),
        max_digits=4,
        decimal_places=1,
    )
    skips_vip = forms.BooleanField(
        label=_("VIP contacts go straight to a person"), required=False
    )
    calendar = forms.ModelChoiceField(
        label=_("People answer in the hours of"),
        queryset=Calendar.objects.order_by("name"),
        required=False,
        empty_label=_("not said"),
    )
    holdout = forms.DecimalField(
        label=_("Ticket forms without suggestions, %"),
        min_value=0,
        max_value=50,
        max_digits=4,
        decimal_places=1,
    )
    reason = forms.CharField(
        label=_("Why it is changed"), required=False, max_length=100
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        for code, _name in other_languages():
            self.fields[f"name_{code}"] = _in_language(code, _("Name"), NAME_LENGTH)
            self.fields[f"welcome_{code}"] = _in_language(
                code, _("Words over the search"), WELCOME_LENGTH
            )
        self._choices = {"kinds": form_categories(), "parts": form_areas()}
        for part, rows in self._choices.items():
            for row in rows:
                for code, _name in other_languages():
                    self.fields[f"{part}_{row.pk}_{code}"] = _in_language(
                        code, row.name, CHOICE_LENGTH
                    )
        for field in self.fields.values():
            if not isinstance(field, forms.BooleanField):
                field.widget.attrs["class"] = "sla-input"

    @property
    def translated(self) -> list[dict[str, Any]]:
        """The fields of each other language."""
        return [
            {
                "language": name,
                "fields": [self[f"name_{code}"], self[f"welcome_{code}"]],
            }
            for code, name in other_languages()
        ]

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The names of the ticket form's choices: a group a language and list."""
        titles = {"kinds": _("Kinds of requests"), "parts": _("Parts of the product")}
        return [
            {
                "language": name,
                "title": titles[part],
                "fields": [self[f"{part}_{row.pk}_{code}"] for row in rows],
            }
            for code, name in other_languages()
            for part, rows in self._choices.items()
            if rows
        ]

    @property
    def is_translated(self) -> bool:
        """Whether something stands in another language, right or wrong."""
        fields = [each for row in self.translated for each in row["fields"]]
        return any(each.value() or each.errors for each in fields)

    @property
    def has_wrong_choices(self) -> bool:
        return any(field.errors for row in self.choices for field in row["fields"])

    @staticmethod
    def initial_of(rules: AssistantRules) -> dict[str, Any]:
        return {
            **{
                f"{key}_{code}": text
                for code, words in rules.translations.items()
                for key, text in words.items()
                if key in {"name", "welcome"}
            },
            **{
                f"{part}_{key}_{code}": text
                for code, words in rules.translations.items()
                for part in ("kinds", "parts")
                for key, text in words.get(part, {}).items()
            },
            "name": rules.name,
            "welcome": rules.welcome,
            "is_on": rules.is_on,
            "mode": rules.mode,
            "threshold": _percent(rules.threshold),
            "precision": _percent(rules.precision),
            "skips_vip": rules.skips_vip,
            "calendar": rules.calendar_id,
            "holdout": _percent(rules.holdout),
        }

    def content(self) -> RulesContent:
        fields = self.cleaned_data
        return RulesContent(
            name=fields["name"],
            welcome=fields["welcome"],
            translations={
                code: CentreWords(
                    fields[f"name_{code}"],
                    fields[f"welcome_{code}"],
                    kinds=self._called("kinds", code),
                    parts=self._called("parts", code),
                )
                for code, _name in other_languages()
            },
            is_on=fields["is_on"],
            mode=fields["mode"],
            threshold=fields["threshold"] / 100,
            precision=fields["precision"] / 100,
            skips_vip=fields["skips_vip"],
            calendar=fields["calendar"],
            holdout=fields["holdout"] / 100,
        )

    def _called(self, part: str, code: str) -> dict[int, str]:
        return {
            row.pk: self.cleaned_data[f"{part}_{row.pk}_{code}"]
            for row in self._choices[part]
        }


def _in_language(code: str, label: Any, length: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=length,
        widget=forms.TextInput(attrs={"lang": code}),
    )


def _percent(share: Decimal) -> Decimal:
    """100 × share without zeros at the end: 85, not 85.000."""
    percent = (100 * share).normalize()
    return percent.quantize(Decimal(1)) if percent == int(percent) else percent


class TalksForm(forms.Form):
    """Which conversations are listed."""

    state = forms.ChoiceField(label=_("state"), required=False)
    days = forms.TypedChoiceField(
        label=_("period"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            (7, _("last 7 days")),
            (28, _("last 28 days")),
            (90, _("last 90 days")),
            (365, _("last year")),
        ],
    )
    judged = forms.ChoiceField(
        label=_("answers"),
        required=False,
        choices=[
            ("", _("all")),
            ("no", _("not judged")),
            ("right", _("right")),
            ("wrong", _("wrong")),
        ],
    )

    def __init__(self, *args: Any, states: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("all")), *states]
