"""One timing of required people in a process of its own, so that its peak memory is its own.

Run by ``benchmarks.bench_erlang`` as ``python erlang_process.py {job as JSON}``, by the
interpreter of the side that is measured; prints one line of JSON.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

KIB = 1024
MINUTES = 15


def peak_bytes() -> int:
    """Highest resident memory; Linux's ru_maxrss would count the parent's before exec."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        (line,) = (line for line in lines if line.startswith("VmHWM:"))
        return int(line.split()[1]) * KIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB


def ours(job: dict) -> Callable[[], list]:
    from workforce.capacity.core.erlang import fractional_servers, required_servers

    function = fractional_servers if job.get("fractional") else required_servers
    promise = {"service_level": job["level"], "target": job["target"]}
    promise["patience"] = job["patience"]
    loads = np.load(job["loads"])
    if job["single"]:
        load = float(loads[0])
        return lambda: [function(load, job["aht"], **promise)]
    return lambda: function(loads, job["aht"], **promise).tolist()


def peer(job: dict) -> Callable[[], list]:
    """The peer knows minutes and one interval at a time; arrays go through its grid."""
    from pyworkforce.queuing import ErlangC, MultiErlangC

    times = {"aht": job["aht"] / 60, "asa": job["target"] / 60, "interval": MINUTES}
    calls = (np.load(job["loads"]) * MINUTES * 60 / job["aht"]).tolist()
    level = job["level"]
    if job["patience"] is not None:
        from pyworkforce.queuing import ErlangA

        patience = job["patience"] / 60
        return lambda: [
            ErlangA(transactions=each, patience=patience, **times).required_positions(
                service_level=level
            )["raw_positions"]
            for each in calls
        ]
    if job.get("grid"):
        grid = {"transactions": calls, **{name: [v] for name, v in times.items()}}
        return lambda: [
            found["raw_positions"]
            for found in MultiErlangC(param_grid=grid, n_jobs=1).required_positions(
                {"service_level": [level]}
            )
        ]
    return lambda: [
        ErlangC(transactions=each, **times).required_positions(service_level=level)[
            "raw_positions"
        ]
        for each in calls
    ]


def best_time(run: Callable[[], list], repeats: int, inner: int) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        for _ in range(inner):
            run()
        times.append((time.perf_counter() - start) / inner)
    return min(times)


def main() -> None:
    job = json.loads(sys.argv[1])
    run = {"ours": ours, "peer": peer}[job["side"]](job)
    before = peak_bytes()
    start = time.perf_counter()
    found = run()
    first = time.perf_counter() - start
    best = first
    if job["repeats"]:
        best = best_time(run, job["repeats"], job.get("inner", 1))
    peak = peak_bytes()
    print(
        json.dumps(
            {
                "seconds": best,
                "first": first,
                "peak": peak,
                "above": peak - before,
                "found": found,
            }
        )
    )


if __name__ == "__main__":
    main()
