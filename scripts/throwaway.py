"""Start a private PostgreSQL and Redis that vanish when the work is done.

``python3 -m scripts.throwaway COMMAND...`` runs a command with ``TEST_POSTGRES_URL`` and
``TEST_REDIS_URL`` set; with ``--use`` also with ``DATABASE_URL`` and ``CELERY_BROKER_URL``.
Both servers listen on 127.0.0.1 at free ports, ask for a password made for this run, and
live in one temporary folder. PostgreSQL refuses to run as root, so root runs them as
``postgres`` or ``nobody``.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts import system_packages
from scripts.processes import die_with_parent

START_SECONDS = 60
STOP_SECONDS = 15

# Nothing here has to survive a power cut, and files keep shared memory out of /dev/shm,
# which containers often limit to 64 MB.
POSTGRES_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "256MB",
    "dynamic_shared_memory_type": "mmap",
    "max_connections": "100",
    "listen_addresses": "127.0.0.1",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}


@dataclass(frozen=True)
class Servers:
    """Where the two servers answer."""

    postgres_url: str
    redis_url: str


class ServerNotStarted(RuntimeError):  # noqa: N818 -- reads as what happened
    """A server did not answer; the message ends with what it wrote."""


@dataclass(frozen=True)
class _Account:
    """The account servers run as: another one when the caller is root."""

    name: str
    uid: int
    gid: int

    def popen_arguments(self) -> dict:
        if os.getuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


@contextlib.contextmanager
def servers() -> Iterator[Servers]:
    """Start both servers, hand out their addresses, and stop and remove them always."""
    account = _account()
    # A short path: a Unix socket's may not pass 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="supportops-servers-", dir=_short_tmp()))
    try:
        os.chown(folder, account.uid, account.gid)
        with (
            _postgres(folder, account) as postgres_url,
            _redis(folder, account) as redis_url,
        ):
            yield Servers(postgres_url, redis_url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> _Account:
    names = (
        ("postgres", "nobody")
        if os.getuid() == 0
        else (pwd.getpwuid(os.getuid()).pw_name,)
    )
    for name in names:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return _Account(name, entry.pw_uid, entry.pw_gid)
    raise ServerNotStarted("Neither the account postgres nor nobody exists.")


def _short_tmp() -> str | None:
    return "/tmp" if os.access("/tmp", os.W_OK) else None  # noqa: S108 -- mkdtemp below it


@contextlib.contextmanager
def _postgres(folder: Path, account: _Account) -> Iterator[str]:
    programs = _found(system_packages.postgres_bin())
    password = secrets.token_urlsafe(24)
    data = folder / "postgres"
    _init_database(
        programs, data, _private_file(folder / "password", password, account), account
    )

    def command(port: int) -> list[str]:
        settings = {
            **POSTGRES_SETTINGS,
            "port": str(port),
            "unix_socket_directories": folder,
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(programs / "postgres"), "-D", str(data), *options]

    def answers(port: int) -> bool:
        ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
        return subprocess.run(ready, check=False).returncode == 0

    # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
    with _server(
        command, answers, folder / "postgres.log", account, signal.SIGINT
    ) as port:
        yield f"postgres://supportops:{password}@127.0.0.1:{port}/postgres"


def _init_database(
    programs: Path, data: Path, password: Path, account: _Account
) -> None:
    done = subprocess.run(
        [
            programs / "initdb",
            f"--pgdata={data}",
            "--username=supportops",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        cwd=data.parent,
        capture_output=True,
        text=True,
        check=False,
        **account.popen_arguments(),
    )
    if done.returncode:
        raise ServerNotStarted(
            f"initdb as {account.name} failed:\n{done.stdout}{done.stderr}"
        )


@contextlib.contextmanager
def _redis(folder: Path, account: _Account) -> Iterator[str]:
    program = _found(system_packages.redis_server())
    password = secrets.token_urlsafe(24)

    def command(port: int) -> list[str]:
        lines = (
            f"port {port}",
            "bind 127.0.0.1",
            f"requirepass {password}",
            'save ""',
            "appendonly no",
            f"dir {folder}",
        )
        return [
            str(program),
            str(_private_file(folder / "redis.conf", "\n".join(lines), account)),
        ]

    with _server(
        command, _accepts, folder / "redis.log", account, signal.SIGTERM
    ) as port:
        yield f"redis://:{password}@127.0.0.1:{port}/0"


@contextlib.contextmanager
def _server(
    command: Callable[[int], list[str]],
    answers: Callable[[int], bool],
    log: Path,
    account: _Account,
    stop_signal: signal.Signals,
) -> Iterator[int]:
    process, port = _start(command, answers, log, account, stop_signal)
    try:
        yield port
    finally:
        _stop(process, stop_signal)


def _start(
    command: Callable[[int], list[str]],
    answers: Callable[[int], bool],
    log: Path,
    account: _Account,
    stop_signal: signal.Signals,
) -> tuple[subprocess.Popen, int]:
    # Between finding a free port and taking it another program may be quicker.
    for _attempt in range(3):
        port = _free_port()
        with log.open("wb") as output:
            process = subprocess.Popen(
                command(port),
                cwd=log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches us alone: we stop the servers after their clients.
                start_new_session=True,
                preexec_fn=die_with_parent(stop_signal),
                **account.popen_arguments(),
            )
        try:
            if _wait_until_it_answers(process, port, answers):
                return process, port
        except BaseException:
            _stop(process, stop_signal)
            raise
        _stop(process, stop_signal)
    name = Path(command(0)[0]).name
    raise ServerNotStarted(
        f"{name} does not answer:\n{log.read_text(errors='replace')}"
    )


def _wait_until_it_answers(
    process: subprocess.Popen, port: int, answers: Callable[[int], bool]
) -> bool:
    give_up = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < give_up:
        if answers(port):
            return True
        time.sleep(0.05)
    return False


def _stop(process: subprocess.Popen, stop_signal: signal.Signals) -> None:
    if process.poll() is not None:
        return
    process.send_signal(stop_signal)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _accepts(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0


def _private_file(path: Path, text: str, account: _Account) -> Path:
    path.touch(mode=0o600)
    path.write_text(text + "\n")
    os.chown(path, account.uid, account.gid)
    return path


def _found(path: Path | None) -> Path:
    if path is None:
        raise ServerNotStarted(
            system_packages.how_to_install(system_packages.missing())
        )
    return path


def main(arguments: list[str]) -> int:
    """Run the command given and return its exit code."""
    use = arguments[:1] == ["--use"]
    command = arguments[1:] if use else arguments
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    with servers() as running:
        environment = {
            "TEST_POSTGRES_URL": running.postgres_url,
            "TEST_REDIS_URL": running.redis_url,
        }
        if use:
            environment["DATABASE_URL"] = running.postgres_url
            environment["CELERY_BROKER_URL"] = running.redis_url
        return subprocess.run(
            command, env={**os.environ, **environment}, check=False
        ).returncode


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(main(sys.argv[1:]))
    except ServerNotStarted as refusal:
        sys.exit(f"{refusal}")
    except KeyboardInterrupt:
        sys.exit(130)
