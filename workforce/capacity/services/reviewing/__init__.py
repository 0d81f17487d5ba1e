"""Every write to investigations, and the alerts of the day."""

from workforce.capacity.services.reviewing.intraday import alert_intraday
from workforce.capacity.services.reviewing.life import (
    assign_investigation,
    close_investigation,
    reopen_investigation,
    save_finding,
)
from workforce.capacity.services.reviewing.opening import (
    open_investigations,
    remind_of_investigations,
)
from workforce.capacity.services.reviewing.refusals import (
    FindingMissing,
    OutcomeMissing,
    OwnerUnfit,
    ReasonMissing,
    WrongState,
)

__all__ = [
    "FindingMissing",
    "OutcomeMissing",
    "OwnerUnfit",
    "ReasonMissing",
    "WrongState",
    "alert_intraday",
    "assign_investigation",
    "close_investigation",
    "open_investigations",
    "remind_of_investigations",
    "reopen_investigation",
    "save_finding",
]
