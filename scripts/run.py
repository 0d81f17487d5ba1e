"""Bring the portal up: database, static files, demo data, web server, worker; stop it as one.

``.venv/bin/python -m scripts.run`` is what ``make run`` does after installing. It reads
the same environment (and ``.env``) as the settings; ``HOST`` and ``PORT`` say where to listen.
"""

import collections
import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import environ

from scripts.processes import die_with_parent

ROOT = Path(__file__).resolve().parents[1]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
START_SECONDS = 90
STOP_SECONDS = 20
LAST_LINES = 25


class CannotStart(RuntimeError):  # noqa: N818 -- reads as what happened
    """The portal cannot start; the message says why and what to do."""


class Child:
    """A program of ours: its lines go to the terminal under its name, the last are kept."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.last_lines: collections.deque[str] = collections.deque(maxlen=LAST_LINES)
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            # Ctrl-C reaches the supervisor alone, which then stops each child once.
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        self._reader = threading.Thread(target=self._show_lines, daemon=True)
        self._reader.start()

    def _show_lines(self) -> None:
        for line in self.process.stdout or ():
            self.last_lines.append(line.rstrip())
            print(f"{self.name:>6} | {line.rstrip()}", flush=True)

    def finish_reading(self) -> None:
        """Wait a moment for the lines that are still on their way."""
        self._reader.join(1)

    def stop_by(self, deadline: float) -> None:
        """Wait for the child until ``deadline``, then end it and all that it started."""
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(
                f"{self.name} did not stop in {STOP_SECONDS} s and is ended.",
                flush=True,
            )
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.finish_reading()


def main() -> int:
    """Run until Ctrl-C or until a child ends; return the exit code."""
    environ.Env.read_env(ROOT / ".env")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportops.settings")
    # One BLAS thread a process: the worker runs its tasks in threads of its own.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ["PYTHONUNBUFFERED"] = "1"
    host, port = os.environ.get("HOST") or "127.0.0.1", _port()
    os.environ.setdefault("SITE_URL", _address(host, port))
    with _only_one_here():
        _refuse_taken_port(host, port)
        _prepare()
        return _serve(host, port)


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
    _drop_torn_messages(_var() / "broker")
    _manage("Preparing the database", "migrate", "--no-input", "--verbosity", "0")
    _manage(
        "Collecting static files", "collectstatic", "--no-input", "--verbosity", "0"
    )
    _manage("Looking for demo data", "load_demo", "--if-empty")


def _drop_torn_messages(folder: Path) -> None:
    """Delete what a killed process left half written in the embedded broker.

    The worker would end on it, and on a torn exchange file at every start. Nothing is
    lost that the sweeps do not find again: the work itself is kept in the database.
    """
    for path in (*folder.glob("queue/*.msg"), *folder.glob("control/*.exchange")):
        try:
            json.loads(path.read_text())
        except ValueError:
            path.unlink()


def _manage(what: str, *arguments: str) -> None:
    """Run one management command, its output shown as it comes."""
    print(what, flush=True)
    done = subprocess.run([*MANAGE, *arguments], cwd=ROOT, check=False)
    if done.returncode:
        raise CannotStart(
            f"'manage.py {arguments[0]}' failed with exit code {done.returncode}; the reason is above."
        )


def _serve(host: str, port: int) -> int:
    # SIGINT too: a shell that starts us in the background has it ignored.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _as_interrupt)
    children: list[Child] = []
    try:
        children.append(Child("web", _web_command(host, port)))
        children.append(Child("worker", _worker_command()))
        address = _address(host, port)
        if _wait_until_live(address, children):
            _greet(address)
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
    return [
        *(
            sys.executable,
            "-m",
            "celery",
            "--quiet",
            "--app",
            "supportops.celery:app",
            "worker",
        ),
        *("-B", "--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def _wait_until_live(address: str, children: list[Child]) -> bool:
    """Return whether the server answered before any child ended."""
    give_up = time.monotonic() + START_SECONDS
    while not _ended(children):
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


def _greet(address: str) -> None:
    logins = subprocess.run(
        [*MANAGE, "demo_logins"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    print(
        f"\nSupportOps is running: {address}\n{logins.stdout}{logins.stderr}",
        flush=True,
    )
    print("Ctrl-C stops it.", flush=True)


def _ended(children: list[Child]) -> list[Child]:
    return [child for child in children if child.process.poll() is not None]


def _wait_for_an_end(children: list[Child]) -> int:
    while not (ended := _ended(children)):
        time.sleep(0.3)
    child = ended[0]
    child.finish_reading()
    code = child.process.returncode
    print(
        f"\n{child.name} ended with exit code {code}, so everything stops. Its last lines:"
    )
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
