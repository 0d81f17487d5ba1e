"""What every endpoint shares: scopes, JSON, UTC, known parameters, repeatable posts."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import MethodNotAllowed, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from supportops.api.idempotency import RepeatablePosts
from supportops.api.permissions import StaffOrToken
from supportops.api.schema import EndpointSchema

# Read by the page itself, not by a filter.
PAGING = frozenset({"cursor", "page_size", "format"})


class Endpoint(RepeatablePosts):
    """Mixed into every view of the API, before DRF's own classes.

    ``scope`` is the token scope without its verb; ``read_permission`` and
    ``write_permission`` name permissions of the owner, ``action_permissions`` those of
    single actions. ``parameters`` are query parameters beside the filters'.
    """

    scope: str
    read_permission: str
    write_permission: str
    action_permissions: ClassVar[dict[str, str]] = {}
    parameters: frozenset[str] = frozenset()
    http_method_names: ClassVar[list[str]] = ["get", "head", "post"]
    parser_classes = (JSONParser,)
    schema = EndpointSchema()

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        # Sessions bring the zone of their person; a program's answers must not depend
        # on who asks, and a time written without a zone must mean one thing.
        with timezone.override(UTC):
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if getattr(self, "action", "") is None:
            # Before permissions, which would have to answer for what nobody may do.
            raise MethodNotAllowed(str(request.method))
        super().initial(request, *args, **kwargs)
        self._refuse_unknown_parameters(request)

    def known_parameters(self) -> frozenset[str]:
        """Return the query parameters that this call may carry."""
        is_list = getattr(self, "action", "") == "list"
        filters = getattr(self, "filterset_class", None) if is_list else None
        names = frozenset(filters.base_filters) if filters else frozenset()
        return names | self.parameters | (PAGING if is_list else {"format"})

    def described_parameters(self) -> Sequence[OpenApiParameter]:
        """Return what the OpenAPI document says of ``parameters``."""
        return ()

    def _refuse_unknown_parameters(self, request: Request) -> None:
        """A misspelt filter that is passed over would answer another question."""
        known = self.known_parameters()
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            message = _("There is no such parameter. Known: %(known)s.") % {
                "known": ", ".join(sorted(known))
            }
            raise ValidationError({name: [message] for name in unknown})


class SchemaView(SpectacularAPIView):
    """The OpenAPI document, for whoever may call the API at all."""

    permission_classes = (StaffOrToken,)
