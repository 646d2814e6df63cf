"""Read in running text what is told of how an authority was treated, and by whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.citator.actors import FIRST, is_argued, is_of_one_matter, is_own_court, is_supposed
from pipeline.citator.anaphora import Sentence, cited_after, sentence, taken_up
from pipeline.citator.masked import AUTHORITY, PROVISION, Masked, masked, sentences
from pipeline.citator.model import Treatment, TreatmentForm
from pipeline.citator.model import TreatmentKind as Kind
from pipeline.citator.printed import LAWS, printed
from pipeline.citator.reach import reach, thing
from pipeline.citator.reporting import (
    CONTRAST,
    FORMS,
    HEAD_BEFORE,
    HELD,
    MISPLACED,
    OWN,
    PASSIVE,
    SUBJECTS,
)
from pipeline.citator.stated import is_others
from pipeline.citator.subject import subject
from pipeline.citator.verbs import ACTIVE, DID, DOES, PAST, either, kind
from pipeline.model import Citation, Span

_ASIDE = re.compile(r"(?:(?<![\w)])|(?=\([^()]{6}))\([^()]{0,400}\)")  # "322(a)" has none
_HOLDING = re.compile(
    r"(?:in part )?(?:holding|concluding|stating|noting|explaining|recogni[sz]ing|observing|finding"
    r"|acknowledging|determining|reaffirming)(?:,? (?:inter alia|in part|among other things),?)?"
    r" that\s"
)
_QUOTES = re.compile(r"[\"“”]")
_IN_YEAR = re.compile(r"(?:\A\W*|[;:]\s)[Ii]n (?P<year>(?:19|20)\d\d),?\s\Z")
_HEADS = 120  # characters of what stands before a decision's name
_BEFORE = 1_000  # characters before a verb that may limit it
_LONGEST = 6_000  # characters of one sentence: a list of a hundred pages is none
_SENT_BACK = (Kind.VACATED, Kind.REVERSED)
_AND_REMANDED = re.compile(r",?\s(?:and|but)\s(?:then\s)?remand(?:ed|s)\b")
_SAID = {
    "gone": Kind.ABROGATED,
    "ended": Kind.ABROGATED,
    "good": Kind.REAFFIRMED,
    "apart": Kind.DISTINGUISHED,
    "obeyed": Kind.FOLLOWED,
}


@dataclass(frozen=True, kw_only=True)
class _Doer:
    """Who did it: the authority at the place `at`, or `who`; the text itself where neither is
    stated and it was not `another`. `court` is the year where the text states it alone."""

    at: int = -1
    who: str = ""
    court: str = ""
    another: bool = False


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What one clause says, in the masked text's places; `before` is what of its sentence stands
    before its verb."""

    kind: Kind
    list: tuple[int, int]
    doer: _Doer
    words: str
    before: str
    head: str = ""


def discussed(text: str, cited: Sequence[Citation]) -> Iterator[Treatment]:
    """What running text tells of treatments: that a court, an agency or a later authority did it
    ("the Board has since overruled Matter of X", "Matter of X was vacated in Matter of Y"), and
    what the text itself says with "we" or of an authority that "remains good law".

    So that nothing is claimed wrongly, what a party argues, what is asked, supposed, denied or
    quoted, and what dissenters would do gives nothing; nor does an authority without a citation in
    the text. `by_another` is set where the text does not say who did it, as in "we overruled" of an
    earlier day.
    """
    if not cited:
        return
    shown = masked(text, cited)
    spans = [*sentences(shown.text)]
    said = [sentence(shown, span) for span in spans]
    for at, (span, here) in enumerate(zip(spans, said, strict=True)):
        following = said[at + 1] if at + 1 < len(said) else None
        for each in _of(here, said[:at], following):
            if named := _by_law(each, shown, span, cited):
                yield _placed(text, shown.printed(span), named)
    yield from _in_parentheses(text, cited)


def _of(
    here: Sentence, before: Sequence[Sentence], following: Sentence | None
) -> Iterator[Treatment]:
    """What a sentence tells, also of the authority that it calls "it" or "that decision"."""
    is_apart = following is not None and CONTRAST.match(following.text)
    for told in _told(here.text, (*FORMS, MISPLACED) if is_apart else FORMS):
        yield from _treatments(here, told, following)
    again = taken_up(here, before)
    for told in _told(again.text) if again else ():
        if again and told.list[0] <= again.taken < told.list[1]:
            yield from _treatments(again, told, following)


def _by_law(
    treatment: Treatment, shown: Masked, span: Span, cited: Sequence[Citation]
) -> Treatment | None:
    """The treatment with the law that did it, where that is a citation: the only one of its
    sentence that is no decision."""
    if PROVISION not in treatment.by_name:
        return treatment
    at = shown.text.index(PROVISION, span.start, span.end)
    start = shown.printed(Span(start=at, end=at + 1)).start
    law = next(each for each in cited if each.start == start)
    if law.kind not in LAWS or shown.text.count(PROVISION, span.start, span.end) > 1:
        return None
    name = treatment.by_name.replace(PROVISION, law.raw)
    return replace(treatment, by=law.cited, by_name=name)


def _in_parentheses(text: str, cited: Sequence[Citation]) -> Iterator[Treatment]:
    """ "(holding that Matter of X no longer governs)": what the case before it says."""
    for one in printed(text, cited):
        for start, end in one.asides:
            holding = _HOLDING.match(text, start, end)
            inside = [each for each in cited if start <= each.start < end] if holding else []
            if not holding or not inside or not one.is_case or not one.target:
                continue
            begin = holding.end()
            shown = masked(text[begin:end], [_moved(each, -begin) for each in inside])
            inner = sentence(shown, Span(start=0, end=len(shown.text)))
            for told in _told(inner.text):
                for each in _treatments(inner, told):
                    is_its_own = not (each.by or each.by_name or each.by_another)
                    named = _by(each, one.citation) if is_its_own else each
                    if named.by != each.target and PROVISION not in named.by_name:
                        yield _placed(text, Span(start=one.start, end=one.end), named)


def _moved(citation: Citation, by: int) -> Citation:
    return replace(citation, start=citation.start + by, end=citation.end + by)


def _by(treatment: Treatment, citation: Citation) -> Treatment:
    return replace(treatment, by=citation.cited, by_name=citation.name, by_court=citation.court)


def _placed(text: str, place: Span, treatment: Treatment) -> Treatment:
    return replace(
        treatment, sentence=text[place.start : place.end], start=place.start, end=place.end
    )


def _without_asides(sentence: str) -> str:
    """The sentence with its parentheses blank: what stands in them is another's clause."""
    shown = sentence[1:] if sentence.startswith("(") else sentence
    blank = _ASIDE.sub(lambda match: " " * len(match[0]), shown)
    return (" " * (len(sentence) - len(shown)) + blank).replace("’", "'")


def _told(said: str, forms: Sequence[re.Pattern[str]] = FORMS) -> Iterator[_Told]:
    """What a masked sentence says, each once."""
    if AUTHORITY not in said or len(said) > _LONGEST or is_argued(said):
        return
    sentence = _without_asides(said)
    seen: set[tuple[Kind, int]] = set()
    for pattern in forms:
        for match in pattern.finditer(sentence):
            told = _read(sentence, match)
            if told and (told.kind, told.list[0]) not in seen:
                seen.add((told.kind, told.list[0]))
                yield told
                if told.kind in _SENT_BACK and _AND_REMANDED.match(sentence, match.end()):
                    yield replace(told, kind=Kind.REMANDED)


def _read(sentence: str, match: re.Match[str]) -> _Told | None:
    said = {name: value or "" for name, value in match.groupdict().items()}
    where = "list" if said.get("list") else "list_2"
    verb = said.get("verb", "")
    at = match.start("verb") if verb else match.start(where)
    is_relative = "which" in said.get("comma", "")  # it states a fact, whatever its sentence denies
    begins = match.start("comma") + 1 if is_relative else match.start()
    if is_supposed(sentence, begins, at) or _is_quoted(sentence, at):
        return None
    if match.re is PASSIVE and not _is_report(said):
        return None
    spoken = match.span(where)
    if match.re in SUBJECTS:
        spoken = subject(sentence, *spoken) or (-1, -1)
    if spoken[0] < 0 or is_of_one_matter(sentence[: spoken[0]]):
        return None
    if said.get("comma") == "," and not said["head"]:
        return None  # "X, overruled Y" may be a history that lost its comma
    doer = _holder(sentence, match) if match.re in OWN else _who(sentence, match, said)
    head = said.get("head") or _head_before(sentence, spoken[0])
    if doer is None or spoken[0] <= doer.at < spoken[1] or is_others(head):
        return None
    return _Told(
        kind=_kind(said, verb),
        list=spoken,
        doer=doer,
        words=_clause(sentence, match, head, _limits(said)),
        before=sentence[max(0, at - _BEFORE) : at],
        head=head,
    )


def _is_report(said: dict[str, str]) -> bool:
    """Whether a passive clause reports: what "is overruled" by nobody is a holding, or none; and
    what was limited, modified or followed by nobody may be anything."""
    if said["who"] or said["by_2"] or said["by_4"] or said["law"]:
        return True
    ended = re.match(
        r"(?:over|abrog|vacat|rescind|supersed|revers|disappr|reinst|restored)", said["verb"]
    )
    return said["is"] not in ("is", "are") and ended is not None


def _who(sentence: str, match: re.Match[str], said: dict[str, str]) -> _Doer | None:
    for group in ("by", "by_2", "by_3", "by_4", "led", "led_2"):
        if said.get(group):
            return _Doer(at=match.start(group))
    for group in ("who", "who_2"):
        if said.get(group) == AUTHORITY:
            place = match.span(group)
            spoken = subject(sentence, *place) if said.get("comma") == "," else place
            return _Doer(at=spoken[0]) if spoken else None
    who = said.get("who", "")
    if re.fullmatch(FIRST, who):
        return _ours(sentence, match)
    named = " ".join((who or said.get("law", "")).split())
    return _Doer(who=named, another=not named, court=_year(sentence, match))


def _ours(sentence: str, match: re.Match[str]) -> _Doer:
    """ "We overrule" is done here; "we overruled" was done before, and where is not stated."""
    is_past = not re.fullmatch(f"{either(DOES)}|rejects?", " ".join(match["verb"].split()))
    return _Doer(another=is_past, court=_year(sentence, match) if is_past else "")


def _year(sentence: str, match: re.Match[str]) -> str:
    """The year that an introductory phrase states: "In 2010, the Board"."""
    year = _IN_YEAR.search(sentence, 0, match.start())
    return year["year"] if year else ""


def _holder(sentence: str, match: re.Match[str]) -> _Doer | None:
    """The same of what a clause says in its own word: that of whoever held it, and of nobody known
    where it only follows a "that"."""
    if match.groupdict().get("by") or match.groupdict().get("led"):
        return _Doer(at=match.start("by" if match["by"] else "led"))
    ours = _ours(sentence, match) if match.groupdict().get("who") else _Doer()
    if ours.another:
        return ours
    low = max(0, match.start() - _HEADS * 3)
    said = HELD.search(sentence, low, match.start())
    if said is None:
        is_told = re.search(r"(?<!\b[Nn]ote )\bthat\b[^;,]*\Z", sentence[low : match.start()])
        return None if is_told else _Doer()
    if said["led"] or said["who"] == AUTHORITY:
        return _Doer(at=said.start("led" if said["led"] else "who"))
    return _Doer(who="" if re.fullmatch(FIRST, said["who"]) else " ".join(said["who"].split()))


def _kind(said: dict[str, str], verb: str) -> Kind:
    for group, each in _SAID.items():
        if said.get(group):
            return each
    if not verb:
        return Kind.DISTINGUISHED  # "distinguishes this case from"
    if verb.startswith("reject"):
        return Kind.NOT_FOLLOWED
    if verb.startswith("called"):
        return Kind.DISAPPROVED
    for forms in (DID, DOES, PAST, ACTIVE):
        if re.fullmatch(either(forms), " ".join(verb.split())):
            return kind(verb, forms)
    raise AssertionError(verb)


def _limits(said: dict[str, str]) -> str:
    """The words about a verb that limit it."""
    return " ".join(said.get(group, "") for group in ("how", "parts", "where"))


def _head_before(sentence: str, at: int) -> str:
    """What of a decision is meant where it stands before the verb: "the stay of" it."""
    found = HEAD_BEFORE.search(sentence, max(0, at - _HEADS), at)
    return found["head"] if found else ""


def _clause(sentence: str, match: re.Match[str], head: str, parts: str) -> str:
    """The words that limit the verb: its own, and those after what it acts on."""
    after = re.split(r"[;:]|, (?:and|but|which)\b|\.\s", sentence[match.end() :])[0]
    return " ".join((head, parts, after))


def _is_quoted(sentence: str, at: int) -> bool:
    return len(_QUOTES.findall(sentence, 0, at)) % 2 == 1


def _treatments(
    here: Sentence, told: _Told, following: Sentence | None = None
) -> Iterator[Treatment]:
    doer = cited_after(following, told.doer.who)
    if told.doer.at >= 0:
        doer = here.within(told.doer.at, told.doer.at + 1)[0].citation
    goes = reach(told.words, told.before)
    for authority in here.within(*told.list):
        citation = authority.citation
        if not citation.cited or (doer and doer.cited == citation.cited):
            continue
        if told.head and is_own_court(told.doer.who, citation):
            continue
        yield Treatment(
            kind=told.kind,
            form=TreatmentForm.DISCUSSION,
            target=citation.cited,
            name=citation.name,
            court=citation.court,
            by=doer.cited if doer else "",
            by_name=doer.name if doer else told.doer.who,
            by_court=doer.court if doer else told.doer.court,
            by_another=told.doer.another,
            in_part=goes.in_part,
            object=goes.object or thing(told.head),
            circuits=goes.circuits,
            reaches=goes.reaches,
            sentence="",
            start=0,
            end=0,
        )
