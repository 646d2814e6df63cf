"""Read what amendatory instructions do to the Code of Federal Regulations, section by section.

An act on less than a paragraph (a sentence, a heading, a word, a definition) amends it: what is
said to be added, revised or removed is a whole section or paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml.etree import _Element as Element

from pipeline.designators import designations, spelled
from pipeline.instructions import PARAGRAPHS, SECTION, SECTIONS, VERB, Act, acts_of, sections_in
from pipeline.typeset import words

LONGEST = 5_000  # characters of an instruction that are read; real ones have some hundreds
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|``.*?''")
_ASIDE = re.compile(
    r",? as (?:further )?(?:amended|added|revised|redesignated|proposed|published)\b"
    r"[^;:]{0,160}?\d+ FR \d+(?:, effective \w+ \d+, \d{4})?(?: \([^)]*\))?,?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\s*\d+[a-z]?\.\s*")
_LETTERED = re.compile(
    r"^\s*(?:[a-z]{1,4}|[A-Z]|[ivxIVX]+)\.\s*|^\s*\([a-zA-Z0-9]{1,4}\)\s+(?=[A-Z])"
)
_OF_SECTION = re.compile(rf"\W*(?:of|in|to|from) (?:§ ?|section ){SECTION.pattern}", re.IGNORECASE)
_PART_OF = re.compile(
    r"\b(?:words?|phrases?|sentences?|(?:sub)?headings?|introductory text|definitions?"
    r"|entr(?:y|ies)|citations?|references?|terms?|footnotes?|tables?|notes?|dates?|numbers?"
    r"|acronyms?|figures?|periods?|semicolons?|commas?|examples?|title|authority)\b|“”",
    re.IGNORECASE,
)
_LESS = re.compile(r" (?:introductory text|(?:subject )?heading)", re.IGNORECASE)
_ANNEX = re.compile(
    r"\b(?P<what>supplement|appendix|appendices) (?P<name>[A-Z0-9][\w-]*)"
    r"(?: (?:to|of) (?:subpart (?P<subpart>[A-Z]+) (?:to|of) )?part (?P<part>\d+[a-z]?))?",
    re.IGNORECASE,
)
_WHOLE_ANNEX = re.compile(rf"\W*(?:an? |new |and )*{_ANNEX.pattern}", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\bparagraphs?\b|\bunder\b|\bsections?\b|\bentr(?:y|ies)\b", re.IGNORECASE)
_SUBPART = re.compile(r"\bsubparts? (?P<name>[A-Z]{1,3})\b", re.IGNORECASE)
_PART = re.compile(r"(?<!sub)\bpart (?P<part>\d+[a-z]{0,2})\b", re.IGNORECASE)
_TITLE = re.compile(r"(\d+) CFR|\btitle (\d+)\b", re.IGNORECASE)
_QUIET = re.compile(r"\bcontinues? to read\b", re.IGNORECASE)  # restates, and changes nothing


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """What one instruction does to one place of the Code.

    `section` as cited ("8 CFR 214.2(f)(5)", "8 CFR part 214, subpart B"); `act` is revise, add,
    remove, redesignate, amend or reserve; `words` the instruction.
    """

    section: str
    act: str
    words: str


@dataclass(frozen=True)
class _Place:
    """Where an instruction stands, and what those before it have named."""

    title: str = ""
    part: str = ""
    sections: tuple[str, ...] = ()
    annex: str = ""

    def cite(self, section: str, under: str) -> str:
        return f"{f'{self.title} CFR' if self.title else '§'} {section}{under}"

    def cite_part(self, more: str = "") -> str:
        return f"{f'{self.title} CFR ' if self.title else ''}part {self.part}{more}"


def read_amendments(root: Element, headed: Sequence[str]) -> tuple[Amendment, ...]:
    """Read the instructions of a document in order. `headed` are the parts its heading names
    ("8 CFR 214"), which tell the title of a part."""
    place = _Place(title=_only(part.partition(" ")[0] for part in headed))
    found: list[Amendment] = []
    for element in root.iter("REGTEXT", "HD", "AMDPAR"):
        if element.tag == "REGTEXT":
            title, part = element.get("TITLE") or place.title, element.get("PART") or ""
            place = _titled(_Place(title=title, part=part), headed)
        elif element.tag == "HD":
            place = _under_heading(place, words(element), headed)
        else:
            said = words(element)
            place, acts = _instruction(said, place, headed, element)
            found += (Amendment(section=section, act=act, words=said) for section, act in acts)
    return tuple(dict.fromkeys(found))


def _titled(place: _Place, headed: Sequence[str]) -> _Place:
    """The heading's title for a part, which is proof-read, before the markup's."""
    title = _only(each.split(" ")[0] for each in headed if each.split(" ")[-1] == place.part)
    return replace(place, title=title or place.title)


def _only(names: Iterable[str]) -> str:
    distinct = set(names)
    return distinct.pop() if len(distinct) == 1 else ""


def _under_heading(place: _Place, text: str, headed: Sequence[str]) -> _Place:
    part = _PART.match(text)
    if not part or part["part"] == place.part:
        return place
    return _titled(_Place(title=place.title, part=part["part"]), headed)


def _instruction(
    said: str, place: _Place, headed: Sequence[str], element: Element
) -> tuple[_Place, list[tuple[str, str]]]:
    bare = _ASIDE.sub("", _QUOTED.sub("“”", said[:LONGEST]))
    if _NUMBERED.match(bare):
        place = replace(place, sections=(), annex="")
    bare = _LETTERED.sub("", _NUMBERED.sub("", bare, count=1), count=1)
    acts = acts_of(bare)
    lead = _lead(bare)
    place = _moved_to(place, lead if _names(lead) or not acts else acts[0].on, headed)
    if not (place.sections or place.annex or _PART.search(bare)):
        place = replace(place, sections=_printed_next(element))
    if _QUIET.search(bare):
        return place, []
    return place, [target for act in acts for target in _targets(act, lead, place)]


def _lead(bare: str) -> str:
    """What stands before the first act: "Amend § 1.2, paragraph (b), by …"."""
    verbs = (verb for verb in VERB.finditer(bare) if verb["stem"].lower() != "amend")
    first = next(verbs, None)
    return bare[: first.start()] if first else bare


def _names(text: str) -> bool:
    return any(pattern.search(text) for pattern in (SECTIONS, _ANNEX, _PART, _SUBPART))


def _moved_to(place: _Place, text: str, headed: Sequence[str]) -> _Place:
    """The place after an instruction has named another."""
    if title := _TITLE.search(text):
        place = replace(place, title=title[1] or title[2])
    if part := _PART.search(text):
        place = _titled(replace(place, part=part["part"]), headed)
    if annex := _ANNEX.search(text):
        part_of = annex["part"] or place.part
        name = f", {annex['what'].capitalize()} {annex['name']}"
        return replace(place, part=part_of, sections=(), annex=name)
    if sections := tuple(number for number, *_ in sections_in(text)):
        moved = replace(place, sections=sections, part=sections[0].partition(".")[0])
        return place if place.annex else _titled(moved, headed)
    return place


def _printed_next(element: Element) -> tuple[str, ...]:
    """The section printed after an instruction that names none."""
    for following in element.itersiblings():
        if following.tag == "AMDPAR":
            break
        number = next(following.iter("SECTNO"), None)
        if number is not None and (found := SECTION.search(words(number))):
            return (found["number"],)
    return ()


def _targets(act: Act, lead: str, place: _Place) -> list[tuple[str, str]]:
    """The places an act touches, each with the act, or "amend" where it touches less."""
    if place.annex:
        is_whole = _WHOLE_ANNEX.match(act.on) and not _PARAGRAPH.search(act.on)
        return [(place.cite_part(place.annex), act.act if is_whole else "amend")]
    return (
        [*_on_paragraphs(act, place), *_on_sections(act, place)]
        or _on_part(act, place)
        or [(cited, "amend") for cited in _context(lead, place)]
    )


def _on_paragraphs(act: Act, place: _Place) -> Iterator[tuple[str, str]]:
    begun = 0
    for run in PARAGRAPHS.finditer(act.on):
        is_less = bool(_PART_OF.search(act.on[begun : run.start()]))
        after = _OF_SECTION.match(act.on, run.end())
        before = [number for number, _, _, end in sections_in(act.on[: run.start()])][-1:]
        sections = (after["number"],) if after else tuple(before) or place.sections
        for path, end in designations(run["list"]):
            follows = run["list"][end:] or run["after"] or ""
            shown = "amend" if is_less or _LESS.match(follows) else act.act
            yield from ((place.cite(section, spelled(path)), shown) for section in sections)
        begun = run.end()


def _on_sections(act: Act, place: _Place) -> Iterator[tuple[str, str]]:
    """The sections acted on as such: not those that only say where a paragraph is."""
    begun = 0
    for number, under, start, end in sections_in(act.on):
        is_less = bool(_PART_OF.search(act.on[begun:start]) or _LESS.match(act.on[end:]))
        if not PARAGRAPHS.search(act.on):
            yield place.cite(number, under), "amend" if is_less else act.act
        begun = end if not is_less else begun


def _on_part(act: Act, place: _Place) -> list[tuple[str, str]]:
    subparts = [f", subpart {each['name'].upper()}" for each in _SUBPART.finditer(act.on)]
    if not place.part or not (subparts or _PART.search(act.on)):
        return []
    shown = "amend" if _PART_OF.search(act.on) else act.act
    return [(place.cite_part(each), shown) for each in subparts or [""]]


def _context(lead: str, place: _Place) -> list[str]:
    """Where an act takes place that names no place of its own."""
    run = PARAGRAPHS.search(lead)
    paths = [spelled(path) for path, _ in designations(run["list"])] if run else [""]
    cited = [place.cite(section, path) for section in place.sections for path in paths]
    return cited or ([place.cite_part()] if place.part else [])
