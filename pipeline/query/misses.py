"""Tell what of terms and connectors a document does not meet, and what to look for instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.query.model import Term
from pipeline.query.places import Reading, is_met
from pipeline.query.tree import And, Near, Node, Without, Word, leaves, wanted, written
from pipeline.query.words import STOP, fold

ALONE = 0.25  # the weight of a phrase's words, beside the phrase
MOST_FORMS = 8  # words that one root is looked for by


def loosened(node: Node, expanded: Mapping[str, Sequence[str]] | None = None) -> tuple[Term, ...]:
    """The words and phrases of a tree, those it excludes left out; none is demanded. The words of a
    phrase come alone too, for what holds some of them, and count little.

    A root is looked for by what `expanded` says that it stands for, the shortest first, else by
    itself.
    """
    terms = (term for word in leaves(wanted(node)) for term in _terms(word, expanded or {}))
    found = {term.words: term for term in terms}
    for phrase in list(found):
        for each in phrase.split():
            if fold(each) not in STOP:
                found.setdefault(each, Term(words=each, weight=ALONE))
    return tuple(found.values())


def lacks(node: Node, text: str) -> tuple[str, ...]:
    """What a document does not meet, in the query's own words and order; empty where it meets all.

    `text` is all of the document's, its header on lines of its own. "NOT x" is what it holds and
    should not.
    """
    return tuple(dict.fromkeys(_lacks(node, Reading(text))))


def _lacks(node: Node, reading: Reading) -> Iterator[str]:
    match node:
        case And():
            for part in node.parts:
                yield from _lacks(part, reading)
        case Without():
            yield from _lacks(node.wanted, reading)
            if is_met(node.unwanted, reading):
                yield f"NOT {written(node.unwanted)}"
        case _ if is_met(node, reading):
            return
        case Near():
            sides = [each for side in (node.first, node.second) for each in _lacks(side, reading)]
            yield from sides or [written(node)]
        case _:
            yield written(node)


def _terms(word: Word, expanded: Mapping[str, Sequence[str]]) -> Iterator[Term]:
    """One term; several of a single root."""
    marked = [each for each in word.words if "!" in each or "*" in each]
    spelled = sorted(expanded.get(word.words[0].lower(), ()), key=len) if marked else []
    if len(word.words) == 1 and spelled:
        yield from (Term(words=each) for each in spelled[:MOST_FORMS])
        return
    bare = " ".join(each.replace("!", "").rstrip("*") for each in word.words)
    if "*" not in bare:
        yield Term(words=bare)
