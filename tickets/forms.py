"""Forms of the ticket vocabulary and of triage."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from supportops.common.errors import OperationRefused
from tickets.core.triage import QUESTIONS, next_question
from tickets.models import (
    Category,
    Impairment,
    Priority,
    Severity,
    Status,
    UsersAffected,
)
from tickets.services.triage import QUESTION_TEXTS
from tickets.services.vocabulary import (
    check_category,
    refuse_new_meaning,
    refuse_retiring,
)


def as_form_error(refusal: OperationRefused) -> ValidationError:
    return ValidationError(refusal.message, code=refusal.code)


class CategoryForm(forms.ModelForm):
    """Judges the place in the tree before anything is written."""

    class Meta:
        model = Category
        fields = ("name", "parent")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "name" in cleaned and "parent" in cleaned:
            rows = {row.pk: row for row in Category.objects.all()}
            try:
                check_category(
                    rows,
                    name=cleaned["name"],
                    parent=cleaned["parent"],
                    category_id=self.instance.pk,
                )
            except OperationRefused as refusal:
                raise as_form_error(refusal) from refusal
        return cleaned


class StatusForm(forms.ModelForm):
    class Meta:
        model = Status
        fields = ("code", "name", "category", "is_intake", "position", "is_active")

    def clean_category(self) -> str:
        category = self.cleaned_data["category"]
        if self.instance.pk:
            stored = Status.objects.get(pk=self.instance.pk)
            try:
                refuse_new_meaning(stored, category)
            except OperationRefused as refusal:
                raise as_form_error(refusal) from refusal
        return category

    def clean_is_active(self) -> bool:
        is_active = self.cleaned_data["is_active"]
        if self.instance.pk and not is_active:
            try:
                refuse_retiring(self.instance)
            except OperationRefused as refusal:
                raise as_form_error(refusal) from refusal
        return is_active


class ReasonForm(forms.Form):
    """Why a table is changed; kept in its history."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )


class MatrixForm(ReasonForm):
    """A grid of choices: one select for each pair of row and column."""

    def __init__(
        self,
        *args: Any,
        rows: Iterable[tuple[str, Any]],
        columns: Iterable[tuple[str, Any]],
        choices: Iterable[tuple[str, Any]],
        cells: Mapping[tuple[str, str], str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.columns = list(rows), list(columns)
        options = [("", "–"), *choices]
        for row, row_label in self.rows:
            for column, column_label in self.columns:
                # Each select says which cell it is to who cannot see the grid.
                label = f"{row_label} × {column_label}"
                self.fields[f"{row}:{column}"] = forms.ChoiceField(
                    label=label,
                    choices=options,
                    initial=cells.get((row, column), ""),
                    widget=UnfoldAdminSelectWidget(attrs={"aria-label": label}),
                )

    def grid(self) -> list[tuple[Any, list[tuple[Any, forms.BoundField]]]]:
        return [
            (
                row_label,
                [(label, self[f"{row}:{column}"]) for column, label in self.columns],
            )
            for row, row_label in self.rows
        ]

    def cells(self) -> dict[tuple[str, str], str]:
        return {
            (row, column): self.cleaned_data[f"{row}:{column}"]
            for row, _row_label in self.rows
            for column, _column_label in self.columns
        }


class TriageForm(forms.Form):
    """The four questions, the severity matrix, and an override with its reason."""

    users_affected = forms.ChoiceField(
        label=_("Users affected"),
        choices=[("", "–"), *UsersAffected.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    impairment = forms.ChoiceField(
        label=_("Impairment"),
        choices=[("", "–"), *Impairment.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    priority = forms.ChoiceField(
        label=_("Another priority"),
        choices=[("", _("As proposed")), *Priority.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    severity = forms.ChoiceField(
        label=_("Another severity"),
        choices=[("", _("As proposed")), *Severity.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Needed when you set something else than triage proposes."),
        widget=UnfoldAdminTextInputWidget,
    )
    OVERRIDES = ("priority", "severity", "reason")

    def __init__(self, *args: Any, can_override: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            self.fields[question] = forms.ChoiceField(
                label=QUESTION_TEXTS[question][0],
                choices=[("yes", _("Yes")), ("no", _("No"))],
                required=False,
                widget=forms.RadioSelect,
            )
        if not can_override:
            for name in self.OVERRIDES:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        missing = next_question(self.answers())
        if missing is not None:
            self.add_error(missing, _("Answer this question with yes or no."))
        return cleaned

    def answers(self) -> dict[str, bool]:
        given = {name: self.cleaned_data.get(name) for name in QUESTIONS}
        return {name: value == "yes" for name, value in given.items() if value}

    def questions(self) -> list[forms.BoundField]:
        return [self[name] for name in QUESTIONS]

    def details(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in QUESTIONS]

    def values(self) -> dict[str, str]:
        return {
            name: self.cleaned_data[name]
            for name in self.fields
            if name not in QUESTIONS
        }
