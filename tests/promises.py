"""What must hold of everything that is read, however what it was read from was damaged."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import zip_longest

import goldens
from test_apply import proven

from crawlers import challenge
from crawlers.source import Follow
from pipeline import cite, passages
from pipeline.citator.resolve import citations
from pipeline.diff import compare, edits
from pipeline.errors import PageChanged, QueryError
from pipeline.model import Block, BlockKind, Citation, Page, Reading
from pipeline.query import saved, shape, thesaurus
from pipeline.query.connectors import parse
from pipeline.query.tree import written

LINE = "\n\r\t"  # the controls that a text may hold


def page_holds(page: Page) -> None:
    """A source reads a page, or says that it lost its shape; what is read can be kept and shown."""
    source = goldens.spider(page.source)
    challenge.find(page)
    try:
        _check_reading(source.read(page))
    except PageChanged as error:
        check_words(str(error), "the error")
    try:
        _check_leads(list(source.follow(page)))
    except PageChanged as error:
        check_words(str(error), "the error")


def query_holds(text: str) -> None:
    """A query is read or its mistake is pointed at; a tree that is written reads back as itself."""
    _thesaurus().expand(text)
    for read in (shape.read, saved.read):
        try:
            read(text)
        except QueryError as error:
            assert 0 <= error.at <= len(text), "the mistake stands in the query"
            assert len(str(error)) < 1_000, "and is shown in part"
    try:
        tree = parse(text)
    except QueryError:
        return
    assert parse(written(tree)) == tree, "written and read again it is the same"


def difference_holds(before: Sequence[Block], after: Sequence[Block]) -> None:
    """Edits make the new text of the old one and the other way round; what stays is no change."""
    proven(before, after)
    assert not tuple(edits(after, after))


def citations_hold(text: str) -> None:
    """Citations stand in the text, apart, as printed; each is found again by its own name."""
    found = cite.find(text)
    for one, following in zip_longest(found, found[1:]):
        _check_citation(one, text)
        assert following is None or one.end <= following.start, "citations stand apart"
    for one in found[:3]:
        again = cite.lookup(one.canonical)
        if again is not None and again.kind == one.kind:
            assert again.canonical == one.canonical, f"{one.canonical!r} is {again.canonical!r}"
    for _, one in citations((Block(kind=BlockKind.PARAGRAPH, text=text),)):
        _check_citation(one, text)


def check_block(block: Block) -> None:
    """A block can be kept and shown, and its notes are called in it."""
    check_words(block.text, "a block")
    for said in (block.label, block.anchor, block.page, *block.trail):
        check_words(said, "what stands beside a block")
    for mark in block.marks:
        assert 0 <= mark.offset <= len(block.text), "a note is called in its text"


def check_words(text: str, what: str) -> None:
    """They can be kept as UTF-8 and shown: no controls but those that end a line."""
    assert isinstance(text, str), f"{what} is {type(text).__name__}"
    if not text.isprintable():
        odd = {each for each in text if unicodedata.category(each) in ("Cc", "Cs")} - {*LINE}
        assert not odd, f"{what} holds {sorted(map(ascii, odd))}"


def _check_reading(reading: Reading) -> None:
    for key in (*(version.document.key for version in reading.versions), *reading.listed):
        assert key.strip(), "a document has a key"
        check_words(key, "a key")
    for version in reading.versions:
        for name in ("title", "citation", "issuer"):
            check_words(getattr(version, name), name)
        for block in version.blocks:
            check_block(block)
        check_words(_json(dict(version.metadata)), "metadata")
        for stated in version.dates:
            check_words(stated.words, "the words of a date")
        "".join((version.url, *version.links.values(), *version.linked)).encode()
        assert version.text_digest != version.metadata_digest
    for version in reading.versions[:2]:
        compare(None, version)
        passages.split(version, lambda text: len(text.split()) + 2)


def _check_leads(leads: Sequence[Follow]) -> None:
    for lead in leads:
        lead.url.encode()
        _json(dict(lead.context)).encode()


def _check_citation(one: Citation, text: str) -> None:
    assert 0 <= one.start < one.end <= len(text), "a citation stands in its text"
    assert text[one.start : one.end] == one.raw, "and is what stands there"
    assert one.canonical.strip() == one.canonical, "its name has no spaces around it"
    check_words(one.canonical, "a canonical name")


def _json(value: object) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False)


@cache
def _thesaurus() -> thesaurus.Thesaurus:
    return thesaurus.load()
