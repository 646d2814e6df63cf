"""The ways out: a folder of message files, or a mail server."""

from __future__ import annotations

import hashlib
import os
import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from alerts.deliver import Refused, Unconfirmed, Unreachable
from pipeline.errors import DeliveryError
from pipeline.letter import Letter

AGAIN = "it is tried again later"
# That there is no such mailbox, or none that is in use: RFC 3463 (3.2, 3.3), and RFC 7505 for hosts
# that take no mail. Others of these subjects are of the sender (5.1.7, 5.1.8) or pass (5.2.2).
_NO_MAILBOX = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
# Bare codes of RFC 5321 (4.2.3) are used for everything: their words must name who is meant, and
# nothing that is ours, the server's own, or passes.
_BARE = frozenset({550, 551, 553})
_THEIRS = re.compile(r"user|mailbox|recipient|address|account|alias|person|local", re.IGNORECASE)
_OURS = re.compile(
    r"relay|auth|den(?:y|ied)|bl[oa]ck|spam|polic|sender|full|quota|size|\brate|limit|listed|reputation"
    r"|client|greylist|temporar|later",
    re.IGNORECASE,
)
TAKEN, GO_ON = 250, 354
LEAVING = 421  # "service closing transmission channel"
PERMANENT = 500  # from here on codes are of failures that last


@dataclass(frozen=True, kw_only=True)
class FileOutbox:
    """Writes each letter as one `.eml` file, readable by its owner only.

    The name comes from date, recipient and Message-ID, so a letter written again replaces itself.
    """

    folder: Path
    repeatable: ClassVar[bool] = True

    def send(self, letter: Letter, begin: Callable[[], None]) -> str:
        path = self.folder / file_name(letter)
        partial = path.with_suffix(".partial")
        begin()
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(partial, "wb", opener=private) as file:
                file.write(letter.body)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError as error:
            raise DeliveryError(
                f"cannot write {path}: {error.strerror}; make the folder writable or name another"
            ) from error
        return str(path)

    def close(self) -> None:
        """Nothing is kept open."""


class Security(StrEnum):
    """How the line to a mail server is protected. NONE is for a relay on this machine."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(kw_only=True)
class Smtp:
    """Sends over SMTP; the server's certificate is verified against `context`.

    `user` and `password` come from the caller, who reads the password from the environment. One
    line serves many letters, and is opened anew after whatever went wrong on it. `timeout` counts
    in seconds for each answer, `patience` for the last: a server may look at a message for ten
    minutes (RFC 5321, 4.5.3.2.6), and who gives up before that can't know whether it was taken.
    """

    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30.0
    patience: float = 600.0
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    repeatable: ClassVar[bool] = False
    _line: smtplib.SMTP | None = field(default=None, init=False, repr=False)

    def send(self, letter: Letter, begin: Callable[[], None]) -> str:
        is_kept = self._line is not None
        try:
            return self._once(letter, begin)
        except _Broken:
            if not is_kept:
                raise
        return self._once(letter, begin)  # a server may end a line after so many letters

    def greet(self) -> None:
        """Open a line, secure it, log in, and leave; nothing is sent. Raises `Unreachable`."""
        self._ready()
        self.close()

    def close(self) -> None:
        if self._line is not None:
            with suppress(OSError):  # no goodbye changes what was sent
                self._line.quit()
        self._drop()

    def _once(self, letter: Letter, begin: Callable[[], None]) -> str:
        sender, recipient = _envelope(letter)
        line = self._ready()
        try:
            self._offer(line, sender, recipient, letter.body)
            begin()
            answer = self._end(line)
        except OSError as error:
            self._drop()
            raise _Broken(
                f"{self.host} broke off before it had the whole message ({error}); {AGAIN}"
            ) from error
        except BaseException as error:
            # A message whose end was not sent is none (RFC 5321, 4.1.1.10): so the line is dropped
            # without it. Where the server said no, the line is as good as before.
            if not isinstance(error, DeliveryError) or isinstance(error, Unconfirmed | _Broken):
                self._drop()
            raise
        if answer[0] != TAKEN:
            raise _not_taken(answer)
        return f"smtp://{self.host}:{self.port}"

    def _offer(self, line: smtplib.SMTP, sender: str, recipient: str, body: bytes) -> None:
        """Everything but the line that ends a message."""
        if not _is_meant(answer := line.mail(sender), TAKEN):
            raise Unreachable(
                f"the mail server refused the sender {sender} with {_words(answer)}: nobody's mail "
                "leaves. Correct mail.sender and mail.username in the settings, or let the server "
                f"accept that sender; {AGAIN}"
            )
        if not _is_meant(answer := line.rcpt(recipient), TAKEN):
            raise _turned_away(recipient, answer)
        if not _is_meant(answer := line.docmd("DATA"), GO_ON):
            raise _not_taken(answer)
        lines = re.sub(rb"\r\n|\r|\n", b"\r\n", body).removesuffix(b"\r\n") + b"\r\n"
        line.send(re.sub(rb"(?m)^\.", b"..", lines))

    def _end(self, line: smtplib.SMTP) -> tuple[int, bytes]:
        try:
            _wait(line, self.patience)
            line.send(b".\r\n")
            answer = line.getreply()
            _wait(line, self.timeout)
        except OSError as error:
            raise Unconfirmed(
                f"{self.host} broke off before it confirmed the message ({error}); it is sent "
                "once more at the next run, with the same Message-ID"
            ) from error
        return answer

    def _ready(self) -> smtplib.SMTP:
        """A line on which a letter can begin: the one that is open, or another."""
        if self._line is not None:
            with suppress(OSError):
                if self._line.rset()[0] == TAKEN:
                    return self._line
            self._drop()
        self._line = self._opened()
        return self._line

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None

    def _opened(self) -> smtplib.SMTP:
        """A protected line with the user logged in."""
        try:
            return self._open()
        except smtplib.SMTPAuthenticationError as error:
            raise Unreachable(
                f"{self.host} refused the login of {self.user!r}; check the user in the settings "
                "and the password in the environment"
            ) from error
        except ssl.SSLError as error:
            raise Unreachable(
                f"the line to {self.host}:{self.port} could not be secured ({error}); check the "
                "server's certificate and the security setting; nothing was sent"
            ) from error
        except smtplib.SMTPException as error:
            raise Unreachable(
                f"{self.host}:{self.port} would not open the line as asked ({error}); check port, "
                "user and security; nothing was sent"
            ) from error
        except OSError as error:
            raise Unreachable(
                f"no mail server answered at {self.host}:{self.port} ({error}); check host, port "
                f"and security; {AGAIN}"
            ) from error

    def _open(self) -> smtplib.SMTP:
        line: smtplib.SMTP
        if self.security is Security.TLS:
            line = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout, context=self.context
            )
        else:
            line = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.security is Security.STARTTLS:
                line.starttls(context=self.context)
            line.ehlo_or_helo_if_needed()
            if self.user:
                line.login(self.user, self.password)
        except BaseException:
            line.close()
            raise
        return line


class _Broken(DeliveryError):
    """The line ended before the message was whole: it was not taken."""


def file_name(letter: Letter) -> str:
    """Date, recipient and a digest of the Message-ID, in letters every file system takes."""
    head = _head(letter)
    to = head["To"].addresses[0]
    named = re.sub(r"[^a-z0-9]+", "-", (to.display_name or to.username).lower()).strip("-")[:40]
    unique = hashlib.sha256(letter.message_id.encode()).hexdigest()[:12]
    day = head["Date"].datetime.date().isoformat()
    return "-".join(part for part in (day, named, unique) if part) + ".eml"


def private(path: str, flags: int) -> int:
    """An opener of files that their owner alone may read."""
    return os.open(path, flags, 0o600)


def _is_meant(answer: tuple[int, bytes], expected: int) -> bool:
    if answer[0] == LEAVING:
        raise _Broken(f"the mail server said {_words(answer)} and left; {AGAIN}")
    return answer[0] == expected


def _not_taken(answer: tuple[int, bytes]) -> DeliveryError:
    """Of the message itself, which says nothing of who should have it."""
    return DeliveryError(f"the mail server refused the message with {_words(answer)}; {AGAIN}")


def _turned_away(recipient: str, answer: tuple[int, bytes]) -> DeliveryError:
    said = f"the mail server refused the recipient {recipient} with {_words(answer)}"
    if _is_no_mailbox(*answer):
        return Refused(
            f"{said}; correct the address, or `lexwatch bounce` it, so that no more goes"
        )
    return DeliveryError(f"{said}; {AGAIN}")


def _is_no_mailbox(code: int, said: bytes) -> bool:
    words = said.decode("utf-8", "replace")
    if enhanced := _ENHANCED.match(words):
        return code >= PERMANENT and enhanced[0] in _NO_MAILBOX
    return code in _BARE and bool(_THEIRS.search(words)) and not _OURS.search(words)


def _words(answer: tuple[int, bytes]) -> str:
    return f"{answer[0]} {answer[1].decode('utf-8', 'replace')}"


def _envelope(letter: Letter) -> tuple[str, str]:
    """Who sends and who gets it, as the message's own head has it: hosts in ASCII."""
    head = _head(letter)
    return head["From"].addresses[0].addr_spec, head["To"].addresses[0].addr_spec


def _wait(line: smtplib.SMTP, seconds: float) -> None:
    if line.sock is not None:
        line.sock.settimeout(seconds)


def _head(letter: Letter) -> EmailMessage:
    return BytesHeaderParser(policy=policy.default).parsebytes(letter.body)
