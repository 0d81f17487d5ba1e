"""Five formulas of what support costs, each worked out line by line.

``DEFINITIONS`` says what each needs; ``evaluate`` works one out; ``interval`` and
``swings`` say how sure the answer is and what moves it.
"""

from workforce.capacity.core.cost.definitions import (
    KINDS,
    Definition,
    Input,
    InputRefused,
    Step,
    Unit,
)
from workforce.capacity.core.cost.evaluation import Line, Worked, evaluate
from workforce.capacity.core.cost.expression import Expression
from workforce.capacity.core.cost.formulas import DEFINITIONS
from workforce.capacity.core.cost.ranges import (
    Interval,
    Swing,
    interval,
    is_one_way,
    swings,
)

__all__ = [
    "DEFINITIONS",
    "KINDS",
    "Definition",
    "Expression",
    "Input",
    "InputRefused",
    "Interval",
    "Line",
    "Step",
    "Swing",
    "Unit",
    "Worked",
    "evaluate",
    "interval",
    "is_one_way",
    "swings",
]
