"""Say whom a finding binds, and read before whom and in which circuit a reader stands."""

from __future__ import annotations

import re
from enum import StrEnum

from pipeline.citator.model import Body, Finding, Forum
from pipeline.citator.reach import CIRCUITS
from pipeline.citator.voice import (
    AGENCIES,
    CIRCUIT_NAMES,
    COURTS,
    Rank,
    Voice,
    may_undo,
    speaker,
    target,
)
from pipeline.errors import LexwatchError


class Binding(StrEnum):
    """Whether a finding binds in a forum."""

    YES = "yes"
    IN_PART = "in part"  # in some of the circuits, or before some of the bodies, that are asked of
    NO = "no"
    NOT_STATED = "not stated"


class ForumUnknown(LexwatchError):
    """What was typed names no forum or circuit that we know."""


_ALL = frozenset(Body)
_OFFICERS = frozenset({Body.IMMIGRATION_COURT, Body.USCIS})
_EVERYWHERE = frozenset(CIRCUITS)
_BODIES = {
    # U.S. Const. art. III, § 1 and art. VI: the Supreme Court's word and the statutes bind all.
    Rank.SUPREME_COURT: _ALL,
    Rank.STATUTE: _ALL,
    # A regulation made by law has the force of law, 5 U.S.C. 553; the Board and the judges are
    # governed by it, 8 CFR 1003.1(d)(1)(i), 1003.10(d).
    Rank.REGULATION: _ALL,
    # 28 U.S.C. 41, 43; 8 U.S.C. 1252(b)(2): the circuit in which the judge completed the
    # proceedings. Matter of Anselmo, 20 I&N Dec. 25 (BIA 1989): the Board follows it there alone.
    Rank.COURT_OF_APPEALS: _ALL,
    # 8 CFR 1003.1(g)(1), 103.10(b): all officers and employees of DHS, and immigration judges. The
    # Board itself by the Attorney General's: 8 CFR 1003.1(d)(1)(i).
    Rank.ATTORNEY_GENERAL: _OFFICERS,
    Rank.BOARD: _OFFICERS,
    # 8 CFR 103.3(c): "binding on all Service employees".
    Rank.SERVICE: frozenset({Body.USCIS}),
    Rank.USCIS_GUIDANCE: frozenset({Body.USCIS}),
    # 8 CFR 1003.0(b)(1)(i): the Director of EOIR issues operational instructions and policy.
    Rank.EOIR_GUIDANCE: frozenset({Body.IMMIGRATION_COURT}),
    Rank.PRESIDENT: _OFFICERS,
    # By it a visa number is available, before USCIS and in proceedings: 8 CFR 245.1(g)(1),
    # 1245.1(g)(1).
    Rank.VISA_BULLETIN: _OFFICERS,
    # 8 CFR 1003.1(g)(2): decisions serve as precedents where they were designated.
    Rank.NO_PRECEDENT: frozenset(),
}
_NARROW = {
    Rank.OTHER_COURT: "binds whom the order says: see the order",
    Rank.NO_PRECEDENT: "is no precedent and binds in no other case",
    Rank.USCIS_GUIDANCE: "is guidance to officers of USCIS alone",
    Rank.EOIR_GUIDANCE: "is guidance within EOIR alone",
    Rank.SERVICE: "binds officers of DHS alone",
}
# 28 U.S.C. 41; the Northern Mariana Islands by 48 U.S.C. 1821(a), which gives them Guam's circuit.
_STATES = {
    "1": ("maine me", "massachusetts ma", "new hampshire nh", "puerto rico pr", "rhode island ri"),
    "2": ("connecticut ct", "new york ny", "vermont vt"),
    "3": ("delaware de", "new jersey nj", "pennsylvania pa", "virgin islands vi"),
    "4": (
        "maryland md", "north carolina nc", "south carolina sc", "virginia va", "west virginia wv",
    ),
    "5": ("louisiana la", "mississippi ms", "texas tx"),
    "6": ("kentucky ky", "michigan mi", "ohio oh", "tennessee tn"),
    "7": ("illinois il", "indiana in", "wisconsin wi"),
    "8": (
        "arkansas ar", "iowa ia", "minnesota mn", "missouri mo", "nebraska ne",
        "north dakota nd", "south dakota sd",
    ),
    "9": (
        "alaska ak", "arizona az", "california ca", "hawaii hi", "idaho id", "montana mt",
        "nevada nv", "oregon or", "washington wa", "guam gu", "northern mariana islands mp",
    ),
    "10": ("colorado co", "kansas ks", "new mexico nm", "oklahoma ok", "utah ut", "wyoming wy"),
    "11": ("alabama al", "florida fl", "georgia ga"),
    "dc": ("district of columbia dc", "washington dc dc"),
}  # fmt: skip
_PLACES = {
    state.rpartition(" ")[0]: circuit for circuit, states in _STATES.items() for state in states
}
# "in", "or", "me" and "hi" are words too: a postal abbreviation counts where it stands alone.
_POSTAL = {
    state.rpartition(" ")[2]: circuit for circuit, states in _STATES.items() for state in states
}
_LONGEST_FIRST = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, _PLACES), key=len, reverse=True)) + r")\b"
)
_NUMBERS = {name.lower(): number for number, name in CIRCUIT_NAMES.items() if number in CIRCUITS}
_NUMBERED = re.compile(
    r"\b(?:ca ?)?(?P<number>\d{1,2}|dc)(?:st|nd|rd|th|d)?(?: cir(?:cuit)?)?\b"
    rf"|\b(?P<name>{'|'.join(name for name in _NUMBERS if name != 'd.c.')})\b"
)
_BODY_WORDS = (
    (Body.IMMIGRATION_COURT, r"\b(?:immigration[- ](?:courts?|judges?)|ij|bia|board|eoir)\b"),
    (Body.USCIS, r"\b(?:uscis|dhs|asylum officers?)\b"),
    (Body.FEDERAL_COURT, r"\b(?:federal|district)[- ](?:courts?|judges?)\b|\bcourts? of appeals\b"),
)
_CONDITION = re.compile(
    r"\b(?:in|for|within) any (?:other )?(?:circuits?|jurisdictions?|cases?) "
    r"(?:without|absent|lacking|with no|that has no|where)\b[^,;.]{0,80}"
    r"|\b(?:except|unless|absent|until)\b[^,;.]{0,20}\b(?:courts? of appeals|circuits?)\b"
    r"[^,;.]{0,80}",
    re.IGNORECASE,
)
NEXT = 'say one of "immigration-court", "uscis", "federal-court", and a circuit such as "1" or "dc"'


def binds(finding: Finding, forum: Forum | None) -> Binding:
    """Whether what the finding tells binds in a forum; None stands for all of them.

    A district court's order binds whom it says, so that is not stated; nor is it where nobody says
    who did it, or of which circuit a court of appeals is.
    """
    who = speaker(finding)
    circuits = _circuits(finding, who)
    if who.rank not in _BODIES or (who.rank is Rank.COURT_OF_APPEALS and not who.circuits):
        stated = finding.treatment.circuits
        is_for_others = stated and forum and forum.circuit and forum.circuit not in stated
        return Binding.NO if is_for_others else Binding.NOT_STATED
    bodies = _BODIES[who.rank]
    whose = target(finding.treatment)
    if who.rank in AGENCIES and whose.rank in AGENCIES and may_undo(who, whose):
        bodies = _ALL  # what an agency no longer holds is its precedent before no court either
    return _meet(bodies, circuits, forum)


def meets(who: Voice, where: Forum | None) -> Binding:
    """Whether a speaker's own word binds in a forum, whatever it is about; `NOT_STATED` of one of
    whom that can't be said, and of a court of appeals whose circuit is not stated."""
    if who.rank not in _BODIES or (who.rank is Rank.COURT_OF_APPEALS and not who.circuits):
        return Binding.NOT_STATED
    is_of_circuit = who.rank is Rank.COURT_OF_APPEALS
    return _meet(
        _BODIES[who.rank], frozenset(who.circuits) if is_of_circuit else _EVERYWHERE, where
    )


def scope(finding: Finding) -> str:
    """How narrowly a finding's word binds, as a clause after "which": "binds in the Ninth Circuit
    alone"; "" where it binds wherever the authority did, or where nobody says who did it."""
    who, said = speaker(finding), finding.treatment
    if who.rank is Rank.COURT_OF_APPEALS:
        where = within(who.circuits)
        return (
            f"binds {where} alone" if where else "binds in its own circuit alone, not stated here"
        )
    if who.rank in AGENCIES and target(said).rank in COURTS:
        return "binds no court, and nobody within that court's circuit"
    if said.circuits:
        return f"is said {within(said.circuits)} alone"
    return _NARROW.get(who.rank, "")


def forum(text: str) -> Forum:
    """The forum that a reader names: "immigration-court", "uscis texas", "an immigration judge in
    the First Circuit"; a circuit alone means its immigration courts. Raises `ForumUnknown`."""
    rest = _plain(text)
    body = next((each for each, pattern in _BODY_WORDS if re.search(pattern, rest)), None)
    for _, pattern in _BODY_WORDS:
        rest = re.sub(pattern, " ", rest)
    rest = rest.strip()
    place = _circuit(rest)
    if not place and (body is None or re.search(r"\d|\bcirc", rest)):
        raise ForumUnknown(f"{text!r} names no forum or circuit: {NEXT}")
    return Forum(body=body or Body.IMMIGRATION_COURT, circuit=place)


def circuit(text: str) -> str:
    """The circuit that a reader names: "1", "1st", "ca1", "first circuit", "D.C.", "Massachusetts",
    "MA". Raises `ForumUnknown`."""
    place = _circuit(_plain(text))
    if not place:
        raise ForumUnknown(
            f'{text!r} is no circuit that hears removal cases: say "1" to "11", "first" to '
            '"eleventh", "dc" or a state'
        )
    return place


def words(where: Forum | None) -> str:
    """A forum as a sentence has it: "before an immigration court in the First Circuit"."""
    if where is None:
        return "before any body"
    before = {
        Body.IMMIGRATION_COURT: "before an immigration court",
        Body.USCIS: "before USCIS",
        Body.FEDERAL_COURT: "before a federal court",
    }[where.body]
    return f"{before} {within((where.circuit,))}" if where.circuit else before


def within(circuits: tuple[str, ...]) -> str:
    """ "in the First Circuit", "in the First and Ninth Circuits"; "" of none."""
    names = [CIRCUIT_NAMES[each] for each in circuits]
    if not names:
        return ""
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"in the {listed} Circuit{'s' if len(names) > 1 else ''}"


def condition(sentence: str) -> str:
    """The words by which a sentence makes itself depend on a circuit's own precedent, as printed:
    "in any circuit without contrary precedent"; "" where there are none."""
    found = _CONDITION.search(sentence)
    return found[0].strip() if found else ""


def _circuits(finding: Finding, who: Voice) -> frozenset[str]:
    """Where a finding's word reaches."""
    stated = frozenset(finding.treatment.circuits) or _EVERYWHERE
    if who.rank is Rank.COURT_OF_APPEALS:
        return frozenset(who.circuits) & stated
    whose = target(finding.treatment)
    if who.rank in AGENCIES and whose.rank in COURTS:
        # An agency takes nothing from a court within that court's own circuit.
        return stated - (frozenset(whose.circuits) or _EVERYWHERE)
    return stated


def _meet(bodies: frozenset[Body], circuits: frozenset[str], where: Forum | None) -> Binding:
    asked = frozenset({where.body}) if where else _ALL
    places = frozenset({where.circuit}) if where and where.circuit else _EVERYWHERE
    if not (asked & bodies and places & circuits):
        return Binding.NO
    return Binding.YES if asked <= bodies and places <= circuits else Binding.IN_PART


def _plain(text: str) -> str:
    lowered = re.sub(r"\bd\. ?c\b\.?", "dc", text.strip().lower())
    return re.sub(r"[\s.,_]+", " ", lowered).strip()


def _circuit(text: str) -> str:
    """ "" where the words name none."""
    if text in _POSTAL:
        return _POSTAL[text]
    if place := _LONGEST_FIRST.search(text):
        return _PLACES[place[0]]
    found = _NUMBERED.search(text)
    if not found:
        return ""
    number = found["number"] or _NUMBERS[found["name"]]
    return number if number in CIRCUITS else ""
