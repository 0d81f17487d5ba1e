"""A call needs the scope of its token and the permission of its owner: both."""

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from supportops.api.models import ApiToken


class ScopedModelPermission(BasePermission):
    """Views declare ``scope`` (``"tickets"``), ``read_permission``, ``write_permission``.

    A view that declares nothing is open to nobody, so that forgetting is safe.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        if not user or not user.is_authenticated:
            return False
        is_read = request.method in SAFE_METHODS
        scope = getattr(view, "scope", None)
        permission = getattr(
            view, "read_permission" if is_read else "write_permission", None
        )
        if scope is None or permission is None:
            return False
        if isinstance(request.auth, ApiToken):
            wanted = f"{scope}:{'read' if is_read else 'write'}"
            if wanted not in request.auth.scopes:
                return False
        return user.has_perm(permission)
