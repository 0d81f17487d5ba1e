"""What a formula consists of: inputs with their limits, and steps that use them."""

from dataclasses import dataclass
from typing import Literal

from workforce.capacity.core.cost.expression import Expression

Unit = Literal[
    "money", "tickets", "visits", "minutes", "hours", "days", "months", "people",
    "share",
]  # fmt: skip

KINDS = (
    "CAPACITY", "COST_PER_TICKET", "AUTOMATION", "SELF_SERVICE", "OUTSOURCING",
)  # fmt: skip


class InputRefused(ValueError):  # noqa: N818 -- reads as what it says
    """An input is unknown or out of its limits; ``key`` says which.

    ``low`` and ``high`` are its limits, both ``None`` for an input that does not exist.
    """

    def __init__(
        self, key: str, low: float | None = None, high: float | None = None
    ) -> None:
        super().__init__(f"{key} is not within {low} to {high}")
        self.key, self.low, self.high = key, low, high


@dataclass(frozen=True)
class Input:
    """One number that somebody has to know.

    ``live`` is arithmetic on facts measured by the product (see
    ``selectors.costs.facts``) and on other inputs; empty where nothing is measured.
    """

    key: str
    unit: Unit
    default: float
    low: float = 0.0
    high: float = 1e9
    live: str = ""


@dataclass(frozen=True)
class Step:
    """One line of a worked formula."""

    key: str
    text: str
    unit: Unit

    @property
    def expression(self) -> Expression:
        return Expression.parse(self.text)


@dataclass(frozen=True)
class Definition:
    """A formula: its inputs, its lines, and the key of the line that is its result.

    ``headlines`` are the further lines worth a figure of their own.
    """

    kind: str
    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]
    result: str
    headlines: tuple[str, ...] = ()

    @property
    def by_key(self) -> dict[str, Input]:
        return {each.key: each for each in self.inputs}

    def step(self, key: str) -> Step:
        return next(each for each in self.steps if each.key == key)
