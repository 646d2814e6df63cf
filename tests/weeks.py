"""Sites over weeks: the sample site, its own first week lengthened by a second with a fault and a
third of new law; and captures of ../shared/recorded, each set into a week of our choosing.

The sample is written for lexwatch, in the publishers' formats, and marked as the sample site is.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sampled import SAMPLE, decision

FIRST = ("2026-10-05", "2026-10-06", "2026-10-07")
SECOND, THIRD = "2026-10-14", "2026-10-21"
EOIR = "https://www.justice.gov/eoir"
RESCHEDULING = "Rescheduling of Biometric Services Appointments for Asylum Applicants"
H1B = "https://www.uscis.gov/policy-manual/volume-92-part-h-chapter-2"

EXTENDED = "2026-99120"  # in the second week, of the comment period of 2026-99112
FINAL = "2026-99121"  # in the third week, on asylum
WEEKS = ("2026-10-12", "2026-10-19", "2026-10-26")  # the Mondays on which digests are due

OVERRULING = {
    "id": 9907,
    "page": 151,
    "name": "Matter of SAMPLE-H-",
    "decided": "October 20, 2026",
    "headnotes": [
        "An Immigration Judge who weighs an arrest report in a custody redetermination under "
        "section 236(a) of the Immigration and Nationality Act, 8 U.S.C. § 1226(a), must let the "
        "respondent answer it.",
        "Matter of SAMPLE-E-, 99 I&N Dec. 140 (BIA 2026), overruled in part.",
    ],
    "counsel": ["FOR THE RESPONDENT: Uma Muster, Esquire, Sampleton, Ohio"],
    "panel": "BEFORE: Board Panel: PIER, HARBOR, and QUAY, Appellate Immigration Judges.",
    "byline": "PIER, Appellate Immigration Judge:",
    "text": [
        "The respondent appeals from the denial of a bond. The appeal will be sustained.",
        "I. BACKGROUND",
        "The Immigration Judge relied on an arrest report that the respondent had not seen.",
        "II. ANALYSIS",
        "What a party has not seen it cannot answer. To the extent that Matter of SAMPLE-E-, 99 "
        "I&N Dec. 140 (BIA 2026), holds otherwise, we overrule it.",
        "ORDER: The appeal is sustained, and the record is remanded for a new custody decision.",
    ],
    "notes": [],
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the sites show from a day on: of a capture what is at addresses that match a pattern,
    with another status than it was recorded with where the publisher is to be down."""

    day: str
    capture: str
    at: str
    status: int = 200


def staged(folder: Path, recorded: Path, shown: Iterable[Shown]) -> Path:
    """Make `folder` a recording whose captures are those of `recorded`, on the days of `shown`; the
    pages stay where they are, and what they say stays as it is."""
    lines = (recorded / "index.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    folder.mkdir()
    with (folder / "index.jsonl").open("w", encoding="utf-8") as index:
        for one in shown:
            mine = [
                {**row, "capture": one.day, "file": str(recorded / row["file"])}
                for row in rows
                if row["capture"] == one.capture and re.search(one.at, row["url"])
            ]
            assert mine, one
            index.writelines(f"{json.dumps({**row, 'status': one.status})}\n" for row in mine)
    return folder


def addresses(folder: Path, day: str) -> tuple[str, ...]:
    """What a recording shows on a day, each address once."""
    lines = (folder / "index.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return tuple(dict.fromkeys(row["url"] for row in rows if row["capture"] <= day))


def lengthened(folder: Path) -> Path:
    """Copy the sample site to `folder` and let it go on for two more weeks."""
    shutil.copytree(SAMPLE, folder)
    rows = [
        *_second(folder),
        *_third(folder),
    ]
    with (folder / "index.jsonl").open("a", encoding="utf-8") as index:
        index.writelines(f"{json.dumps(row)}\n" for row in rows)
    return folder


def _second(folder: Path) -> list[Mapping[str, Any]]:
    """EOIR's server is down; a comment period is extended; the H-1B chapter is amended."""
    down = b"<html><body><h1>503 Service Unavailable</h1></body></html>"
    listings = (f"{EOIR}/ag-bia-decisions", f"{EOIR}/volume-99")
    return [
        *(_row(folder, SECOND, url, down, status=503) for url in listings),
        *_published(folder, SECOND, EXTENDED, ("2026-99104", "2026-09-02"), _extension),
        _row(
            folder,
            SECOND,
            H1B,
            _page(folder, H1B)
            .replace("A general-purpose degree, without", "A degree in general studies, without")
            .encode(),
        ),
    ]


def _third(folder: Path) -> list[Mapping[str, Any]]:
    """EOIR is back, with a decision that overrules another in part; a rule on asylum is made."""
    media = f"{EOIR}/media/999907/dl?inline"
    listing = f"{EOIR}/volume-99"
    entry = _entry(OVERRULING)
    mark = '<table border="0" cellpadding="1" cellspacing="1" class="no-background"'
    page = _page(folder, listing)
    return [
        _row(folder, THIRD, f"{EOIR}/ag-bia-decisions", _page(folder, f"{EOIR}/ag-bia-decisions")),
        _row(folder, THIRD, listing, page.replace(mark, entry + mark, 1)),
        _row(folder, THIRD, media, decision(OVERRULING), name="www.justice.gov/eoir/9907.pdf"),
        *_published(folder, THIRD, FINAL, ("2026-99112", "2026-10-07"), _rule),
    ]


def _entry(given: Mapping[str, Any]) -> str:
    """A decision as volume 99 lists it."""
    said = "\n".join(
        f'<p align="LEFT">({n}) {each}</p>' for n, each in enumerate(given["headnotes"], 1)
    )
    name = given["name"].removeprefix("Matter of ")
    return (
        '<table border="0" cellpadding="1" cellspacing="1" class="no-background" '
        f'style="width:100%"><tbody><tr><td><strong>{name}, </strong>99 I&amp;N Dec. '
        f'{given["page"]} (BIA 2026)</td><td class="text-align-right">'
        f'<a href="/eoir/media/{990000 + given["id"]}/dl?inline">ID {given["id"]}</a> (PDF)</td>'
        f"</tr></tbody></table>\n{said.replace('I&N', 'I&amp;N')}\n<hr />\n"
    )


def _published(
    folder: Path, day: str, number: str, like: tuple[str, str], changed: Callable[[str], str]
) -> list[Mapping[str, Any]]:
    """A document of the Federal Register made of another one of the sample, `like` a number of one
    day."""
    other, on = like
    capture = max(FIRST[0], on)
    old, new = (each.replace("-", "/") for each in (on, day))
    host = "www.federalregister.gov"
    json_file = f"{host}/api/v1/documents/{{}}.json"
    xml_file = f"{host}/documents/full_text/xml/{{}}/{{}}.xml"

    def moved(file: str) -> str:
        said = changed((folder / capture / file).read_text("utf-8"))
        return said.replace(other, number).replace(old, new).replace(on, day)

    return [
        _row(
            folder,
            day,
            f"https://{json_file.format(number)}",
            moved(json_file.format(other)),
            kind="application/json; charset=utf-8",
            note="held by the simulator; sample",
            name=json_file.format(number),
        ),
        _row(
            folder,
            day,
            f"https://{xml_file.format(new, number)}",
            moved(xml_file.format(old, other)),
            kind="text/xml",
            name=xml_file.format(new, number),
        ),
    ]


def _extension(said: str) -> str:
    """The extension of the comments on H-1B registrations, said of asylum and biometrics."""
    return _replaced(
        said,
        ("Correcting Registrations Before H-1B Cap Selection", RESCHEDULING),
        ("about correcting H-1B registrations", "on biometric services for asylum"),
        ("to look at the registration tool", "to look at the form of the request"),
        ("Proposed rule; extension", "Final rule; extension"),
        ("notice of proposed rulemaking", "final rule"),
        ("proposed rule", "final rule"),
        ("PRORULE", "RULE"),
        ('"Proposed Rule"', '"Rule"'),
        ("8 CFR Part 214", "8 CFR Part 208"),
        ('"part": "214"', '"part": "208"'),
        ("September 23, 2026", "November 20, 2026"),
        ("2026-09-23", "2026-11-20"),
        ("August 10, 2026", "October 7, 2026"),
        ("September 9, 2026", "November 6, 2026"),
        ("91 FR 990101", "91 FR 990430"),
        ("2026-99101", "2026-99112"),
        ("1615-ZZ01", "1615-ZZ12"),
        ("1615–ZZ01", "1615–ZZ12"),
        ("9901-26", "9912-26"),
        ("USCIS-2026-9901", "USCIS-2026-9912"),
        ("990262", "990510"),
    )


def _rule(said: str) -> str:
    return _replaced(
        said,
        ("Final rule; request for comments.", "Final rule."),
        ("Rescheduling of Biometric Services Appointments", "Interviews by Video"),
        ("reschedule a biometric services appointment", "ask for an interview by video"),
        ("December 7, 2026", "November 20, 2026"),
        ("2026-12-07", "2026-11-20"),
        ("1615-ZZ12", "1615-ZZ21"),
        ("9912", "9921"),
        ("990430", "990610"),
        ("990435", "990615"),
    )


def _replaced(said: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        said = said.replace(old, new)
    return said


def _page(folder: Path, url: str) -> str:
    """The newest page of the first week."""
    rows = [json.loads(line) for line in (folder / "index.jsonl").read_text("utf-8").splitlines()]
    newest = max((row["capture"], row["file"]) for row in rows if row["url"] == url)
    return (folder / str(newest[1])).read_text("utf-8")


def _row(
    folder: Path,
    day: str,
    url: str,
    body: str | bytes,
    *,
    status: int = 200,
    kind: str = "text/html; charset=utf-8",
    note: str = "sample",
    name: str = "",
) -> Mapping[str, Any]:
    file = f"{day}/{name or url.removeprefix('https://') + '.html'}"
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    if file.endswith(".pdf"):
        kind = "application/pdf"
    return {
        "url": url,
        "capture": day,
        "file": file,
        "status": status,
        "content_type": kind,
        "note": note,
    }
