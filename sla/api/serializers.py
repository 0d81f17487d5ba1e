"""What the API shows of promises."""

from rest_framework import serializers

from sla.models import (
    Calendar,
    CalendarException,
    CalendarHolidays,
    CalendarInterval,
    Policy,
    PolicyVersion,
    SlaClock,
)


class IntervalOut(serializers.ModelSerializer):
    class Meta:
        model = CalendarInterval
        fields = ("weekday", "starts_minute", "ends_minute")


class HolidaysOut(serializers.ModelSerializer):
    class Meta:
        model = CalendarHolidays
        fields = ("country", "subdivision")


class ExceptionOut(serializers.ModelSerializer):
    class Meta:
        model = CalendarException
        fields = ("date", "name", "hours")


class CalendarOut(serializers.ModelSerializer):
    intervals = IntervalOut(many=True, read_only=True)
    holiday_sets = HolidaysOut(many=True, read_only=True)
    exceptions = ExceptionOut(many=True, read_only=True)

    class Meta:
        model = Calendar
        fields = (
            "id",
            "name",
            "time_zone",
            "is_always_open",
            "intervals",
            "holiday_sets",
            "exceptions",
        )


class VersionOut(serializers.ModelSerializer):
    published_by = serializers.StringRelatedField()

    class Meta:
        model = PolicyVersion
        fields = (
            "id",
            "number",
            "state",
            "position",
            "definition",
            "effective_from",
            "effective_to",
            "reason",
            "published_by",
            "published_at",
        )


class PolicyOut(serializers.ModelSerializer):
    versions = VersionOut(many=True, read_only=True)

    class Meta:
        model = Policy
        fields = ("id", "name", "description", "position", "versions")


class ClockOut(serializers.ModelSerializer):
    class Meta:
        model = SlaClock
        fields = (
            "id",
            "ticket",
            "metric",
            "cycle",
            "policy_version",
            "state",
            "target_seconds",
            "started_at",
            "due_at",
            "stopped_at",
            "elapsed_seconds",
            "paused_seconds",
            "breach_seconds",
            "judged_at",
            "is_kept",
            "is_excluded",
            "computed_at",
        )
