"""A year of the Federal Register for benchmarks: real titles and abstracts, made-up full texts."""

from __future__ import annotations

import json
import random
import statistics
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any, Self
from xml.sax.saxutils import escape

from lxml import etree

from crawlers.simulated.corpus import from_corpus
from crawlers.simulator import HOST, Simulator
from pipeline.fedreg import KINDS

SHARED = Path(__file__).parents[2] / "shared"
CORPORA = ("federal_register_immigration.jsonl", "federal_register_other.jsonl")
ISSUE = "recorded/2016-04-15/www.govinfo.gov/content/pkg/FR-2016-04-15/xml/FR-2016-04-15.xml"
FIRST, LAST = "2023-01-01", "2024-01-02"  # where the corpora are densest
NEXT = "2024-01-03"

Json = Mapping[str, Any]
Sizes = Mapping[str, Sequence[int]]  # bytes of recorded documents, by kind


@dataclass(frozen=True, kw_only=True)
class Year:
    """Single-document answers and their full texts by path, as a simulator takes them.

    Each text is as long as one of its kind in `sizes`: the documents of a whole recorded issue,
    since the recorded files of single documents are mostly long rules.
    """

    documents: Sequence[Json]
    texts: Mapping[str, bytes]
    sizes: Sizes

    @classmethod
    def recorded(cls) -> Self:
        """Exits, saying why, where ../shared is absent."""
        if missing := [name for name in _paths() if not (SHARED / name).is_file()]:
            sys.exit(f"{SHARED / missing[0]} is absent: the year is made from what it holds")
        return cls._made(_rows(), _sizes())

    @classmethod
    def _made(cls, rows: Iterable[Json], sizes: Sizes) -> Self:
        documents, texts = [], {}
        for each in from_corpus(rows):
            number, published = each["document_number"], each["publication_date"]
            path = f"/documents/full_text/xml/{published.replace('-', '/')}/{number}.xml"
            documents.append({**each, "full_text_xml_url": f"https://{HOST}{path}"})
            texts[path] = _text(each, sizes)
        return cls(documents=documents, texts=texts, sizes=sizes)

    @property
    def simulator(self) -> Simulator:
        return Simulator(self.documents, texts=self.texts)

    def followed(self, number: int) -> Self:
        """The next day: so many of its immigration documents come out again under new numbers."""
        again = [
            {**row, "document_number": f"2024-9{n:04}", "publication_date": NEXT}
            for n, row in enumerate(islice(_rows(), number))
        ]
        added = self._made(again, self.sizes)
        return type(self)(
            documents=[*self.documents, *added.documents],
            texts={**self.texts, **added.texts},
            sizes=self.sizes,
        )

    def changed(self) -> Self:
        """The publisher adds a comment date to the entry of the newest document."""
        *others, newest = self.documents
        stated = {**newest, "comments_close_on": "2024-03-04"}
        return type(self)(documents=[*others, stated], texts=self.texts, sizes=self.sizes)

    def __str__(self) -> str:
        made = [len(text) / 1000 for text in self.texts.values()]
        middle, mean = statistics.median(made), statistics.mean(made)
        issue = sum(map(len, self.sizes.values()))
        return (
            f"{len(self.documents)} documents of {FIRST} to {LAST}: titles and abstracts are real,"
            f"\nfull texts synthesised to {middle:.0f} kB (median) and {mean:.0f} kB (mean),\nas"
            f" long by kind as the {issue} documents of a recorded issue"
        )


def _paths() -> Iterator[str]:
    yield from (f"corpora/{name}" for name in CORPORA)
    yield ISSUE


def _rows() -> Iterator[dict[str, Any]]:
    """Those of the year, on immigration first."""
    for name in CORPORA:
        with (SHARED / "corpora" / name).open(encoding="utf-8") as lines:
            rows = map(json.loads, lines)
            yield from (row for row in rows if FIRST <= row["publication_date"] <= LAST)


def _sizes() -> Sizes:
    issue = etree.parse(SHARED / ISSUE)
    return {
        kind: [len(etree.tostring(each, with_tail=False)) for each in issue.iter(tag)]
        for tag, kind in KINDS.items()
    }


def _text(document: Json, sizes: Sizes) -> bytes:
    """The document in the register's elements: its abstract, numbered, until it is long enough."""
    kind = document["type"].casefold().replace(" ", "-")
    tag = next(tag for tag, name in KINDS.items() if name == kind)
    dice = random.Random(document["document_number"])  # noqa: S311 - a length, not a secret
    title, said = escape(document["title"]), escape(document.get("abstract") or document["title"])
    head = (
        f'<PREAMB><AGENCY TYPE="F">AGENCY OF THE BENCHMARK</AGENCY><SUBJECT>{title}</SUBJECT>'
        f'<SUM><HD SOURCE="HED">SUMMARY:</HD><P>{said}</P></SUM></PREAMB>'
        '<SUPLINF><HD SOURCE="HED">SUPPLEMENTARY INFORMATION:</HD>'
    )
    number, published = document["document_number"], document["publication_date"]
    year, month, day = (int(part) for part in published.split("-"))
    filed = f"{month}-{day}-{year % 100}"
    foot = f"</SUPLINF><FRDOC>[FR Doc. {number} Filed {filed}; 8:45 am]</FRDOC></{tag}>"
    parts, length = [f"<{tag}>{head}"], dice.choice(sizes[kind])
    left = length - len(head) - len(foot)
    for paragraph in count(1):
        if left <= 0:
            break
        parts.append(f"<P>{paragraph}. {said}</P>\n")
        left -= len(parts[-1])
    return "".join((*parts, foot)).encode()
