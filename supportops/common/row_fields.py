"""Form fields that choose rows."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from supportops.common.row_ids import row_id


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows. A number beyond what a column holds is no choice, not a crash."""

    def clean(self, value: Any) -> Any:
        for key in value if isinstance(value, list | tuple) else ():
            if row_id(str(key)) is None:
                raise ValidationError(
                    self.error_messages["invalid_pk_value"],
                    code="invalid_pk_value",
                    params={"pk": str(key)[:20]},
                )
        return super().clean(value)
