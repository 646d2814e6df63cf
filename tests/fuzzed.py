"""Everything that reads what others wrote, with samples of that."""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import goldens
from fuzzing import Case, Target, damaged
from promises import citations_hold, difference_holds, page_holds, query_holds
from scrapy.robotstxt import ProtegoRobotParser
from test_draft import paragraph, run, word

import crawlers
from alerts.cle import jurisdictions
from lexwatch import settings
from pipeline import taxonomy, topics
from pipeline.citator import draft
from pipeline.citator.wordfile import Unopened
from pipeline.errors import SettingsError
from pipeline.model import Block, Page
from pipeline.normalise import blocks, parse
from pipeline.query import entry

SAMPLE = Path(crawlers.__file__).parent / "sample"
ROOT = Path(__file__).resolve().parents[1]
PER_SOURCE = 12  # pages that were recorded, beside all of our own
WIDEST = 60_000  # bytes of such a page
PIECES = (
    *('"', "(", ")", " ", "asylum", "bond", "rem!", "wom*n", "212(h)", "I-130", "/s", "/p", "/5"),
    *("+3", "w/7", "pre/2", "AND", "or", "NOT", "but", "%", "&", "!", "*", "§", "I&N", "A-B-", "“"),
    *("8 CFR 214.2(h)", "28 I&N Dec. 714", "Matter of ", "INA § 208", "8 U.S.C. 1101", "adv:", "#"),
    *("\n", "\x00", "\ud800", "\u202e", "\u200b", "é", "中", "²", "Id. at 5", "supra", "v. "),
    *("Matter of A-B-, 27 I&N Dec. 316 (A.G. 2018)", "overruled by ", "8 USCIS-PM A.3", ", ", ". "),
)
ROBOTS = b"""User-agent: *
Crawl-delay: 10
Disallow: /private/*.pdf$
Allow: /
Request-rate: 1/5
User-agent: lexwatch
Crawl-delay: nan
Disallow: /%zz
Sitemap: https://www.publisher.test/sitemap.xml
"""
OFFICE = {
    "settings": ROOT / "config.toml",
    "topics": ROOT / "pipeline" / "topics.toml",
    "thesaurus": ROOT / "pipeline" / "thesaurus" / "asylum.toml",
    "jurisdictions": ROOT / "alerts" / "cle" / "jurisdictions.toml",
}


def targets(shared: Path | None = None) -> tuple[Target, ...]:
    """Everything that is tried; with the recorded pages of `shared` where they are at hand."""
    pages = [*_pages(shared)]
    papers = [page for page in pages if _is_paper(page)]
    webs = [page for page in pages if not _is_paper(page)]
    texts = [page.body for page in webs if page.body.lstrip()[:1] == b"<"]
    return (
        _of_pages("pages", webs),
        _of_pages("papers", papers),
        Target(name="queries", make=_typed, holds=lambda case: query_holds(case.text)),
        _differences([page for page in webs if page.body.lstrip()[:1] == b"<"]),
        Target(
            name="citations",
            make=partial(_cited, texts),
            holds=lambda case: citations_hold(case.text),
        ),
        Target(name="files", make=partial(_given, _files(papers)), holds=_file_holds),
    )


def _of_pages(name: str, pages: Sequence[Page]) -> Target:
    """Pages of every source, each source as often, however many pages it has."""
    known: dict[str, list[Page]] = {}
    for page in pages:
        known.setdefault(page.source, []).append(page)

    def make(random: Random) -> Case:
        source = random.choice(sorted(known))
        number = random.randrange(len(known[source]))
        others = [page.body for page in known[source]]
        body = damaged(random, known[source][number].body, others)
        return Case(sample=f"{source} {number}", body=body)

    def holds(case: Case) -> None:
        source, number = case.sample.split()
        page_holds(replace(known[source][int(number)], body=case.body))

    return Target(name=name, make=make, holds=holds)


def _differences(pages: Sequence[Page]) -> Target:
    """A page beside itself, damaged once and then again."""

    @cache
    def before(number: int) -> tuple[Block, ...]:
        return blocks(parse(pages[number].body, pages[number].headers))

    def make(random: Random) -> Case:
        number = random.randrange(len(pages))
        return Case(sample=str(number), body=damaged(random, pages[number].body))

    def holds(case: Case) -> None:
        number = int(case.sample)
        difference_holds(before(number), blocks(parse(case.body, pages[number].headers)))

    return Target(name="differences", make=make, holds=holds)


def _typed(random: Random) -> Case:
    return Case(sample="typed", body=_strung(random, random.choice((3, 8, 30))))


def _cited(texts: Sequence[bytes], random: Random) -> Case:
    """Citations strung together, or among the words of a page."""
    said = _strung(random, random.choice((5, 40)))
    text = random.choice(texts)
    at = random.randrange(len(text))
    return Case(sample="text", body=damaged(random, text[at : at + 4_000] + said))


def _strung(random: Random, most: int) -> bytes:
    count = random.randint(1, most)
    said = random.choice(("", " ")).join(random.choice(PIECES) for _ in range(count))
    body = said.encode("utf-8", "surrogatepass")
    return damaged(random, body)[:20_000] if random.random() < 0.3 else body


def _files(papers: Sequence[Page]) -> Mapping[str, bytes]:
    """What an office hands over, by what reads it; and robots.txt, which is as small."""
    said = (PIECES[30], "Matter of Q-R-, 28 I&amp;N Dec. 1 (BIA 2020).", "“Quoted,” id. at 2.")
    return {
        **{name: path.read_bytes() for name, path in OFFICE.items()},
        "draft Word": word(*(paragraph(run(each)) for each in said)),
        "draft PDF": min((page.body for page in papers), key=len),
        "draft text": "\n\n".join(said).encode(),
        "robots": ROBOTS,
    }


def _given(files: Mapping[str, bytes], random: Random) -> Case:
    sample = random.choice(sorted(files))
    body = files[sample]
    if sample == "draft Word" and random.random() < 0.8:
        return Case(sample=sample, body=_repacked(random, body))
    if sample in OFFICE:  # most of it goes: what is wrong is found at the first mistake
        lines = body.splitlines(keepends=True)
        at = random.randrange(len(lines))
        body = b"".join(lines[at : at + 40])
    return Case(sample=sample, body=damaged(random, body))


def _repacked(random: Random, body: bytes) -> bytes:
    """A packed file with one of its parts damaged."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as file, zipfile.ZipFile(packed, "w") as other:
        chosen = random.choice(file.namelist())
        for name in file.namelist():
            part = file.read(name)
            other.writestr(name, damaged(random, part) if name == chosen else part)
    return packed.getvalue()


def _file_holds(case: Case) -> None:
    """What an office gives is read, or refused in words of ours; robots.txt is read in any case."""
    _HOLDS[case.sample.partition(" ")[0]](case.body)


def _draft_holds(body: bytes) -> None:
    try:
        read = draft.read(body)
    except Unopened:
        return
    for index, block in enumerate(read.blocks):
        assert "\x00" not in block.text
        block.text.encode()
        assert read.place(index)


def _office_holds(load: Callable[[Path], object], body: bytes) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "given.toml")
        file.write_bytes(body)
        try:
            load(file)
        except SettingsError as error:
            assert str(error)


def _robots_hold(body: bytes) -> None:
    rules = ProtegoRobotParser(body, None)
    rules.allowed("https://www.publisher.test/private/a.pdf?x=1", "lexwatch")
    pause = rules.crawl_delay("lexwatch") or 0.0
    assert math.isfinite(pause), pause
    assert pause >= 0, pause


OFFICE_READERS: Mapping[str, Callable[[Path], object]] = {
    "settings": settings.load,
    "topics": partial(taxonomy.read, topics.PACKAGED),
    "thesaurus": entry.read,
    "jurisdictions": lambda file: jurisdictions.profiles(
        file.read_text("utf-8", "replace"), str(file)
    ),
}
_HOLDS: Mapping[str, Callable[[bytes], None]] = {
    **{name: partial(_office_holds, load) for name, load in OFFICE_READERS.items()},
    "draft": _draft_holds,
    "robots": _robots_hold,
}


def _pages(shared: Path | None) -> Iterator[Page]:
    for file in sorted(goldens.STORED.glob("*/*")):
        if file.suffix in goldens.CONTENT_TYPES and file.with_suffix(".meta.json").exists():
            yield goldens.stored(file)
    sources = sorted(path.stem for path in (ROOT / "crawlers" / "sources").glob("[a-z]*.py"))
    for folder in [SAMPLE, *([shared / "recorded"] if shared else [])]:
        for source in sources:
            found = [*_recorded(folder, source)]
            yield from found[:: 1 + len(found) // PER_SOURCE]


def _recorded(folder: Path, source: str) -> Iterator[Page]:
    facts = goldens.spider(source).facts
    for row in map(json.loads, (folder / "index.jsonl").read_text("utf-8").splitlines()):
        url, file = row["url"], folder / row["file"]
        is_led = url.startswith(goldens.LED_TO.get(source, ()))
        if (facts.covers(url) or is_led) and file.stat().st_size < WIDEST:
            yield goldens.page(source, url, file.read_bytes(), content_type=row["content_type"])


def _is_paper(page: Page) -> bool:
    return b"%PDF-" in page.body[:1024]
