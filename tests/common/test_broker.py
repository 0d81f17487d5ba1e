"""The embedded broker between processes, and what it does with files that are no messages."""

import logging
import subprocess
import sys
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from supportops import broker
from supportops.broker import Channel

WRITERS = 2
MESSAGES_EACH = 1500
WRITER = """
import sys
from kombu import Connection
from supportops import broker
broker.install()
folder, name, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder + "/control"}
with Connection("filesystem://", transport_options=options) as connection:
    queue = connection.SimpleQueue("celery")
    for index in range(number):
        queue.put({"name": f"{name}-{index}", "filling": "x" * 2000})
"""


@pytest.fixture
def connection(tmp_path):
    options = {
        "data_folder_in": str(tmp_path / "queue"),
        "data_folder_out": str(tmp_path / "queue"),
        "control_folder": str(tmp_path / "control"),
    }
    with Connection("filesystem://", transport_options=options) as opened:
        yield opened


def _message(tag: str) -> dict:
    return {"body": tag, "properties": {"delivery_tag": tag, "delivery_info": {}}}


def _lay(folder: Path, name: str, content: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(content)


def test_filesystem_address_means_this_transport(connection):
    assert isinstance(connection.transport, broker.Transport)
    assert isinstance(connection.channel(), Channel)


def test_messages_are_taken_in_the_order_of_sending(connection):
    channel = connection.channel()
    for tag in ("a", "b", "c"):
        channel._put("celery", _message(tag))

    assert channel._size("celery") == 3
    assert [channel._get("celery")["body"] for _ in range(3)] == ["a", "b", "c"]
    with pytest.raises(Empty):
        channel._get("celery")


def test_message_of_another_queue_stays(connection):
    channel = connection.channel()
    channel._put("other", _message("a"))

    with pytest.raises(Empty):
        channel._get("celery")
    assert channel._purge("other") == 1


def test_message_being_written_is_no_message_yet(connection, tmp_path):
    _lay(tmp_path / "queue", ".5f0c.part", '{"bo')
    channel = connection.channel()

    assert channel._size("celery") == 0
    with pytest.raises(Empty):
        channel._get("celery")
    assert channel._purge("celery") == 0
    assert (tmp_path / "queue" / ".5f0c.part").exists()


@pytest.mark.parametrize(
    "content", ["", '{"body": "a', "[1, 2]", "7", "null", "{}", '{"properties": {}}']
)
def test_torn_file_is_set_aside_and_the_next_message_comes(
    content, connection, tmp_path, caplog
):
    _lay(tmp_path / "queue", "0_torn.celery.msg", content)
    channel = connection.channel()
    channel._put("celery", _message("whole"))

    with caplog.at_level(logging.WARNING, logger="supportops.broker"):
        assert channel._get("celery")["body"] == "whole"

    aside = tmp_path / "queue" / ".0_torn.celery.msg.unreadable"
    assert aside.read_text() == content
    assert str(aside) in caplog.text
    assert channel._size("celery") == 0


def test_missing_folder_is_an_empty_queue(connection, tmp_path):
    channel = connection.channel()
    with pytest.raises(Empty):
        channel._get("celery")

    channel._put("celery", _message("a"))
    assert channel._get("celery")["body"] == "a"


def test_torn_exchange_table_is_written_anew(connection, tmp_path):
    _lay(tmp_path / "control", "celery.exchange", "")
    channel = connection.channel()
    assert channel.get_table("celery") == []

    channel._queue_bind("celery", "celery", "", "celery")
    channel._queue_bind("celery", "second", "", "second")
    channel._delete("second", "celery", "second", "")
    assert channel.get_table("celery") == [("celery", "", "celery")]


def test_no_default_host_is_warned_about(connection, caplog):
    connection.info()
    assert "hostname" not in caplog.text


def test_two_writing_processes_and_a_tight_reader_lose_nothing(connection, tmp_path):
    queue = tmp_path / "queue"
    _lay(queue, "0_torn.celery.msg", "")
    writers = [
        subprocess.Popen(  # noqa: S603 -- our own program
            [sys.executable, "-c", WRITER, str(queue), str(n), str(MESSAGES_EACH)],
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(WRITERS)
    ]
    channel = connection.channel()
    seen: list[str] = []
    while True:
        finished = all(writer.poll() is not None for writer in writers)
        try:
            seen.append(channel._get("celery")["properties"]["delivery_tag"])
        except Empty:
            if finished:
                break

    assert [writer.communicate()[1] for writer in writers] == [""] * WRITERS
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    assert len(seen) == len(set(seen)) == WRITERS * MESSAGES_EACH
    assert [path.name for path in queue.iterdir() if path.is_file()] == [
        ".0_torn.celery.msg.unreadable"
    ]
