"""Read in a sentence what a court did to a rule, a policy or a designation, if it says so."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from pipeline.mentions import mentions
from pipeline.model import RelationKind
from pipeline.rulings import (
    ACTORS,
    ADJECTIVE,
    ANY,
    AUXILIARY,
    BARRED,
    BOUND,
    BY,
    CASE,
    CLAIMED,
    CLAUSE,
    CONTESTED,
    COURT,
    COURT_PLACE,
    COURTS_ALONE,
    FROM,
    GIVEN,
    HEAD,
    IN_PART,
    ISSUED,
    ITS_OWN,
    LED_IN,
    LINKED,
    LOOK,
    NOT,
    NOT_OF_THE_ORDER,
    NOUN,
    OF_AN_AGENCY,
    ONE_MATTER,
    ORDER,
    OTHERS,
    PARTLY,
    PRONOUN,
    REACH,
    REASON,
    REPORTED,
    SUPPOSED,
    SWEEPING,
    VERB,
)

_KINDS = {
    "enjoined": RelationKind.ENJOINS,
    "stayed": RelationKind.STAYS,
    "vacated": RelationKind.VACATES,
    "undid": RelationKind.REVERSES,
}


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What a court did, as the relation that an order entered by hand would be, and where in the
    sentence the thing stands that it did it to: `begins` and `ends` of the noun, 0 where the
    sentence only says "it" or "that decision". `verb` is where the sentence says what it did."""

    kind: RelationKind
    begins: int
    ends: int
    verb: int = 0


def deeds(sentence: str) -> tuple[Deed, ...]:
    """What a sentence says that a court did, in its order; what it says that a court did not do,
    was asked to do or might do, and what was done in one person's matter, is none.

    An order that undoes another is told once: "lifted the injunction that stayed the rule". So that
    none is claimed wrongly, a form of words that is not known is none either.
    """
    found: list[Deed] = []
    done = 0
    matches = (match for said in (VERB, ISSUED, GIVEN) for match in said.finditer(sentence))
    for match in sorted(matches, key=_place):
        if match.start() < done:
            continue
        if deed := _within_reach(sentence, match):
            found.append(deed)
            done = deed.ends or match.end()
    return tuple(found)


def decided(sentence: str, deed: Deed) -> date | None:
    """The day of the order, where the clause that tells of it gives one with "on" that is of
    nothing else; None where another clause does, or it gives two."""
    start = max((each.end() for each in BOUND.finditer(sentence, 0, deed.verb)), default=0)
    end = BOUND.search(sentence, deed.verb)
    clause = sentence[max(start, deed.verb - LOOK) : min(end.start() if end else len(sentence),
                                                         deed.verb + LOOK)]  # fmt: skip
    days = {
        each.on
        for each in mentions(clause, None)
        if each.on
        and re.search(r"\b[Oo]n $", clause[: each.start])
        and not NOT_OF_THE_ORDER.search(clause[: each.start - 3][-80:])
    }
    return days.pop() if len(days) == 1 else None


def _within_reach(sentence: str, match: re.Match[str]) -> Deed | None:
    """A deed read from what stands near: a list of a hundred pages may be one "sentence"."""
    low = max(0, match.start() - LOOK)
    near = sentence[low : match.end() + LOOK]
    again = match.re.match(near, match.start() - low) if low or len(near) < len(sentence) else match
    deed = _deed(near, again) if again else None
    if deed is None:
        return None
    shift = low if deed.ends else 0
    verb = low + again.start() if again else 0
    return replace(deed, begins=deed.begins + shift, ends=deed.ends + shift, verb=verb)


def _place(match: re.Match[str]) -> tuple[int, int]:
    return match.start(), -match.end()


def _deed(sentence: str, match: re.Match[str]) -> Deed | None:
    before = sentence[: match.start()]
    if CLAIMED.search(before) or SUPPOSED.search(before):
        return None
    if match.re is GIVEN:
        return _given(sentence, match)
    if ADJECTIVE.search(before):
        return None
    kind = next(_KINDS[name] for name, said in match.groupdict().items() if said and name in _KINDS)
    auxiliary = AUXILIARY.search(before)
    if auxiliary and not match[0].casefold().endswith("ing"):  # "is staying" is no passive
        return _suffered(sentence, match, kind, auxiliary)
    # "issued an order staying …" is told by what the order does.
    is_issued = "between" in match.groupdict() and VERB.match(sentence, match.end() + 1)
    if is_issued or not _is_by_a_court(before, match[0]):
        return None
    return _done(sentence, match, kind)


def _done(sentence: str, match: re.Match[str], kind: RelationKind) -> Deed | None:
    """Of a verb whose object must be a rule, or an order on one."""
    thing = _object(sentence, match.end())
    if thing is None:
        is_known = kind is RelationKind.ENJOINS and SWEEPING.search(match[0])
        return Deed(kind=kind, begins=0, ends=0) if is_known else None
    if thing["rule"]:
        between, after = sentence[match.end() : thing.start()], sentence[thing.end() :]
        is_in_part = bool(IN_PART.search(between) or PARTLY.search(after))
        return None if FROM.search(between) else _to(thing, kind, is_in_part=is_in_part)
    return _undone(sentence, thing) if thing["order"] else None


def _to(thing: re.Match[str], kind: RelationKind, *, is_in_part: bool) -> Deed:
    if kind is RelationKind.VACATES and is_in_part:
        kind = RelationKind.VACATES_IN_PART
    return Deed(kind=kind, begins=thing.start(), ends=thing.end())


def _given(sentence: str, match: re.Match[str]) -> Deed | None:
    """Of an injunction that a court gave; without the rule it is on, it joins nothing by itself."""
    is_courts = COURT.search(match["whom"]) or COURT_PLACE.search(match["whom"])
    if not is_courts or NOT.search(sentence[max(0, match.start() - 60) : match.start()]):
        return None
    thing = _object(sentence, match.start("whom"))
    if thing is None or not thing["rule"]:
        return Deed(kind=RelationKind.ENJOINS, begins=0, ends=0)
    return Deed(kind=RelationKind.ENJOINS, begins=thing.start(), ends=thing.end())


def _suffered(
    sentence: str, match: re.Match[str], kind: RelationKind, auxiliary: re.Match[str]
) -> Deed | None:
    """Of a verb in the passive: its subject must be a rule, or an order on one, and a court its
    author."""
    before = sentence[: auxiliary.start()]
    thing = _subject(sentence[: auxiliary.end()], before)
    if thing is None or thing["personal"] or not _is_by_one(sentence, match, thing):
        return None
    is_general = auxiliary["form"].casefold() in ("is", "are") and ANY.search(
        before[: thing.start()]
    )
    if is_general or NOT.search(sentence[max(0, auxiliary.start() - 60) : match.start()]):
        return None
    if thing["order"]:
        return _undone(sentence, thing)
    is_in_part = PARTLY.search(sentence[match.end() :]) or IN_PART.search(before[-60:])
    return _to(thing, kind, is_in_part=bool(is_in_part))


def _is_by_one(sentence: str, match: re.Match[str], thing: re.Match[str]) -> bool:
    """Whether a court is the author of what was done to a thing: named with "by" or anywhere; else
    where a court alone does such a thing. "Barred" is said of whoever may not."""
    by = BY.match(sentence, match.end())
    author = by["whom"] if by else sentence
    court = COURT.search(author) or REPORTED.search(author)
    if BARRED.fullmatch(match[0]):
        return False
    if court:
        return not (by and OTHERS.search(CASE.sub("", author[: court.start()])))
    is_rule = thing["rule"] and not OF_AN_AGENCY.fullmatch(thing[0])
    return bool(not by and is_rule and COURTS_ALONE.fullmatch(match[0]))


def _undone(sentence: str, order: re.Match[str]) -> Deed | None:
    """Of an order that another touches: it must be one on a rule, which the sentence names after
    it, or one of which the sentence before spoke ("that decision", "its stay")."""
    rest = sentence[order.end() : order.end() + REACH]
    thing = NOUN.search(rest)
    while thing and thing["order"]:
        thing = NOUN.search(rest, thing.end())
    if thing and thing["rule"] and LINKED.search(rest[: thing.start()]):
        at = order.end()
        return Deed(kind=RelationKind.REVERSES, begins=at + thing.start(), ends=at + thing.end())
    is_known = re.search(r"\b(?:that|this|its|the|such|those)(?: [\w.’',-]+){0,12} $",
                         sentence[: order.start()], re.IGNORECASE)  # fmt: skip
    is_ones = (thing and thing["personal"]) or ONE_MATTER.search(sentence)
    if is_known and not is_ones:
        return Deed(kind=RelationKind.REVERSES, begins=0, ends=0)
    return None


def _is_by_a_court(before: str, verb: str) -> bool:
    """Whether the last who may have done it is a court, or an order of one."""
    gap = _gap(before)
    if gap is None or NOT.search(gap):
        return False
    if _is_only_the_reason(before, gap):
        return False
    is_joined = re.search(r"\band(?: \w+ly)? $", gap) is not None
    told = OTHERS.search(gap)
    if told and told[0].casefold() in ("that", "which"):  # "the injunction that stayed …"
        return ITS_OWN.fullmatch(gap) is not None
    is_finite = not verb.casefold().endswith("ing")
    is_of_an_order = bool(re.search(rf"\b(?:{ORDER})\b[^,;]{{0,140}}$", before, re.IGNORECASE))
    return (told is None or (is_joined and not ACTORS.search(gap))) and (
        is_finite or is_of_an_order
    )


def _is_only_the_reason(before: str, gap: str) -> bool:
    """Whether a comma parts the verb from what is only another's reason to act, or the order that
    is spoken of is one that was appealed."""
    near = before[: max(0, len(before) - len(gap))]
    is_closed = "," in gap and not ITS_OWN.fullmatch(gap)
    return bool((is_closed and REASON.search(near[-REACH:])) or CONTESTED.search(near[-REACH:]))


def _gap(before: str) -> str | None:
    """What stands between the last court or order and a verb, without names of cases; None where
    there is none within reach."""
    plain = CASE.sub(lambda match: "~" * len(match[0]), before)
    near = plain[-REACH:]
    actors = [*COURT.finditer(near), *re.finditer(rf"\b(?:{ORDER})\b", near, re.IGNORECASE)]
    if not actors:
        return None
    last = max(actors, key=lambda match: match.end())
    ahead = near[: last.start()][-30:]
    is_none = re.search(r"\bno (?:\w+ )?$", ahead, re.IGNORECASE)
    return f"{ahead * bool(NOT.search(ahead))}{'not' * bool(is_none)}{near[last.end() :]}"


def _object(sentence: str, start: int) -> re.Match[str] | None:
    """The first thing after a verb that it may be done to, in its clause. What a title begins with
    is not what it is the title of."""
    clause = CLAUSE.search(sentence, start)
    end = min(start + REACH, clause.start() if clause else len(sentence))
    first = NOUN.search(sentence, start, end)
    if first and first[0][0].isupper() and (head := HEAD.match(sentence, first.end(), end)):
        return max(NOUN.finditer(sentence, start, head.end()), key=lambda each: each.end())
    return first


def _subject(upto: str, before: str) -> re.Match[str] | None:
    """The head of the subject: the first thing of its clause, or what its pronoun stands for."""
    if PRONOUN.search(before) or PRONOUN.search(upto.rpartition(" ")[0]):
        return max(NOUN.finditer(before), key=lambda match: match.end(), default=None)
    led_in = LED_IN.match(before)
    clause = max(led_in.end() if led_in else 0, *(before.rfind(mark) for mark in (";", ", and ")))
    return NOUN.search(before, max(clause, 0))
