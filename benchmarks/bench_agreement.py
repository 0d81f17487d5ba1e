"""Krippendorff's alpha beside the ``krippendorff`` package, in one run.

Run with ``python -m benchmarks.bench_agreement``. The package is GPL, so it is no part of the
development set-up: give an interpreter that has it with ``--peer-python`` (or
``BENCH_PEER_PYTHON``); without one, only our own figures are printed, and so is that.

Every figure is taken in a process of its own, both sides with the same table from the same
file: the best time of several runs, and the peak resident memory, whole and above what the
process held with the table loaded. Scores are whole points on 0-100. The values of both sides
are compared; the bootstrap's are not, as each draws its own. The peer has no bootstrap: its
alpha is called draw by draw, as often as fits in the time, and its time is multiplied up.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

SEED = 20_260_101
PROCESS = Path(__file__).with_name("agreement_process.py")
LEVELS = ("interval", "ordinal", "nominal")
MIB = 1024**2
DRAWS, PEER_DRAWS = 1_000, 25
GOAL_TIME, GOAL_MEMORY = 50.0, 0.1
# What the peer needs for one table of values against values in every unit, and what comes on top.
PEER_BYTES_PER_CELL = 8 * 1.8

Found = dict[str, Any]


def table_of(units: int, reviewers: int, filled: float) -> np.ndarray:
    """Scores 0-100 of reviewers × units, NaN for holes; at random where filled in part."""
    rng = np.random.default_rng(SEED)
    quality = rng.normal(80, 10, units)
    scores = quality + rng.normal(0, 4, (reviewers, 1))
    scores = scores + rng.normal(0, 8, (reviewers, units))
    table = np.clip(scores.round(), 0, 100)
    if filled < 1:
        table[rng.random((reviewers, units)) >= filled] = np.nan
    return table


def save(table: np.ndarray, folder: Path, name: str) -> dict[str, str]:
    reviewers, units = np.nonzero(~np.isnan(table))
    values = table[reviewers, units]
    np.save(folder / f"{name}.npy", table)
    cells = folder / f"{name}.npz"
    np.savez(cells, units=units, reviewers=reviewers, values=values)
    return {"table": str(folder / f"{name}.npy"), "cells": str(cells)}


def measured(python: str, job: str, files: dict[str, str], **options: Any) -> Found:
    """Run one job in a process of its own; what it printed, or why it failed."""
    order = {"job": job, "repeats": 3, "level": "interval", **files, **options}
    done = subprocess.run(  # noqa: S603 -- our own script
        [python, str(PROCESS), json.dumps(order)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"ended by {done.returncode}"]
        return {"failed": lines[-1]}
    return json.loads(done.stdout)


def show(label: str, found: Found, *, draws: str = "") -> None:
    if "failed" in found:
        print(f"{label:<44} failed: {found['failed']}")
        return
    figures = f"{found['seconds'] * 1e3:>12,.2f} {found['peak'] / MIB:>10,.0f}"
    print(f"{label:<44} {figures} {found['above'] / MIB:>10,.0f}{draws}")


def compare(ours: Found, peer: Found, *, with_goal: bool = False) -> None:
    if "failed" in ours or "failed" in peer:
        return
    time_ratio = peer["seconds"] / ours["seconds"]
    whole = ours["peak"] / peer["peak"]
    above = ours["above"] / peer["above"] if peer["above"] else float("nan")
    text = f"  {time_ratio:,.0f} times as fast; memory {whole:.3f} of the peer's whole"
    text += f", {above:.4f} above the table"
    if with_goal:
        met = time_ratio >= GOAL_TIME and whole < GOAL_MEMORY
        text += f"; goal {GOAL_TIME:.0f} times, {GOAL_MEMORY} of the whole: "
        text += "met" if met else "NOT met"
    print(text)


def report_alpha(
    name: str, files: dict[str, str], peer_python: str | None, *, goal: bool
) -> None:
    for level in LEVELS:
        ours = measured(sys.executable, "our_alpha", files, level=level)
        cells = measured(sys.executable, "our_alpha_of_triples", files, level=level)
        show(f"{name}, {level}, ours from the table", ours)
        show(f"{name}, {level}, ours from triples", cells)
        if peer_python is None:
            continue
        repeats = 1 if goal else 3
        peer = measured(peer_python, "peer_alpha", files, level=level, repeats=repeats)
        show(f"{name}, {level}, krippendorff", peer)
        if "failed" not in peer:
            away = max(abs(peer["value"] - side["value"]) for side in (ours, cells))
            print(f"  alpha {ours['value']:.6f}; largest difference {away:.1e}")
        print("  table: ", end="")
        compare(ours, peer, with_goal=goal)
        print("  triples: ", end="")
        compare(cells, peer, with_goal=goal)


def report_bootstrap(name: str, files: dict[str, str], peer_python: str | None) -> None:
    for level in LEVELS:
        ours = measured(
            sys.executable, "our_bootstrap", files, level=level, draws=DRAWS
        )
        show(f"{name}, {level}, ours, {DRAWS:,} draws", ours)
        if peer_python is None:
            continue
        peer = measured(
            peer_python,
            "peer_bootstrap",
            files,
            level=level,
            draws=PEER_DRAWS,
            repeats=1,
        )
        if "failed" not in peer:
            peer["seconds"] *= DRAWS / PEER_DRAWS
        note = f"  from {PEER_DRAWS} draws"
        show(f"{name}, {level}, krippendorff, {DRAWS:,} draws", peer, draws=note)
        compare(ours, peer)


def peer_of(wanted: str | None) -> str | None:
    """The interpreter that has the peer; None, and words, where none has."""
    python = wanted or os.environ.get("BENCH_PEER_PYTHON") or sys.executable
    if shutil.which(python) is None:
        print(f"No interpreter at {python}.")
    elif _has_peer(python):
        return python
    print(
        "The peer, krippendorff (GPL), is not installed here: only our own figures.\n"
        "  To compare: python -m venv PLACE, PLACE/bin/pip install krippendorff, then\n"
        "  python -m benchmarks.bench_agreement --peer-python PLACE/bin/python\n"
    )
    return None


def _has_peer(python: str) -> bool:
    order = [python, "-c", "import krippendorff"]
    asked = subprocess.run(order, capture_output=True, check=False)  # noqa: S603 -- named by the caller
    return asked.returncode == 0


def units_that_fit(units: int, values: int, peer_python: str | None) -> int:
    """As many units as the peer finds memory for, at most ``units``."""
    if peer_python is None:
        return units
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    fitting = int(0.7 * free / (values**2 * PEER_BYTES_PER_CELL))
    if fitting < units:
        print(f"Memory is short for the peer: {fitting:,} units instead of {units:,}.")
    return min(units, fitting)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer-python", help="an interpreter that has krippendorff")
    peer_python = peer_of(parser.parse_args().peer_python)
    print(f"{'':<44} {'ms':>12} {'peak MiB':>10} {'above':>10}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        small = save(table_of(500, 20, 1.0), folder, "small")
        report_alpha("500 × 20 full", small, peer_python, goal=False)
        report_bootstrap("500 × 20 full", small, peer_python)
        units = units_that_fit(50_000, 101, peer_python)
        large = save(table_of(units, 200, 0.02), folder, "large")
        report_alpha(f"{units:,} × 200, 2 %", large, peer_python, goal=True)
        found = measured(sys.executable, "our_bootstrap", large, draws=DRAWS, repeats=1)
        show(f"{units:,} × 200, 2 %, interval, {DRAWS:,} draws", found)


if __name__ == "__main__":
    main()
