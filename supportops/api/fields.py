"""What API inputs share: a serializer that passes nothing over, and fields."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from supportops.common.row_ids import LARGEST_ID


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": LARGEST_ID})
class IdOf(serializers.PrimaryKeyRelatedField):
    """The number of a row that must exist. Unlike DRF's own, no fraction passes as one."""

    def to_internal_value(self, data: Any) -> Model:
        if isinstance(data, bool) or not isinstance(data, int | str):
            self.fail("incorrect_type", data_type=type(data).__name__)
        if isinstance(data, str) and not (data.isascii() and data.isdigit()):
            self.fail("incorrect_type", data_type=type(data).__name__)
        return super().to_internal_value(data)


class Input(serializers.Serializer):
    """A body. A name it does not know is refused: misspelt, it would be lost."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                message = _("There is no such field. Known: %(known)s.") % {
                    "known": ", ".join(self.fields)
                }
                raise serializers.ValidationError({name: [message] for name in unknown})
        return super().to_internal_value(data)
