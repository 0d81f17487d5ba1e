"""Run every test: on SQLite, on a throw-away PostgreSQL with Redis, and in a browser.

``--quick`` runs the first part only, which needs no program beyond Python. Each part ends
with a line of its own, ``name: N passed, N failed, N skipped``; the exit code is 1 when any
part failed or ran nothing. ``TEST_WORKERS`` says how many processes share the work.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from scripts import system_packages, throwaway

ROOT = Path(__file__).resolve().parents[1]
# Cores know no database, and who may open what does not depend on which one it is. Fuzzed
# requests do: what one database takes for a number the other refuses.
ONCE = (
    "tests/*/core",
    "tests/test_roles.py",
    "tests/test_project.py",
    "tests/qa/test_*blindness.py",
    "tests/qa/test_privacy.py",
)
BROWSER = ("tests/e2e",)
# A part that knew these would not test what it says it tests.
OWN_SETTINGS = ("DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "DEBUG")


@dataclass(frozen=True)
class Part:
    """One run of pytest; ``leave_out`` names tests that tell nothing new there."""

    name: str
    environment: dict[str, str]
    tests: str = "tests"
    leave_out: tuple[str, ...] = ()
    # A browser test waits more than it computes, yet each worker has a browser of its own.
    workers: str = os.environ.get("TEST_WORKERS") or "2"


@dataclass(frozen=True)
class Outcome:
    """What one part gave."""

    name: str
    passed: int
    failed: int
    skipped: int
    exit_code: int
    seconds: float

    def line(self) -> str:
        """Return the closing line that people and programs read."""
        return f"{self.name}: {self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def main(arguments: list[str]) -> int:
    """Run the parts one after another and return the exit code of the whole."""
    if arguments == ["--quick"]:
        with tempfile.TemporaryDirectory(prefix="supportops-tests-") as folder:
            return _report([_run(Part("sqlite", {}, leave_out=BROWSER), Path(folder))])
    if packages := system_packages.missing():
        print(system_packages.how_to_install(packages), file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="supportops-tests-") as folder,
        throwaway.servers() as servers,
    ):
        return _report([_run(part, Path(folder)) for part in _parts(servers)])


def _parts(servers: throwaway.Servers) -> list[Part]:
    redis = {"TEST_REDIS_URL": servers.redis_url}
    both = {
        **redis,
        "DATABASE_URL": servers.postgres_url,
        "CELERY_BROKER_URL": servers.redis_url,
    }
    return [
        Part("sqlite", redis, leave_out=BROWSER),
        Part("postgresql", both, leave_out=(*BROWSER, *ONCE)),
        Part(
            "browser",
            {"CHROMIUM": str(system_packages.browser())},
            tests="tests/e2e",
        ),
    ]


def _run(part: Part, folder: Path) -> Outcome:
    print(f"\n=== {part.name} ===", flush=True)
    report = folder / f"{part.name}.xml"
    var = folder / part.name
    var.mkdir()
    inherited = {k: v for k, v in os.environ.items() if k not in OWN_SETTINGS}
    started = time.monotonic()
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-n",
                part.workers,
                part.tests,
            ),
            f"--junitxml={report}",
            *(f"--ignore-glob={pattern}" for pattern in part.leave_out),
        ],
        cwd=ROOT,
        env={
            **inherited,
            "SUPPORTOPS_VAR": str(var),
            # Parts on the same kind of database share one that is migrated.
            "TEST_TEMPLATES": str(folder / "templates"),
            **part.environment,
        },
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return _outcome(part.name, report, done.returncode, time.monotonic() - started)


def _outcome(name: str, report: Path, exit_code: int, seconds: float) -> Outcome:
    if not report.exists():
        return Outcome(name, 0, 0, 0, exit_code or 1, seconds)
    suites = ET.parse(report).iter("testsuite")  # noqa: S314 -- pytest wrote it a moment ago
    counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in suites:
        for key in counts:
            counts[key] += int(suite.get(key, "0"))
    failed = counts["failures"] + counts["errors"]
    passed = counts["tests"] - failed - counts["skipped"]
    return Outcome(name, passed, failed, counts["skipped"], exit_code, seconds)


def _report(outcomes: list[Outcome]) -> int:
    print()
    for outcome in outcomes:
        print(
            f"--- {outcome.name}: {outcome.seconds:.0f} s, pytest's exit code {outcome.exit_code}"
        )
        print(outcome.line(), flush=True)
    total = [
        sum(getattr(o, key) for o in outcomes)
        for key in ("passed", "failed", "skipped")
    ]
    print("total: {} passed, {} failed, {} skipped".format(*total), flush=True)
    # pytest's 5, "no tests collected", is a failure here as well.
    return 1 if any(o.exit_code or not o.passed for o in outcomes) else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(main(sys.argv[1:]))
    except throwaway.ServerNotStarted as refusal:
        sys.exit(f"{refusal}")
    except KeyboardInterrupt:
        sys.exit(130)
