"""A court's order as somebody of the office entered it: what it does to which documents we hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from urllib.parse import quote, urlsplit

from pydantic import TypeAdapter, ValidationError

from pipeline import dockets
from pipeline.calendar import spelled
from pipeline.errors import PageChanged
from pipeline.model import (
    Block,
    BlockKind,
    DateKind,
    Document,
    Page,
    Reading,
    RelationKind,
    StatedDate,
    Version,
)

SOURCE = "court_orders"
TITLE = "Court orders entered by hand"
KIND = "court-order"
PARSER = "court-orders 1"
BY_HAND = "entered by hand; not verified by lexwatch"
COURTS = frozenset(
    {
        RelationKind.ENJOINS,
        RelationKind.STAYS,
        RelationKind.VACATES,
        RelationKind.VACATES_IN_PART,
        RelationKind.REVERSES,
    }
)
# The Bluebook's months (table T12).
_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.",
           "Dec.")  # fmt: skip
_NUMBER = re.compile(r"^(?:case\s+)?(?:docket\s+)?nos?\.\s*", re.IGNORECASE)


class Does(StrEnum):
    """What an order does to a document, spelled as the relations that come of it."""

    ENJOINS = RelationKind.ENJOINS.value
    STAYS = RelationKind.STAYS.value
    VACATES = RelationKind.VACATES.value
    VACATES_IN_PART = RelationKind.VACATES_IN_PART.value
    REVERSES = RelationKind.REVERSES.value


class Scope(StrEnum):
    """Whom an order protects."""

    NATIONWIDE = "nationwide"
    CLASS = "class"
    PARTIES = "parties"


@dataclass(frozen=True, kw_only=True)
class Act:
    """What an order does to one document.

    `document` is its name (`source:key`), `called` its citation or else its title; `part` says what
    of it, `scope_words` whom exactly, `until` when it ends by its own words; `source` is where the
    order was read, `quote` its own words.
    """

    document: str
    called: str
    title: str
    does: Does
    scope: Scope
    source: str
    quote: str
    entered_on: date
    scope_words: str = ""
    part: str = ""
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Retraction:
    """An act that the office had entered and took back: the entry was wrong, whatever became of
    the order."""

    document: str
    called: str
    does: Does
    on: date


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order: one court, one docket, one day, and all that was entered of it."""

    court: str
    docket: str
    decided: date
    caption: str = ""
    judge: str = ""
    acts: tuple[Act, ...] = ()
    retracted: tuple[Retraction, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.court}, No. {self.docket}@{self.decided.isoformat()}"

    @property
    def document(self) -> Document:
        return Document(source=SOURCE, key=self.key, kind=KIND)

    @property
    def citation(self) -> str:
        """As the Bluebook has an unreported order (rule 10.8.1), without the caption."""
        on = f"{_MONTHS[self.decided.month - 1]} {self.decided.day}, {self.decided.year}"
        return f"No. {self.docket} ({self.court} {on})"

    @property
    def url(self) -> str:
        """An address of our own, by which the archive tells entries of one order from another's."""
        return f"lexwatch:court-orders/{quote(self.key)}"

    @property
    def concerned(self) -> Mapping[str, str]:
        """The documents it is or was entered on, by name, with what each is called."""
        wrong = {each.document: each.called for each in self.retracted}
        return {**wrong, **{act.document: act.called for act in self.acts}}

    def is_same(self, other: Order) -> bool:
        """Whether both are one order: "N.D. Cal.", "Northern District of California" and
        "3:25-cv-01234-JST", "25-CV-1234" are one court and one docket."""
        is_court = self._court == other._court
        return self.decided == other.decided and is_court and self._shares_docket(other)

    def may_be(self, other: Order) -> bool:
        """Whether both may be one order, though they are not seen to be: the day and the docket
        agree, and one court's name is none of those that we know again in other words."""
        is_open = self._court != other._court and not (
            dockets.court(self.court) and dockets.court(other.court)
        )
        return self.decided == other.decided and is_open and self._shares_docket(other)

    @property
    def _court(self) -> str:
        return dockets.court(self.court) or re.sub(r"\W", "", self.court).casefold()

    def _shares_docket(self, other: Order) -> bool:
        one, their = dockets.case(self.docket), dockets.case(other.docket)
        if one and their:
            return one.may_be(their)
        return _plain(self.docket) == _plain(other.docket)


def docketed(given: str) -> str:
    """A docket number without the "No." before it."""
    return _NUMBER.sub("", " ".join(given.split()))


def joined(held: Order, given: Order) -> Order:
    """An order as held, with what was entered now: acts on other documents stay, one on the same
    document is replaced; a caption or judge that is not given now stays as it was."""
    anew = {act.document: act for act in given.acts}
    kept = (_unless_same(act, anew.pop(act.document, act)) for act in held.acts)
    acts = (*kept, *anew.values())
    named = {act.document for act in given.acts}
    return replace(
        held,
        caption=given.caption or held.caption,
        judge=given.judge or held.judge,
        acts=acts,
        retracted=tuple(each for each in held.retracted if each.document not in named),
    )


def retracted(order: Order, documents: Sequence[str], on: date) -> Order:
    """An order whose acts on these documents (none named: on all) the office takes back."""
    wrong = [act for act in order.acts if not documents or act.document in documents]
    return replace(
        order,
        acts=tuple(act for act in order.acts if act not in wrong),
        retracted=(
            *order.retracted,
            *(
                Retraction(document=act.document, called=act.called, does=act.does, on=on)
                for act in wrong
            ),
        ),
    )


def body(order: Order) -> bytes:
    """An order as a page of ours, which `parse` reads."""
    return _orders.dump_json(order, indent=1)


def parse(page: Page) -> Order:
    """The order of a page. Raises `PageChanged` for a page that is none of ours."""
    try:
        return _orders.validate_json(page.body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise PageChanged(
            f"{page.url}: {where}: {first['msg']}; enter the order again with lexwatch note-order"
        ) from error


def read(page: Page) -> Reading:
    """What an order says, in our words and its own: the reader of the source `SOURCE`."""
    order = parse(page)
    days = [*(act.entered_on for act in order.acts), *(each.on for each in order.retracted)]
    stated = {
        "court": order.court,
        "docket": order.docket,
        "judge": order.judge,
        "entered": max(days).isoformat() if days else "",
    }
    version = Version(
        document=order.document,
        title=order.caption or f"Order of {order.court}",
        citation=order.citation,
        issuer=order.court,
        url=next((act.source for act in order.acts if _is_address(act.source)), order.url),
        blocks=tuple(_blocks(order)),
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=tuple(dict.fromkeys(_dates(order))),
        metadata={name: value for name, value in stated.items() if value},
    )
    return Reading(versions=(version,))


def evidence(order: Order, act: Act) -> tuple[str, ...]:
    """What joins an order and a document, in words a reader can check."""
    return (
        order.citation,
        f"scope: {_scope(act)}",
        *([f"of it: {act.part}"] if act.part else []),
        *([f"until {spelled(act.until)}"] if act.until else []),
        f"“{act.quote}”",
        _read(act),
        f"entered by hand on {spelled(act.entered_on)}; not verified by lexwatch",
    )


def names(order: Order) -> frozenset[str]:
    """What an order is looked up by besides its key."""
    return frozenset({order.docket, f"No. {order.docket}", order.citation})


def _plain(docket: str) -> str:
    dashed = re.sub(r"[\s\u2010-\u2015]+", "-", docket)
    return re.sub(r"(?<!\d)0+(?=\d)", "", dashed).casefold()


def _unless_same(held: Act, given: Act) -> Act:
    """The act as held where nothing but the day of entering differs."""
    return held if replace(given, entered_on=held.entered_on) == held else given


def _blocks(order: Order) -> Iterator[Block]:
    by = f", Judge {order.judge}" if order.judge else ""
    yield _paragraph(
        f"Order of {order.court}{by}, No. {order.docket}, {spelled(order.decided)}. "
        f"{BY_HAND[:1].upper()}{BY_HAND[1:]}: read the order itself."
    )
    for act in order.acts:
        trail = (act.called,)
        yield Block(kind=BlockKind.HEADING, text=act.called, level=2)
        yield _paragraph(" ".join(_said(act)), trail)
        yield _paragraph(f"In the order’s words, as entered: “{act.quote}”", trail)
        said = _read(act)
        yield _paragraph(f"{said[:1].upper()}{said[1:]}", trail)
    for each in order.retracted:
        yield _paragraph(
            f"Withdrawn by the office on {spelled(each.on)}: the entry that this order "
            f"{_verb(each.does)} {each.called}. It says nothing of the order itself."
        )


def _said(act: Act) -> Iterator[str]:
    title = f", “{act.title}”" if act.title != act.called else ""
    yield f"As entered: the court {_verb(act.does)} {act.called}{title}."
    if act.part:
        yield f"What of it: {act.part}."
    yield f"Scope: {_scope(act)}."
    if act.until:
        yield f"Until: {spelled(act.until)}."


def _dates(order: Order) -> Iterator[StatedDate]:
    yield _stated(DateKind.DECIDED, order.decided, spelled(order.decided))
    for act in order.acts:
        if act.until:
            words = f"{_verb(act.does)} {act.called} until {spelled(act.until)}"
            yield _stated(DateKind.EXPIRES, act.until, words)


def _stated(kind: DateKind, on: date, words: str) -> StatedDate:
    return StatedDate(kind=kind, on=on, words=words, read_from="entry by hand")


def _paragraph(text: str, trail: tuple[str, ...] = ()) -> Block:
    return Block(kind=BlockKind.PARAGRAPH, text=text, trail=trail)


def _scope(act: Act) -> str:
    return f"{act.scope}, {act.scope_words}" if act.scope_words else str(act.scope)


def _read(act: Act) -> str:
    """Where the order was read; whoever entered it may have written "read on …"."""
    is_said = act.source.casefold().startswith("read ")
    return f"read {act.source[5:]}" if is_said else f"read at: {act.source}"


def _verb(does: Does) -> str:
    return does.replace("-", " ")


def _is_address(source: str) -> bool:
    return urlsplit(source).scheme in ("http", "https") and " " not in source


_orders: TypeAdapter[Order] = TypeAdapter(Order)
