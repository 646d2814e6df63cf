"""How long the citator's questions take on a store of all precedents in full.

    python -m benchmarks.citator [--decisions 4150] [--keep FILE]
    python -m benchmarks.citator --commands FOLDER/config.toml

The store is made up: decisions of 60 paragraphs with 72 citations each, so that a few are cited by
thousands and most by a handful. Nothing in it is a real decision. With --commands the commands are
timed as a user starts them, each a process of its own, on a store that `benchmarks.corpora` made.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from sqlalchemy import insert

from benchmarks import commands
from benchmarks.tables import tabulated
from index import citator, schema, treatments
from index.authorities import named
from index.database import Database
from index.lookup import look_up
from pipeline.citator.model import Body, Forum, Treatment, TreatmentForm, TreatmentKind
from pipeline.errors import NotHeld
from pipeline.model import Block, BlockKind, Citation

PARAGRAPHS, CITED, TREATED = 60, 72, 3  # of each decision
PER_VOLUME = 150  # decisions, ten pages apart
ASKED = 15  # draws of each question
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
ON = date(2026, 11, 22)
DICE = random.Random(1)  # noqa: S311 - the same store each time, not a secret
WORDS = re.findall(
    r"\w+",
    "the respondent applicant Board record evidence shows that she did not meet her burden of proof"
    " and therefore it follows from the regulation as we have held before on these facts",
)
# Of a hundred treatments four are negative.
KINDS = [
    *(TreatmentKind.FOLLOWED,) * 70,
    *(TreatmentKind.DISTINGUISHED,) * 26,
    *(TreatmentKind.OVERRULED,) * 4,
]


@dataclass(frozen=True, kw_only=True)
class Made:
    """A made-up decision by its place in the reporter."""

    number: int

    @property
    def canonical(self) -> str:
        volume, place = divmod(self.number, PER_VOLUME)
        return f"{volume + 1} I&N Dec. {place * 10 + 1}"

    @property
    def year(self) -> int:
        return 1945 + self.number // 52

    @property
    def name(self) -> str:
        letters = [chr(65 + self.number // 26**place % 26) for place in range(2)]
        return f"Matter of {'-'.join(letters)}-"

    @property
    def citation(self) -> str:
        return f"{self.canonical} (BIA {self.year})"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--decisions", type=int, default=4150)
    parser.add_argument("--keep", type=Path, help="a file to keep the store in, or to find it in")
    parser.add_argument("--commands", type=Path, help="time the commands by these settings alone")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        if options.commands:
            rows = [*commands.timed(options.commands, Path(folder))]
            title = f"commands as processes, {commands.TIMES} times each, in s"
            Console(width=110).print(tabulated(title, ("command", "p50", "p50 of CPU"), rows))
            return
        path = options.keep or Path(folder) / "lexwatch.db"
        is_new = not path.exists()
        database = Database(f"sqlite:///{path}")
        if is_new:
            make(database, options.decisions)
        size = path.stat().st_size / 1e6
        rows = [*timed(database, options.decisions)]
        title = (
            f"{options.decisions:,} made-up decisions, {options.decisions * CITED:,} citations, "
            f"{size:,.0f} MB; in ms of the processor"
        )
        Console(width=110).print(tabulated(title, ("question", "p50", "p95", "most"), rows))
        database.close()


def make(database: Database, decisions: int) -> None:
    """Fill an empty store."""
    with database.write() as connection:
        run = {"source": "bia_decisions", "state": "complete", "baseline": True, "started_at": NOW}
        connection.execute(insert(schema.run).values(id=1, is_whole=True, **run))
        body = {"sha256": "made", "size": 0, "compressed": b""}
        connection.execute(insert(schema.body).values(body))
        connection.execute(insert(schema.page).values(**_page()))
        for first in range(0, decisions, 100):
            batch = [Made(number=n) for n in range(first, min(first + 100, decisions))]
            tables: dict[Any, list[Mapping[str, Any]]] = {}
            for each in batch:
                for table, row in _rows(each):
                    tables.setdefault(table, []).append(row)
            for table, rows in tables.items():
                connection.execute(insert(table), rows)


def timed(database: Database, decisions: int) -> Iterator[tuple[str, ...]]:
    """Each question with its times."""
    often = [Made(number=n) for n in range(5)]
    any_of = [Made(number=DICE.randrange(decisions)) for _ in range(ASKED)]
    forum = Forum(body=Body.IMMIGRATION_COURT, circuit="1")
    ids = [DICE.sample(range(1, decisions + 1), 20) for _ in range(ASKED)]

    def status(each: Made) -> object:
        return citator.status(database, each.canonical, forum, ON)

    def alone(each: Made) -> object:
        try:
            return citator.status(database, each.name, None, ON)
        except NotHeld as error:  # several go by the name, as initials do
            return str(error)

    def draft(few: Sequence[Made]) -> object:
        with database.read() as connection:
            return citator.statuses(connection, [each.canonical for each in few], forum, ON)

    def treated(numbers: Sequence[int]) -> object:
        with database.read() as connection:
            return treatments.treated(connection, numbers)

    def coverage(_: object) -> object:
        with database.read() as connection:
            return citator.coverage(connection)

    def known(each: Made) -> object:
        with database.read() as connection:
            return citator.resolve_all(connection, [named(connection, each.canonical)])

    drafts = [[Made(number=n) for n in DICE.sample(range(decisions), 20)] for _ in range(4)]
    yield _times("what we hold of the precedents", coverage, any_of)
    yield _times("resolve, any", known, any_of)
    yield _times("resolve, cited most", known, often)
    yield _times("status, any", status, any_of)
    yield _times("status, cited most", status, often)
    yield _times("status by a name alone", alone, any_of)
    yield _times("status of 20 at once, as a draft", draft, drafts)
    yield _times("cites, any", lambda each: citator.cites(database, each.canonical), any_of)
    yield _times("cites, cited most", lambda each: citator.cites(database, each.canonical), often)
    yield _times(
        "cites, cited most, all",
        lambda each: citator.cites(database, each.canonical, None),
        often[:2],
    )
    yield _times("negative treatment of 20 hits", treated, ids)
    yield _times("show, any", lambda each: look_up(database, each.canonical), any_of)
    yield _times("show, cited most", lambda each: look_up(database, each.canonical), often)


def _times(name: str, ask: Callable[[Any], object], drawn: Sequence[Any]) -> tuple[str, ...]:
    ask(drawn[0])  # what is loaded once is no question's cost
    found = []
    for each in drawn:
        began = time.process_time()
        ask(each)
        found.append((time.process_time() - began) * 1000)
    found.sort()
    late = found[min(len(found) - 1, len(found) * 95 // 100)]
    return name, f"{statistics.median(found):.1f}", f"{late:.1f}", f"{found[-1]:.1f}"


def _rows(made: Made) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    number = made.number + 1
    texts, cited = _text(made)
    yield schema.document, _document_row(number)
    yield schema.version, _version_row(made, texts)
    for name in (made.canonical, f"Interim Decision {number}"):
        yield schema.identifier, {"document_id": number, "canonical": name}
    for block, found in cited:
        yield schema.citation, _citation_row(number, block, found)
    for block, found in cited[:TREATED]:
        yield schema.treatment, _treatment_row(number, block, found, texts[block])


def _document_row(number: int) -> Mapping[str, Any]:
    return {
        "id": number,
        "source": "bia_decisions",
        "key": str(number),
        "kind": "bia-precedent",
        "current": number,
        "listed_at": NOW,
    }


def _version_row(made: Made, texts: Sequence[str]) -> Mapping[str, Any]:
    number = made.number + 1
    return {
        "id": number,
        "document_id": number,
        "page_id": 1,
        "seen_at": NOW,
        "title": made.name,
        "citation": made.citation,
        "issuer": "Board",
        "url": f"u{number}",
        "published_on": None,
        "blocks": tuple(
            Block(kind=BlockKind.PARAGRAPH, text=text, page=str(1 + at // 6))
            for at, text in enumerate(texts)
        ),
        "dates": (),
        "metadata": {"year": made.year},
        "links": {},
        "linked": [],
        "parser": "made",
        "text_digest": "",
        "metadata_digest": "",
    }


def _citation_row(number: int, block: int, found: Citation) -> Mapping[str, Any]:
    return {
        "version_id": number,
        "block": block,
        "start": found.start,
        "end": found.end,
        "raw": found.raw,
        "kind": found.kind,
        "canonical": found.canonical,
        "pin": found.pin,
        "name": found.name,
        "court": found.court,
        "cited": found.cited,
    }


def _treatment_row(number: int, block: int, found: Citation, text: str) -> Mapping[str, Any]:
    said = Treatment(
        kind=DICE.choice(KINDS),
        form=TreatmentForm.TAG,
        target=found.canonical,
        name=found.name,
        sentence=text,
        block=block,
        start=0,
        end=len(text),
    )
    return {
        "version_id": number,
        "target": said.target,
        "by": "",
        "kind": said.kind,
        "page": "",
        "said": said,
    }


def _text(made: Made) -> tuple[list[str], list[tuple[int, Citation]]]:
    """Paragraphs, and what they cite: those decided before, the first of all the most."""
    texts: list[str] = []
    cited: list[tuple[int, Citation]] = []
    wanted = [_earlier(made) for _ in range(CITED)]
    for block in range(PARAGRAPHS):
        sentences = [" ".join(DICE.choices(WORDS, k=40)).capitalize() + "."]
        for earlier in wanted[block * CITED // PARAGRAPHS : (block + 1) * CITED // PARAGRAPHS]:
            sentence = f"We held so in {earlier.name}, {earlier.citation}, where it did not bind."
            start = sum(map(len, sentences)) + len(sentences) + sentence.index(earlier.canonical)
            sentences.append(sentence)
            cited.append((block, _citation(earlier, start)))
        texts.append(" ".join(sentences))
    return texts, cited


def _citation(earlier: Made, start: int) -> Citation:
    return Citation(
        raw=earlier.canonical,
        start=start,
        end=start + len(earlier.canonical),
        kind="case_reporter",
        canonical=earlier.canonical,
        name=earlier.name,
        court=f"BIA {earlier.year}",
    )


def _earlier(made: Made) -> Made:
    if DICE.random() < 0.1:
        return Made(number=min(int(DICE.expovariate(0.5)), made.number))
    return Made(number=int(made.number * DICE.random()))


def _page() -> Mapping[str, Any]:
    return {
        **{"id": 1, "run_id": 1, "source": "bia_decisions", "url": "u", "final_url": "u"},
        **{"asked": "u", "status": 200, "headers": {}, "sha256": "made", "fetched_at": NOW},
        **{"context": {}, "read_at": NOW},
    }


if __name__ == "__main__":
    main()
