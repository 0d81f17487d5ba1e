"""A count that asks for something."""

from dataclasses import dataclass

from django.utils.formats import number_format

from supportops.dashboards import selectors


@dataclass(frozen=True, slots=True)
class Tile:
    """A count that asks for something, and the list it counts."""

    label: str
    count: int
    url: str
    tone: str = ""

    @property
    def shown(self) -> str:
        number = number_format(self.count, force_grouping=True)
        return f"{number}+" if self.count >= selectors.CAP else number
