"""What the API shows of queues: their assumptions and what came in."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tickets.api.serializers import Named
from workforce.capacity.models import Assumptions, Queue
from workforce.capacity.selectors.handle_time import HandleSource


class QueueBrief(serializers.ModelSerializer):
    """One kind of work in one channel, as it is forecast and staffed."""

    teams = Named(many=True, read_only=True)
    channels = serializers.SlugRelatedField(
        slug_field="code",
        many=True,
        read_only=True,
        help_text=_(
            "Ticket channels that fill it; without any, it is filled from here."
        ),
    )
    calendar = Named(
        read_only=True,
        allow_null=True,
        help_text=_("Staffed hours; null means round the clock."),
    )

    class Meta:
        model = Queue
        fields: tuple[str, ...] = (
            "id",
            "name",
            "channel",
            "handling",
            "interval_minutes",
            "time_zone",
            "teams",
            "channels",
            "calendar",
            "country",
            "is_active",
        )


class AssumptionsOut(serializers.Serializer):
    """What staffing takes for granted. Shares are fractions between 0 and 1."""

    service_level = serializers.FloatField()
    target_seconds = serializers.FloatField(
        help_text=_("For deferred work: the open time within which it is done.")
    )
    definition = serializers.ChoiceField(choices=Assumptions.Definition.choices)
    handle_seconds = serializers.FloatField(help_text=_("Mean of one contact."))
    patience_seconds = serializers.FloatField(
        allow_null=True, help_text=_("Null: nobody gives up.")
    )
    concurrency = serializers.IntegerField(help_text=_("Chats at once."))
    slowdown = serializers.FloatField(
        help_text=_("Share of the handle time that each further chat adds.")
    )
    max_occupancy = serializers.FloatField()
    shrinkage = serializers.FloatField()
    hours_per_week = serializers.FloatField(
        help_text=_("Paid hours of a full-time person.")
    )


class StandingOut(AssumptionsOut):
    """Assumptions with where the handle time comes from."""

    handle_source = serializers.ChoiceField(
        choices=[source.value for source in HandleSource],
        help_text=_("VOLUMES: the mean of the last 56 days."),
    )
    handle_n = serializers.IntegerField(
        help_text=_("Contacts under a measured handle time; 0 for an assumed one.")
    )


class QueueOut(QueueBrief):
    """A queue with the assumptions that hold today."""

    assumptions = StandingOut(source="standing_today")

    class Meta(QueueBrief.Meta):
        fields = (*QueueBrief.Meta.fields, "assumptions")


# Volumes ----------------------------------------------------------------------------------


class OfQueue(serializers.Serializer):
    """Local days `start` to `end` (not included) of a queue, in its own zone."""

    queue = serializers.IntegerField()
    time_zone = serializers.CharField(help_text=_("IANA name; days are local days."))
    start = serializers.DateField()
    end = serializers.DateField(help_text=_("First local day after the span."))


class VolumeOut(serializers.Serializer):
    """Contacts of one day or interval; what has no row is not known or was nothing."""

    day = serializers.DateField(help_text=_("Local day."))
    starts_at = serializers.DateTimeField(
        allow_null=True, help_text=_("UTC; null for a day.")
    )
    minutes = serializers.IntegerField(
        allow_null=True, help_text=_("Length of the interval; null for a day.")
    )
    offered = serializers.IntegerField(help_text=_("Contacts."))
    handled = serializers.IntegerField(help_text=_("Contacts."))
    abandoned = serializers.IntegerField(help_text=_("Contacts."))
    timed = serializers.IntegerField(help_text=_("Contacts with a known handle time."))
    handle_seconds = serializers.IntegerField(
        help_text=_("Handle time of those together.")
    )
    backlog = serializers.IntegerField(
        allow_null=True, help_text=_("Contacts open at the end; null: not known.")
    )


class VolumesOut(OfQueue):
    grain = serializers.ChoiceField(choices=["day", "interval"])
    rows = VolumeOut(many=True)


class RefusedRowOut(serializers.Serializer):
    """A row that was not written."""

    row = serializers.IntegerField(
        help_text=_("Its place among `rows`: the first is 1.")
    )
    code = serializers.CharField(help_text=_("A stable word to decide by."))
    detail = serializers.CharField()


class VolumesWrittenOut(serializers.Serializer):
    """What became of the rows. `new`, `replaced` and `same` count intervals."""

    import_run = serializers.IntegerField(
        allow_null=True,
        help_text=_("The import that can be undone; null when nothing changed."),
    )
    rows = serializers.IntegerField()
    new = serializers.IntegerField()
    replaced = serializers.IntegerField()
    same = serializers.IntegerField()
    refused = serializers.IntegerField(help_text=_("Rows."))
    first_at = serializers.DateTimeField(
        allow_null=True, help_text=_("Start of the first interval, UTC.")
    )
    last_at = serializers.DateTimeField(
        allow_null=True, help_text=_("Start of the last interval, UTC.")
    )
    refusals = RefusedRowOut(many=True)
