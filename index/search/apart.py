"""Tell the cases of one name apart: by the number that texts give them, by court and year."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Connection, select

from index import schema
from index.search.names import Cases, Named
from pipeline.citator.samename import Agreement, same_name
from pipeline.citator.voice import Rank, Voice, voice

BEHIND = 80  # characters behind a citation in which a text gives the case a name of its own
_NUMERAL = re.compile(r"\s(?P<numeral>I{1,3}|IV|VI{0,3})\s*\Z", re.IGNORECASE)
_GIVEN = re.compile(
    r"\(\s?[\"\u201c\u201d]\s?(?P<name>[^()\"\u201c\u201d]{3,60})[\"\u201c\u201d]\s?\)"
)
_COURT = re.compile(r"(?<![\s,])[\s,]*\((?P<court>[^()]{2,40})\)\s*\Z")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def parted(query: str) -> tuple[str, str]:
    """A query without the court or year that stands in parentheses at its end, and that."""
    found = _COURT.search(query)
    return (query[: found.start()], found["court"]) if found else (query, "")


def numeral(words: str) -> str:
    """The number with which a name ends, as "A-B- III" does; "" where it has none."""
    found = _NUMERAL.search(words)
    return found["numeral"].upper() if found else ""


def meant(connection: Connection, found: Cases, court: str) -> Cases:
    """Those of a name that a query means: by the number with which texts held call one of them, or
    by the court or year behind its name. None where nothing held says which it is."""
    if number := numeral(found.words):
        names = _called(connection, found, number)
        return replace(
            found,
            held=tuple(each for each in found.held if each.canonical in names),
            cited=tuple(each for each in found.cited if each.canonical in names),
        )
    if not court:
        return Cases(words=found.words)
    return replace(
        found,
        held=tuple(each for each in found.held if _agrees(court, _court(each), each.canonical)),
        cited=tuple(each for each in found.cited if _agrees(court, each.court, each.canonical)),
    )


def _called(connection: Connection, found: Cases, number: str) -> Collection[str]:
    """What texts call by that name and number, right behind its citation. The decisions are not
    counted: an order of referral bears the name too, and no number."""
    table, version, document = schema.citation, schema.version, schema.document
    names = {each.canonical for each in found.held} | {each.canonical for each in found.cited}
    query = (
        select(table.c.canonical, table.c.block, table.c.end, table.c.version_id)
        .join(document, document.c.current == table.c.version_id)
        .where(table.c.canonical.in_(names - {""}), table.c.kind == "case_reporter")
    )
    rows = connection.execute(query).all()
    texts = select(version.c.id, version.c.blocks).where(
        version.c.id.in_({row.version_id for row in rows})
    )
    blocks = {row.id: row.blocks for row in connection.execute(texts)}
    behind = (
        (row.canonical, blocks[row.version_id][row.block].text[row.end :][:BEHIND]) for row in rows
    )
    return {canonical for canonical, text in behind if _is_given(text, found.words, number)}


def _is_given(behind: str, asked: str, number: str) -> bool:
    """Whether a text gives that name behind a citation, before the next one."""
    found = _GIVEN.search(behind.partition(";")[0])
    name = found["name"].strip() if found else ""
    return numeral(name) == number and same_name(name, asked) is Agreement.MATCH


def _court(held: Named) -> str:
    """Who decided, and when, as far as the document states it."""
    return held.citation.rpartition("(")[2] or held.issuer


def _agrees(asked: str, said: str, canonical: str) -> bool:
    """Whether a court and year that were asked for may be those that decided."""
    year = _YEAR.search(asked)
    if year and _YEAR.search(said) and year[0] not in said:
        return False
    wanted = voice(_YEAR.sub("", asked).strip(), "")
    return wanted.rank is Rank.UNSTATED or _is(wanted, voice(said, canonical))


def _is(wanted: Voice, said: Voice) -> bool:
    """Whether one may be the other; what is not stated is no difference."""
    if said.rank is Rank.UNSTATED:
        return True
    is_there = not (wanted.circuits and said.circuits) or wanted.circuits == said.circuits
    return wanted.rank is said.rank and is_there
