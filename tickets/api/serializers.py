"""What the API shows of tickets, and what it accepts. Input and output are apart."""

from rest_framework import serializers

from tickets.models import (
    Category,
    Channel,
    Contact,
    Message,
    Organisation,
    Priority,
    ProductArea,
    Severity,
    Ticket,
    TicketEvent,
)
from workforce.people.models import Team, User


class Named(serializers.Serializer):
    """A related row as id and name, so that a client need not ask again."""

    id = serializers.IntegerField(source="pk")
    name = serializers.SerializerMethodField()

    def get_name(self, row: object) -> str:
        return str(row)


class TicketOut(serializers.ModelSerializer):
    status = serializers.SlugRelatedField(slug_field="code", read_only=True)
    channel = serializers.SlugRelatedField(slug_field="code", read_only=True)
    organisation = Named(read_only=True)
    requester = Named(read_only=True)
    assignee = Named(read_only=True)
    team = Named(read_only=True)
    category = Named(read_only=True)
    product_area = Named(read_only=True)
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
            "category",
            "product_area",
            "channel",
            "organisation",
            "requester",
            "team",
            "assignee",
            "level",
            "tags",
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
    author = Named(read_only=True)
    contact = Named(read_only=True)

    class Meta:
        model = Message
        fields = ("id", "ticket", "at", "direction", "author", "contact", "body")


class EventOut(serializers.ModelSerializer):
    actor = Named(read_only=True)

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


class TicketIn(serializers.Serializer):
    """A new ticket."""

    subject = serializers.CharField(max_length=300)
    body = serializers.CharField(required=False, allow_blank=True, default="")
    requester = serializers.PrimaryKeyRelatedField(queryset=Contact.objects.all())
    organisation = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.all(), required=False
    )
    channel = serializers.SlugRelatedField(
        slug_field="code", queryset=Channel.objects.all(), required=False
    )
    priority = serializers.ChoiceField(choices=Priority, required=False)
    severity = serializers.ChoiceField(choices=Severity, required=False)
    category = serializers.PrimaryKeyRelatedField(
        queryset=Category.objects.all(), required=False
    )
    product_area = serializers.PrimaryKeyRelatedField(
        queryset=ProductArea.objects.all(), required=False
    )
    team = serializers.PrimaryKeyRelatedField(
        queryset=Team.objects.all(), required=False
    )
    tags = serializers.ListField(child=serializers.SlugField(), required=False)


class ReplyIn(serializers.Serializer):
    body = serializers.CharField()
    public = serializers.BooleanField(default=True)


class StatusIn(serializers.Serializer):
    status = serializers.SlugField()
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    outcome = serializers.CharField(required=False, allow_blank=True, default="")


class PriorityIn(serializers.Serializer):
    priority = serializers.ChoiceField(choices=Priority)
    reason = serializers.CharField()


class AssignIn(serializers.Serializer):
    assignee = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True), allow_null=True
    )
    reason = serializers.CharField(required=False, allow_blank=True, default="")
