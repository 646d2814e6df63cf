"""How well search ranks: beside plain systems on the same documents, and without each of its parts.

What a part is worth is measured by putting a simpler one in its place for as long as a query lasts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from rich.console import Console
from sqlalchemy import select

from benchmarks.plain import K, Plain, Ranked
from benchmarks.tables import tabulated
from index import keyword, schema, store
from index.search import gather, learned, rank
from index.search.understanding import Understanding
from index.vectors import Vectors
from lexwatch.evaluation import retrieval
from lexwatch.evaluation.retrieval import FIRST, Answered, Query, Universe
from pipeline.noise import fold
from pipeline.query.thesaurus import Thesaurus
from pipeline.query.triggers import triggers

QUERIES = Path(__file__).with_name("queries")
OURS = "ours"
BM25, MINILM, FUSION = "BM25 of windows", "all-MiniLM of windows", "plain rank fusion"
RESAMPLES, SEED = 10_000, 7
WORSE = 0.03  # below its best single channel no class may be by more
SOURCES = 5  # of the universe
WIDTH = 110

Find = Callable[[Query], Answered]
Answers = Mapping[str, Sequence[Answered]]  # by system, in the order of the queries


def own() -> list[Query]:
    """The queries that we wrote, from which adapter and weights were learned."""
    return [
        Query.model_validate(json.loads(line))
        for path in sorted(QUERIES.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def plain(held: Universe, kept: Path) -> Plain:
    """The plain systems over the universe: title, citation and text of each document."""
    texts = {}
    with held.database.read() as connection:
        numbers = {document.name: number for number, document in store.documents(connection)}
        for name, key in held.keys.items():
            found = store.current(connection, numbers[name])
            assert found is not None  # noqa: S101 - each was taken in
            said = found.version
            texts[key] = f"{said.title}\n{said.citation}\n{said.text}"
    return Plain(texts, held.vectors.embed, kept)


def answers(
    held: Universe, others: Plain, queries: Sequence[Query], tell: Callable[[str], None]
) -> dict[str, list[Answered]]:
    """What each system brings for each query."""
    found = {}
    for name, find in _systems(held, others).items():
        tell(name)
        found[name] = [find(query) for query in queries]
    return found


def show(console: Console, found: Answers, held: Universe, without: Collection[str] = ()) -> None:
    """Print the tables. `without` are queries that are also left out, for a second line."""
    ours = found[OURS]
    sorts = list(dict.fromkeys(each.query.sort for each in ours))
    every = {name: retrieval.figures(each) for name, each in found.items()}
    title = f"nDCG@10, {len(ours)} queries, {len(held.keys):,} documents"
    console.print(tabulated(title, ("", "all", *sorts), _gains(every, sorts)))
    of = ("", "recall@10 of grade 2", "judged@10", "anchor shown", "less fusion, 95 %")
    console.print(tabulated("of the same answers", of, _others(every, found)))
    of_class = ("class", "n", "ours", "best single", "", "difference", "")
    console.print(tabulated("against the best single channel", of_class, _channels(every, sorts)))
    for line in (*_first(held, ours), *_left_out(found, without)):
        console.print(line, highlight=False)


def difference(ours: Sequence[Answered], theirs: Sequence[Answered]) -> tuple[float, float, float]:
    """The mean difference of nDCG@10, and the bounds of its 95 % interval by paired bootstrap."""
    apart = np.array([a.gain - b.gain for a, b in zip(ours, theirs, strict=True)])
    drawn = np.random.default_rng(SEED).integers(0, len(apart), (RESAMPLES, len(apart)))
    low, high = np.percentile(apart[drawn].mean(axis=1), (2.5, 97.5))
    return float(apart.mean()), float(low), float(high)


def _systems(held: Universe, others: Plain) -> dict[str, Find]:
    known = held.understanding
    bare = Thesaurus(entries=(), triggers=triggers(()))
    unread = Understanding(lambda: bare, lambda: held.vectors)
    unturned = Understanding(lambda: known.thesaurus, lambda: held.vectors, lambda: None)
    return {
        BM25: _ranked(others, others.words),
        MINILM: _ranked(others, others.meaning),
        FUSION: _ranked(others, others.fused),
        OURS: _searched(held),
        "ours, no thesaurus": _searched(replace(held, understanding=unread)),
        "ours, no adapter": _searched(replace(held, understanding=unturned)),
        "ours, ranks fused": _searched(held, _ranks_fused),
        "ours, one list for all": _searched(held, _one_list),
        "ours, words alone": _searched(replace(held, understanding=known.of_words)),
    }


def _ranked(others: Plain, find: Callable[[str], Ranked]) -> Find:
    def found(query: Query) -> Answered:
        first = dict(list(find(query.query).items())[:FIRST])
        shown = {
            key: "\n".join(others.windows[each] for each in held) for key, held in first.items()
        }
        return Answered(query=query, keys=tuple(first), shown=shown)

    return found


def _searched(
    held: Universe, with_: Callable[[], AbstractContextManager[object]] = nullcontext
) -> Find:
    def found(query: Query) -> Answered:
        with with_():
            return retrieval.answer(query, held)

    return found


@contextmanager
def _ranks_fused() -> Iterator[None]:
    """Our own candidates by plain fusion of their ranks, instead of the learned weights."""
    evidence = rank.evidence

    def fused(candidates: Sequence[gather.Candidate], *others: Any) -> Any:
        told = evidence(candidates, *others)
        scores = np.zeros(len(told))
        for name in ("words", "meaning", "law"):
            values = np.array([each[name] for each in told])
            scores += 1 / (K + 1 + np.argsort(np.argsort(-values, kind="stable")))
        return [{**each, "fused": score} for each, score in zip(told, scores, strict=True)]

    with ExitStack() as stack:
        stack.enter_context(patch.object(rank, "evidence", fused))
        stack.enter_context(patch.object(learned, "weights", lambda: {"fused": 1.0}))
        yield


@contextmanager
def _one_list() -> Iterator[None]:
    """As many candidates, whatever their source."""

    find, nearest = keyword.find, Vectors.nearest

    def joined(found: Mapping[str, Any]) -> dict[str, Any]:
        every = [pair for near in found.values() for pair in near]
        return {"": sorted(every, key=lambda pair: -pair[1])}

    with ExitStack() as stack:
        stack.enter_context(patch.object(keyword, "find", lambda *given: joined(find(*given))))
        every = lambda *given: [joined(found) for found in nearest(*given)]  # noqa: E731 - one of two
        stack.enter_context(patch.object(Vectors, "nearest", every))
        stack.enter_context(patch.object(gather, "DOCUMENTS", gather.DOCUMENTS * SOURCES))
        # So many of each, since all of them may be of one.
        stack.enter_context(patch.object(gather, "PASSAGES", gather.PASSAGES * SOURCES))
        yield


def _gains(every: Mapping[str, Any], sorts: Sequence[str]) -> Iterator[Sequence[str]]:
    for name, figures in every.items():
        of = figures["per_class"]
        yield (
            name,
            f"{figures['ndcg_10']:.3f}",
            *(f"{of[sort]['ndcg_10']:.3f}" for sort in sorts),
        )


def _others(every: Mapping[str, Any], found: Answers) -> Iterator[Sequence[str]]:
    for name, figures in every.items():
        mean, low, high = difference(found[name], found[FUSION])
        yield (
            name,
            *(_share(figures[each]) for each in ("recall_10", "judged_10", "anchor_shown")),
            "" if name == FUSION else f"{mean:+.3f} ({low:+.3f} to {high:+.3f})",
        )


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _channels(every: Mapping[str, Any], sorts: Sequence[str]) -> Iterator[Sequence[str]]:
    for sort in sorts:
        gains = {name: figures["per_class"][sort]["ndcg_10"] for name, figures in every.items()}
        best = max((BM25, MINILM), key=lambda name: gains[name])
        apart = gains[OURS] - gains[best]
        count = every[OURS]["per_class"][sort]["n"]
        mark = "WORSE" if apart < -WORSE else ""
        yield (
            sort,
            str(count),
            f"{gains[OURS]:.3f}",
            f"{gains[best]:.3f}",
            best,
            f"{apart:+.3f}",
            mark,
        )


def _first(held: Universe, ours: Sequence[Answered]) -> Iterator[str]:
    """Whether what is cited or named comes first, of queries that say a name we hold."""
    named = [each for each in ours if each.query.sort == "cite" and _is_held(each.query, held)]
    wrong = [each for each in named if not each.keys or not _is_best(each, each.keys[0])]
    right = len(named) - len(wrong)
    yield f"cited or named, and held by that name: first in {right} of {len(named)}"
    for each in wrong:
        yield f"  not first: {each.query.qid} {each.query.query}"


def _is_best(each: Answered, key: str) -> bool:
    return each.query.grades.get(key, 0) >= retrieval.BEST


def _is_held(query: Query, held: Universe) -> bool:
    """Whether the query says an identifier, a citation or a title of a document that answers it, by
    the letters alone."""
    said = fold(query.query).casefold()
    best = {key for key, grade in query.grades.items() if grade >= retrieval.BEST}
    with held.database.read() as connection:
        for number, document in store.documents(connection):
            if held.keys.get(document.name) in best:
                table, [version] = (
                    schema.identifier,
                    store.without_text(connection, [number]).values(),
                )
                names = select(table.c.canonical).where(table.c.document_id == number)
                every = (*connection.execute(names).scalars(), version.citation, version.title)
                if any(name and fold(name).casefold() in said for name in every):
                    return True
    return False


def _left_out(found: Answers, without: Collection[str]) -> Iterator[str]:
    if not without:
        return
    kept = {
        name: [each for each in held if each.query.qid not in without]
        for name, held in found.items()
    }
    mean, low, high = difference(kept[OURS], kept[FUSION])
    ours, fusion = (np.mean([each.gain for each in kept[name]]) for name in (OURS, FUSION))
    yield (
        f"without {', '.join(sorted(without))}: ours {ours:.3f}, plain fusion {fusion:.3f}, "
        f"{mean:+.3f} ({low:+.3f} to {high:+.3f})"
    )
