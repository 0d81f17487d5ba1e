"""How `make run` starts the worker again, and when it gives up."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from scripts import run
from scripts.supervision import Child, delay_before_restart

STAYS = [sys.executable, "-c", "import time; time.sleep(60)"]
# Ends at once and leaves a program of its own behind.
LEAVES = """
import subprocess, sys
left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(left.pid, flush=True)
sys.exit(3)
"""


@pytest.mark.parametrize(
    ("restarted_at", "delay"),
    [
        ([], 1.0),
        ([990.0], 2.0),
        ([960.0, 970.0, 980.0, 990.0], 16.0),
        ([950.0, 960.0, 970.0, 980.0, 990.0], None),
        ([400.0, 400.1, 970.0, 980.0, 990.0], 16.0),
        ([100.0, 200.0, 300.0, 390.0, 400.0], 1.0),
    ],
)
def test_delay_doubles_and_ends_after_five_in_ten_minutes(restarted_at, delay):
    assert delay_before_restart(restarted_at, 1000.0) == delay


def _until(condition, seconds=10.0):
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "waited too long"
        time.sleep(0.05)


def test_killed_worker_is_started_again(capsys):
    child = Child("worker", STAYS, restarts=True)
    try:
        first = child.process.pid
        os.kill(first, signal.SIGKILL)
        child.process.wait()

        _until(lambda: child.keep_alive() and child.process.poll() is None)
        assert child.process.pid != first
        assert (
            "worker was killed (9) and is started again in 1 s."
            in capsys.readouterr().out
        )
    finally:
        child.stop_by(0.0)


def test_ended_web_server_is_not_started_again():
    child = Child("web", [sys.executable, "-c", "raise SystemExit(3)"])
    child.process.wait()

    assert not child.keep_alive()
    child.finish_reading()
    assert child.how_it_ended == "ended with exit code 3"


def test_what_the_worker_started_is_ended_before_it_starts_again():
    child = Child("worker", [sys.executable, "-c", LEAVES], restarts=True)
    try:
        child.process.wait()
        assert child.keep_alive()
        left = Path("/proc") / child.last_lines[0]
        # Gone, or ended and waiting for the init process to notice.
        _until(lambda: not left.exists() or ") Z " in (left / "stat").read_text())
    finally:
        child.stop_by(0.0)


def test_mails_go_to_files_unless_an_address_is_given(monkeypatch, tmp_path):
    monkeypatch.setenv("SUPPORTOPS_VAR", str(tmp_path / "a b"))
    monkeypatch.delenv("EMAIL_URL", raising=False)
    said = run._keep_mails_in_files()
    folder = tmp_path / "a b" / "mail"

    assert str(folder) in said
    settings = run.environ.Env.email_url_config(os.environ["EMAIL_URL"])
    assert settings["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert settings["EMAIL_FILE_PATH"] == str(folder)

    monkeypatch.setenv("EMAIL_URL", "smtp://mail.example.com:25")
    assert run._keep_mails_in_files() == ""
    assert os.environ["EMAIL_URL"] == "smtp://mail.example.com:25"
