"""Read the grammar of an amendatory instruction: its verbs, what each acts on, the places named.

The verbs are those of the Document Drafting Handbook of the Office of the Federal Register, and
"insert" and "delete", which older documents use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.designators import DESIGNATION

_ACTS = {
    **{"revis": "revise", "add": "add", "insert": "add", "remov": "remove", "delet": "remove"},
    **{"redesignat": "redesignate", "designat": "redesignate", "reserv": "reserve"},
    **{"amend": "amend", "correct": "amend"},
}
VERB = re.compile(
    r"(?P<be>\b(?:is|are|be|been|being) (?:(?:further|hereby|also|correctly) )*)?"
    rf"\b(?P<stem>{'|'.join(_ACTS)})(?P<form>ed|es?|ing|s|)\b",
    re.IGNORECASE,
)
SECTION = re.compile(
    rf"(?P<number>\d+[a-z]{{0,2}}\.\d+[a-z]{{0,2}}(?:-\d+[a-z]?)?)(?P<under>{DESIGNATION})?"
)
SECTIONS = re.compile(rf"(?:§§? ?|\bsections? ){SECTION.pattern}", re.IGNORECASE)
_MORE = re.compile(
    rf"(?:, (?:and )?| and | or | through | to |[-–])(?:§§? ?)?{SECTION.pattern}", re.IGNORECASE
)
PARAGRAPHS = re.compile(
    rf"\bparagraphs? ?(?P<list>{DESIGNATION}(?:(?: introductory text| (?:subject )?heading)?"
    rf"(?:,? (?:and|or|through|to) |, ?|; ?){DESIGNATION})*)(?P<after> introductory text|"
    r" (?:subject )?heading)?",
    re.IGNORECASE,
)
_THROUGH = re.compile(r" (?:through|to) |[-–]", re.IGNORECASE)
_IN_PLACE = re.compile(r"\W*(?:in (?:its|their) place|in lieu thereof)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Act:
    """A verb of an instruction and the words that say on what it acts."""

    act: str
    on: str


def acts_of(bare: str) -> list[Act]:
    """What an instruction orders: "revising X, adding Y" acts on what follows, "X is revised" on
    what precedes. "Amended by" only leads to the acts."""
    verbs = [verb for verb in VERB.finditer(bare) if verb["be"] or not _is_aside(verb, bare)]
    ends = [*(verb.start() for verb in verbs[1:]), len(bare)]
    acts: list[Act] = []
    begun = 0
    for verb, end in zip(verbs, ends, strict=False):  # no verb, no act
        act = _ACTS[verb["stem"].lower()]
        before, after = bare[begun : verb.start()], bare[verb.end() : end]
        if verb["form"].lower() != "ed":
            acts.append(Act(act, after))
        elif verb["be"]:
            acts.append(Act(act, before + after if act == "redesignate" else before))
        elif acts:
            acts.append(Act(act, acts[-1].on))  # "is removed and reserved"
        begun = verb.end()
    acts = _with_shared(acts)
    return [each for each in acts if each.act != "amend"] or acts[:1]


def _is_aside(verb: re.Match[str], bare: str) -> bool:
    """Whether a participle tells of a paragraph, as "newly redesignated", and orders nothing."""
    is_second = re.search(r"(?:ed,? and|ed,) $", bare[: verb.start()], re.IGNORECASE)
    return verb["form"].lower() == "ed" and not is_second


def _with_shared(acts: list[Act]) -> list[Act]:
    """Give "remove and reserve § 1.2" both acts; take "add … in their place" as one with the
    removal of the words."""
    whole: list[Act] = []
    for each in reversed(acts):
        on = each.on
        if whole and not re.sub(r"\band\b|[^\w“]", "", on):
            on = whole[-1].on
        elif whole and _IN_PLACE.match(whole[-1].on):
            if not _names_any(whole[-1].on):
                whole.pop()
            elif not _names_any(on):
                continue
        whole.append(Act(each.act, on))
    return whole[::-1]


def _names_any(text: str) -> bool:
    return bool(PARAGRAPHS.search(text) or SECTIONS.search(text))


def sections_in(text: str) -> list[tuple[str, str, int, int]]:
    """The sections a text names: number, paragraph under it, start, end. A range is one, as it
    stands: which numbers in it are in use only the Code tells."""
    found: list[tuple[str, str, int, int]] = []
    match, is_first = SECTIONS.search(text), True
    while match:
        number, start = match["number"], match.start()
        if not is_first and _THROUGH.match(match[0]):
            before, _, start, _ = found.pop()
            number = f"{before} through {number}"
        found.append((number, match["under"] or "", start, match.end()))
        following = _MORE.match(text, match.end())
        match, is_first = following or SECTIONS.search(text, match.end()), not following
    return found
