"""Importing a public incident log at its size and at ten times it: rows a second, memory.

Run with ``python -m benchmarks.bench_import``. Uses the Volvo log beside this checkout
(``../shared/data/tickets``) and says so when it is absent. Each import is a process of its
own with its own SQLite database, the command as a person runs it; memory is
the peak of resident memory. Ten times means every case ten
times under another number, the copies one after the other.
"""

import argparse
import gzip
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOG = ROOT.parent / "shared/data/tickets/bpi2013-volvo/VINST-new.csv.gz"
FACTOR = 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--factor", type=int, default=FACTOR)
    factor = parser.parse_args().factor
    if not LOG.is_file():
        print(f"Skipped: {LOG.name} is not beside this checkout.")
        return 0
    with tempfile.TemporaryDirectory(prefix="bench-import-") as folder:
        many = Path(folder) / "many.csv.gz"
        multiply(LOG, many, factor)
        once = measure(LOG, Path(folder) / "once")
        often = measure(many, Path(folder) / "often")
    for name, found in (("1 ×", once), (f"{factor} ×", often)):
        print(
            f"{name:>5} Volvo: {found['events']:>8,} rows, {found['tickets']:>7,} tickets, "
            f"{found['seconds']:7.1f} s (CPU {found['cpu']:.1f} s), "
            f"{found['events'] / found['seconds']:7,.0f} rows/s, "
            f"{found['log_rows']:>9,} log entries ({found['log_rows'] / found['seconds']:,.0f}/s), "
            f"peak {found['peak_mb']:6.1f} MB; same file again {found['again']:.1f} s"
        )
    print(
        f"Peak memory at {factor} times the rows: "
        f"{often['peak_mb'] / once['peak_mb']:.2f} times."
    )
    return 0


def multiply(source: Path, target: Path, factor: int) -> None:
    """Write the log ``factor`` times, each time with other case numbers."""
    with (
        gzip.open(target, "wt", encoding="utf-8", newline="", compresslevel=1) as out,
    ):
        for copy in range(factor):
            with gzip.open(source, "rt", encoding="utf-8-sig", newline="") as lines:
                header = lines.readline()
                if copy == 0:
                    out.write(header)
                for line in lines:
                    # The log's last line has no line end.
                    out.write(f"{copy}x{line.rstrip()}\n")


def measure(path: Path, folder: Path) -> dict:
    """Migrate a new database, import the file twice, return what the first import took."""
    folder.mkdir()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "supportops.settings",
        "SECRET_KEY": "only-for-a-benchmark-" + "x" * 40,
        "SUPPORTOPS_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
        "LOG_LEVEL": "ERROR",
    }
    manage(environment, "migrate", "--verbosity", "0", "--skip-checks")
    command = [
        "import_tickets",
        str(path),
        "--mapping",
        "bpi2013",
        "--source",
        "volvo",
        "--json",
    ]
    first, peak, cpu = manage(environment, *command)
    again, _peak, _cpu = manage(environment, *command)
    report, second = json.loads(first), json.loads(again)
    assert second["unchanged"] == report["tickets"]
    assert second["facts"] == report["facts"]
    return {
        **report,
        "peak_mb": peak,
        "cpu": cpu,
        "again": second["seconds"],
        "log_rows": log_rows(folder / "bench.sqlite3"),
    }


def log_rows(database: Path) -> int:
    with sqlite3.connect(database) as connection:
        return connection.execute(
            "SELECT count(*) FROM tickets_ticketevent"
        ).fetchone()[0]


def manage(environment: dict, *arguments: str) -> tuple[str, float, float]:
    """Run one management command; return what it printed, peak MB and CPU seconds."""
    process = subprocess.Popen(  # noqa: S603 -- our own command
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    printed = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments[0]} failed with {process.returncode}")
    return printed, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    sys.exit(main())
