"""Sent once: over the ledger, the outbox and a mail server on this machine."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any, ClassVar

import pytest
from aiosmtpd.controller import Controller
from builders import SINCE, UNTIL, MemoryLedger
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from alerts.deliver import Outcome, Sent, Transport, Unconfirmed, deliver
from alerts.mail import Letterhead, compose, key
from alerts.transports import FileOutbox, Security, Smtp
from pipeline.errors import DeliveryError, StoreError
from pipeline.model import Digest

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
VALID = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
LETTERHEAD = Letterhead(
    sender="lexwatch@firm.example",
    sender_name="lexwatch",
    list_id="digest.firm.example",
    unsubscribe="library@firm.example",
)


def a_digest(reader: str = "ana", address: str = "") -> Digest:
    return Digest(
        reader=reader,
        address=address or f"{reader}@firm.example",
        since=SINCE,
        until=UNTIL,
        alerts=(),
        coverage=(),
    )


def composed(digest: Digest) -> EmailMessage:
    return compose(
        digest, subject="Immigration law", html="<p>x</p>", text="x\n", letterhead=LETTERHEAD
    )


def sent(transport: Transport, ledger: MemoryLedger, *digests: Digest) -> tuple[Sent, ...]:
    return deliver(digests or (a_digest(),), composed, transport, ledger, lambda: NOW)


class Carrier:
    """A transport that does what it is told for each address, and remembers what it took."""

    repeatable: ClassVar[bool] = False

    def __init__(self, **refusals: Exception) -> None:
        self.refusals = refusals
        self.taken: list[str] = []

    def send(self, message: EmailMessage) -> str:
        to = message["To"].addresses[0]
        self.taken.append(message["Message-ID"])
        if to.username in self.refusals:
            raise self.refusals[to.username]
        return "carried"


def outcomes(results: tuple[Sent, ...]) -> list[Outcome]:
    return [one.outcome for one in results]


# The ledger


def test_a_finished_digest_is_not_sent_again() -> None:
    carrier, ledger = Carrier(), MemoryLedger()
    assert outcomes(sent(carrier, ledger)) == [Outcome.SENT]
    assert outcomes(sent(carrier, ledger)) == [Outcome.HELD]
    assert len(carrier.taken) == 1


def test_the_row_is_there_before_the_message_goes() -> None:
    ledger = MemoryLedger()

    class Watching(Carrier):
        def send(self, message: EmailMessage) -> str:
            row = ledger.rows[key(a_digest())]
            assert (row.unfinished, row.message_id) == (1, message["Message-ID"])
            return "carried"

    sent(Watching(), ledger)
    row = ledger.rows[key(a_digest())]
    assert (row.unfinished, row.outcome, row.where) == (0, "sent", "carried")


def test_one_recipients_failure_stops_nobody_else_and_is_tried_again() -> None:
    ledger = MemoryLedger()
    broken = Carrier(ben=DeliveryError("refused"), cy=ValueError("a bug"))
    digests = tuple(a_digest(reader) for reader in ("ana", "ben", "cy", "dee"))
    first = sent(broken, ledger, *digests)
    assert outcomes(first) == [Outcome.SENT, Outcome.FAILED, Outcome.FAILED, Outcome.SENT]
    assert [one.error for one in first] == ["", "refused", "a bug", ""]
    again = sent(Carrier(), ledger, *digests)
    assert outcomes(again) == [Outcome.HELD, Outcome.SENT, Outcome.SENT, Outcome.HELD]


def test_a_digest_that_cannot_be_composed_stops_nobody_else() -> None:
    results = sent(Carrier(), MemoryLedger(), a_digest("ana", "no address"), a_digest("ben"))
    assert outcomes(results) == [Outcome.FAILED, Outcome.SENT]
    assert "no address" in results[0].error


def test_an_interrupted_sending_is_repeated_once_with_the_same_id_and_marked() -> None:
    ledger = MemoryLedger()
    carrier = Carrier(ana=KeyboardInterrupt())  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        sent(carrier, ledger)
    carrier.refusals = {}
    assert outcomes(sent(carrier, ledger)) == [Outcome.UNCERTAIN]
    assert outcomes(sent(carrier, ledger)) == [Outcome.HELD]
    assert len(carrier.taken) == 2 and len(set(carrier.taken)) == 1


def test_what_was_handed_over_twice_without_an_answer_is_not_sent_a_third_time() -> None:
    ledger, carrier = MemoryLedger(), Carrier(ana=Unconfirmed("broke off"))
    assert outcomes(sent(carrier, ledger)) == [Outcome.UNCONFIRMED]
    assert outcomes(sent(carrier, ledger)) == [Outcome.UNCONFIRMED]
    (third,) = sent(carrier, ledger)
    assert third.outcome is Outcome.UNCERTAIN and "ask whether" in third.error
    assert len(carrier.taken) == 2


def test_a_ledger_that_cannot_be_written_sends_nothing() -> None:
    class Full(MemoryLedger):
        def begin(self, *_: Any, **__: Any) -> None:
            raise StoreError("the disk is full")

    carrier = Carrier()
    with pytest.raises(StoreError):
        sent(carrier, Full())
    assert carrier.taken == []


# The outbox


def test_the_outbox_writes_one_private_file_and_repeats_it_in_place(tmp_path: Path) -> None:
    outbox, ledger = FileOutbox(folder=tmp_path / "out"), MemoryLedger()
    ledger.begin(key(a_digest()), a_digest(), "<x@y>", NOW)  # as a killed run leaves it
    assert outcomes(sent(outbox, ledger)) == [Outcome.SENT]
    assert outcomes(sent(outbox, MemoryLedger())) == [Outcome.SENT]
    (file,) = (tmp_path / "out").iterdir()
    assert file.name.startswith("2026-11-23-ana-") and file.suffix == ".eml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_bytes() == composed(a_digest()).as_bytes()


@pytest.mark.parametrize("reader", ["../../etc/passwd", "a/b\\c", "..", "con", "李雷", "x" * 300])
def test_no_readers_name_leads_out_of_the_folder(tmp_path: Path, reader: str) -> None:
    digest = a_digest(reader, "ana@firm.example")
    where = Path(FileOutbox(folder=tmp_path).send(composed(digest)))
    assert where.parent == tmp_path and where.is_file() and len(where.name) < 80


def test_an_outbox_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(DeliveryError, match="make the folder writable"):
        FileOutbox(folder=tmp_path / "out").send(composed(a_digest()))


# The mail server


class Inbox:
    """A mail server's end: keeps what it takes, refuses whom it is told to."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.answer = "250 taken"

    async def handle_RCPT(  # noqa: N802 - the server's name for it
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address.startswith("ben"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.messages.append(envelope.content)
        if self.answer == "hang up":
            server.transport.abort()
        return self.answer


class Server(Controller):
    """A server on a port the system chose."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd is untyped


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[Controller]:
    controller = Server(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    yield controller
    controller.stop()


def smtp(server: Controller, **more: Any) -> Smtp:
    return Smtp(
        host="127.0.0.1", port=server.port, **{"security": Security.NONE, "timeout": 5.0, **more}
    )


def test_the_server_gets_exactly_the_bytes_that_were_composed(
    server: Controller, inbox: Inbox
) -> None:
    (one,) = sent(smtp(server), MemoryLedger())
    assert one.outcome is Outcome.SENT and one.where.startswith("smtp://127.0.0.1:")
    assert inbox.messages[0].rstrip() == composed(a_digest()).as_bytes().rstrip()


def test_a_refused_recipient_is_named_and_the_next_one_served(
    server: Controller, inbox: Inbox
) -> None:
    results = sent(smtp(server), MemoryLedger(), a_digest("ben"), a_digest("ana"))
    assert outcomes(results) == [Outcome.FAILED, Outcome.SENT]
    assert "ben@firm.example with 550 no such user" in results[0].error


def test_a_message_refused_after_it_was_offered_has_failed(
    server: Controller, inbox: Inbox
) -> None:
    inbox.answer = "452 mailbox full"
    (one,) = sent(smtp(server), MemoryLedger())
    assert one.outcome is Outcome.FAILED and "tried again at the next run" in one.error


def test_a_line_that_breaks_after_the_message_leaves_it_unconfirmed(
    server: Controller, inbox: Inbox
) -> None:
    inbox.answer = "hang up"
    ledger = MemoryLedger()
    assert outcomes(sent(smtp(server), ledger)) == [Outcome.UNCONFIRMED]
    inbox.answer = "250 taken"
    assert outcomes(sent(smtp(server), ledger)) == [Outcome.UNCERTAIN]
    assert len(inbox.messages) == 2


def test_a_server_without_tls_gets_neither_password_nor_message(
    server: Controller, inbox: Inbox
) -> None:
    line = smtp(server, security=Security.STARTTLS, user="u", password="secret")  # noqa: S106
    (one,) = sent(line, MemoryLedger())
    assert one.outcome is Outcome.FAILED and inbox.messages == []
    assert "check port, user and security" in one.error
    assert "secret" not in one.error and "secret" not in repr(line)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that no authority signed, with its key, in one file."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    host = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, private.public_key(), 1, *VALID)
        .add_extension(host, critical=False)
        .sign(private, hashes.SHA256())
    )
    key_text = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path / "server.pem"
    path.write_bytes(key_text + signed.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_nobody_vouches_for_gets_no_message(inbox: Inbox, certificate: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    secured = Server(inbox, hostname="127.0.0.1", port=0, tls_context=context)
    secured.start()
    try:
        stranger = smtp(secured, security=Security.STARTTLS)
        (refused,) = sent(stranger, MemoryLedger())
        known = ssl.create_default_context(cafile=certificate)
        (taken,) = sent(smtp(secured, security=Security.STARTTLS, context=known), MemoryLedger())
    finally:
        secured.stop()
    assert refused.outcome is Outcome.FAILED and "could not be secured" in refused.error
    assert taken.outcome is Outcome.SENT and len(inbox.messages) == 1


def test_nobody_at_the_port_is_said_with_host_and_port() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        with pytest.raises(DeliveryError, match=rf"127\.0\.0\.1:{port}"):
            Smtp(host="127.0.0.1", port=port).send(composed(a_digest()))


def test_certificates_are_verified_unless_the_caller_says_otherwise() -> None:
    context = Smtp(host="mail.firm.example").context
    assert context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname
