"""One timing of alpha in a process of its own, so that its peak memory is its own.

Run by ``benchmarks.bench_agreement`` as ``python agreement_process.py {job as JSON}``, by
the interpreter of the side that is measured; prints one line of JSON.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

KIB = 1024


def peak_bytes() -> int:
    """Highest resident memory; Linux's ru_maxrss would count the parent's before exec."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        (line,) = (line for line in lines if line.startswith("VmHWM:"))
        return int(line.split()[1]) * KIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB


def peer_alpha(job: dict) -> Callable[[], float]:
    import krippendorff

    table = np.load(job["table"])
    return lambda: float(
        krippendorff.alpha(reliability_data=table, level_of_measurement=job["level"])
    )


def our_alpha(job: dict) -> Callable[[], float]:
    from qa.core.agreement import krippendorff_alpha

    table = np.load(job["table"])
    return lambda: krippendorff_alpha(table, job["level"])


def our_alpha_of_triples(job: dict) -> Callable[[], float]:
    from qa.core.agreement import alpha_of_triples

    cells = np.load(job["cells"])
    columns = cells["units"], cells["reviewers"], cells["values"]
    return lambda: alpha_of_triples(*columns, job["level"])


def peer_bootstrap(job: dict) -> Callable[[], float]:
    """The peer has no interval: its alpha of units drawn again, draw by draw."""
    import krippendorff

    table = np.load(job["table"])
    rng = np.random.default_rng(1)

    def run() -> float:
        units = table.shape[1]
        draws = [
            krippendorff.alpha(
                reliability_data=table[:, rng.integers(0, units, units)],
                level_of_measurement=job["level"],
            )
            for _ in range(job["draws"])
        ]
        return float(np.quantile(draws, 0.025))

    return run


def our_bootstrap(job: dict) -> Callable[[], float]:
    from qa.core.agreement import bootstrap_interval

    table = np.load(job["table"])
    return lambda: (
        bootstrap_interval(table, job["level"], seed=1, draws=job["draws"]).low
    )


JOBS = {
    job.__name__: job
    for job in (
        peer_alpha,
        our_alpha,
        our_alpha_of_triples,
        peer_bootstrap,
        our_bootstrap,
    )
}


def main() -> None:
    job = json.loads(sys.argv[1])
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    run = JOBS[job["job"]](job)
    before, best, value = peak_bytes(), float("inf"), float("nan")
    for _ in range(job["repeats"]):
        begin = time.perf_counter()
        value = run()
        best = min(best, time.perf_counter() - begin)
    peak = peak_bytes()
    found = {"value": value, "seconds": best, "peak": peak, "above": peak - before}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
