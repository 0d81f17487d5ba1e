"""Run every ``benchmarks/bench_*.py`` one after another.

With PostgreSQL and Redis on the machine, throw-away servers are started and the benchmarks
find them in ``TEST_POSTGRES_URL`` and ``TEST_REDIS_URL``; without, these are not set.
Arguments name benchmarks to run instead of all: ``python -m scripts.run_benchmarks calendar``.
"""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from scripts import system_packages, throwaway

ROOT = Path(__file__).resolve().parents[1]


def main(names: list[str]) -> int:
    """Run them all, then return 1 if any failed."""
    found = sorted(path.stem for path in (ROOT / "benchmarks").glob("bench_*.py"))
    wanted = [f"bench_{name}" for name in names] or found
    if unknown := [name for name in wanted if name not in found]:
        print(f"No such benchmark: {', '.join(unknown)}", file=sys.stderr)
        return 2
    with contextlib.ExitStack() as stack:
        environment = {**os.environ, **_servers(stack)}
        failed = [name for name in wanted if _run(name, environment)]
    if failed:
        print(f"\nFailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _servers(stack: contextlib.ExitStack) -> dict[str, str]:
    lacking = {"postgresql", "redis-server"} & set(system_packages.missing())
    if lacking:
        print(f"Without {', '.join(sorted(lacking))}: SQLite only.", flush=True)
        return {}
    running = stack.enter_context(throwaway.servers())
    return {
        "TEST_POSTGRES_URL": running.postgres_url,
        "TEST_REDIS_URL": running.redis_url,
    }


def _run(name: str, environment: dict[str, str]) -> int:
    print(f"\n=== {name} ===", flush=True)
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(main(sys.argv[1:]))
    except throwaway.ServerNotStarted as refusal:
        sys.exit(f"{refusal}")
    except KeyboardInterrupt:
        sys.exit(130)
