"""What a person says about a volume file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workforce.capacity.core.volumes.csv_columns import ROLES
from workforce.capacity.models import Queue, VolumeImport
from workforce.capacity.selectors.volume_imports import CREATE, REFUSE, Preview
from workforce.capacity.services.volumes.imports.steps import LARGEST
from workforce.people.models import validate_time_zone

SUFFIXES = (".csv", ".txt", ".tsv")

ROLE_NAMES = {
    "start": _("Start of the interval"),
    "offered": _("Contacts offered"),
    "queue": _("Queue"),
    "channel": _("Channel"),
    "handled": _("Handled"),
    "abandoned": _("Abandoned"),
    "handle": _("Handle time"),
    "backlog": _("Backlog at the end"),
}
UNIT_NAMES = [
    ("sum_seconds", _("seconds, sum of the interval")),
    ("mean_seconds", _("seconds, mean of a contact")),
    ("sum_minutes", _("minutes, sum of the interval")),
    ("mean_minutes", _("minutes, mean of a contact")),
]
STEP_NAMES = [
    (0, _("find out")),
    (5, "5"),
    (10, "10"),
    (15, "15"),
    (30, "30"),
    (60, "60"),
    (1440, _("a day")),
]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8, 10 MB at most, with a header line."),
    )
    time_zone = forms.CharField(
        label=_("Time zone of the file"),
        max_length=64,
        initial="UTC",
        validators=[validate_time_zone],
        help_text=_("For times that name none. A bare day is a day of the queue."),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if not upload.name.lower().endswith(SUFFIXES):
            raise forms.ValidationError(
                _("Upload a .csv, .tsv or .txt file, not “%(name)s”."),
                params={"name": upload.name},
            )
        if upload.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 10 MB."))
        return upload


class MappingForm(forms.Form):
    """Which column is what, and which queue each name of the file is."""

    def __init__(self, run: VolumeImport, preview: Preview, data: Any = None) -> None:
        super().__init__(data)
        self.run, self.preview = run, preview
        mapping = run.mapping
        columns = [("", _("not in the file")), *((h, h) for h in preview.headers)]
        for role in ROLES:
            self.fields[role] = forms.ChoiceField(
                label=ROLE_NAMES[role],
                choices=columns,
                required=role in {"start", "offered"},
                initial=mapping["columns"].get(role, ""),
            )
        self._add_reading(mapping)
        self._add_names(mapping)

    def _add_reading(self, mapping: dict[str, Any]) -> None:
        self.fields["unit"] = forms.ChoiceField(
            label=_("Handle time is in"), choices=UNIT_NAMES, initial=mapping["unit"]
        )
        self.fields["step"] = forms.TypedChoiceField(
            label=_("Interval of the file, minutes"),
            choices=STEP_NAMES,
            coerce=int,
            initial=mapping.get("step", 0),
        )
        self.fields["time_zone"] = forms.CharField(
            label=_("Time zone of the file"),
            max_length=64,
            initial=self.run.time_zone,
            validators=[validate_time_zone],
        )
        self.fields["whole"] = forms.ModelChoiceField(
            Queue.objects.order_by("name", "channel"),
            label=_("All rows are of"),
            required=False,
            empty_label=_("the queues that the file names"),
            initial=mapping.get("queue"),
        )

    def _add_names(self, mapping: dict[str, Any]) -> None:
        told = {(name, channel): choice for name, channel, choice in mapping["names"]}
        asked = [name for name in self.preview.names if any(name)]
        self.names = [
            name for name in asked if name in self.preview.unknown or name in told
        ]
        queues = [
            (str(queue.pk), str(queue))
            for queue in Queue.objects.order_by("name", "channel")
        ]
        for place, name in enumerate(self.names):
            self.fields[f"name_{place}"] = forms.ChoiceField(
                label=" · ".join(filter(None, name)),
                choices=[
                    (REFUSE, _("refuse its rows")),
                    (CREATE, _("make a queue of it")),
                    *queues,
                ],
                required=False,
                initial=str(told.get(name, REFUSE)),
            )

    def name_fields(self) -> list[Any]:
        return [self[f"name_{place}"] for place in range(len(self.names))]

    def plain_fields(self) -> list[Any]:
        return [field for field in self if not field.name.startswith("name_")]

    def mapping(self) -> dict[str, Any]:
        told = self.cleaned_data
        names = []
        for place, (name, channel) in enumerate(self.names):
            choice = told.get(f"name_{place}", REFUSE)
            if choice != REFUSE:
                kept = choice if choice == CREATE else int(choice)
                names.append([name, channel, kept])
        return {
            "delimiter": self.run.mapping["delimiter"],
            "columns": {role: told[role] for role in ROLES if told[role]},
            "unit": told["unit"],
            "step": told["step"],
            "queue": told["whole"].pk if told["whole"] else None,
            "names": names,
        }
