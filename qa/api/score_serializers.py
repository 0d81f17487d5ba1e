"""What the API shows of scores: value, interval, number, and how it was adjusted."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class MeanOut(serializers.Serializer):
    """A mean of `n` reviews with its 95 % interval, where there are two or more."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()


class ShareOut(MeanOut):
    """A share between 0 and 1: `hits` of `n`, with its 95 % interval."""

    hits = serializers.IntegerField()


class StepOut(serializers.Serializer):
    """One thing that moved the adjusted score away from the plain mean, in points."""

    kind = serializers.CharField()
    points = serializers.FloatField()
    n = serializers.IntegerField()


class AgentScoreOut(serializers.Serializer):
    """One agent. `rank_low` to `rank_high`: places that cannot be told apart."""

    agent = serializers.IntegerField(source="agent_id")
    name = serializers.CharField()
    team = serializers.IntegerField(source="team_id", allow_null=True)
    random = MeanOut(help_text=_("Reviews of tickets drawn at random."))
    targeted = MeanOut(help_text=_("Reviews of tickets chosen for a reason."))
    adjusted = serializers.FloatField(
        allow_null=True, help_text=_("Without the severity of reviewers, shrunken.")
    )
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    shrinkage = serializers.FloatField(allow_null=True)
    component = serializers.IntegerField(
        allow_null=True,
        help_text=_("Agents of different components cannot be compared."),
    )
    rank_low = serializers.IntegerField(allow_null=True)
    rank_high = serializers.IntegerField(allow_null=True)
    critical_fails = ShareOut(source="fails")
    steps = StepOut(many=True)


class TeamScoreOut(serializers.Serializer):
    team = serializers.IntegerField(source="team_id", allow_null=True)
    name = serializers.CharField()
    agents = serializers.IntegerField()
    random = MeanOut()
    targeted = MeanOut()
    critical_fails = ShareOut(source="fails")


class ScoreboardOut(serializers.Serializer):
    """Scores of UTC days `start` to `end` (not included), by day of release."""

    start = serializers.DateField()
    end = serializers.DateField()
    random = MeanOut()
    targeted = MeanOut()
    critical_fails = ShareOut(source="fails")
    teams = TeamScoreOut(many=True)
    agents = AgentScoreOut(many=True)
