"""Tell whose words a draft says that it quotes: an authority's, or those of the record."""

from __future__ import annotations

import re

_FAR = 90  # characters between a speaker and what is said
_SAYS = (
    r"(?:h(?:e|o)ld(?:s|ing)?|said|sa(?:ys|ying)|stat(?:e[sd]?|ing)|expla?in(?:s|ed|ing)|wr(?:ote|ites"
    r"|iting)|reason(?:s|ed|ing)|not(?:e[sd]|ing)|observ(?:e[sd]|ing)|recogni[sz](?:e[sd]|ing)"
    r"|reiterat(?:e[sd]|ing)|conclud(?:e[sd]|ing)|f(?:ou|i)nd(?:s|ing)?|emphasi[sz](?:e[sd]|ing)"
    r"|declar(?:e[sd]|ing)|rul(?:e[sd]|ing)|defin(?:e[sd]|ing)|describ(?:e[sd]|ing)"
    r"|clarif(?:ie[sd]|ying)|(?:re)?affirm(?:s|ed|ing)|announc(?:e[sd]|ing)|requir(?:e[sd]|ing)"
    r"|provid(?:e[sd]|ing)|statement|declaration|warn(?:s|ed|ing)|caution(?:s|ed|ing)|add(?:s|ed|ing)|put)"
)
# What only those say whose words are in the record.
_PLEADS = (
    r"(?:testif(?:ie[sd]|ying)|swor(?:e|n)|alleg(?:e[sd]|ing)|claim(?:ed|ing)|argu(?:e[sd]|ing)"
    r"|conten(?:ds|ded|ding)|assert(?:s|ed|ing)|admit(?:s|ted|ting)|fear(?:ed|ing)"
    r"|answer(?:s|ed|ing)|submit(?:s|ted|ting)|testimony|affidavit)"
)
_RECORD = (
    r"(?:[Ii]mmigration [Jj]udge|IJ|[Jj]udge|[Rr]espondents?|[Aa]pplicants?|[Pp]etitioners?"
    r"|[Aa]ppellants?|[Pp]laintiffs?|[Dd]efendants?|[Bb]eneficiar(?:y|ies)|[Aa]liens?"
    r"|[Nn]on-?citizens?|[Cc]lients?|[Ww]itness(?:es)?|[Ee]xperts?|[Oo]fficers?|[Cc]ounsel)"
)
_AUTHORITY = (
    r"(?:Board|BIA|(?:[Ss]upreme |[Cc]ircuit |[Dd]istrict )?[Cc]ourt|[Cc]ircuit|Attorney General"
    r"|AAO|USCIS|DHS|Congress|Matters? of|In re|v\.|\d+ [A-Z])"
)
_SPOKEN = re.compile(rf"\b(?:(?P<pleads>{_PLEADS})|{_SAYS})\b")
_SPEAKER = re.compile(rf"\b(?:(?P<record>{_RECORD})|{_AUTHORITY})(?!\w)")
_SPOKEN_BY = re.compile(
    rf"\A\W*+(?:as\s+)?(?:(?:(?:the|his|her|their)\s+)?{_RECORD}|[Hh]e|[Ss]he|[Tt]hey)\s+(?:\w+ly\s+)?"
    rf"(?:{_PLEADS}|{_SAYS})\b"
)
_ATTRIBUTES = re.compile(
    r"(?:as\s+)?(?:(?:the\s+)?(?:Board|BIA|(?:Supreme\s+)?Court|Attorney\s+General|AAO)\s+)?"
    rf"(?:has\s+)?{_SAYS}\s+(?:it\s+)?(?:in|by)\s"
)


def is_of_record(lead: str, after: str) -> bool:
    """Whether the words before a quotation in its sentence, or after it, say that it is the
    judge's, a party's or a witness's: "the respondent testified that"."""
    if _SPOKEN_BY.match(after):
        return True
    spoken = [*_SPOKEN.finditer(lead)]
    if not spoken:
        return False
    if spoken[-1]["pleads"]:
        return True
    at = spoken[-1].start()
    speakers = [*_SPEAKER.finditer(lead, max(0, at - _FAR), at)]
    return bool(speakers) and speakers[-1]["record"] is not None


def is_said(between: str) -> bool:
    """Whether the words between a case and a quotation say that the case says it: ", the Board
    held that"."""
    return _SPOKEN.search(between) is not None


def attributes(between: str) -> bool:
    """Whether the words between a quotation and a case say that the case says it: "as the Board
    held in"."""
    return _ATTRIBUTES.match(between) is not None
