"""What the API shows of tickets. What it accepts is in ``inputs``."""

from rest_framework import serializers

from tickets.models import (
    Message,
    Ticket,
    TicketEvent,
)


class Named(serializers.Serializer):
    """A related row as id and name, so that a client need not ask again."""

    id = serializers.IntegerField(source="pk")
    name = serializers.SerializerMethodField()

    def get_name(self, row: object) -> str:
        return str(row)


class TicketOut(serializers.ModelSerializer):
    """A ticket as it stands now."""

    status = serializers.SlugRelatedField(slug_field="code", read_only=True)
    channel = serializers.SlugRelatedField(
        slug_field="code", read_only=True, allow_null=True
    )
    organisation = Named(read_only=True, allow_null=True)
    requester = Named(read_only=True, allow_null=True)
    assignee = Named(read_only=True, allow_null=True)
    team = Named(read_only=True, allow_null=True)
    category = Named(read_only=True, allow_null=True)
    product_area = Named(read_only=True, allow_null=True)
    tags = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)

    class Meta:
        model = Ticket
        fields = (
            "id",
            "subject",
            "status",
            "state",
            "is_open",
            "priority",
            "severity",
            "impact",
            "urgency",
            "users_affected",
            "impairment",
            "category",
            "product_area",
            "channel",
            "organisation",
            "requester",
            "team",
            "assignee",
            "level",
            "tags",
            "language",
            "outcome",
            "merged_into",
            "created_at",
            "updated_at",
            "first_response_at",
            "resolved_at",
            "closed_at",
            "next_due_at",
            "reopen_count",
            "source",
            "external_id",
        )  # fmt: skip


class MessageOut(serializers.ModelSerializer):
    """Something said on a ticket."""

    author = Named(read_only=True, allow_null=True)
    contact = Named(read_only=True, allow_null=True)

    class Meta:
        model = Message
        fields = (
            "id",
            "ticket",
            "at",
            "direction",
            "author",
            "author_name",
            "contact",
            "body",
        )


class EventOut(serializers.ModelSerializer):
    """Something that happened to a ticket; ``seq`` is its order there."""

    actor = Named(read_only=True, allow_null=True)

    class Meta:
        model = TicketEvent
        fields = (
            "id",
            "ticket",
            "seq",
            "at",
            "kind",
            "actor",
            "from_value",
            "to_value",
            "state",
            "direction",
            "message",
            "reason",
            "details",
        )  # fmt: skip
