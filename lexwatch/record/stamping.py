"""Time stamps of an outside authority (RFC 3161): asked for, and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from index.custody import Stamp
from pipeline.errors import SettingsError, StampError

if TYPE_CHECKING:
    from rfc3161_client import TimeStampRequest, TimeStampResponse

    from pipeline.custody import Capture

TIMEOUT = 30.0  # seconds
LARGEST = 100_000  # bytes of an answer; one with a chain of certificates has some 6,000


@dataclass(frozen=True, kw_only=True)
class Trusted:
    """The certificates by which a signature is checked: of roots, which signed themselves, and of
    those between."""

    roots: Sequence[Certificate]
    others: Sequence[Certificate]


def trusted(file: Path | None) -> Trusted | None:
    """The certificates of a file (PEM); None where there is no file. Raises `SettingsError`."""
    if file is None:
        return None
    try:
        found = load_pem_x509_certificates(file.read_bytes())
    except OSError as error:
        raise SettingsError(f"record.certificates {file}: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"record.certificates {file} holds no certificates (PEM)") from error
    roots = [each for each in found if each.subject == each.issuer]
    if not roots:
        raise SettingsError(
            f"record.certificates {file} has no root: add the certificate that signed itself"
        )
    return Trusted(roots=roots, others=[each for each in found if each not in roots])


def ask(authority: str, capture: Capture, by: Trusted | None) -> Stamp:
    """Have an authority sign a capture's digest, and nothing else; the answer is checked before it
    is given, the signature only by certificates. Raises `StampError`."""
    builder = TimestampRequestBuilder().data(capture.canonical)
    request = builder.hash_algorithm(HashAlgorithm.SHA256).build()
    content = _post(authority, request)
    answer = _decoded(content)
    if why := _refusal(answer) or _fault(answer, capture.digest, by, request.nonce):
        raise StampError(f"{authority} gave no time stamp that holds: {why}")
    return Stamp(
        number=capture.number,
        digest=capture.digest,
        stamped_at=_moment(answer),
        authority=authority,
        response=content,
    )


def fault(stamp: Stamp, by: Trusted | None) -> str:
    """Why a stamp does not hold, "" where it does; without certificates nobody can say who signed
    it."""
    try:
        answer = _decoded(stamp.response)
    except StampError as error:
        return str(error)
    if _refusal(answer):
        return "it is no time stamp"
    if _moment(answer) != stamp.stamped_at:
        return "it names another moment than is kept beside it"
    return _fault(answer, stamp.digest, by, None)


class _Stay(HTTPRedirectHandler):
    """Follows nobody: who is asked is who the settings name."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Answer for the error that a redirect then is."""


def _post(authority: str, request: TimeStampRequest) -> bytes:
    headers = {"Content-Type": "application/timestamp-query"}  # RFC 3161, 3.4
    sent = Request(authority, request.as_bytes(), headers)  # noqa: S310 - the settings allow https alone
    try:
        with build_opener(_Stay).open(sent, timeout=TIMEOUT) as answer:
            content: bytes = answer.read(LARGEST + 1)
    except HTTPError as error:
        raise StampError(f"{authority} answered with status {error.code}") from error
    except (URLError, OSError, ValueError, HTTPException) as error:
        raise StampError(f"{authority} could not be asked: {error}") from error
    if len(content) > LARGEST:
        raise StampError(f"{authority} answered with more than a time stamp")
    return content


def _decoded(content: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(content)
    except ValueError as error:
        raise StampError("the answer is no time stamp (RFC 3161)") from error


def _refusal(answer: TimeStampResponse) -> str:
    """What an authority says that signs nothing."""
    if answer.status == PKIStatus.GRANTED:
        return ""
    said = "; ".join(answer.status_string) if answer.status_string else "no reason given"
    return f"it refused (status {answer.status}: {said[:200]!r})"


def _fault(answer: TimeStampResponse, digest: str, by: Trusted | None, nonce: int | None) -> str:
    try:
        if answer.tst_info.message_imprint.message != bytes.fromhex(digest):
            return "it is over another digest"
        if nonce is not None and answer.tst_info.nonce != nonce:
            return "it answers another question"
        if by is not None:
            _verifier(by).verify(answer, bytes.fromhex(digest))
    except VerificationError as error:
        return f"its signature does not hold by record.certificates ({error})"
    except ValueError as error:
        return f"it cannot be read ({error})"
    return ""


def _verifier(by: Trusted) -> Any:
    return VerifierBuilder(roots=list(by.roots), intermediates=list(by.others)).build()


def _moment(answer: TimeStampResponse) -> datetime:
    at = answer.tst_info.gen_time
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
