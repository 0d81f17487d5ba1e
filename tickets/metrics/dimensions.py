"""What ticket and promise figures can be cut by, and who sees which of them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from supportops.metrics.registry import (
    Dimension,
    Visibility,
    register_dimension,
    register_visibility,
)
from tickets.metrics.segments import PRIORITY_NUMBERS, batches
from tickets.models import Category, Channel, CustomerTier, Organisation
from tickets.selectors import VIEW_ALL
from workforce.people.models import Team, User

NONE = "none"
ONLY = "only-"
_PRIORITIES = {number: code for code, number in PRIORITY_NUMBERS.items()}


def _parse_priority(value: str) -> frozenset[int]:
    if value == NONE:
        return frozenset({0})
    if value not in PRIORITY_NUMBERS:
        raise ValueError(value)
    return frozenset({PRIORITY_NUMBERS[value]})


def _priority_names(numbers: Iterable[int]) -> dict[int, str]:
    return {
        number: _PRIORITIES.get(number) or str(_("No priority")) for number in numbers
    }


def _parse_id(value: str) -> frozenset[int]:
    if value == NONE:
        return frozenset({0})
    number = int(value)
    if not 0 <= number < 2**63:
        raise ValueError(value)
    return frozenset({number})


def _write_id(number: int) -> str:
    return str(number) if number else NONE


def _write_only(number: int) -> str:
    return f"{ONLY}{number}" if number else NONE


def _parse_category(value: str) -> frozenset[int]:
    """A category stands for itself and everything beneath it; ``only-7`` for 7 alone."""
    wanted = _parse_id(value.removeprefix(ONLY))
    if wanted == {0} or value.startswith(ONLY):
        return wanted
    path = Category.objects.values_list("path", flat=True).filter(pk__in=wanted).first()
    if path is None:
        raise ValueError(value)
    beneath = Q(pk__in=wanted) | Q(path__startswith=f"{path} / ")
    return frozenset(Category.objects.filter(beneath).values_list("pk", flat=True))


def names_of(
    model: type[Model], field: str, none: Any
) -> Callable[[Iterable[int]], dict[int, str]]:
    """Return a function that labels ids of ``model`` by one of its columns."""

    def names(numbers: Iterable[int]) -> dict[int, str]:
        wanted = sorted(set(numbers))
        found: dict[int, str] = {0: str(none)} if 0 in wanted else {}
        for some in batches([number for number in wanted if number]):
            rows = model._default_manager.filter(pk__in=some)  # noqa: SLF001
            found |= dict(rows.values_list("pk", field))
        return found

    return names


def _agent_names(numbers: Iterable[int]) -> dict[int, str]:
    wanted = sorted(set(numbers))
    found = {0: str(_("Nobody"))} if 0 in wanted else {}
    for some in batches([number for number in wanted if number]):
        people = User.objects.filter(pk__in=some)
        found |= {
            pk: f"{first} {last}".strip() or username
            for pk, first, last, username in people.values_list(
                "pk", "first_name", "last_name", "username"
            )
        }
    return found


def _visibility(user: AbstractBaseUser | AnonymousUser) -> Visibility | None:
    """The same rule as ``tickets.selectors.tickets_visible_to``, for facts."""
    if not isinstance(user, User) or not user.is_active:
        return Visibility(agent=-1, teams=frozenset())
    if user.has_perm(VIEW_ALL):
        return None
    led = Team.objects.filter(Q(lead=user) | Q(pk=user.team_id))
    return Visibility(agent=user.pk, teams=frozenset(led.values_list("pk", flat=True)))


register_dimension(
    Dimension("priority", _("priority"), _parse_priority, _priority_names,
              lambda number: _PRIORITIES.get(number) or NONE)
)  # fmt: skip
for _code, _label, _names in (
    ("tier", _("tier"), names_of(CustomerTier, "name", _("No tier"))),
    ("team", _("team"), names_of(Team, "name", _("No team"))),
    ("channel", _("channel"), names_of(Channel, "name", _("No channel"))),
    ("agent", _("agent"), _agent_names),
    ("organisation", _("customer"), names_of(Organisation, "name", _("No customer"))),
):
    register_dimension(Dimension(_code, _label, _parse_id, _names, _write_id))
register_dimension(
    Dimension(
        "category",
        _("category"),
        _parse_category,
        names_of(Category, "path", _("No category")),
        _write_id,
        _write_only,
    )
)
register_visibility(_visibility)
