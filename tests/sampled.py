"""The sample site's PDFs, of texts in sampled.toml: run as a script to write them anew."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from letters import BOLD, BULLET, letter
from letters import TEXT as SAID
from pdfs import (
    BYLINE,
    CAPTION,
    CHIEF,
    COUNSEL,
    DATED,
    HEADING,
    HEADNOTE,
    NOTE,
    OFFICE,
    SUPER,
    TEXT,
    SampleSheet,
    Set,
    built,
)

import crawlers

SAMPLE = Path(crawlers.__file__).parent / "sample"
TEXTS = tomllib.loads((Path(__file__).parent / "sampled.toml").read_text("utf-8"))


def pdfs() -> dict[str, bytes]:
    """Every PDF of the sample site by its path below it, under the day that first has it."""
    decisions = {
        f"{_day(number > 9904)}/www.justice.gov/eoir/media/{990000 + number}.pdf": decision(each)
        for each in TEXTS["decisions"]
        for number in [each["id"]]
    }
    alerts = {
        f"{_day(each['file'] > '202610')}/www.uscis.gov/sites/default/files/document/"
        f"policy-manual-updates/{each['file']}.pdf": _alert(each)
        for each in TEXTS["alerts"]
    }
    return decisions | alerts


def _day(is_new: bool) -> str:
    return "2026-10-07" if is_new else "2026-10-05"


def decision(given: Mapping[str, Any]) -> bytes:
    """Set as EOIR sets its precedents, on two pages of the reporter."""
    is_chief = given["byline"] == "BEFORE THE ATTORNEY GENERAL"
    forum, decider = ("A.G.", "Attorney General") if is_chief else ("BIA", "Board")
    text = given["text"]
    turn = next((n for n, said in enumerate(text) if said.startswith("II.")), len(text))
    opening: list[Set] = [
        (CAPTION, f"{given['name']}, Respondent"),
        (DATED, f"Decided by {decider} {given['decided']}"),
        *(CHIEF if is_chief else OFFICE),
        *((HEADNOTE, _inline(said)) for said in _numbered(given["headnotes"])),
        *((COUNSEL, _inline(said)) for said in (*given["counsel"], given["panel"]) if said),
        (BYLINE, given["byline"]),
    ]
    return built(
        [
            SampleSheet(
                head=(
                    f"Cite as 99 I&N Dec. {given['page']} ({forum} 2026)",
                    f"Interim Decision #{given['id']}",
                ),
                page=str(given["page"] + n),
                text=[*(() if n else opening), *map(_set, said)],
                notes=[
                    (NOTE, f"{SUPER.format(label)} {_inline(note)}")
                    for label, note in enumerate(given["notes"], 1)
                    if any(f"[{label}]" in each for each in said)
                ],
            )
            for n, said in enumerate((text[:turn], text[turn:]))
            if said
        ]
    )


def _alert(given: Mapping[str, Any]) -> bytes:
    """Set as USCIS sets its policy alerts."""
    said: tuple[Set, ...] = (
        (BOLD, "Purpose"),
        (SAID, f"{given['purpose']}{SUPER.format(1)}"),
        (BOLD, "Background"),
        (SAID, given["background"]),
        (BOLD, "Policy Highlights"),
        *((BULLET, f"• {highlight}") for highlight in given["highlights"]),
    )
    note = "A sample written for lexwatch; USCIS said none of this."
    return letter(given["number"], given["day"], given["subject"], said, note)


def _numbered(headnotes: Sequence[str]) -> Sequence[str]:
    """One headnote has no number."""
    if len(headnotes) < 2:
        return headnotes
    return [f"({n}) {said}" for n, said in enumerate(headnotes, 1)]


def _set(said: str) -> Set:
    is_heading = re.match(r"[IVX]+\. ", said)
    return (HEADING if is_heading else TEXT), _inline(said).replace("ORDER:", "<b>ORDER:</b>")


def _inline(said: str) -> str:
    return re.sub(r"\[(\d)\]", lambda found: SUPER.format(found[1]), escape(said))


if __name__ == "__main__":
    for name, body in pdfs().items():
        path = SAMPLE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
