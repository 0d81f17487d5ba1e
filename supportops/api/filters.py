"""Filters that API lists share."""

from datetime import UTC, datetime

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django_filters.fields import IsoDateTimeField
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from supportops.common.row_ids import LARGEST_ID


@extend_schema_field(OpenApiTypes.INT64)
class IdFilter(django_filters.Filter):
    """Rows that point to one row. It need not exist, so nothing is told about it."""

    field_class = forms.IntegerField

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("min_value", 1)
        kwargs.setdefault("max_value", LARGEST_ID)
        super().__init__(*args, **kwargs)


class AnyOf(django_filters.MultipleChoiceFilter):
    """Rows whose column is one of several words.

    Without DISTINCT, which the original asks for: on PostgreSQL it sorts every match by
    all its columns before the first page is full.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("distinct", False)
        super().__init__(*args, **kwargs)


class MomentField(IsoDateTimeField):
    """A moment of ISO 8601 in UTC.

    PostgreSQL refuses offsets beyond 15:59, which ISO 8601 and Python allow.
    """

    def to_python(self, value: object) -> datetime | None:
        moment: datetime | None = super().to_python(value)
        try:
            return moment.astimezone(UTC) if moment else None
        except OverflowError as error:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid"
            ) from error


class MomentFilter(django_filters.IsoDateTimeFilter):
    """Rows before or from a moment on."""

    field_class = MomentField
