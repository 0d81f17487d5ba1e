"""Find the programs a full test run needs, or name the Debian packages that bring them.

``python3 -m scripts.system_packages`` prints the missing packages, one a line, and exits
with 1 when there are any.
"""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def postgres_bin() -> Path | None:
    """Return the folder with ``initdb`` and ``postgres``, the newest one Debian has."""
    if initdb := shutil.which("initdb"):
        # Symbolic links are followed: PostgreSQL finds its files from where it stands.
        return Path(initdb).resolve().parent
    found = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return max(found, key=_major_version).parent if found else None


def _major_version(initdb: Path) -> float:
    try:
        return float(initdb.parents[1].name)
    except ValueError:
        return 0.0


def redis_server() -> Path | None:
    """Return the Redis server, or Valkey's, which speaks the same protocol."""
    return _first_on_path("redis-server", "valkey-server")


def browser() -> Path | None:
    """Return the Chromium to drive; ``CHROMIUM`` names another one."""
    named = os.environ.get("CHROMIUM")
    return _first_on_path(named) if named else _first_on_path(*BROWSERS)


def _first_on_path(*names: str) -> Path | None:
    found = (shutil.which(name) for name in names)
    return next((Path(path) for path in found if path), None)


PACKAGES: dict[str, Callable[[], Path | None]] = {
    "postgresql": postgres_bin,
    "redis-server": redis_server,
    "chromium": browser,
}


def missing() -> list[str]:
    """Return the Debian packages whose programs are not on this machine."""
    return [package for package, find in PACKAGES.items() if find() is None]


def how_to_install(packages: list[str]) -> str:
    """Say what to type, in words for the person in front of the terminal."""
    return (
        f"make test needs {', '.join(packages)}, not found on this machine.\n"
        "Install on Debian or Ubuntu:\n"
        f"    sudo apt-get update && sudo apt-get install {' '.join(packages)}\n"
        "Or run the tests that need none of them, on SQLite only:\n"
        "    make test-quick"
    )


if __name__ == "__main__":
    packages = missing()
    print("\n".join(packages))
    sys.exit(1 if packages else 0)
