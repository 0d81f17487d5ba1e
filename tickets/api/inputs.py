"""What the API accepts for tickets: one serializer for each verb."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from supportops.api.fields import IdOf, Input
from tickets.models import (
    Category,
    Channel,
    Contact,
    Impact,
    Impairment,
    Organisation,
    Outcome,
    Priority,
    ProductArea,
    Severity,
    Ticket,
    Urgency,
    UsersAffected,
)
from tickets.models.events import REASON_LENGTH
from tickets.models.tickets import SUBJECT_LENGTH, TAG_LENGTH
from tickets.selectors import tickets_visible_to
from tickets.services import PauseKind
from workforce.people.models import SupportLevel, Team, User


class Reason(serializers.CharField):
    """Why; optional unless ``required``."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", REASON_LENGTH)
        if not options.get("required"):
            options |= {"required": False, "allow_blank": True, "default": ""}
        super().__init__(**options)


class Tags(serializers.ListField):
    """Plain words, each once; they are kept in lower case."""

    def __init__(self, **options: Any) -> None:
        options["child"] = serializers.SlugField(max_length=TAG_LENGTH)
        super().__init__(max_length=50, **options)


class TicketIn(Input):
    """A new ticket. It names its customer: the requester, the organisation, or both."""

    subject = serializers.CharField(max_length=SUBJECT_LENGTH)
    body = serializers.CharField(
        required=False, allow_blank=True, default="", help_text=_("The first message.")
    )
    requester = IdOf(queryset=Contact.objects.all(), required=False)
    organisation = IdOf(queryset=Organisation.objects.all(), required=False)
    channel = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Channel.objects.all(),
        required=False,
        help_text=_("Left out: API."),
    )
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False)
    impact = serializers.ChoiceField(choices=Impact.choices, required=False)
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False)
    category = IdOf(queryset=Category.objects.all(), required=False)
    product_area = IdOf(queryset=ProductArea.objects.all(), required=False)
    team = IdOf(queryset=Team.objects.all(), required=False)
    assignee = IdOf(queryset=User.objects.all(), required=False)
    tags = Tags(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "requester" not in attrs and "organisation" not in attrs:
            message = _("Name the customer: a requester, an organisation, or both.")
            raise serializers.ValidationError({"requester": [message]})
        return attrs


class ReplyIn(Input):
    body = serializers.CharField()
    public = serializers.BooleanField(
        default=True, help_text=_("False: an internal note.")
    )


class CustomerMessageIn(Input):
    """What a customer wrote; the same ``external_id`` is recorded once."""

    body = serializers.CharField()
    contact = IdOf(queryset=Contact.objects.all(), required=False, default=None)
    external_id = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=200
    )


class StatusIn(Input):
    status = serializers.SlugField(help_text=_("Code of the status to go to."))
    reason = Reason()
    outcome = serializers.ChoiceField(
        choices=Outcome.choices,
        required=False,
        default="",
        help_text=_("Only with a status that ends the ticket."),
    )


class PriorityIn(Input):
    priority = serializers.ChoiceField(choices=Priority.choices)
    reason = Reason(help_text=_("Needed when it contradicts the matrix."))


class SeverityIn(Input):
    severity = serializers.ChoiceField(choices=Severity.choices)
    reason = Reason(help_text=_("Needed when it contradicts the matrix."))


class AssignIn(Input):
    assignee = IdOf(
        queryset=User.objects.all(),
        allow_null=True,
        help_text=_("Null: nobody."),
    )
    reason = Reason()


class TeamIn(Input):
    team = IdOf(
        queryset=Team.objects.all(), allow_null=True, help_text=_("Null: none.")
    )
    reason = Reason()


class LevelIn(Input):
    level = serializers.ChoiceField(choices=SupportLevel.choices)
    reason = Reason()


class FieldsIn(Input):
    """Any of these; what is left out stays as it is."""

    subject = serializers.CharField(max_length=SUBJECT_LENGTH, required=False)
    organisation = IdOf(
        queryset=Organisation.objects.all(), required=False, allow_null=True
    )
    requester = IdOf(queryset=Contact.objects.all(), required=False, allow_null=True)
    category = IdOf(queryset=Category.objects.all(), required=False, allow_null=True)
    product_area = IdOf(
        queryset=ProductArea.objects.all(), required=False, allow_null=True
    )
    impact = serializers.ChoiceField(choices=Impact.choices, required=False)
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False)
    users_affected = serializers.ChoiceField(
        choices=UsersAffected.choices, required=False
    )
    impairment = serializers.ChoiceField(choices=Impairment.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError(
                _("Name at least one field: %(names)s.")
                % {"names": ", ".join(self.fields)}
            )
        return attrs


class TagsIn(Input):
    tags = Tags(help_text=_("All the tags it shall have; none removes them."))


class PauseIn(Input):
    kind = serializers.ChoiceField(choices=PauseKind.choices)
    reason = Reason(required=True, help_text=_("What is being waited for."))


class ResumeIn(Input):
    reason = Reason()


class MergeIn(Input):
    into = IdOf(
        queryset=Ticket.objects.none(),
        help_text=_("The older ticket, which lives on."),
    )
    reason = Reason()

    def get_fields(self) -> dict[str, serializers.Field]:
        """Offer only tickets that the caller may see."""
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["into"].queryset = tickets_visible_to(request.user)
        return fields
