"""Answer a question, a client's story or plain words: by words and by meaning, weighed together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select

from index import keyword
from index.search import learned, rank
from index.search.channel import Brought
from index.search.gather import Candidate, gather, terms
from index.search.lookup import citers, holders
from index.search.model import Answer, Meaning
from index.search.passages import best
from index.search.rank import Evidence
from index.search.reordering import FIRST, given_by_law, reordered
from index.search.standing import Viewpoint, standing, viewpoint
from index.search.understanding import Understanding, Understood
from pipeline.query.model import Asked

FEW = 6  # words of a query that is no story
CITERS = 100  # documents that cite what a question names
NEAR = 0.1  # in cosine from the nearest, where meaning still is a reason
LONG = 40  # characters of a word that are told
SAYS = 0.4  # of the best score by words, where words are one


def answer(
    connection: Connection,
    asked: Asked,
    understanding: Understanding,
    documents: Select[Any] | None,
    *,
    limit: int,
    here: Viewpoint | None = None,
) -> Brought:
    """The documents that answer best, of each source's candidates."""
    understood = understanding.of(asked.text)
    candidates, told = weighed(connection, asked, understanding, understood, documents, here=here)
    weights = learned.weights()
    scores = [rank.score(each, weights) for each in told]
    order = sorted(range(len(candidates)), key=lambda at: (-scores[at], candidates[at].document))
    reranker = understanding.reranker
    shown = order[: max(limit, FIRST) if reranker else limit]
    passages = best(
        connection,
        [candidates[at].document for at in shown],
        terms(asked, understood),
        understood,
        understanding.meaning,
    )
    answers: Sequence[Answer] = [
        Answer(
            document=candidates[at].document,
            passages=passages[candidates[at].document],
            score=scores[at],
            why=_why(told[at], understood),
        )
        for at in shown
    ]
    notes = (*_unheard(connection, asked), *_unread(asked, understanding.meaning))
    if reranker:
        given = {candidates[at].document: given_by_law(told[at]) for at in shown}
        answers = reordered(connection, asked.text, answers, reranker, given)
        notes = (*notes, f"ordered anew by {reranker.name}")
    found = dict.fromkeys(each.document for each in answers)
    found |= dict.fromkeys(candidates[at].document for at in order)
    return Brought(
        answers=answers[:limit], documents=tuple(found), notes=notes, understood=understood
    )


def _unheard(connection: Connection, asked: Asked) -> tuple[str, ...]:
    """What must be said of a few words that stand nowhere; in a story names and places don't."""
    typed = [term for term in asked.terms if term.weight == 1]
    words = keyword.unheard(connection, typed) if len(typed) <= FEW else ()
    said = ", ".join(f"“{word[:LONG]}{'…' * (len(word) > LONG)}”" for word in words)
    return (f"nothing held has {said}: see the spelling",) if words else ()


def _unread(asked: Asked, meaning: Meaning | None) -> tuple[str, ...]:
    """What must be said of a story that is longer than what the model reads."""
    every = len(asked.text.split())
    if meaning is None or (read := meaning.reads(asked.text)) == every:
        return ()
    return (
        f"meaning was asked of the first {read:,} of its {every:,} words, for the model reads no "
        "more; words, of all of them",
    )


def weighed(
    connection: Connection,
    asked: Asked,
    understanding: Understanding,
    understood: Understood,
    documents: Select[Any] | None,
    *,
    here: Viewpoint | None = None,
) -> tuple[Sequence[Candidate], Sequence[Evidence]]:
    """The candidates, and what speaks for each; `here` None: as of the last day seen."""
    # A form is spoken of by those who ask about what it is for: its page is no known item.
    cited = [each.cited for each in asked.citations if each.kind != "form"]
    named = holders(connection, cited, documents)
    citing = citers(connection, cited, documents, CITERS)
    candidates = gather(
        connection,
        asked,
        understood,
        understanding.meaning,
        documents=documents,
        also=(*named, *citing),
    )
    numbers = [each.document for each in candidates]
    stands = standing(connection, numbers, here or viewpoint(connection))
    return candidates, rank.evidence(candidates, asked.text, named, citing, stands)


def _why(told: Evidence, understood: Understood) -> tuple[str, ...]:
    reasons = {
        "is what the question names": told["named"] > 0,
        "cites what the question names": told["citing"] > 0,
        "matched by words": told["words"] >= SAYS or understood.rows is None,
        "matched by meaning": understood.rows is not None
        and max(told["meaning"], told["law"]) >= -NEAR,
    }
    given = tuple(reason for reason, holds in reasons.items() if holds)
    return given or ("matched by words and meaning together",)
