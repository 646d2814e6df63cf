"""The composition root: the parts, put together once from the settings."""

from __future__ import annotations

import importlib
import logging
import os
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from index import indexed
from index.database import Database
from lexwatch import turns
from lexwatch.keeping.keeper import Keeper
from lexwatch.mistakes import near
from lexwatch.settings import Settings, Source
from lexwatch.turns import Turn
from pipeline.calendar import eastern, quiet
from pipeline.errors import SettingsError
from pipeline.meaning import MODEL
from pipeline.subscription import MAIL

if TYPE_CHECKING:
    from alerts.deliver import Transport
    from crawlers.spider import SourceSpider
    from index.deliveries import Ledger
    from index.encoder import Encoder
    from index.intake import Rules
    from index.reranker import CrossReranker
    from index.search.understanding import Understanding
    from index.vectors import Vectors
    from pipeline.health import Normal
    from pipeline.model import SourceReport
    from pipeline.query.thesaurus import Thesaurus
    from pipeline.subscription import Subscription
    from pipeline.topics import Taxonomy

_log = logging.getLogger(__name__)

Waiting = Callable[[str], AbstractContextManager[object]]

MOMENT = 600.0  # seconds; the longest chapter with its diff takes a few


def now() -> datetime:
    """The real clock. Everything else is given one."""
    return datetime.now(UTC)


class App:
    """Every part a command may need, made when it is first asked for.

    Imports stand where they are used: a citation lookup pays neither for Scrapy nor for torch.
    """

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = now) -> None:
        self.settings = settings
        self.clock = clock
        # Told what takes seconds, for as long as it does: a command sets it to say so.
        self.waiting: Waiting = nullcontext

    @cached_property
    def database(self) -> Database:
        folder = self.settings.folder
        if folder.exists() and not folder.is_dir():
            raise SettingsError(f"data.folder {folder} is a file; name a folder")
        if folder.exists() and not os.access(folder, os.W_OK):
            return self._opened()  # what is there can be read and searched
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.chmod(folder, 0o700)  # noqa: PTH101 - also where the folder was made by someone else
        except OSError as error:
            raise SettingsError(f"data.folder {folder}: {error.strerror}") from error
        with turns.held(self._lock("migrate"), "brings the database up", MOMENT):
            return self._opened()

    def _opened(self) -> Database:
        database = Database(self.settings.database_url, Keeper(self.settings, self.clock))
        with database.read() as connection:
            is_ready = indexed.is_ready(connection)
        if not is_ready and database.is_writable:  # a question waits for no crawl that writes
            with database.write() as connection:
                indexed.prepare(connection)
        return database

    @contextmanager
    def turn(self, turn: Turn) -> Iterator[None]:
        """Be the one process that reads, embeds or mails in this data folder, as long as it lasts.

        Waits for who does so now, and says so. Raises `StoreError` where that one goes on for
        hours, or nothing can be written.
        """
        _ = self.database  # makes the folder
        with turns.held(self._lock(turn), turns.DOES[turn], turns.PATIENCE[turn]):
            yield

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Be the only process at work in the data folder: for what replaces the data as a whole.
        Raises `StoreError` where there is another."""
        _ = self.database  # makes the folder
        with turns.every(self.settings.folder):
            yield

    @contextmanager
    def moment(self) -> Iterator[datetime]:
        """The moment at which something is written down, which must be done before this ends.

        Who sends up to a moment takes it here too: so whatever bears an earlier one is committed
        then, and nothing is ever written down for a time of which readers were told already.
        """
        _ = self.database  # makes the folder
        with turns.held(self._lock("moment"), "writes down what it found", MOMENT):
            yield self.clock()

    def _lock(self, name: str) -> Path:
        return self.settings.folder / f"{name}.lock"

    @cached_property
    def ledger(self) -> Ledger:
        from index.deliveries import Ledger  # noqa: PLC0415 - see the class

        return Ledger(self.database)

    @cached_property
    def taxonomy(self) -> Taxonomy:
        from alerts.force import AUTHORITIES  # noqa: PLC0415 - see the class
        from pipeline import topics  # noqa: PLC0415 - see the class

        found = topics.load(self.settings.topics_file, kinds=AUTHORITIES)
        if not self.settings.topics.meaning:
            return found
        if (model := self.settings.index.model.rpartition("/")[2]) != MODEL:
            _log.warning(
                "topics are found by words alone: how near a text must be in meaning was measured "
                "on %s, not on %s; topics.meaning = false ends this warning",
                MODEL,
                model,
            )
            return found
        # Not the method itself: the model is loaded when the first text must be understood.
        return found.understanding(lambda texts: self.encoder.encode(texts))  # noqa: PLW0108 - as above

    @cached_property
    def sources(self) -> Mapping[str, type[SourceSpider]]:
        """Every source by name: each module in `crawlers/sources/` is one, nothing to register."""
        from crawlers import options, sources  # noqa: PLC0415 - see the class
        from crawlers.spider import SourceSpider  # noqa: PLC0415 - see the class

        found: dict[str, type[SourceSpider]] = {}
        for module in pkgutil.iter_modules(sources.__path__):
            loaded = importlib.import_module(f"{sources.__name__}.{module.name}")
            for part in vars(loaded).values():
                if (
                    isinstance(part, type)
                    and issubclass(part, SourceSpider)
                    and part.__module__ == loaded.__name__
                ):
                    found[part.facts.name] = part
        unknown = sorted(self.settings.sources.keys() - found.keys())
        if unknown:
            raise SettingsError(
                f"sources.{unknown[0]}: no such source. Sources: {', '.join(found)}"
            )
        for name, given in self.settings.sources.items():
            options.check(name, found[name].options, given.options)
            if given.full_every_days and found[name].facts.full_every is None:
                raise SettingsError(
                    f"sources.{name}.full_every_days: every visit of {name} reads the whole of it; "
                    "remove the line"
                )
        return found

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What each source is called, whether it is watched or not."""
        return {name: source.facts.title for name, source in self.sources.items()}

    @property
    def names(self) -> Mapping[str, str]:
        """What topics and sources are called, by id."""
        from pipeline import orders  # noqa: PLC0415 - see the class

        return {**self.taxonomy.titles, **self.titles, orders.SOURCE: orders.TITLE}

    def coverage(
        self, since: datetime, until: datetime, *, every: bool = False
    ) -> tuple[SourceReport, ...]:
        """What can be said over [since, until) of each watched source, and of one that is off and
        was visited then all the same, since what it brought is told; or of `every` source."""
        from index import ledger, runs  # noqa: PLC0415 - see the class

        def heard(report: SourceReport) -> SourceReport:
            silence, looked = self.sources[report.source].facts.silence, report.last_look
            if silence is None or report.newest is None or looked is None:
                return report
            # Up to our last look: since then it is we who were quiet.
            lapses = self.settings.calendar.lapses
            return replace(report, quiet=quiet(report.newest, eastern(looked), silence, lapses))

        named = {*self.enabled(), *runs.visited(self.database, since, until)}
        titles = {name: title for name, title in self.titles.items() if every or name in named}
        return tuple(map(heard, ledger.coverage(self.database, titles, since, until)))

    def source(self, name: str) -> Source:
        """What the settings say of a source: its author's own values where they say nothing."""
        return self.settings.sources.get(name, Source())

    def enabled(self, names: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The sources named, or all that are switched on."""
        self.check(names, ())
        return names or tuple(name for name in self.sources if not self.off(name))

    def off(self, name: str) -> str:
        """Why a source is off, and so is asked only by name; "" where it is on.

        One whose real pages were never recorded is off until the settings switch it on.
        """
        is_on, unverified = self.source(name).enabled, self.sources[name].facts.unverified
        if is_on or (is_on is None and not unverified):
            return ""
        how = f"enabled = true under [sources.{name}] switches it on"
        if is_on is None:
            return f"its real pages were never recorded: written after {unverified}; {how}"
        return f"the settings switch it off; {how}"

    def full_every(self, name: str) -> timedelta | None:
        """How often the whole of a source is due; None where every visit reads the whole."""
        stated, given = self.sources[name].facts.full_every, self.source(name).full_every_days
        return stated if stated is None or given is None else timedelta(days=given)

    def check(self, sources: Iterable[str], topics: Iterable[str]) -> None:
        """Raise `SettingsError` for a source or a topic that there is not."""
        from pipeline import orders  # noqa: PLC0415 - see the class

        for kind, given, known in (
            ("source", sources, (*self.sources, orders.SOURCE)),
            ("topic", topics, self.taxonomy.titles),
        ):
            for name in given:
                if name not in known:
                    raise SettingsError(f"no {kind} {name!r}{near(name, known)}")

    def normal(self, name: str, *, strict: bool = True) -> Normal:
        """What a healthy run of a source looks like; anything goes where it isn't `strict`."""
        from pipeline.health import Normal  # noqa: PLC0415 - see the class

        facts, given = self.sources[name].facts, self.source(name)
        if not strict:
            return Normal(floor=0, ceiling=sys.maxsize, one_per_page=facts.one_per_page)
        return Normal(
            floor=facts.floor if given.floor is None else given.floor,
            ceiling=facts.ceiling if given.ceiling is None else given.ceiling,
            enumerates=facts.enumerates,
            one_per_page=facts.one_per_page,
            fills=facts.fills,
        )

    @cached_property
    def encoder(self) -> Encoder:
        from index.encoder import load_model  # noqa: PLC0415 - see the class

        with self.waiting("loading the language model"):
            return load_model(self.settings.index.model)

    @cached_property
    def vectors(self) -> Vectors:
        from index import bert  # noqa: PLC0415 - see the class
        from index.vectors import Vectors  # noqa: PLC0415 - see the class

        model = self.settings.index.model
        held = vars(self).get("encoder")  # where it is loaded anyway, it is the faster one
        return Vectors(
            self.database,
            held or bert.load(model) or self.encoder,
            self.settings.folder / "chroma",
            self.settings.index.chroma_url,
            load=lambda: self.encoder,
            waiting=self.waiting,
        )

    @cached_property
    def reranker(self) -> CrossReranker:
        from index import reranker  # noqa: PLC0415 - see the class

        with self.waiting("loading the model that orders anew"):
            return reranker.load(self.settings.search.reranker)

    @cached_property
    def thesaurus(self) -> Thesaurus:
        from pipeline.query import thesaurus  # noqa: PLC0415 - see the class

        return thesaurus.load(self.settings.thesaurus_file)

    @cached_property
    def understanding(self) -> Understanding:
        """The thesaurus and the model; each is loaded when the first question needs it."""
        return self._understanding(lambda: self.vectors)

    @cached_property
    def understanding_words(self) -> Understanding:
        """The thesaurus alone."""
        return self._understanding(None)

    def _understanding(self, meaning: Callable[[], Vectors] | None) -> Understanding:
        from index.search.understanding import Understanding  # noqa: PLC0415 - see the class

        orders_anew = bool(meaning and self.settings.search.reranker)
        reranker = (lambda: self.reranker) if orders_anew else None
        return Understanding(lambda: self.thesaurus, meaning, reranker=reranker)

    @cached_property
    def rules(self) -> Rules:
        from index.intake import Rules  # noqa: PLC0415 - see the class
        from pipeline import orders  # noqa: PLC0415 - see the class

        return Rules(
            readers={
                **{name: source.read for name, source in self.sources.items()},
                orders.SOURCE: orders.read,  # entered by hand, never crawled
            },
            taxonomy=self.taxonomy,
            # Not the method itself: the model is loaded when the first text must be counted.
            count=lambda text: self.encoder.count(text),  # noqa: PLW0108 - as above
            enumerating={name for name, each in self.sources.items() if each.facts.enumerates},
        )

    @cached_property
    def transport(self) -> Transport:
        from alerts.transports import FileOutbox, Security, Smtp  # noqa: PLC0415 - see the class
        from lexwatch.secrets import Secrets  # noqa: PLC0415 - read only when mail is sent

        mail = self.settings.mail
        if mail.transport == "file":
            return FileOutbox(folder=self.settings.mail_folder)
        return Smtp(
            host=mail.host,
            port=mail.port,
            security=Security(mail.security),
            user=mail.username,
            password=Secrets().smtp_password.get_secret_value(),
        )

    def way(self, channel: str) -> Transport:
        """The way out over a channel. Raises `SettingsError` where there is none."""
        from lexwatch.alerting.channels import named  # noqa: PLC0415 - few offices send over channels

        return self.transport if channel == MAIL else named(self, channel)

    def subscriptions(self) -> tuple[Subscription, ...]:
        """The subscriptions of the settings file, checked."""
        from lexwatch.subscriptions import wanted  # noqa: PLC0415 - see the class

        return wanted.of_settings(self)
