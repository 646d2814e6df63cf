"""Tell in a sentence who acts, who only argues, and what is only supposed."""

from __future__ import annotations

import re

from pipeline.citator.masked import AUTHORITY
from pipeline.model import Citation

_ORDINAL = (
    r"(?:First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh|D\.C\.|Federal)"
)
_CIRCUIT = (
    rf"(?:{_ORDINAL}(?:, (?:the )?{_ORDINAL}){{0,9}},? and (?:the )?{_ORDINAL} Circuits"
    rf"|{_ORDINAL} Circuit(?:(?:, (?:the )?{_ORDINAL} Circuit){{0,9}},? and (?:the )?{_ORDINAL}"
    r" Circuit)?)"
)
# Whose word is authority; an immigration judge's or a party's is none.
ACTOR = (
    r"(?:(?:[Tt]he |[Tt]hat |[Oo]ur )?(?:(?:United States |U\.S\. )?Supreme Court"
    rf"|(?:United States |U\.S\. )?Court of Appeals for the {_CIRCUIT}|{_CIRCUIT}"
    r"|(?:(?:Acting|Assistant|Associate|Deputy|Regional|District) ){0,2}Commissioner"
    r"|[Mm]y (?:immediate )?predecessors?"
    r"|Board(?: of Immigration Appeals)?|BIA|(?:former |then-|Acting )?Attorney General"
    r"(?:(?! Order\b| Opinion\b)(?: [A-Z]\.| [A-Z][a-z]+)){0,3}"
    r"|Administrative Appeals Office|AAO|Congress|(?:final |interim final |\d{4} )?(?:rule"
    r"|regulations?)"
    r"|en banc court|(?:[Ss]everal|[Mm]any|[Mm]ost|[Ss]ome|[Tt]wo|[Tt]hree|[Oo]ther)(?: other)?"
    r" (?:circuits|courts(?: of appeals)?))(?:,? sitting en banc,?|,? en banc,?)?)"
)
# With whom a decision speaks of itself.
FIRST = r"(?:[Ww]e|I|[Tt]his (?:Court|Board|court))"
_ARGUE = (
    r"(?:argu|conten[dt]|assert|claim|maintain|suggest|urg|request|ask|submit|alleg|insist|posit"
    r"|believ|point|stat|say|not[ei]|characteri|invit)(?:e|es|ed|s|ing|t|ion|ment|ments)?\b"
)
_PARTY = (
    r"(?:respondents?|petitioners?|applicants?|appellants?|appellees?|plaintiffs?|defendants?|DHS"
    r"|Department of Homeland Security|[Gg]overnment|INS|Service|counsel|beneficiar(?:y|ies)"
    r"|aliens?"
    r"|amic(?:us|i)|commenters?|part(?:y|ies)|he|she|they|dissent|majority|Immigration Judge"
    r"|[Dd]istrict [Cc]ourt)"
)
_ARGUED = re.compile(
    rf"\b{_PARTY}(?:['’]s?)?,?\s(?:[\w,]+\s){{0,6}}?{_ARGUE}"
    r"|\b(?:argument|contention|assertion|claim|suggestion|position)s?\s(?:is\s)?that\b"
    r"|\baccording to the\b|\b[Dd]issent|\bI\srespectfully\b|\bin\s(?:his|her|their"
    r"|its)\s(?:brief|view)\b"
)
_REMANDED_FOR = re.compile(
    r"\bremand(?:ed|s)?\s(?:[\w ]{1,60}\s)?for\s(?:further\s)?(?:re)?(?:consideration"
    r"|proceedings|review|findings)\b[^.;,?]*"
)
_SUPPOSED = re.compile(
    r"\b(?=[acdfhimnopqrsuwy][a-z])"
    r"(?:if|whether|unless|would|could|might|may(?!\s\d)|should|until|assum\w+|suppos\w+|question\w*|need"
    r"|not|never|nor|neither|nothing|none|no|without|rather than|instead of|declin\w+|refus\w+"
    r"|far from|hardly|cannot|unable|yet|had it|were to|ask\w*|argu\w+|conten[dt]\w*|assert\w*"
    r"|claim\w*|maintain\w*|suggest\w*|urg\w+|request\w*|seek\w*|sought|mov(?:es?|ed|ing)"
    r"|propos\w+)\b"
    # "Had we overruled", "even had it": where "had" begins its clause.
    rf"|(?=h)(?:(?<![\w{AUTHORITY}]\s)|(?<=even\s))\bhad\s(?:{AUTHORITY}"
    r"|(?:we|I|he|she|it|they|the|this|that|our|Congress)\b)"
    r"|n['’]t\b",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"[;:]|,\s(?:and|but|while|although|though|because|since)\s|\b(?:although|though|while"
    r"|because)\s"
)
# What is undone in one person's matter: "his conviction in United States v. X was vacated".
_OWN_MATTER = re.compile(
    r"\b(?:convictions?|sentences?|pleas?|indictments?|proceedings|charges?|motions?|petitions?"
    r"|appeals?|bonds?|orders? of (?:removal|deportation)|removal orders?|applications?)\b"
    r"[^.;,]{0,30}\Z"
)
_IF = re.compile(
    r"\W{0,20}+(?=[aehiopsuw])(?:even |only )?(?:if|unless|whether|until|were|should|had|assum\w+"
    r"|suppos\w+|provided|once|in the event)\b",
    re.IGNORECASE,
)
_NUMBER_OF = {
    "First": "1st", "Second": "2d", "Third": "3d", "Fourth": "4th", "Fifth": "5th", "Sixth": "6th",
    "Seventh": "7th", "Eighth": "8th", "Ninth": "9th", "Tenth": "10th", "Eleventh": "11th",
    "D.C.": "D.C.", "Federal": "Fed.",
}  # fmt: skip


def is_argued(sentence: str) -> bool:
    """Whether a sentence tells what a party, a dissenter or a judge below says, or asks; what a
    case was remanded for is no argument ("remanded for consideration of the alien's claim")."""
    said = _REMANDED_FOR.sub("", sentence)
    return said.rstrip().endswith("?") or bool(_ARGUED.search(said))


def is_supposed(sentence: str, start: int, verb: int) -> bool:
    """Whether the clause of a verb supposes, denies or leaves open what it says; `start` is where
    its subject begins: after a comma there a new clause begins, unless the one before supposes."""
    begins = max((each.end() for each in _BOUND.finditer(sentence, 0, start)), default=0)
    if sentence[:start].rstrip().endswith(",") and not _IF.match(sentence, begins):
        begins = start
    return bool(_SUPPOSED.search(sentence, begins, verb))


def is_of_one_matter(before: str) -> bool:
    """Whether the words before an authority say that something of its parties is meant."""
    return bool(_OWN_MATTER.search(before[-80:]))


def is_own_court(actor: str, citation: Citation) -> bool:
    """Whether a decision is of the court that acts: "the Ninth Circuit vacated the Board's decision
    in" one of the Ninth Circuit says where it did so, and not what it vacated. In doubt it is."""
    if "Circuit" in actor:
        numbers = tuple(short for name, short in _NUMBER_OF.items() if name in actor)
        return not citation.court or citation.court.startswith(numbers or "")
    if "Supreme Court" in actor:
        return bool(re.match(r"\d+ (?:U\.S\.|S\. ?Ct\.|L\. ?Ed\.)", citation.cited))
    return False
