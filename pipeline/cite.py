"""Find the authorities that a text names, and read a query that is one.

Two layers read the same text. Our grammar comes first: it alone knows the ways immigration law is
cited. What is left and looks like "volume, reporter, page" is put to eyecite, which knows the
reporters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import chain

from pipeline.asked import identified
from pipeline.bare import Usage, bare
from pipeline.grammar import PAGES, PIN, singles
from pipeline.legible import legible
from pipeline.model import Citation
from pipeline.sections import sections

_REPORTED = re.compile(
    r"(?<![\w.$-])(?P<volume>\d{1,4})\s{1,2}"
    r"(?P<reporter>[A-Z](?:[A-Za-z.']|\s(?=\S)|\d(?:d|th)\b){0,22}?|5\.\s?Ct\.)"
    rf"\s{{1,2}}(?:at\s{{1,2}}(?P<at>{PAGES})|(?P<page>\d{{1,5}})(?!\w){PIN})"
)
_DATABASES = ("WL", "LEXIS")  # of publishers; no reporters
_OURS = {"I. & N. Dec.": "I&N Dec."}  # as our own grammar writes it, whose "&" a printer may lose
# What nearly all that texts on immigration cite comes to, by names without spaces. eyecite says the
# same of each, but loading it takes half a second.
_FEDERAL = (
    *("U.S.", "S. Ct.", "L. Ed.", "L. Ed. 2d", "F.", "F.2d", "F.3d", "F.4th", "F. Supp."),
    *("F. Supp. 2d", "F. Supp. 3d", "F. App'x", "F.R.D."),
)
_NO_CASES = (
    *("Stat.", "Fed.Reg.", "C.F.R.", "U.S.C.", "Order", "Decision", "Section", "Title", "Part"),
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
STANDARD = {
    **{name.replace(" ", ""): name for name in _FEDERAL},
    "Fed.Appx.": "F. App'x",
    **dict.fromkeys(_NO_CASES, ""),
}
_CASE_NAME = re.compile(
    r"\A(?:(?:(?:in the )?matter of|in re)\s[^\d]{1,80}?|[^\d,]{1,60}? v\. [^\d,]{1,60}?)"
    r",?\s+(?=\d)",
    re.IGNORECASE,
)
# A name alone, "A-B-" or "Castro-Tum"; a word in small letters before a citation is a word.
_PARTY = re.compile(r"\A(?=[A-Z]|\w{1,20}-)[^\d,;:()]{1,60}?,?\s+(?=\d)")
_LONGEST = 300  # characters of a query that is a citation with its case's name
# What follows a citation that is the whole query: "(A.G. 2018)", "et seq.".
_COURT_AND_YEAR = re.compile(r"(?:\s{0,3}\([^()]{0,40}\d{4}\)\.?|,?\set\sseq\.?|[.,;])$")


def find(text: str, *, act: bool | None = None) -> tuple[Citation, ...]:
    """In the text's order, without overlaps; `raw` is text[start:end] as printed.

    Where two readings overlap, the one that begins first stands, then the longer. `act`: whether
    "the Act" is the INA, as `pipeline.act.is_ina` says of the whole document; None where there is
    no more of it than the text.
    """
    return find_each((text,), act=act)[0]


def find_each(texts: Sequence[str], *, act: bool | None = None) -> tuple[tuple[Citation, ...], ...]:
    """As `find`, of each text of one document; what one of them says of a section's code, it says
    for all."""
    shown = [legible(text) for text in texts]
    headed = [(each.text, _headed(each.text, act)) for each in shown]
    usage = Usage.of(headed)
    return tuple(
        tuple(
            _place(citation, text, *each.printed(citation.start, citation.end))
            for citation in _apart(chain(found, bare(readable, found, usage, act=act)))
        )
        for text, each, (readable, found) in zip(texts, shown, headed, strict=True)
    )


def _headed(text: str, act: bool | None) -> tuple[Citation, ...]:
    """What is cited with the name of its code or reporter."""
    found = _apart(chain(sections(text, act=act), singles(text)))
    return _apart(chain(found, reported(_without(text, found))))


def lookup(query: str) -> Citation | None:
    """The one citation or identifier that the whole query is, in any case; None if it is not one.

    A case name may precede and a court and year follow: "Matter of X, 28 I&N Dec. 714 (BIA 2023)",
    "A-B- 27 I&N Dec. 316". The `name` of what is found is the one that was typed.
    """
    asked = query.strip()
    if len(asked) > _LONGEST:
        return None
    shown = legible(asked).text
    end = tail.start() if (tail := _COURT_AND_YEAR.search(shown)) else len(shown)
    whole = shown[:end]
    alone = (each for each in _behind(_PARTY, whole) if each.kind == "case_reporter")
    for citation in chain(_behind(_CASE_NAME, whole), _all_of(whole), alone):
        return _place(citation, query, query.index(asked), query.index(asked) + len(asked))
    return None


def _all_of(query: str) -> Iterator[Citation]:
    return chain(identified(query), _whole(query))


def _behind(name: re.Pattern[str], query: str) -> Iterator[Citation]:
    """What a query names behind the name of a case."""
    if given := name.match(query):
        called = given[0].rstrip(" ,")
        yield from (replace(each, name=called) for each in _all_of(query[given.end() :]))


def _whole(query: str) -> Iterator[Citation]:
    for flags in (re.NOFLAG, re.IGNORECASE):
        for citation in chain(sections(query, flags), singles(query, flags), reported(query)):
            if len(citation.raw) == len(query) and citation.kind != "case_short":
                yield citation


def _apart(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    taken: list[Citation] = []
    for citation in sorted(citations, key=lambda c: (c.start, -c.end)):
        if not taken or citation.start >= taken[-1].end:
            taken.append(citation)
    return tuple(taken)


def _without(text: str, found: tuple[Citation, ...]) -> str:
    """The text with what was found blotted out, every other character in its place."""
    rest: list[str] = []
    done = 0
    for citation in found:
        rest += (text[done : citation.start], "~" * (citation.end - citation.start))
        done = citation.end
    return "".join((*rest, text[done:]))


def reported(text: str) -> Iterator[Citation]:
    """Cases in the reporters that eyecite knows."""
    for match in _REPORTED.finditer(text):
        closed = _closed(match["reporter"])
        reporter = STANDARD[closed] if closed in STANDARD else registered(closed)
        if not reporter:
            continue
        at = match["at"]
        pin = re.sub(r"\s+", "", at or match["pin"] or "")
        place = f"at {pin}" if at else match["page"]
        yield Citation(
            raw=match[0],
            start=match.start(),
            end=match.end(),
            kind="case_short" if at else "case_reporter",
            canonical=f"{match['volume']} {reporter} {place}",
            pin=pin,
        )


def _closed(reporter: str) -> str:
    """A reporter's name without spaces; scanners read the S of "S. Ct." as 5."""
    return re.sub(r"\s", "", reporter).replace("5.Ct.", "S.Ct.")


@lru_cache(maxsize=8192)  # more than there are names of reporters
def registered(closed: str) -> str:
    """The standard abbreviation of a reporter printed so, without its spaces; empty where eyecite
    knows no such reporter of cases."""
    # Loaded here: see STANDARD.
    from eyecite import get_citations  # noqa: PLC0415
    from eyecite.models import FullCaseCitation  # noqa: PLC0415

    if not (known := _editions().get(closed)):
        return ""
    [*cases] = (c for c in get_citations(f"1 {known} 1") if isinstance(c, FullCaseCitation))
    # eyecite ships annotations for most of its models, not for this method.
    name = str(cases[0].corrected_reporter()) if cases else ""  # type: ignore[no-untyped-call]
    return "" if name.endswith(_DATABASES) else _OURS.get(name, name)


@cache
def _editions() -> dict[str, str]:
    """What eyecite calls a reporter, by that without spaces: no text may invent names to ask for,
    for each takes it a third of a millisecond."""
    from eyecite.tokenizers import EDITIONS_LOOKUP  # noqa: PLC0415

    return {name.replace(" ", ""): name for name in sorted(EDITIONS_LOOKUP, reverse=True)}


def _place(citation: Citation, text: str, start: int, end: int) -> Citation:
    return replace(citation, raw=text[start:end], start=start, end=end)
