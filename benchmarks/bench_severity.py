"""Plain means and severity-adjusted levels beside the truth, over simulated teams.

Run with ``python -m benchmarks.bench_severity``; ``--runs`` sets how often each team is drawn
(``BENCH_RUNS`` too). Every run draws agents' levels, reviewers' severities and reviews anew,
from normal distributions (two teams: noise with a long lower tail); each agent is scored by one own reviewer in the share given and by
anybody else otherwise. The variances are estimated from the reviews, as in the product.

Truth is the level that the team's reviewers would give on average. RMSE is in points;
``held`` is the share of 95 % bounds that hold the truth, for agents and for reviewers;
``r`` the mean correlation with the truth. The goal is 93 to 97 % for agents in every team.
Times are of the processor, one thread.
The last team has no differences at all between agents: bounds then must hold too much.
"""

import argparse
import os
import time
from dataclasses import dataclass, field

# Read when numpy is imported. Small matrices gain nothing from threads that wait by spinning.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from qa.core.severity import SeverityModel, fit

SEED = 20_260_101
RUNS = int(os.environ.get("BENCH_RUNS", "300"))
LEAST, MOST = 0.93, 0.97


@dataclass(frozen=True)
class Team:
    """How many, how different, and how they are reviewed; standard deviations in points."""

    name: str
    agents: int
    reviewers: int
    each: int
    own: float
    agent_sd: float = 4.0
    reviewer_sd: float = 4.0
    residual_sd: float = 11.0
    skewed: bool = False
    judged: bool = True


TEAMS = (
    Team("the research's: 40 agents, 6 reviewers", 40, 6, 12, 0.7),
    Team("half as different", 40, 6, 12, 0.7, 2.0, 2.0),
    Team("very different, little noise", 40, 6, 12, 0.7, 10.0, 8.0, 8.0),
    Team("own reviewer 90 %, 4 reviews each", 100, 10, 4, 0.9, 6.0, 3.0, 10.0),
    Team("as many reviewers as agents (peers)", 40, 40, 6, 0.0),
    Team("one reviewer", 20, 1, 6, 1.0),
    Team("12 agents, 4 reviewers", 12, 4, 8, 0.7),
    Team("10 agents, 3 reviewers, 5 each", 10, 3, 5, 0.7),
    Team("5 agents, 2 reviewers, 4 each", 5, 2, 4, 0.5),
    Team("4 agents, 2 reviewers, 20 each", 4, 2, 20, 0.5),
    Team("3 agents, 2 reviewers, 3 each", 3, 2, 3, 0.5),
    Team("a few very low scores (gamma noise)", 40, 6, 12, 0.7, skewed=True),
    Team("12 agents, a few very low scores", 12, 4, 8, 0.7, skewed=True),
    Team("no differences between agents", 40, 6, 12, 0.7, 0.0, 4.0, judged=False),
)


@dataclass
class Tally:
    """What was found over all runs of one team."""

    raw: list[float] = field(default_factory=list)
    adjusted: list[float] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)
    reviewers_held: list[bool] = field(default_factory=list)
    raw_r: list[float] = field(default_factory=list)
    adjusted_r: list[float] = field(default_factory=list)
    seconds: float = 0.0


def drawn(
    team: Team, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Scores, agents and reviewers of the reviews, true levels and true severities."""
    levels = 80 + rng.normal(0, team.agent_sd, team.agents)
    severities = rng.normal(0, team.reviewer_sd, team.reviewers)
    own = rng.integers(0, team.reviewers, team.agents)
    agents = np.repeat(np.arange(team.agents), team.each)
    anybody = rng.integers(0, team.reviewers, agents.size)
    reviewers = np.where(rng.random(agents.size) < team.own, own[agents], anybody)
    noise = rng.normal(0, team.residual_sd, agents.size)
    if team.skewed:
        noise = (2 - rng.gamma(2, 1, agents.size)) * team.residual_sd / np.sqrt(2)
    scores = levels[agents] + severities[reviewers] + noise
    return scores, agents, reviewers, levels, severities


def add(
    tally: Tally, model: SeverityModel, levels: np.ndarray, severities: np.ndarray
) -> None:
    """Judge one run, each connected component by the average of its own reviewers."""
    for number in range(model.components):
        mine = model.agent_component == number
        theirs = model.reviewer_component == number
        severity = severities[model.reviewer_ids[theirs]]
        truth = levels[model.agent_ids[mine]] + severity.mean()
        tally.raw += (model.agent_raw[mine] - truth).tolist()
        tally.adjusted += (model.agent_adjusted[mine] - truth).tolist()
        low, high = model.agent_low[mine], model.agent_high[mine]
        tally.held += ((low <= truth) & (truth <= high)).tolist()
        if severity.size > 1:
            bias = severity - severity.mean()
            low, high = model.reviewer_low[theirs], model.reviewer_high[theirs]
            tally.reviewers_held += ((low <= bias) & (bias <= high)).tolist()
        if truth.size > 2 and np.ptp(truth) > 0:
            tally.raw_r.append(np.corrcoef(model.agent_raw[mine], truth)[0, 1])
            tally.adjusted_r.append(
                np.corrcoef(model.agent_adjusted[mine], truth)[0, 1]
            )


def tally_of(team: Team, runs: int) -> Tally:
    rng = np.random.default_rng(SEED)
    tally = Tally()
    for _ in range(runs):
        scores, agents, reviewers, levels, severities = drawn(team, rng)
        begin = time.process_time()
        model = fit(scores, agents, reviewers)
        tally.seconds += time.process_time() - begin
        add(tally, model, levels, severities)
    return tally


def runs_of(team: Team, runs: int) -> int:
    """More runs of small teams, so that each judges about as many agents."""
    return max(runs, runs * 16 // team.agents)


def mean(values: list[float] | list[bool]) -> float:
    return float(np.mean(values)) if values else float("nan")


def report(team: Team, runs: int) -> bool:
    tally = tally_of(team, runs)
    raw, adjusted = (
        float(np.sqrt(np.mean(np.square(errors))))
        for errors in (tally.raw, tally.adjusted)
    )
    held = mean(tally.held)
    fits = not team.judged or LEAST <= held <= MOST
    figures = f"{runs:>6,} {raw:>6.2f} {adjusted:>6.2f} {1 - adjusted / raw:>6.0%}"
    figures += f" {mean(tally.raw_r):>5.2f} {mean(tally.adjusted_r):>5.2f}"
    figures += f" {held:>7.1%} {mean(tally.reviewers_held):>9.1%}"
    figures += f" {tally.seconds / runs * 1e3:>7.1f}"
    print(f"{team.name:<40}{figures}{'' if fits else '  OUTSIDE'}", flush=True)
    return fits


def report_size(agents: int, reviewers: int, each: int) -> None:
    team = Team("", agents, reviewers, each, 0.7)
    scores, by_agent, by_reviewer, *_ = drawn(team, np.random.default_rng(SEED))
    best = float("inf")
    for _ in range(3):
        begin = time.process_time()
        fit(scores, by_agent, by_reviewer)
        best = min(best, time.process_time() - begin)
    size = f"{agents:,} agents × {reviewers:,} reviewers, {scores.size:,} reviews"
    print(f"{size:<48} {best * 1e3:>8.0f} ms")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="of each large team")
    runs = parser.parse_args().runs
    head = f"{'runs':>6} {'raw':>6} {'adj.':>6} {'less':>6} {'r raw':>5} {'adj.':>5}"
    print(f"{'RMSE, points':<40}{head} {'held':>7} {'reviewers':>9} {'ms/fit':>7}")
    fit_all = [report(team, runs_of(team, runs)) for team in TEAMS]
    goal = f"bounds hold {LEAST:.0%} to {MOST:.0%} of agents in every team judged"
    print(f"Goal, {goal}: {'met' if all(fit_all) else 'NOT met'}")
    print("\nProcessor time by size (best of 3)")
    for size in ((40, 6, 12), (500, 20, 64), (2_000, 50, 100), (200, 200, 50)):
        report_size(*size)
    return 0 if all(fit_all) else 1


if __name__ == "__main__":
    raise SystemExit(main())
