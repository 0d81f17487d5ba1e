"""What figures are asked for: UTC days, a language, and where people searched."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from kb.models import Place
from supportops.metrics.core.periods import Period

DAYS_PER_MONTH = 365.25 / 12

CUSTOMERS = (Place.HELP, Place.FORM, Place.ASSISTANT)
"""Where customers are: what agents look up on a ticket is not self-service."""


@dataclass(frozen=True)
class Window:
    """UTC days ``[start, end)``, as all metrics count them.

    ``language`` is empty for all. ``place`` is where searches were made; readings count
    wherever customers are.
    """

    start: date
    end: date
    language: str = ""
    place: str = Place.HELP

    @classmethod
    def of(cls, period: Period, *, language: str = "", place: str = "") -> "Window":
        """The days of a period."""
        return cls(period.start, period.end, language, place or Place.HELP)

    @property
    def starts_at(self) -> datetime:
        return _midnight(self.start)

    @property
    def ends_at(self) -> datetime:
        return _midnight(self.end)

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def months(self) -> float:
        """Length in months: whole ones where it is whole ones."""
        return self.period.months or self.period.days / DAYS_PER_MONTH

    def previous(self) -> "Window":
        """The same question about the period before."""
        before = self.period.previous()
        return replace(self, start=before.start, end=before.end)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
