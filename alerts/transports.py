"""The ways out: a folder of message files, or a mail server."""

from __future__ import annotations

import hashlib
import os
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from alerts.deliver import Unconfirmed
from pipeline.errors import DeliveryError


@dataclass(frozen=True, kw_only=True)
class FileOutbox:
    """Writes each message as one `.eml` file, readable by its owner only.

    The name comes from date, recipient and Message-ID, so a message written again replaces itself.
    """

    folder: Path
    repeatable: ClassVar[bool] = True

    def send(self, message: EmailMessage) -> str:
        path = self.folder / _file_name(message)
        partial = path.with_suffix(".partial")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(partial, "wb", opener=_private) as file:
                file.write(message.as_bytes(policy=SMTP))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError as error:
            raise DeliveryError(
                f"cannot write {path}: {error.strerror}; make the folder writable or name another"
            ) from error
        return str(path)


class Security(StrEnum):
    """How the line to a mail server is protected. NONE is for a relay on this machine."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Smtp:
    """Sends over SMTP; the server's certificate is verified against `context`.

    `user` and `password` come from the caller, who reads the password from the environment.
    """

    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30.0
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    repeatable: ClassVar[bool] = False

    def send(self, message: EmailMessage) -> str:
        with self._line() as line:
            _agreed(line.mail(message["From"].addresses[0].addr_spec), 250, "the sender")
            for to in message["To"].addresses:
                _agreed(line.rcpt(to.addr_spec), 250, f"the recipient {to.addr_spec}")
            try:
                answer = line.data(message.as_bytes(policy=SMTP))
            except smtplib.SMTPResponseException as error:  # refused before a byte was sent
                answer = (error.smtp_code, _bytes(error.smtp_error))
            except OSError as error:
                raise Unconfirmed(
                    f"{self.host} broke off before it confirmed the message ({error}); it is sent "
                    "once more at the next run, with the same Message-ID"
                ) from error
            _agreed(answer, 250, "the message")
        return f"smtp://{self.host}:{self.port}"

    @contextmanager
    def _line(self) -> Iterator[smtplib.SMTP]:
        """An open, protected line with the user logged in; closed without waiting for a goodbye
        that can no longer change what was sent."""
        try:
            line = self._open()
        except smtplib.SMTPAuthenticationError as error:
            raise DeliveryError(
                f"{self.host} refused the login of {self.user!r}; check the user in the settings "
                "and the password in the environment"
            ) from error
        except ssl.SSLError as error:
            raise DeliveryError(
                f"the line to {self.host}:{self.port} could not be secured ({error}); check the "
                "server's certificate and the security setting; nothing was sent"
            ) from error
        except smtplib.SMTPException as error:
            raise DeliveryError(
                f"{self.host}:{self.port} would not open the line as asked ({error}); check port, "
                "user and security; nothing was sent"
            ) from error
        except OSError as error:
            raise DeliveryError(
                f"no mail server answered at {self.host}:{self.port} ({error}); check host, port "
                "and security; it is tried again at the next run"
            ) from error
        try:
            yield line
        except smtplib.SMTPServerDisconnected as error:
            raise DeliveryError(
                f"{self.host} broke off before the message was offered ({error}); it is tried "
                "again at the next run"
            ) from error
        finally:
            with suppress(OSError):
                line.quit()
            line.close()

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


def _agreed(answer: tuple[int, bytes], expected: int, what: str) -> None:
    code, said = answer
    if code != expected:
        again = "it is tried again at the next run" if code < 500 else "correct it and run again"
        raise DeliveryError(
            f"the mail server refused {what} with {code} {said.decode('utf-8', 'replace')}; {again}"
        )


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _file_name(message: EmailMessage) -> str:
    """Date, recipient and a digest of the Message-ID, in letters every file system takes."""
    to = message["To"].addresses[0]
    named = re.sub(r"[^a-z0-9]+", "-", (to.display_name or to.username).lower()).strip("-")[:40]
    unique = hashlib.sha256(message["Message-ID"].encode()).hexdigest()[:12]
    day = message["Date"].datetime.date().isoformat()
    return "-".join(part for part in (day, named, unique) if part) + ".eml"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
