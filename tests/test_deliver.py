"""Sent once: over the ledger, the outbox and a mail server on this machine."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
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

from alerts import mail
from alerts.deliver import (
    KNOCKS,
    LATEST,
    SOONEST,
    Refused,
    Sent,
    Transport,
    Unconfirmed,
    Unreachable,
    deliver,
)
from alerts.mail import Letterhead
from alerts.render import Rendered
from alerts.transports import FileOutbox, Security, Smtp
from pipeline.errors import DeliveryError, SettingsError, StoreError
from pipeline.letter import Letter, Outcome
from pipeline.model import Digest

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
VALID = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
LETTERHEAD = Letterhead(
    sender="lexwatch@firm.example",
    sender_name="lexwatch",
    list_id="digest.firm.example",
    unsubscribe="library@firm.example",
)


def a_letter(reader: str = "ana", address: str = "", text: str = "x\n") -> Letter:
    one = Digest(
        reader=reader,
        address=address or f"{reader}@firm.example",
        since=SINCE,
        until=UNTIL,
        alerts=(),
        coverage=(),
    )
    return mail.letter(one, Rendered(subject="Law", html="<p>x</p>", text=text), LETTERHEAD)


def queued(*readers: str) -> MemoryLedger:
    return MemoryLedger(*(a_letter(reader) for reader in readers or ("ana",)))


def sent(transport: Transport, ledger: MemoryLedger, at: datetime = NOW) -> tuple[Sent, ...]:
    return tuple(deliver(ledger, lambda _: transport, lambda: at))


class Carrier:
    """A transport that does what it is told for each address, and remembers what it took."""

    repeatable: ClassVar[bool] = False

    def __init__(self, *, is_late: bool = True, **refusals: BaseException) -> None:
        self.refusals, self.is_late = refusals, is_late
        self.taken: list[str] = []
        self.is_closed = False

    def send(self, letter: Letter, begin: Callable[[], None]) -> str:
        error = self.refusals.get(letter.reader)
        if error and not self.is_late:
            raise error
        begin()
        self.taken.append(letter.message_id)
        if error:
            raise error
        return "carried"

    def close(self) -> None:
        self.is_closed = True


def outcomes(results: tuple[Sent, ...]) -> list[Outcome]:
    return [one.outcome for one in results]


# The ledger


def test_a_letter_that_was_sent_is_due_no_more() -> None:
    carrier, ledger = Carrier(), queued()
    assert outcomes(sent(carrier, ledger)) == [Outcome.SENT]
    assert sent(carrier, ledger) == ()
    assert len(carrier.taken) == 1 and carrier.is_closed


def test_the_ledger_knows_before_the_letter_may_have_been_taken() -> None:
    ledger = queued()

    class Watching(Carrier):
        def send(self, letter: Letter, begin: Callable[[], None]) -> str:
            assert ledger.rows[letter.key].unfinished == 0
            begin()
            assert ledger.rows[letter.key].unfinished == 1
            return "carried"

    sent(Watching(), ledger)
    (row,) = ledger.rows.values()
    assert (row.unfinished, row.outcome, row.where) == (0, "sent", "carried")


def test_one_recipients_failure_stops_nobody_else_and_is_tried_again_later() -> None:
    ledger = queued("ana", "ben", "cy", "dee")
    broken = Carrier(is_late=False, ben=DeliveryError("refused"), cy=ValueError("a bug"))
    first = sent(broken, ledger)
    assert outcomes(first) == [Outcome.SENT, Outcome.FAILED, Outcome.FAILED, Outcome.SENT]
    assert [one.error for one in first] == ["", "refused", "a bug", ""]
    assert sent(Carrier(), ledger) == ()
    assert outcomes(sent(Carrier(), ledger, NOW + SOONEST)) == [Outcome.SENT, Outcome.SENT]


def test_the_pause_doubles_up_to_a_day_and_after_five_days_it_is_given_up_and_said() -> None:
    ledger, at, pauses = queued(), UNTIL, []
    while True:
        (one,) = sent(Carrier(ana=DeliveryError("mailbox full")), ledger, at)
        (row,) = ledger.rows.values()
        if row.next_at is None:
            break
        pauses.append(row.next_at - at)
        at = row.next_at
    assert pauses[:4] == [SOONEST, SOONEST * 2, SOONEST * 4, SOONEST * 8]
    assert max(pauses) == LATEST and at - UNTIL >= timedelta(days=5)
    assert one.outcome is Outcome.GIVEN_UP
    assert "NOT received" in one.error and "mailbox full" in one.error
    assert sent(Carrier(), ledger, at + timedelta(days=9)) == ()


def test_a_letter_that_is_old_already_is_not_given_up_after_one_try() -> None:
    ledger = queued()
    late = UNTIL + timedelta(days=9)
    assert outcomes(sent(Carrier(ana=DeliveryError("no")), ledger, late)) == [Outcome.FAILED]


def test_who_is_suppressed_by_then_gets_nothing() -> None:
    carrier, ledger = Carrier(), queued("ana", "ben")
    ledger.suppressed["ana@firm.example"] = "unsubscribed"
    assert outcomes(sent(carrier, ledger)) == [Outcome.SUPPRESSED, Outcome.SENT]
    assert len(carrier.taken) == 1


def test_a_suppression_in_the_middle_of_a_round_takes_effect_at_once() -> None:
    ledger = queued("ana", "ben")

    class Clicking(Carrier):
        def send(self, letter: Letter, begin: Callable[[], None]) -> str:
            ledger.suppressed["ben@firm.example"] = "unsubscribed"
            return super().send(letter, begin)

    assert outcomes(sent(Clicking(), ledger)) == [Outcome.SENT, Outcome.SUPPRESSED]


def test_no_such_mailbox_is_final() -> None:
    ledger = queued()
    (one,) = sent(Carrier(ana=Refused("550 no such user")), ledger)
    assert one.outcome is Outcome.REFUSED
    assert sent(Carrier(), ledger, NOW + LATEST) == ()


def test_behind_a_door_that_stays_shut_the_rest_waits_untried() -> None:
    ledger = queued("ana", "ben", "cy", "dee")
    shut = {name: Unreachable("nobody there") for name in ("ana", "ben", "cy", "dee")}
    first = sent(Carrier(is_late=False, **shut), ledger)
    assert outcomes(first) == [Outcome.FAILED] * KNOCKS + [Outcome.WAITING] * (4 - KNOCKS)
    assert outcomes(sent(Carrier(), ledger)) == [Outcome.SENT] * (4 - KNOCKS)


def test_a_channel_that_is_not_in_the_settings_fails_alone() -> None:
    ledger = queued()

    def nowhere(channel: str) -> Transport:
        raise SettingsError(f"no channel {channel!r}")

    (one,) = deliver(ledger, nowhere, lambda: NOW)
    assert one.outcome is Outcome.FAILED and "no channel" in one.error


def test_an_interrupted_sending_is_repeated_once_with_the_same_id_and_marked() -> None:
    ledger, carrier = queued(), Carrier(ana=KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        sent(carrier, ledger)
    carrier.refusals = {}
    assert outcomes(sent(carrier, ledger)) == [Outcome.UNCERTAIN]
    assert sent(carrier, ledger) == ()
    assert len(carrier.taken) == 2 and len(set(carrier.taken)) == 1


def test_what_was_interrupted_before_it_was_offered_is_sent_as_if_nothing_had_been() -> None:
    ledger, carrier = queued(), Carrier(is_late=False, ana=KeyboardInterrupt())
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            sent(carrier, ledger)
    carrier.refusals = {}
    assert outcomes(sent(carrier, ledger)) == [Outcome.SENT]


def test_what_was_handed_over_twice_without_an_answer_is_not_sent_a_third_time() -> None:
    ledger, carrier = queued(), Carrier(ana=Unconfirmed("broke off"))
    assert outcomes(sent(carrier, ledger)) == [Outcome.UNCONFIRMED]
    assert outcomes(sent(carrier, ledger)) == [Outcome.UNCONFIRMED]
    (third,) = sent(carrier, ledger)
    assert third.outcome is Outcome.UNCERTAIN and "ask whether" in third.error
    assert len(carrier.taken) == 2


def test_a_failure_in_between_takes_no_doubt_away() -> None:
    ledger = queued()
    assert outcomes(sent(Carrier(ana=Unconfirmed("broke")), ledger)) == [Outcome.UNCONFIRMED]
    assert outcomes(sent(Carrier(ana=DeliveryError("451")), ledger)) == [Outcome.FAILED]
    assert outcomes(sent(Carrier(), ledger, NOW + SOONEST)) == [Outcome.UNCERTAIN]


def test_an_error_of_our_own_after_the_offer_leaves_it_unconfirmed() -> None:
    assert outcomes(sent(Carrier(ana=ValueError("a bug")), queued())) == [Outcome.UNCONFIRMED]


def test_a_ledger_that_cannot_be_written_sends_nothing() -> None:
    class Full(MemoryLedger):
        def begin(self, *_: Any, **__: Any) -> None:
            raise StoreError("the disk is full")

    carrier = Carrier()
    with pytest.raises(StoreError):
        sent(carrier, Full(a_letter("ana"), a_letter("ben")))
    assert carrier.taken == [] and carrier.is_closed


# The outbox


def test_the_outbox_writes_one_private_file_and_repeats_it_in_place(tmp_path: Path) -> None:
    outbox, ledger = FileOutbox(folder=tmp_path / "out"), queued()
    ledger.begin(a_letter().key, NOW)  # as a killed run leaves it
    assert outcomes(sent(outbox, ledger)) == [Outcome.SENT]
    assert outcomes(sent(outbox, queued())) == [Outcome.SENT]
    (file,) = (tmp_path / "out").iterdir()
    assert file.name.startswith("2026-11-23-ana-") and file.suffix == ".eml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_bytes() == a_letter().body


@pytest.mark.parametrize("reader", ["../../etc/passwd", "a/b\\c", "..", "con", "李雷", "x" * 300])
def test_no_readers_name_leads_out_of_the_folder(tmp_path: Path, reader: str) -> None:
    letter = a_letter(reader, "ana@firm.example")
    where = Path(FileOutbox(folder=tmp_path).send(letter, lambda: None))
    assert where.parent == tmp_path and where.is_file() and len(where.name) < 80


def test_an_outbox_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(DeliveryError, match="make the folder writable"):
        FileOutbox(folder=tmp_path / "out").send(a_letter(), lambda: None)


# The mail server


class Inbox:
    """A mail server's end: keeps what it takes, refuses whom it is told to."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.answer = "250 taken"
        self.sender = self.recipient = "250 OK"
        self.hangs_up_for = ""
        self.letters_of_a_line = 100
        self.lines = 0

    async def handle_EHLO(  # noqa: N802 - the server's name for it
        self, _server: Any, session: Any, _envelope: Any, host: str, responses: list[str]
    ) -> list[str]:
        self.lines += 1
        session.host_name, session.letters = host, 0
        return responses

    async def handle_MAIL(  # noqa: N802 - as above
        self, _server: Any, session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if session.letters >= self.letters_of_a_line:
            return "421 enough for one line"
        session.letters += 1
        if self.sender.startswith("250"):
            envelope.mail_from = address
        return self.sender

    async def handle_RCPT(  # noqa: N802 - as above
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address.startswith("ben"):
            return "550 no such user"
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.messages.append(envelope.content)
        name = envelope.rcpt_tos[0].partition("@")[0]
        if self.answer == "hang up" or name == self.hangs_up_for:
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
    (one,) = sent(smtp(server), queued())
    assert one.outcome is Outcome.SENT and one.where.startswith("smtp://127.0.0.1:")
    assert inbox.messages[0].rstrip() == a_letter().body.rstrip()


def test_a_greeting_opens_the_line_and_sends_nothing(server: Controller, inbox: Inbox) -> None:
    way = smtp(server)
    way.greet()
    assert inbox.messages == [] and way._line is None
    with pytest.raises(Unreachable, match="no mail server answered"):
        Smtp(host="127.0.0.1", port=9, security=Security.NONE).greet()


def test_a_refused_recipient_is_named_and_the_next_one_served(
    server: Controller, inbox: Inbox
) -> None:
    results = sent(smtp(server), queued("ben", "ana"))
    assert outcomes(results) == [Outcome.REFUSED, Outcome.SENT]
    assert "ben@firm.example with 550 no such user" in results[0].error
    assert "lexwatch bounce" in results[0].error


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("550 5.1.1 no such user", Outcome.REFUSED),
        ("550 5.2.1 mailbox disabled", Outcome.REFUSED),
        ("553 mailbox name not allowed", Outcome.REFUSED),
        ("550 5.1.10 null MX", Outcome.REFUSED),
        ("552 5.2.2 mailbox full", Outcome.FAILED),
        ("552 5.2.3 message too long", Outcome.FAILED),
        ("553 5.1.8 sender's domain does not exist", Outcome.FAILED),
        ("550 5.1.15 no such thing", Outcome.FAILED),
        ("450 5.1.1 no such user", Outcome.FAILED),
        ("550 mailbox full", Outcome.FAILED),
        ("550 sender address rejected", Outcome.FAILED),
        ("550 no", Outcome.FAILED),
        ("550 5.7.1 relaying denied", Outcome.FAILED),
        ("550 relay not permitted", Outcome.FAILED),
        ("554 5.7.1 looks like spam", Outcome.FAILED),
        ("451 4.7.1 greylisted", Outcome.FAILED),
    ],
)
def test_only_what_is_said_of_the_mailbox_itself_is_final(
    server: Controller, inbox: Inbox, answer: str, outcome: Outcome
) -> None:
    inbox.recipient = answer
    assert outcomes(sent(smtp(server), queued())) == [outcome]


@pytest.mark.parametrize(
    "answer",
    [
        "553 5.1.8 Sender address rejected",
        "501 5.1.7 bad sender",
        "550 Sender address rejected: user unknown",
        "550 5.1.1 no such user",
    ],
)
def test_a_sender_that_is_refused_ends_nobodys_mail_and_is_said(
    server: Controller, inbox: Inbox, answer: str
) -> None:
    inbox.sender = answer
    ledger = queued("ana", "bob", "cy")
    results = sent(smtp(server), ledger)
    assert outcomes(results) == [Outcome.FAILED] * KNOCKS + [Outcome.WAITING]
    assert f"sender lexwatch@firm.example with {answer}" in results[0].error
    assert "mail.sender" in results[0].error
    inbox.sender = "250 OK"
    assert outcomes(sent(smtp(server), ledger, NOW + SOONEST)) == [Outcome.SENT] * 3


@pytest.mark.parametrize(
    "answer", ["550 no such user", "552 5.2.3 message too long", "550 5.1.1 no such user"]
)
def test_a_message_that_is_refused_is_tried_again(
    server: Controller, inbox: Inbox, answer: str
) -> None:
    inbox.answer = answer
    results = sent(smtp(server), queued("ana", "bob"))
    assert outcomes(results) == [Outcome.FAILED, Outcome.FAILED]
    assert f"refused the message with {answer}" in results[0].error and inbox.lines == 1


def test_one_line_serves_many_letters(server: Controller, inbox: Inbox) -> None:
    readers = [f"reader{number}" for number in range(8)]
    assert set(outcomes(sent(smtp(server), queued(*readers, "ben", "zoe")))) == {
        Outcome.SENT,
        Outcome.REFUSED,
    }
    assert (len(inbox.messages), inbox.lines) == (9, 1)


def test_a_server_that_ends_the_line_after_some_letters_gets_the_rest_on_another(
    server: Controller, inbox: Inbox
) -> None:
    inbox.letters_of_a_line = 2
    results = sent(smtp(server), queued("ana", "bob", "cy", "dee", "eve"))
    assert outcomes(results) == [Outcome.SENT] * 5
    assert (len(inbox.messages), inbox.lines) == (5, 3)


def test_a_line_that_breaks_makes_one_letter_uncertain_and_no_other(
    server: Controller, inbox: Inbox
) -> None:
    inbox.answer, inbox.hangs_up_for = "250 taken", "bob"
    results = sent(smtp(server), queued("ana", "bob", "cy"))
    assert outcomes(results) == [Outcome.SENT, Outcome.UNCONFIRMED, Outcome.SENT]


def test_a_letter_whose_end_we_never_sent_is_taken_by_nobody(
    server: Controller, inbox: Inbox
) -> None:
    class Full(MemoryLedger):
        def begin(self, *_: Any, **__: Any) -> None:
            raise StoreError("the disk is full")

    with pytest.raises(StoreError):
        sent(smtp(server), Full(a_letter()))
    assert outcomes(sent(smtp(server), queued("bob"))) == [Outcome.SENT]
    assert len(inbox.messages) == 1


def test_a_line_that_is_a_period_ends_no_message(server: Controller, inbox: Inbox) -> None:
    letter = a_letter(text="one\n.\n..two\n.three\n")
    assert outcomes(sent(smtp(server), MemoryLedger(letter))) == [Outcome.SENT]
    assert inbox.messages[0].rstrip() == letter.body.rstrip()


def test_a_message_refused_after_it_was_offered_has_failed(
    server: Controller, inbox: Inbox
) -> None:
    inbox.answer = "452 mailbox full"
    (one,) = sent(smtp(server), queued())
    assert one.outcome is Outcome.FAILED and "tried again later" in one.error


def test_a_line_that_breaks_after_the_message_leaves_it_unconfirmed(
    server: Controller, inbox: Inbox
) -> None:
    inbox.answer = "hang up"
    ledger = queued()
    assert outcomes(sent(smtp(server), ledger)) == [Outcome.UNCONFIRMED]
    inbox.answer = "250 taken"
    assert outcomes(sent(smtp(server), ledger)) == [Outcome.UNCERTAIN]
    assert len(inbox.messages) == 2


def test_a_server_without_tls_gets_neither_password_nor_message(
    server: Controller, inbox: Inbox
) -> None:
    line = smtp(server, security=Security.STARTTLS, user="u", password="secret")  # noqa: S106
    (one,) = sent(line, queued())
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
        (refused,) = sent(stranger, queued())
        known = ssl.create_default_context(cafile=certificate)
        (taken,) = sent(smtp(secured, security=Security.STARTTLS, context=known), queued())
    finally:
        secured.stop()
    assert refused.outcome is Outcome.FAILED and "could not be secured" in refused.error
    assert taken.outcome is Outcome.SENT and len(inbox.messages) == 1


def test_nobody_at_the_port_is_said_with_host_and_port() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        with pytest.raises(DeliveryError, match=rf"127\.0\.0\.1:{port}"):
            Smtp(host="127.0.0.1", port=port).send(a_letter(), lambda: None)


def test_certificates_are_verified_unless_the_caller_says_otherwise() -> None:
    context = Smtp(host="mail.firm.example").context
    assert context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname
