"""People required by Erlang C and A beside ``pyworkforce``, in one run.

Run with ``python -m benchmarks.bench_erlang``. The package is no part of the development
set-up: give an interpreter that has it with ``--peer-python`` (or ``BENCH_PEER_PYTHON``).
Erlang A needs pyworkforce 0.5.2 or later, which needs Python 3.12; without the package, or
without its Erlang A, only our own figures are printed, and so is that.

The week: 672 quarter-hours of ten queues with peaks of 2 to 200 Erlangs, 300 s to handle,
80 % within 20 s, patience 120 s for Erlang A. Every figure is taken in a process of its
own: the best time of several runs, and the peak resident memory. The peer's Erlang A takes
minutes for a week: it is timed on every 32nd interval, and that time is multiplied up.
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

SEED = 7
ROOT = Path(__file__).resolve().parents[1]
PROCESS = Path(__file__).with_name("erlang_process.py")
PEAKS = (2, 4, 8, 15, 25, 40, 60, 90, 140, 200)
PROMISE = {"aht": 300.0, "target": 20.0, "level": 0.8, "patience": None}
PATIENCE = 120.0
SAMPLE = 32
MIB = 1024**2
GOAL_C, GOAL_A = 100.0, 1_000.0

Found = dict[str, Any]


def week_of_loads() -> np.ndarray:
    """Ten queues by 672 quarter-hours in one row, quiet nights and weekends included."""
    rng = np.random.default_rng(SEED)
    quarter = np.arange(672)
    day = np.clip(np.sin((quarter % 96 - 24) / 96 * 2 * np.pi), 0, None)
    day = day * np.where(quarter // 96 < 5, 1, 0.4) + 0.03
    noise = rng.uniform(0.85, 1.15, (len(PEAKS), 672))
    return (np.array(PEAKS)[:, None] * day * noise).ravel()


class Bench:
    """Runs jobs of both sides on loads kept in one folder."""

    def __init__(self, folder: Path, peer_python: str | None) -> None:
        self.folder = folder
        self.peer_python = peer_python
        self.saved = 0

    def measured(self, side: str, loads: np.ndarray, **options: Any) -> Found:
        """One job in a process of its own: what it printed, or why it failed."""
        self.saved += 1
        place = self.folder / f"{self.saved}.npy"
        np.save(place, loads)
        order = {"side": side, "loads": str(place), "single": False, "repeats": 5}
        python = sys.executable if side == "ours" else self.peer_python
        environment = dict(os.environ)
        if side == "ours":
            environment["PYTHONPATH"] = str(ROOT)
        done = subprocess.run(  # noqa: S603 -- our own script
            [str(python), str(PROCESS), json.dumps(order | PROMISE | options)],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        if done.returncode:
            lines = done.stderr.strip().splitlines() or [f"ended by {done.returncode}"]
            return {"failed": lines[-1]}
        return json.loads(done.stdout)


def show(label: str, found: Found, note: str = "") -> None:
    if "failed" in found:
        print(f"{label:<52} failed: {found['failed']}")
        return
    figures = f"{found['seconds'] * 1e3:>12,.3f} {found['first'] * 1e3:>12,.3f}"
    memory = f"{found['peak'] / MIB:>8,.0f} {found['above'] / MIB:>7,.1f}"
    print(f"{label:<52} {figures} {memory}{note}")


def compare(ours: Found, peer: Found, goal: float) -> None:
    if "failed" in ours or "failed" in peer:
        return
    ratio = peer["seconds"] / ours["seconds"]
    met = "met" if ratio >= goal else "NOT met"
    print(f"  {ratio:,.1f} times as fast; goal {goal:,.0f}: {met}")


def differences(ours: Found, peer: Found) -> None:
    if "failed" in ours or "failed" in peer:
        return
    away = np.array(peer["found"]) - np.array(ours["found"])
    print(
        f"  the peer differs in {np.count_nonzero(away):,} of {away.size:,} intervals: "
        f"{np.count_nonzero(away > 0):,} with more people, "
        f"{np.count_nonzero(away < 0):,} with fewer; at most {np.abs(away).max()}"
    )


def report_erlang_c(bench: Bench, loads: np.ndarray) -> None:
    ours = bench.measured("ours", loads)
    show(f"Erlang C, week of {loads.size:,}, ours", ours)
    exact = bench.measured("ours", loads, fractional=True)
    show("  the same with fractions of people", exact)
    if bench.peer_python is not None:
        for name, options in (("one by one", {}), ("its grid", {"grid": True})):
            peer = bench.measured("peer", loads, **options)
            show(f"Erlang C, week of {loads.size:,}, pyworkforce, {name}", peer)
            compare(ours, peer, GOAL_C)
            differences(ours, peer)
    lenient = {"level": 0.5, "target": 600.0}
    ours = bench.measured("ours", loads, **lenient)
    show("Erlang C, 50 % within 600 s, ours", ours)
    if bench.peer_python is not None:
        peer = bench.measured("peer", loads, **lenient)
        show("Erlang C, 50 % within 600 s, pyworkforce", peer)
        differences(ours, peer)


def report_erlang_a(bench: Bench, loads: np.ndarray) -> None:
    ours = bench.measured("ours", loads, patience=PATIENCE)
    show(f"Erlang A, week of {loads.size:,}, ours", ours)
    exact = bench.measured("ours", loads, patience=PATIENCE, fractional=True)
    show("  the same with fractions of people", exact, "")
    if bench.peer_python is None:
        return
    part = loads[::SAMPLE]
    peer = bench.measured("peer", part, patience=PATIENCE, repeats=0)
    if "failed" not in peer:
        ours_of_part = {"found": ours["found"][::SAMPLE]}
        for name in ("seconds", "first"):
            peer[name] *= loads.size / part.size
        note = f"  from {part.size} intervals"
        show(f"Erlang A, week of {loads.size:,}, pyworkforce", peer, note)
        compare(ours, peer, GOAL_A)
        differences(ours_of_part, peer)
    else:
        show("Erlang A, pyworkforce", peer)


def report_single(bench: Bench) -> None:
    for load in (1.0, 10.0, 100.0, 1_000.0, 10_000.0):
        one = np.array([load])
        inner = 1_000 if load <= 100 else 20
        ours = bench.measured("ours", one, single=True, inner=inner)
        show(f"Erlang C, one interval of {load:,.0f} Erl, ours", ours)
        if bench.peer_python is not None:
            peer = bench.measured("peer", one, inner=inner)
            show(f"Erlang C, one interval of {load:,.0f} Erl, pyworkforce", peer)
            compare(ours, peer, 1.0)
    for load in (1.0, 10.0, 100.0):
        one = np.array([load])
        ours = bench.measured("ours", one, single=True, inner=20, patience=PATIENCE)
        show(f"Erlang A, one interval of {load:,.0f} Erl, ours", ours)
        if bench.peer_python is not None:
            peer = bench.measured("peer", one, patience=PATIENCE, repeats=1)
            show(f"Erlang A, one interval of {load:,.0f} Erl, pyworkforce", peer)
            compare(ours, peer, 1.0)


def report_growth(bench: Bench, loads: np.ndarray) -> None:
    print("\nGrowth with cells, loads of the week")
    for cells in (672, 6_720, 67_200, 672_000):
        many = np.resize(loads, cells)
        show(f"  Erlang C, {cells:,}", bench.measured("ours", many, repeats=2))
        found = bench.measured("ours", many, repeats=2, patience=PATIENCE)
        show(f"  Erlang A, {cells:,}", found)
    print("Growth with load, 672 cells around it")
    spread = np.random.default_rng(SEED).uniform(0.5, 1.5, 672)
    for load in (10.0, 100.0, 1_000.0, 10_000.0, 100_000.0):
        many = spread * load
        show(f"  Erlang C, {load:,.0f} Erl", bench.measured("ours", many, repeats=2))
        found = bench.measured("ours", many, repeats=2, patience=PATIENCE)
        show(f"  Erlang A, {load:,.0f} Erl", found)


def peer_of(wanted: str | None) -> str | None:
    """The interpreter that has the peer; None, and words, where none has."""
    python = wanted or os.environ.get("BENCH_PEER_PYTHON") or sys.executable
    if shutil.which(python) is None:
        print(f"No interpreter at {python}.")
    elif version := _peer_version(python):
        print(f"pyworkforce {version}")
        return python
    print(
        "The peer, pyworkforce, is not installed here: only our own figures.\n"
        "  To compare: python3.12 -m venv PLACE, PLACE/bin/pip install pyworkforce, then\n"
        "  python -m benchmarks.bench_erlang --peer-python PLACE/bin/python\n"
    )
    return None


def _peer_version(python: str) -> str:
    words = (
        "import sys, importlib.metadata as m; import pyworkforce;"
        "print(m.version('pyworkforce'), 'on Python', sys.version.split()[0])"
    )
    asked = subprocess.run(  # noqa: S603 -- named by the caller
        [python, "-c", words], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() if asked.returncode == 0 else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer-python", help="an interpreter that has pyworkforce")
    peer_python = peer_of(parser.parse_args().peer_python)
    loads = week_of_loads()
    print(f"{'':<52} {'best ms':>12} {'first ms':>12} {'peak MiB':>8} {'above':>7}")
    with tempfile.TemporaryDirectory() as place:
        bench = Bench(Path(place), peer_python)
        report_erlang_c(bench, loads)
        report_erlang_a(bench, loads)
        report_single(bench)
        report_growth(bench, loads)


if __name__ == "__main__":
    main()
