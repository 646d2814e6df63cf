"""Take in what a version says: its place among the others, the change, and what is derived."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from index import (
    archive,
    derived,
    history,
    orders,
    parts,
    passages,
    relating,
    reporting,
    store,
    succession,
    treatments,
)
from index.store import Held
from pipeline import diff
from pipeline.citator.resolve import citations
from pipeline.errors import LexwatchError, SettingsError
from pipeline.identifiers import identifiers
from pipeline.model import (
    NOT_IMMIGRATION,
    ChangeClass,
    ChangeKind,
    Difference,
    Document,
    Page,
    Reading,
    Tag,
    Version,
)
from pipeline.papers import public_by
from pipeline.succession import correct, succeed
from pipeline.telling import LIVING
from pipeline.topics import Taxonomy

LATE = timedelta(days=30)  # from publication to our finding it, where it still is news


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What ingest decides by: each source's reading, the topics, and the model's token count.

    `enumerating` names the sources whose listings name every document.
    """

    readers: Mapping[str, Callable[[Page], Reading]]
    taxonomy: Taxonomy
    count: Callable[[str], int]
    enumerating: Collection[str] = ()


@dataclass(frozen=True, kw_only=True)
class Task:
    """What a page is taken in by. `baseline`: too little of its source was read before to call this
    new; `watched_since`: the day from which on we would have seen it."""

    page: int
    run: int
    baseline: bool
    watched_since: date | None
    now: datetime
    rules: Rules


@dataclass(frozen=True, kw_only=True)
class _Step:
    """From one version of a document to the next."""

    document: int
    old: Held | None
    new: Version
    difference: Difference


def read(page: Page, rules: Rules) -> Reading:
    """Read a page by its source. Raises what its reader raises."""
    if page.status != 200:  # kept as evidence; it says nothing about the law
        return Reading()
    if page.source not in rules.readers:
        raise SettingsError(f"no source named {page.source} is installed to read {page.url}")
    return rules.readers[page.source](page)


def take_in(connection: Connection, version: Version, task: Task) -> None:
    """Save a version of a document where it says something else than what is held, with the change
    and all that is derived of it."""
    document = store.identify(connection, version.document)
    held = store.current(connection, document)
    # What is held was "seen" later than now where a clock was wrong: this is no older capture then.
    if held is not None and version.seen_at < held.version.seen_at <= task.now:
        _insert(connection, document, version, task)
        return
    if held is not None and held.version.parser != version.parser:
        held = _reread(connection, document, held, task)
    if held is None:
        _begin(connection, document, version, task)
    elif not diff.is_lesser(held.version, version):  # else what we hold stands
        _go_on(connection, document, held, version, task)


def _go_on(connection: Connection, document: int, held: Held, version: Version, task: Task) -> None:
    """Save what a document says now, where that is something else than before.

    A fuller form that the same run brings is what the document appeared with: nobody was told of
    the poorer one yet. Later it is told for what it adds, unless the document is no news.
    """
    difference = correct(held.version, version)
    if difference is None:
        _readdress(connection, document, held, version, task.now)
        return
    is_fuller = diff.is_lesser(version, held.version)
    if is_fuller and history.appeared(connection, held.id, task.run):
        number = store.add_version(connection, document, task.page, version)
        tags = orders.tagged(connection, document, version, task.rules.taxonomy.classify(version))
        appearance = diff.appear(version)
        history.complete(connection, held.id, number, appearance, tags, recorded_at=task.now)
    else:
        if store.removed_at(connection, document):
            difference = replace(difference, kind=ChangeKind.BACK)
        if is_fuller:
            difference = _revealed(connection, document, version, difference, task.rules)
        step = _Step(document=document, old=held, new=version, difference=difference)
        number = _take(connection, step, task, baseline=is_fuller and _is_old(version, task))
    _derive(connection, document, number, version, task.rules, now=task.now)


def _readdress(
    connection: Connection, document: int, held: Held, version: Version, at: datetime | None
) -> None:
    """Take over the addresses of a later page of the same text; what it came to link to joins it,
    unless it is a text that lives on: no change of that is told."""
    store.readdress(connection, held.id, version)
    if version.linked != held.version.linked and version.document.kind not in LIVING:
        parts.join(connection, document, held.id, version, at)


def _begin(connection: Connection, document: int, version: Version, task: Task) -> None:
    """Save a document that is new to us, compared with the one before it in its series.

    What comes before a document that was no news itself is none either, and that one is compared
    with it now.
    """
    after = succession.after(connection, version, partial(_again, connection, task.rules))
    before, difference = succession.compare(connection, version)
    step = _Step(document=document, old=before, new=version, difference=difference)
    is_silent = after is not None or _is_old(version, task)
    number = _take(connection, step, task, baseline=is_silent)
    _derive(connection, document, number, version, task.rules, now=task.now)
    if after is not None:
        history.recompare(connection, number, after.id, succeed(version, after.version))


def _is_old(version: Version, task: Task) -> bool:
    """Whether a document that is new to us was published well before we watched: no news to
    anybody. One that is found a little late is told rather late than never; where the year alone is
    stated, the year must be over."""
    published = public_by(version)
    if published is None or task.watched_since is None:
        return task.baseline
    return task.baseline or published < task.watched_since - LATE


def _revealed(
    connection: Connection, document: int, version: Version, difference: Difference, rules: Rules
) -> Difference:
    """A full text that is about more than its abstract let know is news to those who watch that."""
    before = {tag.topic for tag in derived.topics_of(connection, document)}
    found = {tag.topic for tag in rules.taxonomy.classify(version)} - before - {NOT_IMMIGRATION}
    if not found:
        return difference
    names = ", ".join(rules.taxonomy.titles[topic] for topic in sorted(found))
    return replace(
        difference,
        change_class=ChangeClass.SUBSTANTIVE,
        reasons=(*difference.reasons, f"Only the full text says that it is about: {names}."),
    )


def _insert(connection: Connection, document: int, version: Version, task: Task) -> None:
    """Give an older capture its place by the time of its capture. Nobody is alerted of what is
    superseded; what readers were told of later versions stays as it was told."""
    before, after = store.beside(connection, document, version.seen_at)
    if before is None:
        before, difference = succession.compare(connection, version)
    elif (found := correct(before.version, version)) is None:
        return
    else:
        difference = found
    following = None if after is None else correct(version, after.version)
    if after is not None and following is None:
        store.backdate(connection, after.id, task.page, version.seen_at)
        return
    step = _Step(document=document, old=before, new=version, difference=difference)
    number = _take(connection, step, task, baseline=True, is_current=False)
    parts.join(connection, document, number, version, task.now)
    if after is not None and following is not None:
        history.recompare(connection, number, after.id, following)
        parts.join(connection, document, after.id, after.version, task.now)


def _take(
    connection: Connection, step: _Step, task: Task, *, baseline: bool, is_current: bool = True
) -> int:
    number = store.add_version(
        connection, step.document, task.page, step.new, is_current=is_current
    )
    tags = task.rules.taxonomy.classify(step.new, step.difference)
    history.add(
        connection,
        document=step.document,
        old=step.old.id if step.old else None,
        new=number,
        run=task.run,
        difference=step.difference,
        tags=orders.tagged(connection, step.document, step.new, tags),
        seen_at=step.new.seen_at,
        recorded_at=task.now,
        baseline=baseline,
    )
    return number


def _reread(connection: Connection, document: int, held: Held, task: Task) -> Held:
    """The held version as today's reader has it: a better reader is not a change in the law."""
    version = _again(connection, task.rules, held, held.version.document)
    if version is None:
        return held
    store.restate(connection, held.id, version)
    _derive(connection, document, held.id, version, task.rules, now=task.now)
    return Held(id=held.id, page=held.page, version=version)


def _again(connection: Connection, rules: Rules, held: Held, document: Document) -> Version | None:
    """What today's reader sees of a document on the page of a version; None where it no longer
    knows the page of then: what it said stands."""
    try:
        reading = read(archive.page(connection, held.page), rules)
    except LexwatchError:
        return None
    return next((each for each in reading.versions if each.document.name == document.name), None)


def restate(connection: Connection, version: Version, page: int, rules: Rules) -> None:
    """Derive again, in place, what the version of a document on a page says to today's reader."""
    document = store.known(connection, version.document)
    if document is None:  # today's reader sees a document that none saw; the next crawl tells
        return
    held = store.current(connection, document)

    def tags(difference: Difference) -> tuple[Tag, ...]:
        found = rules.taxonomy.classify(version, difference)
        return orders.tagged(connection, document, version, found)

    for stored in store.versions(connection, document, page):
        store.restate(connection, stored.id, version)
        history.retag(connection, stored.id, tags)
        if held is not None and held.id == stored.id:
            _derive(connection, document, stored.id, version, rules, now=None)
            return
        parts.join(connection, document, stored.id, version, None)
    before, _ = store.beside(connection, document, version.seen_at)
    if before is None or before.page >= page:
        return
    if before.version.text_digest == version.text_digest:  # it still stood there on this page
        _readdress(connection, document, before, version, None)


def _derive(
    connection: Connection,
    document: int,
    number: int,
    version: Version,
    rules: Rules,
    *,
    now: datetime | None,
) -> None:
    """Bring what is derived from the current version in line with it."""
    tags = orders.tagged(connection, document, version, rules.taxonomy.classify(version))
    derived.set_topics(connection, document, tags)
    is_paper = relating.is_paper(version)
    names = identifiers(version) | (relating.filed_under(version) if is_paper else set())
    names |= orders.names(connection, document, version) | reporting.filed_under(version)
    derived.set_identifiers(connection, document, names)
    cited = citations(version.blocks)
    derived.set_citations(connection, number, cited)
    treatments.replace(connection, number, version, cited)
    passages.replace(connection, document, version, rules.count)
    if is_paper:
        relating.relate(connection, document)
    orders.relate(connection, document, version)
    reporting.relate(connection, document, version)
    parts.join(connection, document, number, version, now)
