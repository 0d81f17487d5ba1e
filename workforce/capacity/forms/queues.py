"""The form of a queue: what cannot change once numbers stand on it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workforce.capacity.models import IntervalVolume, Queue, Source


class QueueForm(forms.ModelForm):
    class Meta:
        model = Queue
        fields = (
            "name",
            "channel",
            "handling",
            "is_active",
            "channels",
            "teams",
            "interval_minutes",
            "time_zone",
            "calendar",
            "country",
        )

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).strip().upper()

    def clean(self) -> dict[str, Any] | None:
        """Refuse another grid while imported numbers stand on the present one."""
        cleaned = super().clean()
        moved = {"interval_minutes", "time_zone"} & set(self.changed_data)
        imported = IntervalVolume.objects.filter(
            queue=self.instance.pk, source=Source.IMPORT
        )
        if self.instance.pk and moved and imported.exists():
            for name in sorted(moved):
                self.add_error(
                    name,
                    _(
                        "Imported intervals stand on this. Undo their imports first, "
                        "or make another queue."
                    ),
                )
        return cleaned
