"""Endpoints of tickets, messages and events. Reads start at the visible tickets."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from supportops.api.pagination import NewestFirst, OldestFirst
from supportops.api.views import Endpoint
from tickets import selectors, services
from tickets.api import inputs
from tickets.api.filters import EventFilter, MessageFilter, TicketFilter
from tickets.api.serializers import EventOut, MessageOut, TicketOut
from tickets.api.visibility import on_visible_tickets
from tickets.models import Channel, Message, Ticket, TicketEvent

RELATED = (
    "status",
    "channel",
    "organisation",
    "requester",
    "assignee",
    "team",
    "category",
    "product_area",
)
NUMBER = "[0-9]{1,18}"


def verb(takes: type, gives: type = TicketOut, code: int = 200) -> Callable[..., Any]:
    """Declare an action of one ticket: what it takes, what it answers."""

    def declare(method: Callable[..., Any]) -> Callable[..., Any]:
        name = method.__name__
        path = name.replace("_", "-")
        post = action(detail=True, methods=["post"], url_path=path)
        described = extend_schema(
            operation_id=f"tickets_{name}", request=takes, responses={code: gives}
        )
        return described(post(method))

    return declare


class TicketViewSet(
    Endpoint,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet,
):
    """Tickets the caller may see; each change is a verb of its own."""

    scope = "tickets"
    read_permission = "tickets.view_ticket"
    write_permission = "tickets.work_ticket"
    action_permissions: ClassVar[dict[str, str]] = {
        "create": "tickets.add_ticket",
        "priority": "tickets.triage_ticket",
        "severity": "tickets.triage_ticket",
        "merge": "tickets.merge_ticket",
    }
    queryset = Ticket.objects.none()
    serializer_class = TicketOut
    filterset_class = TicketFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[Ticket]:
        visible = selectors.tickets_visible_to(self.request.user)
        return visible.select_related(*RELATED).prefetch_related("tags")

    @extend_schema(request=inputs.TicketIn, responses={201: TicketOut})
    def create(self, request: Request) -> Response:
        """Open a ticket. Its creator may not see it afterwards, if a team has it."""
        fields = self._checked(inputs.TicketIn)
        fields.setdefault("channel", Channel.objects.filter(code="api").first())
        ticket = services.open_ticket(at=timezone.now(), actor=request.user, **fields)
        return Response(_shown(ticket.pk), status=status.HTTP_201_CREATED)

    @verb(inputs.ReplyIn, MessageOut, 201)
    def reply(self, request: Request, pk: str) -> Response:
        """Write to the customer, or an internal note with ``public`` false."""
        return self._said(services.reply, inputs.ReplyIn, actor=request.user)

    @verb(inputs.CustomerMessageIn, MessageOut, 201)
    def customer_message(self, request: Request, pk: str) -> Response:
        """Record what the customer wrote; a ticket that waited goes back to work."""
        return self._said(services.receive_message, inputs.CustomerMessageIn)

    @verb(inputs.StatusIn)
    def status(self, request: Request, pk: str) -> Response:
        """Move the ticket; what the lifecycle does not allow is a 409 with `allowed`."""
        return self._changed(services.change_status, inputs.StatusIn)

    @verb(inputs.PriorityIn)
    def priority(self, request: Request, pk: str) -> Response:
        """Set the priority."""
        return self._changed(services.change_priority, inputs.PriorityIn)

    @verb(inputs.SeverityIn)
    def severity(self, request: Request, pk: str) -> Response:
        """Set the severity."""
        return self._changed(services.change_severity, inputs.SeverityIn)

    @verb(inputs.AssignIn)
    def assign(self, request: Request, pk: str) -> Response:
        """Give the ticket to a person, or take it from whoever has it."""
        return self._changed(services.assign, inputs.AssignIn)

    @verb(inputs.TeamIn)
    def team(self, request: Request, pk: str) -> Response:
        """Give the ticket to a team; the person who has it keeps it."""
        return self._changed(services.move_to_team, inputs.TeamIn)

    @verb(inputs.LevelIn)
    def level(self, request: Request, pk: str) -> Response:
        """Hand the ticket to a support level."""
        return self._changed(services.change_level, inputs.LevelIn)

    @verb(inputs.FieldsIn)
    def fields(self, request: Request, pk: str) -> Response:
        """Change subject, customer, category, product area, impact and the like."""
        return self._changed(services.change_fields, inputs.FieldsIn)

    @verb(inputs.TagsIn)
    def tags(self, request: Request, pk: str) -> Response:
        """Replace the tags."""
        return self._changed(services.set_tags, inputs.TagsIn)

    @verb(inputs.PauseIn)
    def pause(self, request: Request, pk: str) -> Response:
        """Stop the ticket's clocks until they are resumed."""
        return self._changed(services.pause_clocks, inputs.PauseIn)

    @verb(inputs.ResumeIn)
    def resume(self, request: Request, pk: str) -> Response:
        """Let the ticket's clocks run again."""
        return self._changed(services.resume_clocks, inputs.ResumeIn)

    @verb(inputs.MergeIn)
    def merge(self, request: Request, pk: str) -> Response:
        """Close this ticket as a duplicate of an older one, which is the answer."""
        duplicate = self.get_object()
        checked = self._checked(inputs.MergeIn)
        survivor = services.merge_tickets(
            duplicate_id=duplicate.pk,
            into_id=checked["into"].pk,
            at=timezone.now(),
            actor=request.user,
            reason=checked["reason"],
        )
        return Response(_shown(survivor.pk))

    def _checked(self, serializer_class: type[serializers.Serializer]) -> dict:
        serializer = serializer_class(
            data=self.request.data, context=self.get_serializer_context()
        )
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _changed(self, change: Callable[..., Any], takes: type) -> Response:
        """Call a service on this ticket and show the ticket that came of it."""
        ticket = self.get_object()
        act = partial(change, ticket_id=ticket.pk, actor=self.request.user)
        act(at=timezone.now(), **self._checked(takes))
        return Response(_shown(ticket.pk))

    def _said(self, say: Callable[..., Message], takes: type, **by: Any) -> Response:
        ticket = self.get_object()
        fields = self._checked(takes)
        message = say(ticket_id=ticket.pk, at=timezone.now(), **by, **fields)
        return Response(MessageOut(message).data, status=status.HTTP_201_CREATED)


class MessageViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """What was said on the tickets the caller may see, oldest first."""

    scope = "tickets"
    read_permission = "tickets.view_ticket"
    queryset = Message.objects.none()
    serializer_class = MessageOut
    filterset_class = MessageFilter
    pagination_class = OldestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[Message]:
        messages = Message.objects.select_related("author", "contact")
        return on_visible_tickets(messages, self.request.user)


class EventViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """The event log, oldest first: a client that remembers its cursor gets the rest."""

    scope = "tickets"
    read_permission = "tickets.view_ticket"
    queryset = TicketEvent.objects.none()
    serializer_class = EventOut
    filterset_class = EventFilter
    pagination_class = OldestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[TicketEvent]:
        events = TicketEvent.objects.select_related("actor")
        return on_visible_tickets(events, self.request.user)


def _shown(ticket_id: int) -> dict[str, Any]:
    """Show a ticket to whoever just changed it, even if it left their sight by that."""
    tickets = Ticket.objects.select_related(*RELATED).prefetch_related("tags")
    return TicketOut(tickets.get(pk=ticket_id)).data
