"""What the API accepts for capacity: volumes of intervals, a publication, an event."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from supportops.api.fields import IdOf, Input
from supportops.common.row_ids import LARGEST_ID
from workforce.capacity.core.volumes.counting import Counted
from workforce.capacity.core.volumes.csv_columns import (
    FIRST_YEAR,
    MOST_CONTACTS,
    MOST_SECONDS,
    FileRow,
)
from workforce.capacity.core.volumes.csv_grid import Refused
from workforce.capacity.models import Event, Queue
from workforce.capacity.selectors.queues import VIEW_ALL, queues_visible_to

MOST_ROWS = 3000
"""A month of quarter hours has 2976."""

OPTIONAL = ("handled", "abandoned", "timed", "handle_seconds", "backlog")
_ROLES = {"handled": "handled", "abandoned": "abandoned", "handle_seconds": "handle", "backlog": "backlog"}  # fmt: skip


def _count(help_text: str = "", **kwargs: Any) -> serializers.IntegerField:
    kwargs = {"min_value": 0, "max_value": MOST_CONTACTS, **kwargs}
    return serializers.IntegerField(help_text=help_text, **kwargs)


class VolumeRowIn(Input):
    """One interval. Every row names the same fields as the first; others stay as they are."""

    starts_at = serializers.DateTimeField(
        help_text=gettext_lazy(
            "Start of the interval with its offset; without one it is UTC."
        )
    )
    offered = _count(gettext_lazy("Contacts that came in."))
    handled = _count(gettext_lazy("Contacts that were served."), required=False)
    abandoned = _count(gettext_lazy("Contacts that gave up."), required=False)
    timed = _count(
        gettext_lazy("Handled contacts whose handle time is known."), required=False
    )
    handle_seconds = _count(
        gettext_lazy("Handle time of those together, in seconds."),
        required=False,
        max_value=MOST_SECONDS,
    )
    backlog = _count(
        gettext_lazy("Contacts open at the end; null where it is not known."),
        required=False,
        allow_null=True,
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("timed" in given) != ("handle_seconds" in given):
            raise serializers.ValidationError(
                {"handle_seconds": [_("Send it together with “timed”, or neither.")]}
            )
        return given


@extend_schema_field(VolumeRowIn(many=True))
class _Rows(serializers.ListField):
    """Rows as they were sent: each is judged by itself, later."""


class VolumesIn(Input):
    minutes = serializers.IntegerField(
        min_value=1,
        max_value=1440,
        required=False,
        help_text=gettext_lazy(
            "How long each row is; as long as the queue's intervals unless told. Shorter "
            "ones are summed up."
        ),
    )
    rows = _Rows(
        child=serializers.JSONField(),
        allow_empty=False,
        max_length=MOST_ROWS,
        help_text=gettext_lazy("Up to 3000 rows."),
    )


def read_rows(
    sent: Sequence[Any],
) -> tuple[list[FileRow], list[Refused], set[str]]:
    """Read each row by itself: those that can be used, those refused, the roles filled.

    A row's number is its place, beginning with 1 as in a file.
    """
    reader = VolumeRowIn()
    rows: list[FileRow] = []
    refused: list[Refused] = []
    fields: set[str] | None = None
    for line, raw in enumerate(sent, start=1):
        try:
            given = reader.run_validation(raw)
        except serializers.ValidationError as error:
            refused.append(Refused(line, line, "invalid", _first_words(error)))
            continue
        named = {name for name in OPTIONAL if name in given}
        fields = named if fields is None else fields
        if problem := _problem(given, named, fields):
            refused.append(Refused(line, line, *problem))
        else:
            rows.append(_file_row(line, given))
    roles = {role for name, role in _ROLES.items() if name in (fields or ())}
    return rows, refused, {"offered", *roles}


def _problem(
    given: dict[str, Any], named: set[str], fields: set[str]
) -> tuple[str, str] | None:
    if named != fields:
        return "uneven", ", ".join(sorted(named ^ fields))
    if given["starts_at"].year < FIRST_YEAR:
        return "too_old", given["starts_at"].isoformat()
    return None


def _file_row(line: int, given: dict[str, Any]) -> FileRow:
    facts = {name: given[name] for name in ("offered", *OPTIONAL) if name in given}
    return FileRow(line, "", "", given["starts_at"], Counted(**facts))


def _first_words(error: serializers.ValidationError) -> str:
    """“offered: A valid integer is required.”"""
    name, messages = next(iter(dict(error.detail).items()))
    words = messages[0] if isinstance(messages, list) else messages
    return str(words) if name == "non_field_errors" else f"{name}: {words}"


_REASONS = {
    "invalid": gettext_lazy("%(shown)s"),
    "uneven": gettext_lazy(
        "other fields than in the first row: %(shown)s; every row names the same"
    ),
    "not_begun": gettext_lazy("%(shown)s has not begun yet"),
    "too_old": gettext_lazy("%(shown)s is before the year 2000"),
    "off_grid": gettext_lazy("%(shown)s is no start of an interval"),
    "duplicate": gettext_lazy("says the same interval as row %(row)s"),
    "coarser": gettext_lazy(
        "rows of %(shown)s minutes: longer than the queue's intervals"
    ),
}


def refusal_words(one: Refused) -> str:
    """Say why a row was not written."""
    shown, row = one.shown, ""
    if one.code == "duplicate":
        row = shown
    if one.code == "coarser":
        shown = shown.partition("/")[0]
    return str(_REASONS[one.code]) % {"shown": shown, "row": row}


class PublishIn(Input):
    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=300
    )
    replaces = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=LARGEST_ID,
        help_text=gettext_lazy(
            "The published forecast that this one was compared with, null for none: "
            "refused when another was published since. Leave it out not to check."
        ),
    )


class VisibleQueue(IdOf):
    """A queue that the caller sees; any other one is not there."""

    def get_queryset(self) -> QuerySet[Queue]:
        return queues_visible_to(self.context["request"].user)


class CapacityEventIn(Input):
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=Event.Kind.choices)
    starts_on = serializers.DateField(help_text=gettext_lazy("First local day."))
    ends_on = serializers.DateField(help_text=gettext_lazy("Last local day inside."))
    repeats = serializers.ChoiceField(
        choices=Event.Repeats.choices, default=Event.Repeats.NEVER
    )
    treatment = serializers.ChoiceField(
        choices=Event.Treatment.choices, default=Event.Treatment.REPEAT
    )
    percent = serializers.DecimalField(
        max_digits=6,
        decimal_places=1,
        min_value=-100,
        required=False,
        allow_null=True,
        coerce_to_string=False,
        help_text=gettext_lazy("Change of volume in percent; null: learnt."),
    )
    queues = VisibleQueue(
        queryset=Queue.objects.all(),
        many=True,
        required=False,
        default=list,
        help_text=gettext_lazy("None means every queue."),
    )
    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=300
    )
    is_active = serializers.BooleanField(required=False, default=True)

    def validate_queues(self, queues: list[Queue]) -> list[Queue]:
        """An event of every queue is entered only by who sees every queue."""
        if not queues and not self.context["request"].user.has_perm(VIEW_ALL):
            raise serializers.ValidationError(
                _("Name your queues: only who sees every queue can mean all of them.")
            )
        return queues
