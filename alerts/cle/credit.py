"""Credit as a board's rule computes it from a timed agenda, and never more than arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from alerts import wording
from alerts.cle.agenda import Kind, Part
from alerts.cle.jurisdictions import Profile
from alerts.packet.content import Style
from alerts.packet.draft import Draft, strong

LONGEST = 2_000  # minutes of a programme; more than any first credit takes
NOT_CHECKED = "in a stored copy of that page; not checked since"
_NAMES = {Kind.INTRODUCTION: "introduction", Kind.QUESTIONS: "questions", Kind.BREAK: "breaks"}
_STEPS = {
    Fraction(1, 4): "quarter hour",
    Fraction(1, 2): "half hour",
    Fraction(1, 10): "tenth of an hour",
    Fraction(1): "whole hour",
}


@dataclass(frozen=True, kw_only=True)
class Credit:
    """Credit hours, from `least` to `most`: they differ where the profile does not say whether some
    minutes count. `working` is the arithmetic in a line for each; `short` says why there is none,
    and what would have to be done, "" where there is some."""

    least: Fraction
    most: Fraction
    working: tuple[str, ...]
    short: str = ""


@dataclass(frozen=True, kw_only=True)
class _Count:
    """The minutes that count, and what was taken off: (what, minutes)."""

    minutes: int
    off: tuple[tuple[str, int], ...]


def credit(profile: Profile, parts: Sequence[Part]) -> Credit:
    """What the rule of a profile gives for an agenda, if the board accepts the programme. Minutes
    of which nothing is known are counted once with them and once without; breaks never."""
    counts = [_count(profile, parts, if_unknown=known) for known in (False, True)]
    hours = [_hours(profile, each.minutes, _total(parts)) for each in counts]
    lines = [_working(profile, each, _total(parts)) for each in counts]
    both = (f"Without what is not known to count: {lines[0]}", f"With it: {lines[1]}")
    return Credit(
        least=hours[0],
        most=hours[1],
        working=both if hours[0] != hours[1] else (lines[0],),
        short="" if hours[1] else _short(profile, counts[1].minutes, _total(parts)),
    )


def tell(draft: Draft, profile: Profile | None, parts: Sequence[Part]) -> None:
    """Write what the rule gives, by which rule, and what it does not say; ethics is the speaker's
    to mark. Without a profile, that none was named."""
    draft.heading("Credit", 2)
    draft.paragraph(
        "Boards accredit programmes and sponsors, never written materials: nothing in this packet "
        "is accredited, and it claims no credit.",
        ours=True,
    )
    if profile is None:
        draft.paragraph(
            "No jurisdiction was named, so no credit is computed: ask the board.", ours=True
        )
    else:
        _tell(draft, profile, credit(profile, parts))
    draft.paragraph(
        "Ethics or professional responsibility: ______ minutes, marked by the speaker. It is never "
        "computed here.",
        style=Style.CHECKBOX,
        ours=True,
    )


def _tell(draft: Draft, profile: Profile, got: Credit) -> None:
    notes = _noted(draft, profile)
    draft.paragraph(
        strong(f"{profile.name}: {_headline(profile, got)}"),
        f"{', as it is timed here.' if got.most else f'. {got.short}'}",
        notes=notes["credit"],
    )
    for words in (*got.working, *_rule(profile)):
        draft.bullet(words, notes=notes["credit"])
    if profile.materials:
        draft.bullet(f"Written materials: {profile.materials}", notes=notes["materials"])
    if profile.formats:
        draft.bullet(f"How it may be held: {profile.formats}", notes=notes["formats"])
    for words in _unstated(profile):
        draft.bullet(words, ours=True)
    if profile.check:
        draft.bullet(f"Ask before relying on it: {profile.check}.", notes=notes["credit"])


def _noted(draft: Draft, profile: Profile) -> dict[str, list[int]]:
    """The numbers of the rules, entered as sources, by what they are about."""
    notes: dict[str, list[int]] = {"credit": [], "materials": [], "formats": []}
    for rule in profile.rules:
        number = draft.source(
            f"{rule.rule}.",
            short=rule.rule,
            url=rule.url,
            version=rule.text,
            retrieved=f"{wording.calendar(rule.read)}, {NOT_CHECKED}",
        )
        for about in rule.about:
            notes[about].append(number)
    return notes


def _total(parts: Sequence[Part]) -> int:
    return sum(part.minutes for part in parts)


def _count(profile: Profile, parts: Sequence[Part], *, if_unknown: bool) -> _Count:
    """The minutes that count; of questions no more than the rule takes in each hour."""
    spent = {kind: sum(p.minutes for p in parts if p.kind is kind) for kind in Kind}
    counts = {
        Kind.INSTRUCTION: True,
        Kind.INTRODUCTION: _known(profile.introductions, if_unknown),
        Kind.QUESTIONS: _known(profile.questions, if_unknown),
        Kind.BREAK: False,
    }
    taken = {kind: minutes if counts[kind] else 0 for kind, minutes in spent.items()}
    if profile.questions_per_hour:
        rest = sum(taken.values()) - taken[Kind.QUESTIONS]
        limit = rest * profile.questions_per_hour // (profile.hour - profile.questions_per_hour)
        taken[Kind.QUESTIONS] = min(taken[Kind.QUESTIONS], limit)
    return _Count(
        minutes=sum(taken.values()),
        off=tuple(
            (name, spent[kind] - taken[kind])
            for kind, name in _NAMES.items()
            if spent[kind] > taken[kind]
        ),
    )


def _known(stated: bool | None, if_unknown: bool) -> bool:
    return if_unknown if stated is None else stated


def _hours(profile: Profile, minutes: int, total: int) -> Fraction:
    if profile.shortest and total < profile.shortest:
        return Fraction(0)
    hours = _rounded(profile, Fraction(minutes, profile.hour))
    return hours if hours >= Fraction(profile.least or 0) else Fraction(0)


def _rounded(profile: Profile, hours: Fraction) -> Fraction:
    if profile.increment is None:
        return hours
    step = Fraction(profile.increment)
    half = Fraction(1, 2) if profile.rounding == "nearest" else 0
    return floor(hours / step + half) * step


def _working(profile: Profile, counted: _Count, total: int) -> str:
    """As in "60 minutes − 4 (introduction) = 56; 56 ÷ 50 = 1.12; rounded down to …: 1.0"."""
    off = "".join(f" − {minutes} ({name})" for name, minutes in counted.off)
    less = f"{total} minutes{off} = {counted.minutes}; " if off else ""
    exact = Fraction(counted.minutes, profile.hour)
    line = f"{less}{counted.minutes} ÷ {profile.hour} = {_number(exact)}"
    rounded = _rounded(profile, exact)
    if profile.increment is not None:
        line += f"; {_rounding(profile)}: {_number(rounded)}"
    if rounded and not _hours(profile, counted.minutes, total):
        line += ", which is too little for any"
    return line


def _rounding(profile: Profile) -> str:
    step = Fraction(profile.increment or 0)
    named = _STEPS.get(step, f"step of {_number(step)} hours")
    return f"rounded {'down to a' if profile.rounding == 'down' else 'to the nearest'} {named}"


def _number(hours: Fraction) -> str:
    """At most two decimals, and always one: 1.0, 1.25."""
    whole = f"{float(hours):.2f}"
    return whole.removesuffix("0")


def _headline(profile: Profile, got: Credit) -> str:
    if not got.most:
        return "no credit, as it is timed here"
    hours = dict.fromkeys((_number(got.least), _number(got.most)))
    accepted = (
        f"if the board ({profile.board}) accepts the programme"
        if profile.approves
        else f"if it qualifies: the {profile.board} approves no programme"
    )
    return f"{' to '.join(hours)} credit hours, {accepted}"


def _short(profile: Profile, minutes: int, total: int) -> str:
    """What is lacking, in minutes."""
    if profile.shortest and total < profile.shortest:
        return f"A programme under {profile.shortest} minutes earns none; this one has {total}."
    first = next(at for at in range(1, LONGEST) if _hours(profile, at, total))
    return f"The first credit takes {first} minutes that count; this agenda has {minutes}."


def _rule(profile: Profile) -> Iterator[str]:
    yield f"A credit hour has {profile.hour} minutes; breaks are left out."
    if profile.questions_per_hour:
        yield f"Of questions and answers at most {profile.questions_per_hour} minutes in an hour."


def _unstated(profile: Profile) -> Iterator[str]:
    """What was not found in the texts read."""
    lacking = [
        name
        for name, value in (
            ("how fractions are rounded", profile.increment),
            ("whether opening remarks count", profile.introductions),
            ("whether questions and answers count", profile.questions),
            ("the shortest programme that earns credit", profile.shortest or profile.least),
            ("what written materials must be", profile.materials or None),
            ("which formats are taken (live, on demand, self-study)", profile.formats or None),
        )
        if value is None
    ]
    if lacking:
        yield f"Not found in the texts that were read: {'; '.join(lacking)}."
