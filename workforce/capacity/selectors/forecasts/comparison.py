"""Methods side by side: what each did on past days, and which one is used."""

from dataclasses import dataclass

from workforce.capacity.core.forecast import Backtest, Figures
from workforce.capacity.models import Forecast, Method
from workforce.capacity.selectors.forecasts.lines import backtest_of


@dataclass(frozen=True, slots=True)
class MethodRow:
    """One method to choose. "Best" carries the figures of the one it stands for."""

    code: str
    name: str
    figures: Figures | None
    is_best: bool
    is_chosen: bool
    stands_for: str = ""

    @property
    def inside80(self) -> float | None:
        """Share of intervals within their 80 % range."""
        return self.figures.coverage.get(80) if self.figures else None

    @property
    def inside95(self) -> float | None:
        return self.figures.coverage.get(95) if self.figures else None


def method_rows(forecast: Forecast | None, chosen: str) -> list[MethodRow]:
    """Return every method, "best" first, with its figures from a forecast's backtest."""
    figures = backtest_of(forecast)
    best = figures.best if figures else ""
    names = dict(Method.choices)
    return [
        MethodRow(
            code=code,
            name=str(name),
            figures=_figures(figures, best if code == Method.BEST else code),
            is_best=code == best,
            is_chosen=code == chosen,
            stands_for=str(names.get(best, "")) if code == Method.BEST else "",
        )
        for code, name in Method.choices
    ]


def _figures(figures: Backtest | None, code: str) -> Figures | None:
    return figures.methods.get(code) if figures else None
