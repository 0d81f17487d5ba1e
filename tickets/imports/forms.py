"""What a person says about a file that is to be imported."""

import json
from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from supportops.common.errors import OperationRefused
from tickets.imports import services
from tickets.imports.core.clock import parse_zone
from tickets.imports.models import ImportRun

Format = ImportRun.Format
MAX_MAPPING = 200_000


def shipped_choices() -> list[tuple[str, Any]]:
    names = [(name, name) for name in services.shipped_mappings()]
    return [("", _("None: upload or write one")), *names]


class UploadForm(forms.Form):
    """Step 1: the file, where it is from, how it is written."""

    file = forms.FileField(
        label=_("File"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=_("CSV, JSON Lines or Zendesk JSON; .gz is fine."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=60,
        validators=[validate_slug],
        widget=UnfoldAdminTextInputWidget,
        help_text=_(
            "A short name for the system it came from, such as volvo. The same name "
            "again continues that history."
        ),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        choices=Format.choices,
        initial=Format.CSV,
        widget=UnfoldAdminSelectWidget,
    )
    shipped = forms.ChoiceField(
        label=_("Shipped mapping"),
        choices=shipped_choices,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    mapping_file = forms.FileField(
        label=_("Mapping file"),
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text=_("JSON, for CSV files."),
    )

    def clean_mapping_file(self) -> Any:
        upload = self.cleaned_data["mapping_file"]
        if upload is None:
            return None
        if upload.size > MAX_MAPPING:
            raise forms.ValidationError(_("A mapping has 200 kB at most."))
        try:
            return services.parse_json(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(
                _("The mapping is not written in UTF-8.")
            ) from None
        except OperationRefused as refusal:
            raise forms.ValidationError(refusal.message) from None

    def mapping(self) -> Any:
        """The mapping to begin with; an empty frame when none was chosen."""
        if self.cleaned_data["format"] != Format.CSV:
            return {}
        if self.cleaned_data["mapping_file"] is not None:
            return self.cleaned_data["mapping_file"]
        if self.cleaned_data["shipped"]:
            return services.load_mapping(self.cleaned_data["shipped"])
        return {"case_id": "", "timestamp": "", "mode": "snapshot", "fields": {}}


class MappingForm(forms.Form):
    """Step 2: the zone of times that name none, and the mapping as text."""

    time_zone = forms.CharField(
        label=_("Time zone of the file's clock"),
        max_length=64,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_(
            "Only for times that name no zone. Europe/Rome, UTC, or an offset such as "
            "+01:00. It is never guessed."
        ),
    )
    mapping = forms.CharField(
        label=_("Mapping (JSON)"),
        max_length=MAX_MAPPING,
        required=False,
        widget=UnfoldAdminTextareaWidget(
            attrs={"rows": 22, "spellcheck": "false", "style": "font-family: monospace"}
        ),
    )

    def clean_mapping(self) -> Any:
        text = self.cleaned_data["mapping"].strip()
        if not text:
            return {}
        try:
            return services.parse_json(text)
        except OperationRefused as refusal:
            raise forms.ValidationError(refusal.message) from None

    def clean_time_zone(self) -> str:
        name = self.cleaned_data["time_zone"].strip()
        if name:
            try:
                parse_zone(name)
            except ValueError as error:
                raise forms.ValidationError(str(error)) from None
        return name


def mapping_text(mapping: Any) -> str:
    return json.dumps(mapping, indent=2, ensure_ascii=False) if mapping else ""
