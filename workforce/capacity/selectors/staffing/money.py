"""What a full-time person costs, by the cost per ticket that is used elsewhere."""

from dataclasses import dataclass
from math import isfinite

from workforce.capacity.core import cost
from workforce.capacity.models import Calculation
from workforce.capacity.selectors.costs.inputs import input_values

KIND = Calculation.Kind.COST_PER_TICKET
WEEKS_A_YEAR = 52


@dataclass(frozen=True)
class PersonCost:
    """What one full-time person costs a year, and the calculation that says so."""

    yearly: float
    currency: str
    name: str

    def of_week(self, fte: float) -> float:
        return fte * self.yearly / WEEKS_A_YEAR


def person_cost() -> PersonCost | None:
    """Return the yearly cost of a person; none without a calculation in use elsewhere.

    Only what the calculation itself holds is read, as a slider asks for it many times.
    """
    row = Calculation.objects.filter(kind=KIND, is_reference=True).first()
    if row is None:
        return None
    values = {each.key: each.value for each in input_values(KIND, row.inputs, {})}
    yearly = cost.evaluate(KIND, values).results.get("agent_cost")
    if yearly is None or not isfinite(yearly):
        return None
    return PersonCost(yearly, row.currency, row.name)
