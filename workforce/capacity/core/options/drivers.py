"""What options are computed from: drivers with their ranges, channels, plans.

Shares are fractions from 0 to 1 here, whatever they are typed as; times are minutes for
handling and hours for waiting; money is in one currency, a week.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Z80 = 1.2815515655446004
"""Standard normal quantile of 90 %: a range leaves a tenth out on either side."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One input of the model.

    Attributes
    ----------
    key : str
    default : float or None
        What counts when nobody typed one; None where a value is needed.
    is_share : bool
        Lies between 0 and 1.
    is_signed : bool
        May be negative.
    """

    key: str
    default: float | None = None
    is_share: bool = False
    is_signed: bool = False


DRIVERS: dict[str, Driver] = {
    each.key: each
    for each in (
        Driver("tickets_per_week"),
        Driver("handle_minutes"),
        Driver("cost_per_fte_week"),
        Driver("csat_today", is_share=True),
        Driver("csat_per_doubling", is_signed=True),
        Driver("csat_automation", default=0.0, is_signed=True),
        Driver("hours_per_week", default=40.0),
        Driver("shrinkage", default=0.25, is_share=True),
        Driver("open_hours", default=40.0),
        Driver("other_hours", default=0.0),
        Driver("automation_success", default=1.0, is_share=True),
        Driver("automation_minutes", default=1.0),
        Driver("automation_cost_week", default=0.0),
        Driver("automation_cost_contact", default=0.0),
    )
}
HANDLE, CHANNEL_COST = "handle_minutes_", "channel_cost_"
"""Before the name of a channel: its own handle time, its own cost of a contact."""


class SettingIncomplete(ValueError):  # noqa: N818 -- reads as what it says
    """Inputs the model cannot do without are missing; ``keys`` names them."""

    def __init__(self, keys: list[str]) -> None:
        self.keys = keys
        super().__init__(", ".join(keys))


@dataclass(frozen=True, slots=True)
class Range:
    """A value with the range in which eight of ten readings would lie.

    Attributes
    ----------
    value : float
        The median.
    low, high : float or None
        10 % and 90 % point; without one there is no doubt on that side.
    """

    value: float
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        for number in (self.value, self.low, self.high):
            if number is not None and not math.isfinite(number):
                raise ValueError(f"not a number: {number!r}")

    @property
    def is_sure(self) -> bool:
        return self.down == 0 and self.up == 0

    @property
    def down(self) -> float:
        return 0.0 if self.low is None else max(0.0, self.value - self.low)

    @property
    def up(self) -> float:
        return 0.0 if self.high is None else max(0.0, self.high - self.value)

    def at(self, normal: Floats, driver: Driver) -> Floats:
        """Turn standard normal draws into values: a normal with two half-widths.

        Values are held within what the driver can be: a share in 0 to 1, no negative
        time or money.
        """
        width = np.where(normal > 0, self.up, self.down) / Z80
        return within(self.value + normal * width, driver)


def within(values: Floats, driver: Driver) -> Floats:
    if driver.is_signed:
        return values
    return np.clip(values, 0.0, 1.0 if driver.is_share else np.inf)


@dataclass(frozen=True, slots=True)
class Channel:
    """A way contacts come in. Live ones are answered before those that can wait."""

    name: str
    is_live: bool = False


@dataclass(frozen=True)
class Plan:
    """An option: where contacts come in, how many people, how much is automated.

    Attributes
    ----------
    letter : str
    mix : mapping of str to float
        Share of contacts by channel; shares add up to 1.
    people : float
        Full-time equivalents, paid.
    automation : float
        Share of contacts that automation takes on.

    Raises
    ------
    ValueError
        For shares that do not add up to 1, or a value out of range.
    """

    letter: str
    mix: Mapping[str, float]
    people: float
    automation: float = 0.0

    def __post_init__(self) -> None:
        shares = list(self.mix.values())
        if not shares or any(not 0 <= share <= 1 for share in shares):
            raise ValueError(f"shares of channels lie between 0 and 1: {shares}")
        if abs(sum(shares) - 1) > 1e-6:
            raise ValueError(f"shares of channels add up to {sum(shares):g}, not 1")
        if not 0 <= self.people < math.inf:
            raise ValueError(f"people must be at least 0: {self.people}")
        if not 0 <= self.automation <= 1:
            raise ValueError(f"automation lies between 0 and 1: {self.automation}")


@dataclass(frozen=True)
class Setting:
    """What all options of a decision share.

    Attributes
    ----------
    channels : tuple of Channel
        Every channel of any plan.
    drivers : mapping of str to Range
        By key of `DRIVERS`, or of a channel; what is missing takes its default.
    today : Plan
        How it is done now; CSAT is measured from there.
    weeks : float
        Horizon over which work that is left over piles up.
    levels : tuple of float
        Load of equally long parts of the week relative to their mean.

    Raises
    ------
    SettingIncomplete
        When a driver without a default is missing.
    ValueError
        For an unknown channel or levels that are not all above 0.
    """

    channels: tuple[Channel, ...]
    drivers: Mapping[str, Range]
    today: Plan
    weeks: float = 13.0
    levels: tuple[float, ...] = field(default=(1.0,))

    def __post_init__(self) -> None:
        missing = [
            key
            for key, driver in DRIVERS.items()
            if driver.default is None and key not in self.drivers
        ]
        if missing:
            raise SettingIncomplete(missing)
        if not self.levels or min(self.levels) <= 0:
            raise ValueError("levels of load must be above 0")
        if self.weeks <= 0:
            raise ValueError("the horizon must be longer than nothing")
        self.shares(self.today)

    def range_of(self, key: str) -> Range:
        """Return a driver's range: typed, else its default."""
        if key in self.drivers:
            return self.drivers[key]
        if key.startswith(HANDLE):
            return self.drivers["handle_minutes"]
        default = 0.0 if key.startswith(CHANNEL_COST) else DRIVERS[key].default
        return Range(default or 0.0)

    @property
    def keys(self) -> list[str]:
        """Every driver that plays a part, those of channels only where typed."""
        own = [
            prefix + channel.name
            for channel in self.channels
            for prefix in (HANDLE, CHANNEL_COST)
            if prefix + channel.name in self.drivers
        ]
        return [*DRIVERS, *own]

    def middle(self) -> dict[str, Floats]:
        """Return every driver at its value, each of shape (1,)."""
        return {
            key: within(np.array([self.range_of(key).value]), driver_of(key))
            for key in self.keys
        }

    def shares(self, plan: Plan) -> Floats:
        """Return the plan's share of each channel, shape (c,). Raises ``ValueError``."""
        names = [channel.name for channel in self.channels]
        unknown = set(plan.mix) - set(names)
        if unknown:
            raise ValueError(f"unknown channels: {sorted(unknown)}")
        return np.array([plan.mix.get(name, 0.0) for name in names])


def driver_of(key: str) -> Driver:
    """Return the driver of a key; those of a channel are plain amounts."""
    return DRIVERS.get(key) or Driver(key)
