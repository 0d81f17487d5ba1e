"""The compiled windows of a calendar, grown on demand towards the past and the future."""

from datetime import date
from typing import NoReturn
from zoneinfo import ZoneInfo

from sla.core.calendar_definition import DAY_SECONDS, CalendarDefinition
from sla.core.calendar_horizon import Horizon, compile_horizon, local_day

FIRST_DAY = local_day(date(1800, 1, 1))
LAST_DAY = local_day(date(2500, 1, 1))
# Live tickets ask about the weeks around now, imports about the years before: start with three
# years (about 800 windows) and grow by half of what is there, so that growing stays rare.
PADDING_DAYS = 550


class GrowingHorizon:
    """A cache of one ``Horizon`` that is replaced by a longer one when a question needs it.

    A horizon never changes, and every method works on the one it got: two threads that grow at the
    same time at worst compile twice.

    Attributes
    ----------
    horizon : Horizon or None
        The longest compiled so far; None before the first question.
    """

    __slots__ = ("_definition", "_zone", "horizon")

    def __init__(self, definition: CalendarDefinition) -> None:
        self._definition = definition
        self._zone = ZoneInfo(definition.timezone)
        self.horizon: Horizon | None = None

    def covering(self, lo: int, hi: int) -> Horizon:
        """A horizon that answers for both instants, grown when the present one does not."""
        horizon = self.horizon
        if horizon is not None and horizon.lo <= lo and hi <= horizon.hi:
            return horizon
        lo_day, hi_day = lo // DAY_SECONDS, -(-hi // DAY_SECONDS)
        if lo_day < FIRST_DAY or hi_day > LAST_DAY:
            raise ValueError(
                f"Outside the years 1800 to 2499: epoch seconds {lo} to {hi}"
            )
        if horizon is None:
            return self._compile(lo_day - PADDING_DAYS, hi_day + PADDING_DAYS)
        old_lo, old_hi = horizon.lo // DAY_SECONDS, horizon.hi // DAY_SECONDS
        padding = max(PADDING_DAYS, (old_hi - old_lo) // 2)
        return self._compile(
            old_lo if old_lo <= lo_day else lo_day - padding,
            old_hi if hi_day <= old_hi else hi_day + padding,
        )

    def reaching(self, horizon: Horizon, target: int) -> Horizon:
        """Grow to the right until ``target`` open seconds lie inside; counts stay as they are."""
        while target >= horizon.total:
            horizon = self._later(horizon) or self._refuse("after")
        return horizon

    def reaching_back(self, horizon: Horizon, target: int) -> tuple[Horizon, int]:
        """Grow to the left until ``target`` is positive; also by how much all counts have risen."""
        total = horizon.total
        while target + horizon.total - total <= 0:
            if (
                not self._definition.is_ever_open()
                or horizon.lo <= FIRST_DAY * DAY_SECONDS
            ):
                self._refuse("before")
            lo_day, hi_day = horizon.lo // DAY_SECONDS, horizon.hi // DAY_SECONDS
            horizon = self._compile(2 * lo_day - hi_day, hi_day)
        return horizon, horizon.total - total

    def _later(self, horizon: Horizon) -> Horizon | None:
        """The horizon at twice its length; None when no more can come."""
        if not self._definition.is_ever_open() or horizon.hi >= LAST_DAY * DAY_SECONDS:
            return None
        lo_day, hi_day = horizon.lo // DAY_SECONDS, horizon.hi // DAY_SECONDS
        return self._compile(lo_day, 2 * hi_day - lo_day)

    def window_from(self, second: int, *, to_its_end: bool) -> tuple[int, int] | None:
        """The window open at ``second`` or the next one, with its true end where that is asked for."""
        horizon: Horizon | None = self.covering(second, second + 1)
        while horizon is not None:
            window = horizon.window_at(second)
            if window and (window[1] < horizon.hi or not to_its_end):
                return window
            horizon = self._later(horizon)
        return None

    def _compile(self, lo_day: int, hi_day: int) -> Horizon:
        content = self._definition
        lo_day, hi_day = max(lo_day, FIRST_DAY), min(hi_day, LAST_DAY)
        horizon = compile_horizon(
            self._zone, content.weekly, content.special_days, lo_day, hi_day
        )
        self.horizon = horizon
        return horizon

    def _refuse(self, side: str) -> NoReturn:
        if not self._definition.is_ever_open():
            raise ValueError(
                f"This calendar has no open time at all: {self._definition.to_dict()}"
            )
        raise ValueError(
            f"This calendar has too little open time {side} that moment (years 1800 to 2499)"
        )
