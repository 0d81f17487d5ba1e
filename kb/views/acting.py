"""Who acts: a staff page has let nobody else through."""

from typing import cast

from django.http import HttpRequest

from workforce.people.models import User


def actor_of(request: HttpRequest) -> User:
    return cast("User", request.user)
