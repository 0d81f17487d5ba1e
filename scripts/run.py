"""Bring the portal up: database, static files, demo data, web server, worker; stop it as one.

``.venv/bin/python -m scripts.run`` is what ``make run`` does after installing. It reads
the same environment (and ``.env``) as the settings; ``HOST`` and ``PORT`` say where to listen.
"""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import environ

from scripts.supervision import STOP_SECONDS, Child

ROOT = Path(__file__).resolve().parents[1]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
START_SECONDS = 90


class CannotStart(RuntimeError):  # noqa: N818 -- reads as what happened
    """The portal cannot start; the message says why and what to do."""


def main() -> int:
    """Run until Ctrl-C or until a child ends; return the exit code."""
    environ.Env.read_env(ROOT / ".env")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportops.settings")
    # One BLAS thread a process: the worker runs its tasks in threads of its own.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ["PYTHONUNBUFFERED"] = "1"
    mails = _keep_mails_in_files()
    host, port = os.environ.get("HOST") or "127.0.0.1", _port()
    os.environ.setdefault("SITE_URL", _address(host, port))
    with _only_one_here():
        _refuse_taken_port(host, port)
        _prepare()
        return _serve(host, port, mails)


def _keep_mails_in_files() -> str:
    """Write mails to a folder unless ``EMAIL_URL`` says otherwise; return what to tell of it.

    Printed, each would fill the terminal with its HTML.
    """
    if os.environ.get("EMAIL_URL"):
        return ""
    folder = (_var() / "mail").resolve()
    os.environ["EMAIL_URL"] = f"filemail:///{urllib.parse.quote(str(folder))}"
    return f"Mails are not sent but written to {folder} (EMAIL_URL changes that).\n"


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotStart(f"PORT is {text!r}; it has to be a number from 1 to 65535.")
    return int(text)


def _address(host: str, port: int) -> str:
    """Return where a browser or a probe on this machine finds the server."""
    name = "localhost" if host in ("127.0.0.1", "0.0.0.0") else host  # noqa: S104 -- compared
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _var() -> Path:
    return Path(os.environ.get("SUPPORTOPS_VAR") or ROOT / "var")


@contextlib.contextmanager
def _only_one_here() -> Iterator[None]:
    """Hold a lock that the system drops with us: two beats would send every task twice."""
    folder = _var()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            lock.seek(0)
            raise CannotStart(
                f"The portal is already running from this folder (process {lock.read()}). "
                "Stop it first, or give this one a folder of its own: "
                "make run PORT=8001 SUPPORTOPS_VAR=/path/to/another/var"
            ) from taken
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As the web server does: a port whose last connections linger is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            raise CannotStart(
                f"Cannot listen on {host}:{port}: {taken.strerror}. "
                f"Stop what uses it, or choose another port: make run PORT={port + 1}"
            ) from taken


def _prepare() -> None:
    _drop_leftovers(_var() / "broker")
    _manage("Preparing the database", "migrate", "--no-input", "--verbosity", "0")
    _manage(
        "Collecting static files", "collectstatic", "--no-input", "--verbosity", "0"
    )
    _manage("Looking for demo data", "load_demo", "--if-empty")


def _drop_leftovers(folder: Path) -> None:
    """Delete what killed processes left in the embedded broker: the files with a dot first.

    Nothing is lost that the sweeps do not find again: the work itself is kept in the database.
    """
    for path in (*folder.glob("queue/.*"), *folder.glob("control/.*.part")):
        path.unlink()


def _manage(what: str, *arguments: str) -> None:
    """Run one management command, its output shown as it comes."""
    print(what, flush=True)
    done = subprocess.run([*MANAGE, *arguments], cwd=ROOT, check=False)
    if done.returncode:
        raise CannotStart(
            f"'manage.py {arguments[0]}' failed with exit code {done.returncode}; the reason is above."
        )


def _serve(host: str, port: int, mails: str) -> int:
    # SIGINT too: a shell that starts us in the background has it ignored.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _as_interrupt)
    children: list[Child] = []
    try:
        children.append(Child("web", _web_command(host, port)))
        children.append(Child("worker", _worker_command(), restarts=True))
        address = _address(host, port)
        if _wait_until_live(address, children):
            _greet(address, mails)
        return _wait_for_an_end(children)
    except KeyboardInterrupt:
        print("\nStopping", flush=True)
        return 0
    finally:
        _stop(children)


def _as_interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _web_command(host: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "supportops.wsgi:application"),
        *("--bind", f"[{host}]:{port}" if ":" in host else f"{host}:{port}"),
        *("--workers", os.environ.get("WEB_CONCURRENCY") or "2"),
        *("--worker-class", "gthread", "--threads", "4"),
        *("--graceful-timeout", "10", "--timeout", "60", "--log-level", "warning"),
    ]


def _worker_command() -> list[str]:
    # -B: the schedule runs inside the worker, so one process is all there is to start.
    # The address is this machine alone and messages are JSON: root is no danger here.
    quiet = "-Wignore:You're running the worker with superuser privileges"
    celery = ("celery", "--quiet", "--app", "supportops.celery:app", "worker")
    return [
        *(sys.executable, quiet, "-m", *celery),
        *("-B", "--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def _wait_until_live(address: str, children: list[Child]) -> bool:
    """Return whether the server answered before a child was down for good."""
    give_up = time.monotonic() + START_SECONDS
    while not _fallen(children):
        if _answers(f"{address}/health/live"):
            return True
        if time.monotonic() > give_up:
            raise CannotStart(
                f"{address}/health/live did not answer with 200 in {START_SECONDS} s; "
                "the lines above may say why."
            )
        time.sleep(0.2)
    return False


def _answers(url: str) -> bool:
    # The settings refuse names they do not know, so ask by one they do.
    known = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".*")
    headers = {"Host": known} if known else {}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 -- ours, http
    try:
        with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310 -- ours, http
            return response.status == 200
    except OSError:
        return False


def _greet(address: str, mails: str) -> None:
    logins = subprocess.run(
        [*MANAGE, "demo_logins"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    print(
        f"\nSupportOps is running: {address}\n{logins.stdout}{logins.stderr}",
        flush=True,
    )
    print(f"{mails}Ctrl-C stops it.", flush=True)


def _fallen(children: list[Child]) -> list[Child]:
    return [child for child in children if not child.keep_alive()]


def _wait_for_an_end(children: list[Child]) -> int:
    while not (fallen := _fallen(children)):
        time.sleep(0.3)
    child = fallen[0]
    child.finish_reading()
    code = child.process.returncode
    print(f"\n{child.name} {child.how_it_ended}, so everything stops. Its last lines:")
    print("\n".join(f"    {line}" for line in child.last_lines), flush=True)
    return code if code > 0 else 1


def _stop(children: list[Child]) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    try:
        for child in children:
            child.process.terminate()
        for child in children:
            child.stop_by(deadline)
    except KeyboardInterrupt:  # a second Ctrl-C: at once
        for child in children:
            child.stop_by(0.0)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CannotStart as refusal:
        sys.exit(f"{refusal}")
    except KeyboardInterrupt:
        sys.exit(130)
