"""What the API shows of decisions: the record, its versions, its triggers as they stand."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tickets.api.serializers import Named
from workforce.capacity.core.triggers import Standing
from workforce.capacity.models import Decision, DecisionVersion, Trigger


class DecisionBrief(serializers.ModelSerializer):
    """A decision without what is written in it."""

    owner = Named(read_only=True)
    queues = Named(many=True, read_only=True)
    next_review = serializers.DateField(
        allow_null=True, help_text=_("The next review that is not done.")
    )
    fired_triggers = serializers.SerializerMethodField(
        help_text=_("How many triggers have fired.")
    )

    class Meta:
        model = Decision
        fields: tuple[str, ...] = (
            "id",
            "kind",
            "title",
            "state",
            "owner",
            "queues",
            "chosen",
            "starts_on",
            "ends_on",
            "next_review",
            "fired_triggers",
            "created_at",
            "changed_at",
        )

    def get_fired_triggers(self, decision: Decision) -> int:
        rows = decision.triggers.all()
        return sum(row.state == Trigger.State.FIRED for row in rows)


class DecisionVersionOut(serializers.ModelSerializer):
    """A version that was proposed; it never changes."""

    created_by = Named(read_only=True, allow_null=True)

    class Meta:
        model = DecisionVersion
        fields = ("number", "reason", "created_by", "created_at")


class SectionOut(serializers.Serializer):
    """One section of the record. What `data` holds depends on `key`."""

    key = serializers.CharField()
    title = serializers.CharField()
    data = serializers.DictField()


class TriggerOut(serializers.ModelSerializer):
    """A bound on a metric of the catalogue, with the figure of this moment.

    `value`, `low` and `high` have the unit of the metric, as `threshold` has.
    """

    filters = serializers.DictField(
        child=serializers.ListField(), help_text=_("By dimension of the catalogue.")
    )
    value = serializers.FloatField(
        allow_null=True, help_text=_("Null when there is nothing to measure.")
    )
    n = serializers.IntegerField(allow_null=True, help_text=_("Facts under the value."))
    low = serializers.FloatField(
        allow_null=True, help_text=_("Lower bound of the 95 % interval.")
    )
    high = serializers.FloatField(
        allow_null=True, help_text=_("Upper bound of the 95 % interval.")
    )
    standing = serializers.ChoiceField(
        choices=[standing.value for standing in Standing],
        help_text=_("How the value stands to the threshold; CROSSED fires."),
    )
    problem = serializers.CharField(
        allow_blank=True,
        help_text=_("Why there is no figure, if it cannot be watched."),
    )

    class Meta:
        model = Trigger
        fields = (
            "id",
            "metric",
            "filters",
            "direction",
            "threshold",
            "window_days",
            "minimum_n",
            "purpose",
            "contingency",
            "state",
            "checked_at",
            "fired_at",
            "value",
            "n",
            "low",
            "high",
            "standing",
            "problem",
        )


class DecisionOut(DecisionBrief):
    """The record as it is now, as far as the caller may read it."""

    versions = DecisionVersionOut(many=True, help_text=_("Newest first."))
    sections = SectionOut(many=True)
    triggers = TriggerOut(many=True)

    class Meta(DecisionBrief.Meta):
        fields = (*DecisionBrief.Meta.fields, "versions", "sections", "triggers")
