"""What a session teaches: objectives, a timed agenda and questions, all from the changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alerts.dates import said
from alerts.deadlines import judged
from alerts.force import authority_of
from alerts.redline import Line, Mark, quotation, redline, sides
from alerts.wording import COMPARED, PRECEDENTS, last_text, shortened
from pipeline.errors import LexwatchError
from pipeline.model import Change, ChangeClass, ChangeKind, DateKind

OBJECTIVES = 8  # a list longer than this is read by nobody
QUESTIONS = 3  # for each development
AROUND = 10  # unchanged words on either side of a change that a question quotes
QUOTED = 320  # characters of a quotation in a question
TITLE = 70  # characters of a title where the citation stands beside it
ASKED_ABOUT = (DateKind.COMMENTS_CLOSE, DateKind.EFFECTIVE)
RECALLED = 12  # words that recall a quotation which stands above in full

# When a page was last touched, how often it was seen, and its buttons.
_FURNITURE = re.compile(
    r"(?:this |the )?(?:page|content)?\s*(?:was |is )?"
    r"(?:(?:last|date) (?:reviewed|updated|modified|published)|current as of|page views?)\b.{0,60}"
    r"|(?:(?:share|print|e-?mail|tweet|post|facebook|twitter|linkedin|x|copy link|back to top"
    r"|skip to (?:main )?content|was this (?:page )?helpful\??|this page|on|by|via|to|a friend)"
    r"[\s|,;:·/()]*)+",
    re.IGNORECASE,
)
_OBJECTIVES = {
    ChangeKind.TEXT: "Compare the earlier and the present text of {}, and say what the difference "
    "means for a pending matter.",
    ChangeKind.NEXT: "Say what moved between {} and the one before it, and which clients may act "
    "on it.",
    ChangeKind.REMOVED: "Find what {} said before the site ceased to show it, and which authority "
    "says the same.",
    ChangeKind.BACK: "Compare {}, shown again, with the text that a matter relies on.",
}


@dataclass(frozen=True, kw_only=True)
class Development:
    """A change in the packet; `number` is also the number of its source note."""

    number: int
    change: Change

    @property
    def called(self) -> str:
        """The citation, or the title where the source states none."""
        return self.change.new.citation or self.change.new.title

    @property
    def named(self) -> str:
        """A title short enough for a list, and the citation."""
        new = self.change.new
        return f"{shortened(new.title, TITLE)}, {new.citation}" if new.citation else new.title


@dataclass(frozen=True, kw_only=True)
class Part:
    """A line of the agenda, from `start` minutes on."""

    start: int
    minutes: int
    subject: str


def objectives(developments: Sequence[Development]) -> tuple[str, ...]:
    """What a participant can do afterwards, one for each development of substance."""
    named = [item for item in developments if _counts(item)][:OBJECTIVES]
    told = [_objective(item) for item in named]
    if others := len(developments) - len(named):
        told.append(
            f"Place the other {others} developments of the period by topic, authority and class."
            if others > 1
            else "Place the other development of the period by topic, authority and class."
        )
    return tuple(told)


def agenda(topics: Mapping[str, Sequence[Development]], minutes: int) -> tuple[Part, ...]:
    """Parts whose minutes add up to `minutes`: a topic's share grows with its developments, those
    of substance counting three times. Raises where a part would have no minute."""
    weights = [
        ("Opening: objectives, what was watched, limits of this packet", 1.0),
        *((_subject(name, of), _weight(of)) for name, of in topics.items()),
        ("Deadlines and practice checklist", 1.0),
        ("Questions", 1.5),
    ]
    if minutes < len(weights):
        raise LexwatchError(
            f"{minutes} minutes cannot hold {len(weights)} parts: give more minutes or fewer topics"
        )
    start, parts = 0, []
    shares = _shares([weight for _, weight in weights], minutes)
    for (subject, _), share in zip(weights, shares, strict=True):
        parts.append(Part(start=start, minutes=share, subject=subject))
        start += share
    return tuple(parts)


def questions(item: Development) -> tuple[str, ...]:
    """Questions on words that are quoted in the packet, with the number of their source."""
    change, note = item.change, f"[{item.number}]"
    if change.difference.kind in COMPARED:
        lines = (line for line in redline(change, AROUND) if not line.rule)
        asked = [_on_line(line, note) for line in lines if not _is_furniture(line)]
        return tuple(asked[:QUESTIONS])
    if change.difference.kind is not ChangeKind.NEW:
        return ()
    asked = [_on_words(words, note, item) for words in quotation(change.new)]
    ended = {at for at, each in judged(change).items() if not each.live}
    for stated in change.new.dates:
        is_ended = (stated.kind, stated.on) in ended
        if stated.kind in ASKED_ABOUT and said(stated) and not is_ended:
            asked.append(
                f"The source states: “{_cut(said(stated))}” {note} Which clients have to be told, "
                "and what has to be done before that date?"
            )
    return tuple(asked[:QUESTIONS])


def _counts(item: Development) -> bool:
    return item.change.difference.change_class is ChangeClass.SUBSTANTIVE


def _objective(item: Development) -> str:
    new, kind = item.change.new, item.change.difference.kind
    title = authority_of(last_text(item.change)).title
    called = item.named
    if kind in _OBJECTIVES:
        return _OBJECTIVES[kind].format(f"{called} [{item.number}]")
    if new.document.kind in PRECEDENTS:
        return (
            f"State what {called} [{item.number}] holds, in the words of its headnotes, and whom "
            "it binds."
        )
    if new.document.kind == "proposed-rule":
        return f"Say what {called} [{item.number}] proposes, and by when one may comment on it."
    if kind is ChangeKind.NEW:
        return (
            f"Explain what {called} [{item.number}] ({title.lower()}) provides, and from what date."
        )
    return (
        f"Explain what the publisher altered about {called} [{item.number}], and what it did not."
    )


def _subject(name: str, developments: Sequence[Development]) -> str:
    first, last = developments[0].number, developments[-1].number
    return f"{name}: " + (
        f"development {first}" if first == last else f"developments {first}–{last}"
    )


def _weight(developments: Sequence[Development]) -> float:
    return float(sum(3 if _counts(item) else 1 for item in developments))


def _shares(weights: Sequence[float], minutes: int) -> list[int]:
    """Whole minutes in proportion, at least one each; remainders go to the largest fractions."""
    free = minutes - len(weights)
    exact = [weight * free / sum(weights) for weight in weights]
    shares = [1 + int(share) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda at: (int(exact[at]) - exact[at], at))
    for at in by_rest[: minutes - sum(shares)]:
        shares[at] += 1
    return shares


def _is_furniture(line: Line) -> bool:
    """Whether a line belongs to the web page and not to what it says: who would discuss it?"""
    return all(not side or _FURNITURE.fullmatch(side) for side in sides(line.pieces))


def _on_line(line: Line, note: str) -> str:
    before, after = sides(line.pieces)
    where = f"In {line.place.split(' › ')[-1]}, the" if line.place else "The"
    marks = {piece.mark for piece in line.pieces}
    if marks == {Mark.INSERTED}:
        return (
            f"{where} text now adds: {_recalled(after)} {note} Who has to act on it, and which "
            "evidence would show that they did?"
        )
    if marks == {Mark.DELETED}:
        return (
            f"{where} text no longer says: {_recalled(before)} {note} May a filing still rely on "
            "it, and does another authority say the same?"
        )
    return (
        f"{where} text said: “{_cut(before)}” It now says: “{_cut(after)}” {note} What has "
        "to be checked again in a matter prepared under the earlier text?"
    )


def _on_words(words: str, note: str, item: Development) -> str:
    if item.change.document.kind in PRECEDENTS:
        return (
            f"The headnote states: {_recalled(words)} {note} On which facts would a pending case "
            "be distinguished, and is there contrary authority in your circuit?"
        )
    return (
        f"The source says: {_recalled(words)} {note} Which of your pending matters does this reach?"
    )


def _cut(words: str) -> str:
    return shortened(words, QUOTED)


def _recalled(words: str) -> str:
    """The words in quotation marks; of more, the first, for all stand above."""
    first = words.split()
    if len(first) <= 2 * RECALLED:
        return f"“{words}”"
    return f"“{' '.join(first[:RECALLED])} …” (in full above)"
