"""Endpoints of tickets, messages and events. Reads start at the visible tickets."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from supportops.api.pagination import NewestFirst, OldestFirst
from tickets import selectors, services
from tickets.api import serializers
from tickets.api.filters import EventFilter, MessageFilter, TicketFilter
from tickets.models import Message, Ticket, TicketEvent


class TicketViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Tickets the caller may see; each change is a verb of its own."""

    scope = "tickets"
    read_permission = "tickets.view_ticket"
    write_permission = "tickets.work_ticket"
    queryset = Ticket.objects.none()
    serializer_class = serializers.TicketOut
    filterset_class = TicketFilter
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Ticket]:
        return (
            selectors.tickets_visible_to(self.request.user)
            .select_related(
                "status",
                "channel",
                "organisation",
                "requester",
                "assignee",
                "team",
                "category",
                "product_area",
            )
            .prefetch_related("tags")
        )

    @extend_schema(request=serializers.TicketIn, responses={201: serializers.TicketOut})
    def create(self, request: Request) -> Response:
        fields = self._checked(serializers.TicketIn)
        ticket = services.open_ticket(at=timezone.now(), actor=request.user, **fields)
        return Response(self._shown(ticket.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=serializers.ReplyIn, responses={201: serializers.MessageOut})
    @action(detail=True, methods=["post"])
    def reply(self, request: Request, pk: str) -> Response:
        """Write to the customer, or an internal note with ``public`` false."""
        message = services.reply(
            ticket_id=self.get_object().pk,
            at=timezone.now(),
            actor=request.user,
            **self._checked(serializers.ReplyIn),
        )
        shown = serializers.MessageOut(message).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(request=serializers.StatusIn, responses=serializers.TicketOut)
    @action(detail=True, methods=["post"])
    def status(self, request: Request, pk: str) -> Response:
        """Move the ticket; a move that the lifecycle does not allow is a 409."""
        return self._do(services.change_status, serializers.StatusIn)

    @extend_schema(request=serializers.PriorityIn, responses=serializers.TicketOut)
    @action(detail=True, methods=["post"])
    def priority(self, request: Request, pk: str) -> Response:
        return self._do(services.change_priority, serializers.PriorityIn)

    @extend_schema(request=serializers.AssignIn, responses=serializers.TicketOut)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        return self._do(services.assign, serializers.AssignIn)

    def _checked(self, serializer_class: type) -> dict:
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def _shown(self, ticket_id: int) -> dict:
        return serializers.TicketOut(self.get_queryset().get(pk=ticket_id)).data

    def _do(self, verb: object, serializer_class: type) -> Response:
        ticket = self.get_object()
        verb(
            ticket_id=ticket.pk,
            at=timezone.now(),
            actor=self.request.user,
            **self._checked(serializer_class),
        )
        return Response(self._shown(ticket.pk))


class MessageViewSet(viewsets.ReadOnlyModelViewSet):
    scope = "tickets"
    read_permission = "tickets.view_ticket"
    queryset = Message.objects.none()
    serializer_class = serializers.MessageOut
    filterset_class = MessageFilter
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Message]:
        visible = selectors.tickets_visible_to(self.request.user)
        return Message.objects.filter(ticket__in=visible).select_related(
            "author", "contact"
        )


class EventViewSet(viewsets.ReadOnlyModelViewSet):
    """The event log, oldest first: a client that remembers its cursor gets the rest."""

    scope = "tickets"
    read_permission = "tickets.view_ticket"
    queryset = TicketEvent.objects.none()
    serializer_class = serializers.EventOut
    filterset_class = EventFilter
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[TicketEvent]:
        visible = selectors.tickets_visible_to(self.request.user)
        return TicketEvent.objects.filter(ticket__in=visible).select_related("actor")
