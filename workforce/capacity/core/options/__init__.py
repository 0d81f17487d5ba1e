"""What an option of a decision about load would bring: volume, time, CSAT, cost."""

from workforce.capacity.core.options.drivers import (
    DRIVERS,
    Channel,
    Driver,
    Plan,
    Range,
    Setting,
    SettingIncomplete,
)
from workforce.capacity.core.options.model import Outcome, central, evaluate
from workforce.capacity.core.options.scoring import (
    Judged,
    Measured,
    Sensitivity,
    judge,
)
from workforce.capacity.core.options.simulate import (
    DRAWS,
    Comparison,
    Interval,
    Measure,
    simulate,
)

__all__ = [
    "DRAWS",
    "DRIVERS",
    "Channel",
    "Comparison",
    "Driver",
    "Interval",
    "Judged",
    "Measure",
    "Measured",
    "Outcome",
    "Plan",
    "Range",
    "Sensitivity",
    "Setting",
    "SettingIncomplete",
    "central",
    "evaluate",
    "judge",
    "simulate",
]
