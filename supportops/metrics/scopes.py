"""What a figure is asked for: a period, filters, and who asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from supportops.metrics import selectors
from supportops.metrics.core.periods import Period, Preset, preset
from supportops.metrics.core.rows import Rows, Selected, matching
from supportops.metrics.registry import (
    Visibility,
    dimensions,
    segment_kind,
    visibility_of,
)

# The facts of a figure are held in memory: ten years is more than anybody compares.
MAX_DAYS = 3660


class ScopeInvalid(ValueError):  # noqa: N818 -- reads as what it says
    """The period or a filter cannot be read; the message says which and what to use."""


class FactStore:
    """What one request has loaded and filtered already."""

    def __init__(self) -> None:
        self._rows: dict[tuple[object, ...], Rows] = {}
        self._selected: dict[tuple[object, ...], Selected] = {}
        self._answers: dict[tuple[object, ...], Any] = {}

    def once(self, key: tuple[object, ...], ask: Callable[[], Any]) -> Any:
        """Ask the database once for what several figures are read from."""
        if key not in self._answers:
            self._answers[key] = ask()
        return self._answers[key]

    def select(self, scope: "Scope", kind: str) -> Selected:
        sight = scope.sight(kind)
        key = (kind, *scope.key, sight)
        if key not in self._selected:
            rows = self._load(kind, scope.start, scope.end)
            self._selected[key] = rows.where(_mask(rows, scope, sight))
        return self._selected[key]

    def _load(self, kind: str, start: date, end: date) -> Rows:
        key = (kind, start, end)
        if key not in self._rows:
            self._rows[key] = selectors.load(kind, start, end)
        return self._rows[key]


@dataclass(frozen=True)
class Scope:
    """Days ``[start, end)`` in UTC, filters by column, and what may be seen.

    Filters of one column are alternatives, columns narrow each other. ``at`` is the
    present moment, which figures about now (the backlog) need. ``visible`` is ``None``
    for somebody who sees everything; ``asker`` is who asks, for facts that other people
    see than see tickets.
    """

    start: date
    end: date
    filters: Mapping[str, frozenset[int]] = field(default_factory=dict)
    visible: Visibility | None = None
    at: datetime | None = None
    facts: FactStore = field(default_factory=FactStore, compare=False, repr=False)
    asker: AbstractBaseUser | AnonymousUser | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[object, ...]:
        return (self.start, self.end, frozenset(self.filters.items()), self.visible)

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    def select(self, kind: str) -> Selected:
        """Return the facts of ``kind`` in this scope.

        Raises ``ScopeInvalid`` for a filter that these facts do not have.
        """
        unknown = sorted(set(self.filters) - segment_kind(kind).dimensions)
        if unknown:
            raise ScopeInvalid(
                _("These figures cannot be filtered by %(names)s.")
                % {"names": ", ".join(unknown)}
            )
        self.check_cut(kind, *self.filters)
        return self.facts.select(self, kind)

    def check_cut(self, kind: str, *columns: str) -> None:
        """Refuse to cut by person what somebody sees by team only."""
        sight = self.sight(kind)
        if sight is not None and not sight.by_agent and "agent" in columns:
            raise ScopeInvalid(
                _("These figures are shown to you by team, not by person.")
            )

    def sight(self, kind: str) -> Visibility | None:
        """Say which facts of ``kind`` are seen; ``None`` for all of them."""
        rule = segment_kind(kind).sight
        if rule is None or self.asker is None:
            return self.visible
        asker = self.asker
        seen: Visibility | None = self.facts.once(
            ("sight", kind, asker.pk), lambda: rule(asker)
        )
        return seen

    def over(self, start: date, end: date) -> "Scope":
        """The same question about other days."""
        return replace(self, start=start, end=end)

    def where(self, **filters: frozenset[int]) -> "Scope":
        """The same question, narrower; a column already filtered keeps what is in both."""
        merged = dict(self.filters)
        for name, wanted in filters.items():
            merged[name] = wanted & merged[name] if name in merged else wanted
        return replace(self, filters=merged)

    def without(self, *names: str) -> "Scope":
        """The same question without these filters."""
        kept = {name: held for name, held in self.filters.items() if name not in names}
        return replace(self, filters=kept)


def _mask(
    rows: Rows, scope: Scope, sight: Visibility | None
) -> NDArray[np.bool_] | None:
    masks = [matching(rows[name], wanted) for name, wanted in scope.filters.items()]
    if sight is not None:
        masks.append(visible_rows(rows, sight))
    if not masks:
        return None
    return np.logical_and.reduce(masks)


def visible_rows(
    rows: Mapping[str, NDArray[Any]], visible: Visibility
) -> NDArray[np.bool_]:
    """Tell which facts are somebody's own, of their teams, or nobody's."""
    agent, team = rows["agent"], rows["team"]
    nobody = (agent == 0) & (team == 0)
    return (agent == visible.agent) | matching(team, visible.teams) | nobody


def today(at: datetime) -> date:
    """The UTC day of a moment: figures are cut by UTC days."""
    return at.astimezone(UTC).date()


def scope_from(
    params: Mapping[str, Sequence[str]],
    *,
    user: AbstractBaseUser | AnonymousUser,
    at: datetime,
) -> Scope:
    """Read a scope from an address: ``period`` or ``from``/``to``, and dimensions.

    ``to`` is the last day inside. Unknown names are left to the caller. Raises
    ``ScopeInvalid``.
    """
    period = period_from(params, at=at)
    filters = {}
    for code, dimension in dimensions().items():
        values = [value for value in params.get(code, ()) if value]
        if not values:
            continue
        try:
            filters[code] = frozenset().union(*(dimension.parse(v) for v in values))
        except ValueError as error:
            raise ScopeInvalid(
                _("“%(value)s” is no known %(name)s. Choose one from the list.")
                % {"value": ", ".join(values), "name": dimension.label}
            ) from error
    return Scope(
        start=period.start,
        end=period.end,
        filters=filters,
        visible=visibility_of(user),
        at=at,
        asker=user,
    )


def period_from(params: Mapping[str, Sequence[str]], *, at: datetime) -> Period:
    """Read the period of an address; 30 days up to today unless it says otherwise."""
    first, last = _one(params, "from"), _one(params, "to")
    if first or last:
        return _custom_period(first, last, today(at))
    kind = _one(params, "period") or Preset.DAYS_30
    try:
        return preset(Preset(kind), today(at))
    except ValueError as error:
        raise ScopeInvalid(
            _("“%(value)s” is no known period. Use one of %(known)s, or two dates.")
            % {"value": kind, "known": ", ".join(Preset)}
        ) from error


def _custom_period(first: str, last: str, present: date) -> Period:
    try:
        end = date.fromisoformat(last) if last else present
        start = date.fromisoformat(first) if first else end
    except ValueError as error:
        raise ScopeInvalid(
            _("A date is written as 2026-05-31; “%(first)s” and “%(last)s” came.")
            % {"first": first, "last": last}
        ) from error
    if start > end:
        raise ScopeInvalid(
            _("The period ends on %(end)s, before it starts on %(start)s.")
            % {"start": start.isoformat(), "end": end.isoformat()}
        )
    if (end - start).days >= MAX_DAYS or start.year < 1970 or end.year > 2199:
        raise ScopeInvalid(
            _("A period lies between 1970 and 2199 and is ten years at most.")
        )
    return Period(start, end + timedelta(days=1))


def _one(params: Mapping[str, Sequence[str]], name: str) -> str:
    values = params.get(name, ())
    return values[-1].strip() if values else ""
