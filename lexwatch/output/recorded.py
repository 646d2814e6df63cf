"""What was proved, and the record of one capture: as lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from alerts.untrusted import plain
from alerts.wording import counted, moment
from index.custody import Origin, Stamp
from index.proof import Proof, Record
from lexwatch import __version__
from lexwatch.keeping.room import megabytes
from pipeline.custody import Capture, Discrepancy
from pipeline.orders import SOURCE as BY_HAND

ADDRESS = 120  # characters of an address in such a line
SHOWN = 20  # discrepancies told in words; JSON has all
UNCHECKED = "signature not checked: [record] certificates names no file"
PROVES = (
    "That nobody altered, removed or put in any of what was captured up to the head since it was "
    "chained, as long as that head, or a time stamp of it, is held by somebody who could not alter "
    "this copy.",
    "With a time stamp whose signature holds: that all this was there at the stamp's moment.",
)
PROVES_NOT = (
    "What the publisher served to anybody else, or at any other time.",
    "That the address belonged to the publisher, beyond what the connection itself proved then.",
    "That the clock of this machine was right: of the moment only a time stamp says more.",
    "That the chain was not written anew as a whole, where neither a head nor a time stamp of it "
    "is held elsewhere.",
    "That lexwatch read the body rightly: the body itself says what it says.",
)

Signed = Mapping[Stamp, str]
"""Time stamps, each with why it does not hold, or "" where it does."""


def proof_row(proof: Proof, stamps: Signed, seconds: float, *, is_checked: bool) -> dict[str, Any]:
    """What was proved; `stamps` are all there are."""
    return {
        "holds": not proof.discrepancies and not any(stamps.values()),
        "head": str(proof.head),
        "captures": proof.captures,
        "bodies": proof.bodies,
        "bytes": proof.size,
        "purged": proof.purged,
        "seconds": round(seconds, 1),
        **_origin_row(proof.origin),
        "time_stamps": [_stamp_row(each, why, is_checked) for each, why in stamps.items()],
        "discrepancies": [_discrepancy_row(each) for each in proof.discrepancies],
    }


def proof_lines(proof: Proof, stamps: Signed, seconds: float, *, is_checked: bool) -> Iterator[str]:
    """The same in words."""
    yield (
        f"{counted(proof.captures, 'capture')} and {counted(proof.bodies, 'body', 'bodies')} "
        f"({megabytes(proof.size)}) proved in {seconds:,.1f} s."
    )
    if proof.purged:
        purged = counted(proof.purged, "other body was", "other bodies were")
        yield f"{purged} purged before, each with its tombstone."
    yield from _since(proof.origin)
    yield from (_stamped(each, why, is_checked) for each, why in stamps.items())
    if not proof.discrepancies and not any(stamps.values()):
        yield f"The chain is whole. Its head, to be noted elsewhere: {proof.head}"
        return
    yield from _told(proof.discrepancies)
    yield (
        "THE CHAIN DOES NOT HOLD. Keep this copy as it is: `lexwatch hold REASON` stops whatever "
        "would be purged. A backup from before can be compared."
    )


def fault(proof: Proof, stamps: Signed) -> str:
    """What contradicts the chain in a few words, "" where nothing does."""
    bad = [
        f"the time stamp over capture {each.number}: {why}" for each, why in stamps.items() if why
    ]
    said = [*map(_one_of, proof.discrepancies), *bad]
    more = f"; and {len(said) - 1:,} more" if len(said) > 1 else ""
    return f"{said[0]}{more}" if said else ""


def record_row(record: Record, stamps: Signed, at: datetime, *, is_checked: bool) -> dict[str, Any]:
    """The record of a capture; `canonical` is what the digest is over."""
    capture, purged = record.chained.capture, record.purged
    does_hold = _holds(record, stamps)
    return {
        "made_at": at,
        "made_by": f"lexwatch {__version__}",
        "page": record.chained.page,
        "source": capture.source,
        "url": capture.url,
        "asked": capture.asked,
        "host_asked": urlsplit(capture.asked).netloc,
        "final_url": capture.final_url,
        "status": capture.status,
        "headers": dict(capture.headers),
        "context": dict(capture.context),
        "fetched_at": capture.fetched_at,
        "sha256": capture.sha256,
        "size": record.size,
        "purged": purged and {"at": purged.purged_at, "rule": purged.rule, "size": purged.size},
        "number": capture.number,
        "previous": capture.previous,
        "digest": record.chained.digest,
        "canonical": capture.canonical.decode("ascii"),
        "head": str(record.head),
        **_origin_row(record.origin),
        "time_stamps": [_stamp_row(each, why, is_checked) for each, why in stamps.items()],
        "versions": [vars(each) for each in record.made],
        "holds": does_hold,
        "discrepancies": [_discrepancy_row(each) for each in record.discrepancies],
        "proves": list(PROVES) if does_hold else [],
        "does_not_prove": list(PROVES_NOT),
    }


def record_lines(
    record: Record, stamps: Signed, at: datetime, *, is_checked: bool
) -> Iterator[str]:
    """The same as a sheet to be printed."""
    yield from (f"RECORD OF A CAPTURE, made by lexwatch {__version__} on {moment(at)}", "")
    does_hold = _holds(record, stamps)
    if not does_hold:  # before anything that a reader may take for proved
        yield from ("THIS RECORD DOES NOT HOLD: what contradicts it stands below.", "")
    yield from _captured(record)
    yield from _placed(record, stamps, is_checked=is_checked)
    yield from ("", "WHAT WAS READ FROM IT")
    for each in record.made:
        yield f"  {plain(each.title)} ({plain(each.document)}), first seen {moment(each.seen_at)}"
    if not record.made:
        yield "  No version of a document rests on this page."
    proves = PROVES if does_hold else ("Nothing, since it does not hold.",)
    yield from ("", "WHAT THIS PROVES", *(f"  - {each}" for each in proves))
    yield from ("", "WHAT IT DOES NOT PROVE", *(f"  - {each}" for each in PROVES_NOT))
    yield from (
        "",
        "HOW TO CHECK IT",
        "  The SHA-256 of the next line, without the end of the line, is the digest above; its",
        '  "sha256" is that of the body, and its "previous" the digest of the capture before it.',
        record.chained.capture.canonical.decode("ascii"),
    )


def _holds(record: Record, stamps: Signed) -> bool:
    return not record.discrepancies and not any(stamps.values())


def _captured(record: Record) -> Iterator[str]:
    capture = record.chained.capture
    yield "WHAT WAS CAPTURED"
    if capture.source == BY_HAND:
        yield "  Entered by hand in this office; nothing was fetched from anybody."
    told = {
        "Publisher's address": plain(capture.url),
        "Host asked": _host(capture),
        "Address asked": plain(capture.asked) or "none",
        "It led to": plain(capture.final_url),
        "Answer": f"HTTP {capture.status}",
        **{f"Header {plain(name)}": plain(str(said)) for name, said in capture.headers.items()},
        "Captured at": f"{moment(capture.fetched_at)}, by the clock of this machine",
        "Size of the body": f"{record.size:,} bytes",
        "SHA-256 of the body": capture.sha256,
        "Body": _kept(record),
    }
    yield from _table(told)


def _host(capture: Capture) -> str:
    asked, own = (urlsplit(url).netloc for url in (capture.asked, capture.final_url))
    mirror = "" if asked == own else ", another than the publisher's, as the settings said"
    return f"{plain(asked)}{mirror}" if asked else "none"


def _kept(record: Record) -> str:
    if record.purged is None:
        return f"kept; `lexwatch verify --page {record.chained.page} --body FILE` writes it"
    return f"purged on {moment(record.purged.purged_at)} ({record.purged.rule}), no longer kept"


def _placed(record: Record, stamps: Signed, *, is_checked: bool) -> Iterator[str]:
    capture, origin = record.chained.capture, record.origin
    yield from ("", "ITS PLACE IN THE CHAIN OF CAPTURES")
    told = {
        "Number": f"{capture.number:,} of {record.head.number:,}; page {record.chained.page}",
        "Digest before it": capture.previous,
        "Digest": record.chained.digest,
        "Head of the chain": str(record.head),
    }
    yield from _table(told)
    if capture.number <= origin.later:
        yield f"  It was chained later than it was captured: at {origin.at} UTC."
    yield from (f"  {_stamped(each, why, is_checked)}" for each, why in stamps.items())
    if not stamps:
        yield "  No time stamp of an outside authority was taken of it or after it."
    if record.discrepancies:
        yield from (f"  {line}" for line in _told(record.discrepancies))
    else:
        after = counted(record.head.number - capture.number, "link")
        yield f"  Proved just now: its body, its own link, and the {after} from it to the head."


def _table(told: Mapping[str, str]) -> Iterator[str]:
    yield from (f"  {name + ':':<22} {said}" for name, said in told.items())


def _told(found: tuple[Discrepancy, ...]) -> Iterator[str]:
    for each in found[:SHOWN]:
        which = f"Capture {each.number}" if each.number else "Beside the chain"
        page = f", page {each.page}, {plain(each.url)[:ADDRESS]}" if each.page else ""
        at = f", {moment(each.fetched_at)}" if each.fetched_at else ""
        yield f"{which}{page}{at}: {each.what}."
    if (more := len(found) - SHOWN) > 0:
        yield f"And {more:,} more: --json has all."


def _one_of(each: Discrepancy) -> str:
    return f"capture {each.number}: {each.what}" if each.number else each.what


def _since(origin: Origin) -> Iterator[str]:
    if origin.later:
        yield (
            f"Captures 1 to {origin.later:,} were made before there was a chain, and chained at "
            f"{origin.at} UTC: it says nothing of what became of them before that."
        )


def _stamped(stamp: Stamp, why: str, is_checked: bool) -> str:
    held = "signature holds" if is_checked else UNCHECKED
    return (
        f"Time stamp of {moment(stamp.stamped_at)} by {stamp.authority} over capture "
        f"{stamp.number:,}: {f'DOES NOT HOLD, {why}' if why else held}."
    )


def _stamp_row(stamp: Stamp, why: str, is_checked: bool) -> dict[str, Any]:
    return {
        "number": stamp.number,
        "digest": stamp.digest,
        "at": stamp.stamped_at,
        "authority": stamp.authority,
        "signature_checked": is_checked,
        "fault": why,
        "response": stamp.response.hex(),
    }


def _origin_row(origin: Origin) -> dict[str, Any]:
    return {"chained_later_up_to": origin.later, "chained_later_at": origin.at}


def _discrepancy_row(each: Discrepancy) -> dict[str, Any]:
    return {
        "what": each.what,
        "number": each.number,
        "page": each.page,
        "url": each.url,
        "fetched_at": each.fetched_at,
    }
