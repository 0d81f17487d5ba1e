"""A call needs the scope of its token and the permission of its owner: both."""

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from supportops.api.models import ApiToken

if TYPE_CHECKING:  # DRF's views read the settings that name this class
    from rest_framework.views import APIView


class ScopedModelPermission(BasePermission):
    """Views declare ``scope`` (``"tickets"``), ``read_permission``, ``write_permission``.

    ``action_permissions`` may name another permission for single actions. A view that
    declares nothing is open to nobody, so that forgetting is safe.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        user = request.user
        if not user or not user.is_authenticated or not user.is_active:
            return False
        scope = getattr(view, "scope", None)
        permission = _permission_of(request, view)
        if scope is None or permission is None:
            return False
        if isinstance(request.auth, ApiToken):
            verb = "read" if request.method in SAFE_METHODS else "write"
            if f"{scope}:{verb}" not in request.auth.scopes:
                return False
        return user.has_perm(permission)


class StaffOrToken(BasePermission):
    """Anybody who may sign in to the portal, or call its API, whatever the scopes."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        user = request.user
        if not user or not user.is_authenticated or not user.is_active:
            return False
        return isinstance(request.auth, ApiToken) or user.is_staff


def _permission_of(request: Request, view: "APIView") -> str | None:
    special = getattr(view, "action_permissions", {})
    action = getattr(view, "action", None)
    if action in special:
        return special[action]
    is_read = request.method in SAFE_METHODS
    return getattr(view, "read_permission" if is_read else "write_permission", None)
