"""The forms of words of a citation's history: the Bluebook's rule 10.7 and its table T8."""

from __future__ import annotations

import re

from pipeline.citator.verbs import ACTIVE, HISTORY, NOUNS, either, gapped

_LONGEST_TOLD = 50  # characters of "as recognized in"
_PART = (
    r"(?:in (?:(?:relevant|pertinent|large|other) )?part|in (?:its|their) entirety|in full"
    r"|(?:up)?on (?:other|different|unrelated) grounds?"
    r"|on (?:(?:denial of )?(?:petition for )?(?:reh['’]?g|rehearing)|remand"
    r"|reconsideration|appeal|review)"
    r"|on (?:this|that) (?:point|issue|ground) only|en banc|as moot|mem\.|per curiam"
    r"|without opinion|with (?:directions|instructions)|(?:and )?for further proceedings"
    r"|by an equally divided [Cc]ourt|and (?:the )?case remanded|to its (?:own |specific )?facts"
    r"|to the extent (?:that )?[^,;()]{1,80}?(?=,| (?:by|in) )"
    r"|(?:as to|insofar as|with respect to) [^,;()]{1,80}?(?=,| (?:by|in) )"
    r"|(?:largely|partially|partly|expressly|effectively|implicitly|impliedly))"
)
_VERB = (
    r"(?P<how>(?:(?:(?:expressly|implicitly|impliedly|effectively|partially|partly|largely|explicitly"
    r"|since|later)|(?:up)?on (?:other|different|unrelated) grounds?,) )?)"
    rf"(?P<said>{either(HISTORY)})(?P<parts>(?:,?\s{_PART})*)"
)
EACH_VERB = gapped(_VERB)
_PLAIN_VERB = re.sub(r"\?P<\w+>", "?:", _VERB)
_VERBS = rf"{_PLAIN_VERB}(?:,? (?:and|&),?\s{_PLAIN_VERB}|,\s{_PLAIN_VERB}){{0,3}}"
_TOLD = r"(?:as )?(?:stated|recogni[sz]ed|noted|explained|acknowledged|discussed) (?:in|by)(?:,? )"
_WHO = (
    r"(?:(?:the )?(?:Attorney General|Board|BIA|Supreme Court|(?:\w+ )Circuit)"
    r"(?:['’]s (?:decision|opinion))? in )?"
)
_LAW = r"(?:federal )?(?:statu[tl](?:e|ory amendment)|rule|regulations?|constitutional amendment)"
# What the Bluebook puts between and what says nothing of the decision below.
_IDLE = (
    r"(?:(?:(?:petition for )?cert(?:\.|iorari) (?:denied|granted|dismissed)|(?:petition for )?"
    r"(?:reh['’]?g|rehearing|review|appeal|leave to appeal) (?:en banc )?"
    r"(?:denied|granted|dismissed|docketed))(?: in part)?"
    r"|as (?:amended|revised|modified|corrected)(?: on [^,;()]{1,40})?(?: \([^()]{1,40}\))?)"
)
# What cannot be a word's beginning is passed by at once: print has hundreds of spaces, and letters.
_WORD = r"(?<![a-z])(?=[a-z])"
PHRASE = gapped(
    rf"[ ,;]{{0,4}}+{_WORD}"
    rf"(?:{_IDLE},? (?:and )?){{0,3}}"
    r"(?P<and>(?:and|but) )?(?P<both>both )?"
    r"(?:(?P<thing>judgment|order|opinion|decision|injunction|stay) )?"
    rf"(?:(?P<noun>{either(NOUNS)}) (?=recogni[sz]ed)|(?P<verbs>{_VERBS}))"
    rf"[ ,]{{0,3}}(?:(?:sub\.? nom\.?|by|in)[ ,]{{1,2}}){{0,3}}"
    rf"(?:(?P<law>{_LAW})\b(?P<law_parts>(?:,?\s{_PART})*))?[ ,]{{0,3}}(?P<told>{_TOLD})?{_WHO}"
)
PASSING = gapped(rf"[ ,;]{{0,4}}+{_WORD}(?:and )?{_IDLE}[ ,]{{0,3}}(?:sub\.? nom\.?,? )?")
IS_BY = gapped(r"\b(?:by|in|sub\.? nom\.?)[ ,]{1,3}\Z|\b(?:by|in)[ ,]{1,2}sub\b")
PARALLEL = gapped(r"\A\s{0,3},\s{0,3}\Z")
NAMED = gapped(
    r"(?<![\w&-])"
    r"(?:(?:Matter of|In re|Ex parte) [A-Z][^,;()]{0,60}|[A-Z][^,;()]{1,60} v\. [^,;()]{1,60})"
)
TO_CITATION = gapped(r"\A[^;(){}]{0,160}\Z")
NAMES = gapped(r" v[s.]|\b(?:[Mm]atter of|[Ii]n re|Nos?\.) ")
_TOLD_LATER = gapped(rf",? (?P<told>{_TOLD})")
ASIDE = gapped(
    rf"(?P<how>(?:(?:partially|partly|largely) )?)(?P<said>{either(ACTIVE)})"
    rf"(?P<parts>(?:,?\s{_PART})*),? (?:(?:its|our|the|Board['’]s|prior"
    r"|earlier|previous|decision|holding|opinion|rule|analysis|in|of) ){0,6}"
)
# "overruled to the extent inconsistent with Y": by whom is not said.
WITH_WHOM = gapped(
    r"\b(?:inconsistent|conflict(?:s|ing)?|contrary|in conflict) (?:with|to)\b[^,;]*,?\s?\Z"
)
ABBREVIATED = gapped(
    r",?\s{0,3}(?P<how>)(?P<said>aff['’`\s]?g|rev['’`\s]?g|vac['’]?g)"
    rf"(?P<parts>(?:,? {_PART})*),? "
)
AND = gapped(r"\A,?\s++(?:and|or|&)\s++\Z")
JOINED = gapped(r"\A[ ,;]{0,4}(?:and|&)?\s{0,3}\Z")
BARE_TAG = gapped(rf"[ ,]{{0,4}}+{_WORD}(?:{either(HISTORY)})\s?(?:[.;,]|\Z)")


def told_later(text: str, start: int, near: int) -> re.Match[str] | None:
    """The words for who tells of it (`told`) that stand in the same clause, so many characters
    after a place or fewer."""
    found = _TOLD_LATER.search(text, start, start + near + _LONGEST_TOLD)
    if found is None or found.start() > start + near:
        return None
    return None if re.search(r"[;()]", text[start : found.start()]) else found
