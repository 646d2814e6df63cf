"""What the documents held say governed on a day, and on what words that rests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.announced import GUIDANCE
from pipeline.calendar import spelled
from pipeline.identifiers import REPORTED
from pipeline.model import (
    DateKind,
    StatedDate,
    Version,
)

NOT_STATED = "from when it governs is not stated"
TREATMENTS = "Treatments are not read yet: whether it was overruled, modified or reversed by then."
_MEMORANDA = frozenset({"uscis-memorandum", "eoir-memorandum"})
_FORMS = frozenset({"form", "fee-schedule"})
_DECIDED = (DateKind.DECIDED, DateKind.AMENDED, DateKind.DESIGNATED)


@dataclass(frozen=True, kw_only=True)
class Text:
    """A version that was shown, on Eastern days: `first` seen, and the day on which the next text
    was, None where it is the newest. `entry` is what announced it, where that is known."""

    version: Version
    first: date
    until: date | None = None
    entry: Version | None = None


@dataclass(frozen=True, kw_only=True)
class Governing:
    """What governed at the end of a day: `line` says it, `text` is the version, None where none is
    known to have. `basis` are the words it rests on, `notes` what a reader must mind besides: what
    is not held or not stated, and what came later."""

    day: date
    line: str
    text: Version | None = None
    basis: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def governing(day: date, texts: Sequence[Text]) -> Governing:
    """What governed of a document that is no paper of the Federal Register, by its texts in order
    of time. Where a text says its day itself, that counts; else the day on which it was shown, and
    the answer says so."""
    kind = texts[-1].version.document.kind
    judge = next((judge for kinds, judge in _JUDGES if kind in kinds), _shown)
    return judge(day, texts)


def called(version: Version) -> str:
    """A document as a line names it: its citation, else its title."""
    return version.citation or f"“{version.title}”"


def _of_manual(day: date, texts: Sequence[Text]) -> Governing:
    """Guidance holds from the day that its announcement gives; where it gives none, all that is
    known is from when the text was shown."""
    texts = _in_turn(texts)
    begun = [each for each in texts if (_from(each) or each.first) <= day]
    if not begun:
        return _before(day, texts[0])
    last = begun[-1]
    stated = _effective(last)
    waiting = [each for each in texts if each.first <= day and (on := _from(each)) and on > day]
    basis = [f"“{each.words}” ({_entry(last)})" for each in stated]
    basis += [
        f"shown by then, and to govern later: “{each.words}” ({_entry(text)})"
        for text in waiting
        for each in _effective(text)
    ]
    since = f"governs from {spelled(stated[0].on)}" if stated else NOT_STATED
    return Governing(
        day=day,
        line=f"On {spelled(day)}: the text shown from {spelled(last.first)}; {since}.",
        text=last.version,
        basis=tuple(basis),
        notes=(*_unsure(last, stated), *_followed(day, last, texts)),
    )


def _in_turn(texts: Sequence[Text]) -> list[Text]:
    """The texts; one that nobody announced, shown while the text before it was still to govern,
    waits with that."""
    found: list[Text] = []
    for text in texts:
        before = found[-1] if found else None
        is_waiting = before and not _from(text) and (_from(before) or date.min) > text.first
        found.append(replace(text, entry=_saying(before)) if before and is_waiting else text)
    return found


def _followed(day: date, text: Text, texts: Sequence[Text]) -> Iterator[str]:
    """What had come of a text on the site by a day."""
    if text.until is not None and text.until <= day:
        is_replaced = any(each.first == text.until for each in texts)
        said = "another text was shown from" if is_replaced else "it was removed from the site by"
        yield f"{said} {spelled(text.until)}"


def _unsure(text: Text, stated: Collection[StatedDate]) -> Iterator[str]:
    if not stated and text.entry is None:
        yield "no announcement of this text is held: it may have governed before it was shown"
    elif not stated:
        yield f"{_entry(text)} names it and states no effective date"


def _from(text: Text) -> date | None:
    return max((each.on for each in _effective(text)), default=None)


def _effective(text: Text) -> list[StatedDate]:
    """The days that a text states, else its announcement."""
    for version in (text.version, text.entry):
        found = [e for e in (version.dates if version else ()) if e.kind is DateKind.EFFECTIVE]
        if found:
            return found
    return []


def _entry(text: Text) -> str:
    said = _saying(text)
    return called(said) if said else ""


def _saying(text: Text) -> Version | None:
    """What states from when a text governs: itself, else its announcement."""
    return text.version if text.version.date(DateKind.EFFECTIVE) else text.entry


def _of_bulletin(day: date, texts: Sequence[Text]) -> Governing:
    """A bulletin is of its month: what stands in it on the day is what it says then."""
    text = _on(day, texts) or texts[0]
    is_its = text.version.document.key == f"{day:%Y-%m}"
    said = "is of that month" if is_its else "is of another month"
    notes = [] if is_its else [f"the bulletin of {day:%B %Y} is not held"]
    notes += _late(day, text)
    return Governing(
        day=day,
        line=f"On {spelled(day)}: {called(text.version)} {said}.",
        text=text.version if is_its else None,
        basis=(f"“{text.version.title}”",),
        notes=(*notes, "which chart USCIS accepted is not read"),
    )


def _of_code(day: date, texts: Sequence[Text]) -> Governing:
    """The eCFR gives a text as of a day; what is only "current" is of the day we read it."""
    as_of = [(on, each) for each in texts if (on := _as_of(each)) and on <= day]
    if not as_of:
        return _before(day, texts[0])
    on, text = max(as_of, key=lambda found: found[0])
    stated = text.version.metadata.get("as_of")
    how = f"as it stood on {spelled(on)}" if stated else f"as shown from {spelled(on)}"
    notes = [] if on == day else [f"the text as of {spelled(day)} itself is not held"]
    notes += _followed(day, text, texts)
    return Governing(
        day=day,
        line=f"On {spelled(day)}: {called(text.version)}, {how}.",
        text=text.version,
        basis=(f"the eCFR, {how}",),
        notes=(*notes, "the eCFR is no official edition"),
    )


def _as_of(text: Text) -> date | None:
    stated = str(text.version.metadata.get("as_of", ""))
    return date.fromisoformat(stated) if stated else text.first


def _of_form(day: date, texts: Sequence[Text]) -> Governing:
    """The edition that the page gave, and the days from or until which it says one is taken."""
    text = _on(day, texts)
    if text is None or _is_removed(day, text):
        return _not_shown(day, text, texts)
    edition = str(text.version.metadata.get("edition_date", ""))
    others = [str(each) for each in text.version.metadata.get("other_editions", ())]
    line = f"On {spelled(day)}: the edition " + (f"of {edition}" if edition else "not stated")
    line += f"; also taken: {', '.join(others)}" if others else ""
    return Governing(
        day=day,
        line=f"{line}, as the page shown from {spelled(text.first)} says.",
        text=text.version,
        basis=tuple(dict.fromkeys(f"“{each.words}”" for each in text.version.dates)),
        notes=tuple(_late(day, text)),
    )


def _of_decision(day: date, texts: Sequence[Text]) -> Governing:
    """A precedent governs from the day it was decided, or designated as one; as amended, from the
    day of that."""
    text = texts[-1]
    stated = [each for each in text.version.dates if each.kind in _DECIDED]
    begun = [each for each in stated if each.on <= day]
    basis = tuple(dict.fromkeys(f"“{each.words}”" for each in begun or stated))
    if not stated:
        line = f"When {called(text.version)} was decided is not stated in what is held."
        return Governing(day=day, line=line, notes=(TREATMENTS,))
    later = [each for each in stated if each.on > day]
    if not begun or any(each.kind is DateKind.DESIGNATED for each in later):
        what = "designated as a precedent" if begun else "decided"
        line = f"On {spelled(day)}: {called(text.version)} was not yet {what}."
        basis = tuple(dict.fromkeys(f"“{each.words}”" for each in stated))
        return Governing(day=day, line=line, basis=basis)
    amended = [each for each in later if each.kind is DateKind.AMENDED]
    notes = [f"amended later, and held as amended alone: “{each.words}”" for each in amended]
    last = max(begun, key=lambda each: each.on)
    return Governing(
        day=day,
        line=f"On {spelled(day)}: {called(text.version)}, {last.kind} {spelled(last.on)}.",
        text=None if amended else text.version,
        basis=basis,
        notes=(*notes, TREATMENTS),
    )


def _of_memorandum(day: date, texts: Sequence[Text]) -> Governing:
    found = _of_manual(day, [replace(each, entry=None) for each in texts])
    ends = [each for each in texts[-1].version.dates if each.kind is DateKind.EXPIRES]
    over = [each for each in ends if each.on < day]
    found = replace(found, notes=(*found.notes, "later memoranda may supersede it"))
    if not over or found.text is None:
        return found
    last = max(over, key=lambda each: each.on)
    line = f"On {spelled(day)}: {called(texts[-1].version)} had ended on {spelled(last.on)}."
    return replace(found, line=line, text=None, basis=(*found.basis, f"“{last.words}”"))


def _shown(day: date, texts: Sequence[Text]) -> Governing:
    """What says nothing of a day from which it holds: only what the site showed is known."""
    text = _on(day, texts)
    if text is None or _is_removed(day, text):
        return _not_shown(day, text, texts)
    line = f"On {spelled(day)}: the text shown from {spelled(text.first)}; {NOT_STATED}."
    basis = tuple(f"“{e.words}”" for e in text.version.dates if e.kind is DateKind.ANNOUNCED)
    return Governing(
        day=day, line=line, text=text.version, basis=basis, notes=tuple(_late(day, text))
    )


def _on(day: date, texts: Sequence[Text]) -> Text | None:
    return next((each for each in reversed(texts) if each.first <= day), None)


def _is_removed(day: date, text: Text) -> bool:
    """Of the last text shown by a day: whether the site had removed it by then."""
    return text.until is not None and text.until <= day


def _not_shown(day: date, text: Text | None, texts: Sequence[Text]) -> Governing:
    if text is None or text.until is None:
        return _before(day, texts[0])
    line = f"On {spelled(day)}: removed from its site by {spelled(text.until)}; {NOT_STATED}."
    return Governing(day=day, line=line, notes=("whether what it said still held",))


def _late(day: date, text: Text) -> Iterator[str]:
    if text.first > day:
        yield f"what it said on {spelled(day)} is not held: first read on {spelled(text.first)}"


def _before(day: date, first: Text) -> Governing:
    line = f"Not held for {spelled(day)}: first read on {spelled(first.first)}."
    return Governing(day=day, line=line)


_JUDGES: tuple[tuple[Collection[str], Callable[[date, Sequence[Text]], Governing]], ...] = (
    (GUIDANCE, _of_manual),
    (_MEMORANDA, _of_memorandum),
    ({"visa-bulletin"}, _of_bulletin),
    ({"regulation"}, _of_code),
    (_FORMS, _of_form),
    (REPORTED, _of_decision),
)
