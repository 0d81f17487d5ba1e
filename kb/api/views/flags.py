"""The endpoint of flags: what agents found missing or wrong."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.filters import FlagFilter
from kb.api.inputs import FlagIn
from kb.api.serializers.flags import FlagOut
from kb.models import Flag
from kb.selectors.articles.sight import articles_visible_to
from kb.services.flags import raise_flag
from supportops.api.pagination import NewestFirst
from supportops.api.views import Endpoint
from tickets.selectors import tickets_visible_to

NUMBER = "[0-9]{1,18}"


class FlagViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Flags of no article, and those of articles that the caller sees."""

    scope = "kb"
    read_permission = "kb.view_flag"
    write_permission = "kb.add_flag"
    queryset = Flag.objects.none()
    serializer_class = FlagOut
    filterset_class = FlagFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[Flag]:
        user = self.request.user
        seen = articles_visible_to(user).values("pk")
        # A prefetch leaves out the ticket that the caller does not see.
        tickets = Prefetch("ticket", queryset=tickets_visible_to(user).only("pk"))
        return (
            Flag.objects.filter(Q(article__isnull=True) | Q(article__in=seen))
            .select_related("article", "flagged_by", "closed_by")
            .prefetch_related(tickets)
        )

    @extend_schema(
        operation_id="kb_flags_create", request=FlagIn, responses={201: FlagOut}
    )
    def create(self, request: Request) -> Response:
        """Say that something is missing or wrong."""
        body = FlagIn(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        flag = raise_flag(actor=request.user, at=timezone.now(), **body.validated_data)
        return Response(FlagOut(flag).data, status=201)
