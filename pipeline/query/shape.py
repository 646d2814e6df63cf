"""Read a query: which shape it has, the authorities it names, and its terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from pipeline import cite
from pipeline.asked import within
from pipeline.grammar import singles
from pipeline.model import Citation
from pipeline.query.act import of_the_act, told
from pipeline.query.connectors import is_connectors, parse
from pipeline.query.model import Asked, Shape, Term
from pipeline.query.plurals import other_number
from pipeline.query.words import terms, tokens
from pipeline.sections import sections

PART = 0.25  # the weight of "212" beside 212(h), which asks for one thing
OTHER = 0.5  # of "children" beside "child": a text that has both says no more of them
_QUOTED = re.compile(r"[\"\u201c-\u201f]([^\"\u201c-\u201f]*)[\"\u201c-\u201f]")
_NAME = re.compile(
    r"\A\s*(?:(?:in the )?matter of\s|in re:?\s"  # Matter of Castro-Tum
    r"|(?:[^\s:;?]+\s){1,4}(?:v\.?|vs\.?)\s"  # Moya v. DHS
    r"|(?:[A-Z]-){2,6}(?![A-Za-z0-9]))",  # A-B- III
    re.IGNORECASE,
)
# Says nothing of what a case is about, and stands in the name of every decision.
_HOW = re.compile(r"\b(?:(?:in the )?matter of|in re:?)\s", re.IGNORECASE)
_LONGEST = 120  # characters of a query that is a name
_ASKS = re.compile(r"\?\s*\Z|\A\s*(?:what|when|how|can|does|is|who|why|which|did)\b", re.IGNORECASE)


def read(text: str) -> Asked:
    """Read a query; what the thesaurus adds is not yet there.

    Raises `QueryError` where terms and connectors can't be understood.
    """
    # Every authority has a number: where there is none, hundreds of patterns need not be compiled.
    is_numbered = any(map(str.isnumeric, text))
    whole = cite.lookup(text) if is_numbered else None
    if whole is not None:
        return Asked(text=text, shape=Shape.CITATION, citations=(whole,), terms=typed(text))
    if is_connectors(text):
        return Asked(text=text, shape=Shape.CONNECTORS, terms=typed(text), node=parse(text))
    named = tuple(_named(text)) if is_numbered else ()
    bare = tuple(of_the_act(text, named)) if is_numbered else ()
    notes = tuple(dict.fromkeys(map(told, bare)))
    if len(bare) == 1 and bare[0].raw == text.strip():
        return Asked(
            text=text, shape=Shape.CITATION, citations=bare, terms=typed(text), notes=notes
        )
    is_name = len(text) <= _LONGEST and _NAME.match(text) and not _ASKS.search(text)
    return Asked(
        text=text,
        shape=Shape.NAME if is_name else Shape.QUESTION,
        citations=tuple(_each_once((*named, *bare))),
        notes=notes,
        terms=typed(_HOW.sub(" ", text) if is_name else text),
    )


def typed(text: str) -> tuple[Term, ...]:
    """A query's terms: what stands in quotation marks is demanded, of other words any may be there;
    those that say nothing of a subject are left out, and the parts of what is whole count little.
    Beside "child" stands "children".
    """
    phrases = [Term(words=phrase, demanded=True) for phrase in _QUOTED.findall(text)]
    loose = _QUOTED.sub(" ; ", text)
    words: dict[str, float] = {}
    for term in terms(loose):
        printed = loose[term.start : term.end]
        words[printed] = 1.0
        for part in tokens(printed) if term.is_whole else ():
            if len(part.word) > 1 and not part.is_stop:
                words.setdefault(part.word, PART)
        if other := other_number(term.word):
            words.setdefault(other, OTHER)
    return (*phrases, *(Term(words=each, weight=weight) for each, weight in words.items()))


def _named(text: str) -> Iterator[Citation]:
    """The authorities that a query names in full; in small letters too, as nobody prints them and
    everybody types them: "8 cfr 208.13"."""
    small = chain(sections(text, re.IGNORECASE), singles(text, re.IGNORECASE))
    return (each for each in chain(cite.find(text), within(text), small) if each.cited)


def _each_once(citations: Iterable[Citation]) -> Iterator[Citation]:
    seen = set()
    for citation in citations:
        if citation.cited not in seen:
            seen.add(citation.cited)
            yield citation
