"""What the API shows of scorecards, reviews, draws and calibrations."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from qa.models import (
    Answer,
    CalibrationSession,
    Dispute,
    DisputeLine,
    Pin,
    Review,
    SampleItem,
    SamplingDraw,
    Scorecard,
    ScorecardVersion,
)
from qa.selectors.calibration import is_open_to
from qa.selectors.reading import hides_agent
from qa.selectors.sampling_sight import knows_why, may_be_told
from tickets.api.serializers import Named

# Scorecards -------------------------------------------------------------------------------


class CardVersionBrief(serializers.ModelSerializer):
    """A version without its definition, which has an address of its own."""

    class Meta:
        model = ScorecardVersion
        fields = ("id", "number", "state", "published_at", "archived_at")


class ScorecardOut(serializers.ModelSerializer):
    """What good work looks like, with its versions, newest first."""

    versions = CardVersionBrief(many=True, read_only=True)

    class Meta:
        model = Scorecard
        fields = (
            "id",
            "name",
            "slug",
            "description",
            "requires_certificate",
            "versions",
        )


class ScorecardVersionOut(serializers.ModelSerializer):
    """Sections, criteria and levels as reviews of this version were scored."""

    scorecard = serializers.PrimaryKeyRelatedField(read_only=True)
    definition = serializers.DictField(read_only=True)
    published_by = Named(read_only=True, allow_null=True)

    class Meta:
        model = ScorecardVersion
        fields = (
            "id",
            "scorecard",
            "number",
            "state",
            "definition",
            "reason",
            "published_by",
            "published_at",
            "archived_at",
        )


# Reviews ----------------------------------------------------------------------------------


class AnswerOut(serializers.ModelSerializer):
    """One criterion. `share` is of its maximum, 0–1; null when it does not count."""

    criterion = serializers.CharField(source="criterion_key")
    checked = serializers.ListField(child=serializers.CharField(), read_only=True)
    root_causes = serializers.SlugRelatedField(
        slug_field="name", many=True, read_only=True
    )

    class Meta:
        model = Answer
        fields = (
            "criterion",
            "level",
            "checked",
            "is_na",
            "text",
            "share",
            "comment",
            "root_causes",
            "source",
        )


class PinOut(serializers.ModelSerializer):
    """A remark on characters `start` to `end` (not included) of a message."""

    criterion = serializers.CharField(source="criterion_key")

    class Meta:
        model = Pin
        fields = ("message", "start", "end", "quote", "criterion", "tone", "text")


class DisputeLineOut(serializers.ModelSerializer):
    """One disputed criterion; `_na` stands for "does not apply"."""

    criterion = serializers.CharField(source="criterion_key")

    class Meta:
        model = DisputeLine
        fields = ("criterion", "proposed_level", "reason", "outcome", "final_level")


class DisputeOut(serializers.ModelSerializer):
    lines = DisputeLineOut(many=True, read_only=True)
    arbiter = Named(read_only=True, allow_null=True)

    class Meta:
        model = Dispute
        fields = (
            "id",
            "kind",
            "state",
            "reason",
            "opened_at",
            "due_at",
            "arbiter",
            "decided_at",
            "decision",
            "lines",
        )


class ReviewOut(serializers.ModelSerializer):
    """A filled-in scorecard that the caller may read. Scores are on 0–100."""

    ticket = serializers.PrimaryKeyRelatedField(read_only=True)
    agent = serializers.SerializerMethodField(
        help_text=_("Null while a calibration hides whose work it is.")
    )
    reviewer = Named(read_only=True)
    scorecard = serializers.IntegerField(source="version.scorecard_id")
    version = serializers.PrimaryKeyRelatedField(read_only=True)
    score = serializers.FloatField(allow_null=True)
    raw_score = serializers.FloatField(
        allow_null=True, help_text=_("Before critical failures.")
    )
    supersedes = serializers.SerializerMethodField(
        help_text=_("The disputed review in whose place this one was written.")
    )
    answers = AnswerOut(many=True, read_only=True)
    pins = PinOut(many=True, read_only=True)
    disputes = DisputeOut(many=True, read_only=True)

    class Meta:
        model = Review
        fields = (
            "id",
            "ticket",
            "agent",
            "reviewer",
            "scorecard",
            "version",
            "kind",
            "basis",
            "state",
            "score",
            "raw_score",
            "passed",
            "is_critical_fail",
            "strengths",
            "focus",
            "is_exemplary",
            "submitted_at",
            "released_at",
            "acknowledged_at",
            "acknowledgement",
            "dispute_until",
            "is_current",
            "supersedes",
            "answers",
            "pins",
            "disputes",
        )  # fmt: skip

    @extend_schema_field(Named(allow_null=True))
    def get_agent(self, review: Review) -> dict | None:
        return None if hides_agent(review) else Named(review.agent).data

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_supersedes(self, review: Review) -> int | None:
        """One that was handed over says nothing of whom it was taken from."""
        before = review.supersedes
        same = before is not None and before.agent_id == review.agent_id
        return before.pk if same else None


# Draws ------------------------------------------------------------------------------------


class DrawOut(serializers.ModelSerializer):
    """A taken draw. With `seed` and the frame of this hash it can be drawn again."""

    plan = Named(read_only=True)
    strata = serializers.SerializerMethodField(
        help_text=_("What was drawn of each is for who takes draws.")
    )

    class Meta:
        model = SamplingDraw
        fields = (
            "id",
            "plan",
            "starts_on",
            "ends_on",
            "seed",
            "frame_size",
            "frame_hash",
            "strata",
            "taken_at",
        )

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_strata(self, draw: SamplingDraw) -> list[dict]:
        """A reviewer with more tickets of a stratum than were drawn has a second one."""
        if knows_why(self.context["request"].user):
            return draw.strata
        return [
            {key: value for key, value in row.items() if key != "drawn"}
            for row in draw.strata
        ]


class ItemOut(serializers.ModelSerializer):
    """A ticket to review. `probability` is null for what was not drawn at random.

    For who does not take draws `why`, `stratum` and `probability` are null too, except
    that a rule has flagged it: reviewers are not told which tickets examine them.
    """

    TELLING = ("why", "stratum", "probability")

    draw = serializers.PrimaryKeyRelatedField(read_only=True)
    ticket = serializers.PrimaryKeyRelatedField(read_only=True)
    agent = Named(read_only=True)
    reviewer = Named(read_only=True, allow_null=True)
    replaced_by = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)

    class Meta:
        model = SampleItem
        fields = (
            "id",
            "draw",
            "ticket",
            "agent",
            "reviewer",
            "stratum",
            "probability",
            "why",
            "rule",
            "due_at",
            "state",
            "replaced_by",
        )
        extra_kwargs: ClassVar[dict] = {
            name: {"allow_null": True} for name in ("why", "stratum")
        }

    def to_representation(self, item: SampleItem) -> dict[str, Any]:
        shown = super().to_representation(item)
        if not may_be_told(self.context["request"].user, item):
            shown |= dict.fromkeys(self.TELLING)
        return shown


# Calibrations -----------------------------------------------------------------------------


class CalibrationBrief(serializers.ModelSerializer):
    """A round of calibration, without what its sheets say together."""

    version = serializers.PrimaryKeyRelatedField(read_only=True)
    facilitator = Named(read_only=True)
    tickets = serializers.IntegerField(source="ticket_count")
    participants = serializers.IntegerField(source="participant_count")
    finished = serializers.IntegerField(source="finished_count")
    threshold = serializers.FloatField()

    class Meta:
        model = CalibrationSession
        fields: tuple[str, ...] = (
            "id",
            "title",
            "version",
            "mode",
            "reveal",
            "state",
            "facilitator",
            "threshold",
            "min_participants",
            "tickets",
            "participants",
            "finished",
            "due_at",
            "revealed_at",
            "closed_at",
        )


class CalibrationOut(CalibrationBrief):
    """A round of calibration with its statistics, once it is closed."""

    statistics = serializers.SerializerMethodField(
        help_text=_("Null until it is closed, and for who may not read every sheet.")
    )

    class Meta(CalibrationBrief.Meta):
        fields = (*CalibrationBrief.Meta.fields, "statistics")

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_statistics(self, session: CalibrationSession) -> dict | None:
        closed = session.state == CalibrationSession.State.CLOSED
        if closed and is_open_to(session, self.context["request"].user):
            return session.statistics
        return None
