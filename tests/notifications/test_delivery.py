import socket
import socketserver
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from supportops.notifications import services
from supportops.notifications.models import Kind, Notification
from supportops.notifications.services import delivery
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def told(count=1, **values):
    values = {"title": "Missed: resolution of ticket #7", "body": "Printer", **values}
    for number in range(count):
        services.notify(
            recipients=[UserFactory(email=f"ana{number}@example.com")],
            kind=Kind.SLA_BREACH,
            dedup_key=f"clock:{number}:100",
            url="/admin/tickets/ticket/7/change/",
            at=NOON,
            **values,
        )


def states():
    rows = Notification.objects.order_by("pk")
    return list(rows.values_list("email_state", flat=True))


class Post(socketserver.StreamRequestHandler):
    """A mail server that keeps what it takes and answers what it is told to."""

    def handle(self):
        self.wfile.write(b"220 test\r\n")
        content, in_content = [], False
        for line in self.rfile:
            if in_content:
                content.append(line)
                in_content = line != b".\r\n"
                answer = b"" if in_content else b"250 taken"
                if not in_content:
                    self.server.taken.append(b"".join(content))
            else:
                word = line[:4].upper()
                in_content, content = word == b"DATA", []
                answer = self._answer(word, line)
            if answer:
                self.wfile.write(answer + b"\r\n")
            if answer.startswith(b"221"):
                return

    def _answer(self, word, line):
        if word == b"RCPT":
            address = line.partition(b"<")[2].partition(b">")[0].decode()
            return self.server.answers.get(address, "250 OK").encode()
        return {b"DATA": b"354 go on", b"QUIT": b"221 bye"}.get(word, b"250 OK")


@pytest.fixture
def post(settings):
    with socketserver.TCPServer(("127.0.0.1", 0), Post) as server:
        server.taken, server.answers = [], {}
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server
        server.shutdown()
        thread.join()


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_mail_has_text_html_link_and_a_stable_message_id(settings):
    settings.SITE_URL = "https://desk.example.com"
    settings.DEFAULT_FROM_EMAIL = "Desk <desk@example.com>"
    told()

    assert services.deliver(at=NOON) == {"sent": 1, "postponed": 0, "failed": 0}

    [sent] = mail.outbox
    assert sent.subject == "Missed: resolution of ticket #7"
    assert sent.to == ["ana0@example.com"]
    assert "https://desk.example.com/admin/tickets/ticket/7/change/" in sent.body
    assert sent.alternatives[0].mimetype == "text/html"
    row = Notification.objects.get()
    assert sent.extra_headers["Message-ID"] == delivery.message_id(row)
    assert delivery.message_id(row).endswith(".notification@example.com>")
    assert (row.email_state, row.email_next_at) == ("SENT", None)


def test_html_of_a_mail_is_escaped_and_its_text_is_not():
    told(title="<b>7</b> & 8")

    services.deliver(at=NOON)

    [sent] = mail.outbox
    assert "<b>7</b> & 8" in sent.body
    assert "&lt;b&gt;7&lt;/b&gt; &amp; 8" in sent.alternatives[0].content


def test_what_is_sent_is_not_sent_again():
    told()
    services.deliver(at=NOON)

    assert services.deliver(at=NOON + timedelta(days=1))["sent"] == 0
    assert len(mail.outbox) == 1


def test_server_that_is_down_loses_nothing(settings):
    settings.EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    told(3)
    at = NOON
    for _ in range(20):
        assert services.deliver(at=at) == {"sent": 0, "postponed": 3, "failed": 0}
        at += timedelta(hours=6)
    assert states() == ["PENDING"] * 3
    row = Notification.objects.first()
    assert (row.email_attempts, row.email_error[:22]) == (0, "ConnectionRefusedError")

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert services.deliver(at=at)["sent"] == 3
    assert states() == ["SENT"] * 3


def test_postponed_mail_waits_a_minute(settings):
    settings.EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    told()
    services.deliver(at=NOON)

    assert services.deliver(at=NOON + timedelta(seconds=59))["postponed"] == 0
    assert services.deliver(at=NOON + timedelta(seconds=60))["postponed"] == 1


def test_real_server_takes_mail_with_the_dedup_message_id(post):
    told(2)

    assert services.deliver(at=NOON)["sent"] == 2
    assert len(post.taken) == 2
    expected = delivery.message_id(Notification.objects.first())
    assert f"Message-ID: {expected}".encode() in post.taken[0]


def test_address_refused_for_good_fails_alone(post):
    told(3)
    post.answers["ana1@example.com"] = "550 no such user"

    assert services.deliver(at=NOON) == {"sent": 2, "postponed": 0, "failed": 1}
    assert states() == ["SENT", "FAILED", "SENT"]
    assert "no such user" in Notification.objects.get(email_state="FAILED").email_error


def test_address_refused_for_now_is_tried_later_and_then_given_up(post):
    told()
    post.answers["ana0@example.com"] = "450 mailbox busy"
    at, waits = NOON, []
    while states() == ["PENDING"]:
        services.deliver(at=at)
        row = Notification.objects.get()
        if row.email_next_at:
            waits.append((row.email_next_at - at).total_seconds() / 60)
            at = row.email_next_at

    assert waits == [1, 2, 4, 8, 16, 30, 30]
    assert states() == ["FAILED"]


def test_row_taken_by_a_worker_is_left_alone_until_its_lease_ends():
    """A worker killed between sending and writing it down: the mail goes out again."""
    told()
    taken = delivery._take(NOON, 10)
    assert len(taken) == 1

    assert services.deliver(at=NOON + timedelta(minutes=4))["sent"] == 0
    assert services.deliver(at=NOON + timedelta(minutes=5))["sent"] == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == delivery.message_id(taken[0])


def test_batch_limits_what_is_taken():
    told(3)

    assert services.deliver(at=NOON, batch=2)["sent"] == 2
    assert services.deliver(at=NOON, batch=2)["sent"] == 1
