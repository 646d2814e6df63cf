"""Precedent decisions of the Board of Immigration Appeals and the Attorney General."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from crawlers.options import number
from crawlers.scope import addresses, one, tree
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from crawlers.volumes import LISTED, Listing, headnotes, listings
from pipeline import pdf, referral
from pipeline.decision import Decision, decision
from pipeline.errors import PageChanged
from pipeline.model import Block, Document, Page, Reading, Version
from pipeline.reporter import forum

NAME = "bia_decisions"
HOME = "https://www.justice.gov/eoir/ag-bia-decisions"
PARSER = f"{NAME}/2"
FROM_VOLUME = 27  # the first whose PDFs are read unless the settings say another

# Volumes 27 on, volumes 8 to 26, and these under their oldest addresses.
VOLUME = re.compile(
    r"https?://(?:www\.)?justice\.gov/eoir/"
    r"(?:volume-\d+|precedent-decisions-volume-\d+|vll/intdec/nfvol\d+\.html?)/?",
    re.IGNORECASE,
)
SCOPE = "div.field_body, div.field--name-field-page-body"
ISSUERS = {
    "BIA": "Board of Immigration Appeals",
    "A.G.": "Attorney General",
    "DIR": "Director, Executive Office for Immigration Review",
    "AAO": "Administrative Appeals Office, U.S. Citizenship and Immigration Services",
}
KINDS = {"BIA": "bia-precedent", "A.G.": "ag-precedent"}
REFERRAL = "ag-referral"
OTHER_KIND = "agency-precedent"  # the few by EOIR's Director, the AAO and former INS officials
ROLE = re.compile(
    r",\s*(?:et\s+al\.?,\s*)?(?:In\s+\w+\s+Proceedings|(?:Respondent|Applicant|Petitioner|Appellant"
    r"|Practitioner|Attorney|Employer|Beneficiar(?:y|ies)|Recognized Organization)\w*)\b.*",
    re.IGNORECASE,
)


class BiaDecisionsSpider(SourceSpider):
    """Reads EOIR's volume pages, and the decisions' PDFs that they lead to.

    A volume page gives every decision's name, citation and, in most volumes, headnote; its PDF the
    opinion with its reporter pages. The PDF with its row of the listing is one complete version;
    the row alone is the same document in a poorer form.
    """

    name = NAME
    options = ("pdfs_from_volume",)
    facts: ClassVar[Facts] = Facts(
        name=NAME,
        title="EOIR precedent decisions",
        publisher="Executive Office for Immigration Review, U.S. Department of Justice",
        home=HOME,
        hosts=("www.justice.gov",),
        paths=(
            *("/eoir/ag-bia-decisions", "/eoir/volume-", "/eoir/precedent-decisions-volume-"),
            "/eoir/vll/intdec/nfvol",
        ),
        delay=10.0,  # what justice.gov's robots.txt asked for
        cadence=timedelta(days=1),
        times=("10 2 * * *",),
        # Some 3,000 decisions stand in the volumes that are online; about 50 a year are added.
        floor=2_000,
        ceiling=6_000,
        enumerates=True,
        # Stated of all decisions recorded (volume 28 in 2021, 2023, 2024). Not so the headnote:
        # volume 28 gives one with every decision, the oldest volumes with none.
        fills={"citation": 0.9, "link:pdf": 0.9},
        # The listing has no days. Since 2020 the fewest decisions in a year were 13 (2023), one in
        # 19 working days; at that rate one pause in twenty is longer than three times as much.
        silence=57,
        scope=(
            "Every precedent that the volume pages list, with its official headnote where the page "
            f"gives one; from volume {FROM_VOLUME} on, or the volume that the settings name, the "
            "decisions' PDFs too: full text, reporter pages, day of decision"
        ),
    )

    @classmethod
    def question(cls, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """From which volume on PDFs are read; asking for more reaches back into older volumes."""
        return {"pdfs_from_volume": _from_volume(options)}

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:
        """Begin at the list of volumes, always from the top. Which volumes' PDFs are wanted travels
        with the pages, since only a visit knows the options."""
        return (Follow(url=HOME, context={"pdfs_from_volume": _from_volume(visit.options)}),)

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Follow the list to its volumes, and a volume to its decisions' PDFs."""
        if _is_decision(page):
            return ()
        if VOLUME.fullmatch(page.url):
            return tuple(_pdfs(page))
        found = addresses(tree(page), page)
        volumes = dict.fromkeys(url for url in found if VOLUME.fullmatch(url))
        if not volumes:
            raise PageChanged(f"{page.url}: the list of volumes links to no volume")
        return tuple(Follow(url=url, context=page.context) for url in volumes)

    @staticmethod
    def read(page: Page) -> Reading:
        """Read a volume page in any of its layouts, or a decision; the list of volumes holds
        nothing of its own."""
        if _is_decision(page):
            return Reading(versions=(_full(decision(pdf.sheets(page.body)), page),))
        if not VOLUME.fullmatch(page.url):
            return Reading()
        scope = one(tree(page), SCOPE, page)
        rows = listings(scope, page)
        given = headnotes(scope)
        if lost := [row.id for row in rows if row.id not in given]:
            raise PageChanged(f"{page.url}: the row of {lost[0]} stands where no text is read")
        return Reading(
            versions=tuple(_version(row, given[row.id], page) for row in rows),
            listed=tuple(row.id for row in rows),
        )


def _from_volume(options: Mapping[str, Any]) -> int:
    what = "volume (999 reads no PDF)"
    return number(NAME, options, "pdfs_from_volume", most=999, usual=FROM_VOLUME, what=what)


def _is_decision(page: Page) -> bool:
    return "eoir_id" in page.context or page.body.startswith(b"%PDF-")


def _pdfs(page: Page) -> Iterable[Follow]:
    """The PDFs of a volume that are wanted. A PDF never changes under its address: EOIR gives an
    amended one another name. Its row travels with it, since only that says "(as amended)"."""
    wanted = page.context.get("pdfs_from_volume", FROM_VOLUME)
    try:
        rows = listings(one(tree(page), SCOPE, page), page)
    except PageChanged:  # it leads nowhere, and fails when it is read
        return
    for listed in rows:
        match = LISTED.search(listed.words)
        if listed.pdf and match and int(match["volume"]) >= wanted:
            row = {"eoir_id": listed.id, "words": listed.words}
            yield Follow(url=listed.pdf, context=row, settled=True)


def _version(listed: Listing, headnote: tuple[Block, ...], page: Page) -> Version:
    match = LISTED.search(listed.words)
    decider = _decider(forum(match["forum"])) if match else ""
    metadata: dict[str, Any] = {"text": "headnote only" if headnote else "title only"}
    if match:
        metadata |= _reported(int(match["volume"]), forum(match["forum"]), int(match["year"]))
        metadata |= _noted(match)
    kind, act = _kind(decider, " ".join(block.text for block in headnote))
    return Version(
        document=Document(source=NAME, key=listed.id, kind=kind),
        title=_title(listed.words),
        citation=_citation(match) if match else "",
        issuer=ISSUERS.get(decider, decider),
        url=page.url,
        blocks=headnote,
        seen_at=page.fetched_at,
        parser=PARSER,
        metadata=metadata | act,
        links={"pdf": listed.pdf} if listed.pdf else {},
    )


def _full(read: Decision, page: Page) -> Version:
    """A decision's full text. Raises `PageChanged` where it is another than the one listed."""
    place, words = read.place, str(page.context.get("words", ""))
    match = LISTED.search(words)
    key = str(page.context.get("eoir_id", "")) or place.number
    is_listed = match is not None and _at(match) == (place.volume, place.first)
    is_other = place.number != key if place.number else match is not None and not is_listed
    if not key or is_other:
        said = f"is Interim Decision #{place.number or '?'}, {place.citation}"
        raise PageChanged(f"{page.url} {said}, where {key or 'none'} was listed as “{words}”")
    decider = _decider(place.forum)
    opinion = " ".join(block.text for block in read.blocks if block.page)
    kind, act = _kind(decider, " ".join(read.headnotes) or opinion)
    slip = {"listed_as": words} if match and not is_listed else {}
    return Version(
        document=Document(source=NAME, key=key, kind=kind),
        title=_title(words or ROLE.sub("", read.caption)),
        citation=place.citation,
        issuer=ISSUERS.get(decider, decider),
        url=page.url,
        blocks=read.blocks,
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=(*read.dates, *(referral.briefs(opinion) if kind == REFERRAL else ())),
        metadata=_reported(place.volume, place.forum, place.year)
        | (_noted(match) if match else {})
        | dict(read.metadata)
        | slip
        | act,
        links={"pdf": page.url},
    )


def _at(match: re.Match[str]) -> tuple[int, int]:
    return int(match["volume"]), int(match["page"])


def _decider(forum: str) -> str:
    """A case that the Attorney General took from the Board is his: "(BIA 1993; A.G. 1994)"."""
    return "A.G." if "A.G." in forum else forum


def _kind(decider: str, text: str) -> tuple[str, dict[str, str]]:
    """The sort of authority, and of a mere stay that it is one."""
    act = referral.act(text) if decider == "A.G." else ""
    if act:
        return REFERRAL, {"subtype": "stay"} if act == "stay" else {}
    return KINDS.get(decider, OTHER_KIND), {}


def _title(words: str) -> str:
    match = LISTED.search(words)
    name = words[: match.start()] if match else words
    return f"Matter of {re.sub(r'^(Matter of|In re) ', '', name).rstrip(' ,')}"


def _reported(volume: int, forum: str, year: int) -> dict[str, Any]:
    return {"volume": volume, "forum": forum, "year": year}


def _noted(match: re.Match[str]) -> dict[str, str]:
    note = match["note"].strip(" ()")
    return {"note": note} if note else {}


def _citation(match: re.Match[str]) -> str:
    return f"{match['volume']} I&N Dec. {match['page']} ({forum(match['forum'])} {match['year']})"
