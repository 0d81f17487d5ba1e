"""Posts that a client may repeat after a broken connection: done once, answered alike."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from supportops.api.models import KEY_LENGTH, KeptAnswer
from supportops.common.errors import OperationRefused

KEPT_FOR = timedelta(hours=24)
HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"


class KeyReused(OperationRefused):
    """The key belongs to another call."""

    code = "idempotency_key_reused"


class RepeatablePosts:
    """Every POST of the view honours ``Idempotency-Key``."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        key = request.headers.get(HEADER, "")
        if request.method != "POST" or not key:
            return
        # ``dispatch`` looks the handler up on the instance right after this.
        handler = self.post  # type: ignore[has-type]

        def once(request: Request, *args: Any, **kwargs: Any) -> Response:
            return answer_once(
                request, key, timezone.now(), lambda: handler(request, *args, **kwargs)
            )

        self.post = once


def answer_once(
    request: Request, key: str, at: datetime, act: Callable[[], Response]
) -> Response:
    """Act and keep the answer, or return the answer kept under this key.

    Key, change and answer are committed together. An error keeps nothing, so the call
    may be repeated with the same key. A second call that comes meanwhile waits for the
    first (PostgreSQL: on the key's unique index; SQLite: on the write lock).

    Raises ``KeyReused`` when the key stands for another address or body.
    """
    _refuse_odd_key(key)
    digest = _digest(request)
    with transaction.atomic():
        held = _hold(request.user.pk, key, digest, at)
        if held.digest != digest:
            raise KeyReused(
                _(
                    "The key “%(key)s” was sent before with another address or body. "
                    "Send a new key with each new change."
                )
                % {"key": key}
            )
        if held.status is not None:
            return Response(held.body, status=held.status, headers={REPLAYED: "true"})
        response = act()
        held.status = response.status_code
        held.body = json.loads(JSONRenderer().render(response.data) or b"null")
        held.save(update_fields=["status", "body"])
    return response


def forget_answers(*, before: datetime) -> int:
    """Delete answers kept before a moment: they hold what customers wrote."""
    return KeptAnswer.objects.filter(created_at__lte=before).delete()[0]


def _hold(user_id: int, key: str, digest: str, at: datetime) -> KeptAnswer:
    """Insert the key or wait for whoever holds it; return its row, locked."""
    own = KeptAnswer.objects.filter(user_id=user_id, key=key)
    own.filter(created_at__lte=at - KEPT_FOR).delete()
    row = KeptAnswer(user_id=user_id, key=key, digest=digest, created_at=at)
    KeptAnswer.objects.bulk_create([row], ignore_conflicts=True)
    return own.select_for_update(no_key=True).get()


def _digest(request: Request) -> str:
    """Fingerprint of address and body; the order of names in the body is nothing."""
    body = json.dumps(request.data, sort_keys=True, default=str)
    return hashlib.sha256(f"{request.get_full_path()}\n{body}".encode()).hexdigest()


def _refuse_odd_key(key: str) -> None:
    if len(key) > KEY_LENGTH or not key.isprintable() or not key.isascii():
        raise ValidationError(
            {
                HEADER: _("Use up to %(limit)d printable ASCII characters.")
                % {"limit": KEY_LENGTH}
            }
        )
