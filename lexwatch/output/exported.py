"""Results of a search as a file: CSV, JSON, RIS and Markdown. What was asked stands in none."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from alerts.force import authority
from alerts.treated import brief
from alerts.untrusted import address, plain
from index.search import Hit
from lexwatch.output import hits
from lexwatch.output.found import facts, passage
from lexwatch.output.known import relation_row
from pipeline.bluebook import case
from pipeline.errors import SettingsError
from pipeline.model import StatedDate


class Format(StrEnum):
    """What a file of results may be."""

    CSV = "csv"
    JSON = "json"
    RIS = "ris"
    MARKDOWN = "markdown"


COLUMNS = (
    *("citation", "title", "issuer", "sort", "date", "date is", "state", "binds", "binds here"),
    *("negative treatment found", "acted on", "text shown", "removed from its site found at"),
    *("passage", "cite passage as", "address", "seen at", "document"),
)
# A spreadsheet takes what begins so for a formula (OWASP, "CSV Injection"); also behind a space.
_FORMULA = re.compile(r"\A\s*[=+\-@\t\r\n|%]")
# RIS knows CASE, GOVDOC, LEGAL (a rule or regulation) and ELEC (a page).
_RIS = {
    **dict.fromkeys(
        (
            *("bia-precedent", "ag-precedent", "agency-precedent", "ag-referral"),
            *("bia-unpublished", "court-opinion", "court-order"),
        ),
        "CASE",
    ),
    "regulation": "LEGAL",
    **dict.fromkeys(
        ("uscis-page", "uscis-news", "uscis-alert", "visa-news", "oflc-announcement", "form"),
        "ELEC",
    ),
}
_REPORTED = re.compile(r"(?P<volume>\d+) (?P<reporter>I&N Dec\.|FR|F\.[\w.]*) (?P<page>\d+)")
_MARKED = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&$])")


def render(found: Sequence[Hit], form: Format) -> str:
    """Results in one of the formats, in their order, with no word of the query and no reason that
    would tell it."""
    return _WRITERS[form](found)


def encoded(found: Sequence[Hit], form: Format) -> bytes:
    """The same as a file holds it: UTF-8; a CSV begins with the mark by which Excel knows that."""
    return render(found, form).encode("utf-8-sig" if form is Format.CSV else "utf-8")


def save(path: Path, content: bytes, *, force: bool) -> None:
    """Write a file whole or not at all; one that is there stays unless `force`d to give way. Raises
    `SettingsError` where it can't be written."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        if path.exists() and not force:
            raise SettingsError(f"{path} is there already: name another, or add --force")
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise SettingsError(f"{path}: {error.strerror}; name another file") from error


def cited(found: Sequence[Hit]) -> Iterator[str]:
    """How each result is cited, ready to paste; what can't be cited by what we hold is named."""
    for hit in found:
        title = plain(hit.title)
        yield plain(hit.bluebook) or f"[no full citation held] {title}, {address(hit.url)}"


def _csv(found: Sequence[Hit]) -> str:
    written = io.StringIO()
    table = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for hit in found:
        table.writerow([_cell(value) for value in _row(hit)])
    return written.getvalue()


def _row(hit: Hit) -> tuple[str, ...]:
    best = hit.passages[0] if hit.passages else None
    return (
        hit.bluebook or hit.citation,
        hit.title,
        hit.issuer,
        authority(hit.document.kind).title,
        hit.dated.on.isoformat() if hit.dated else "",
        str(hit.dated.kind) if hit.dated else "",
        hits.state(hit.state),
        hit.binds,
        str(hit.binding) if hit.binding else "",
        brief(hit.treated),
        "; ".join(hits.acted_on(hit)),
        hit.stood,
        hit.removed_at.isoformat() if hit.removed_at else "",
        best.text if best else "",
        best.pin if best else "",
        address(hit.url),
        hit.seen_at.isoformat() if hit.seen_at else "",
        hit.document.name,
    )


def _cell(value: str) -> str:
    said = plain(value)
    return f"'{said}" if _FORMULA.match(said) else said


def _json(found: Sequence[Hit]) -> str:
    rows = [_plain_row(hit) for hit in found]
    return f"{json.dumps(rows, ensure_ascii=False, indent=2, default=str)}\n"


def _plain_row(hit: Hit) -> dict[str, Any]:
    return {
        **facts(hit),
        "negative_treatment": brief(hit.treated),
        "relations": [relation_row(each) for each in hit.relations],
        "passages": [passage(hit, each) for each in hit.passages],
    }


def _ris(found: Sequence[Hit]) -> str:
    """Tags and their order by the RIS specification: a record begins with TY and ends with ER, and
    each line is a tag of two letters, two spaces, a hyphen and a space."""
    return "".join(f"{tag}  - {value}\r\n" for hit in found for tag, value in _tags(hit))


def _tags(hit: Hit) -> Iterator[tuple[str, str]]:
    sort = _RIS.get(hit.document.kind, "GOVDOC")
    yield "TY", sort
    place = _REPORTED.match(hit.citation)
    stated = {
        "TI": case(hit.title) if sort == "CASE" else hit.title,
        "PB": hit.issuer,
        **_dates(hit.dated, hit.citation),
        "T2": place["reporter"] if place else "",
        "VL": place["volume"] if place else "",
        "SP": place["page"] if place else "",
        "M3": authority(hit.document.kind).title,
        "UR": address(hit.url),
        "AB": hit.passages[0].text if hit.passages else "",
        "N1": "; ".join(filter(None, (hit.bluebook, _here(hit), *_told(hit)))),
        "ID": hit.document.name,
    }
    yield from ((tag, said) for tag, value in stated.items() if (said := plain(value)))
    yield "ER", ""


def _here(hit: Hit) -> str:
    """Whom it binds, and whether that is so in the forum asked about."""
    here = hits.HERE[hit.binding] if hit.binding else ""
    return ": ".join(filter(None, (here, hit.binds)))


def _told(hit: Hit) -> tuple[str, ...]:
    """What a reader must know before relying on it."""
    removed = hits.REMOVED if hit.removed_at else ""
    return tuple(filter(None, (brief(hit.treated), *hits.acted_on(hit), hit.stood, removed)))


def _dates(stated: StatedDate | None, citation: str) -> Mapping[str, str]:
    if stated:
        return {"PY": f"{stated.on:%Y}", "DA": f"{stated.on:%Y/%m/%d}"}
    year = re.search(r"(\d{4})\)$", citation)
    return {"PY": year[1]} if year else {}


def _markdown(found: Sequence[Hit]) -> str:
    return "".join("\n".join(_item(rank, hit)) + "\n\n" for rank, hit in enumerate(found, 1))


def _item(rank: int, hit: Hit) -> Iterator[str]:
    title = _escaped(hit.bluebook or ", ".join(filter(None, (hit.title, hit.citation))))
    at = address(hit.url)
    yield f"{rank}. " + (f"[{title}](<{_link(at)}>)" if at else title)
    told = (hit.issuer, authority(hit.document.kind).title, hits.state(hit.state), _here(hit))
    yield f"   {_escaped('; '.join(filter(None, told)))}  "
    for warning in _told(hit):
        yield f"   **{_escaped(warning)}**  "
    for each in hit.passages[:1]:
        yield f"   {_escaped(each.text)}"
        if each.pin:
            yield f"   ({_escaped(each.pin)})"


def _escaped(text: str) -> str:
    return _MARKED.sub(r"\\\1", plain(text))


def _link(at: str) -> str:
    return at.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")


_WRITERS: Mapping[Format, Callable[[Sequence[Hit]], str]] = {
    Format.CSV: _csv,
    Format.JSON: _json,
    Format.RIS: _ris,
    Format.MARKDOWN: _markdown,
}
