"""Whether an announcement is about particular people who came before the law.

An agency's news holds law and, beside it, prosecutions: somebody was arrested, charged, convicted,
sentenced, lost a citizenship. Such news names people who hold no office, binds nobody, and stays
with its subject long after an acquittal; it is left out unless an office asks for it. What decides
is the title and the summary, so that the page with the name need not be fetched.

- About people is what tells a step of a proceeding against somebody in particular, named or not,
  and what gives a name with an age, as only reports of prosecutions do.
- Law comes first: a title that announces an instrument of law (a rule, guidance, a policy, a
  precedent) is kept whoever is mentioned, and so is one whose summary names an instrument, unless
  the title itself tells of a proceeding.
- What an agency does as a government (suspends, ends, implements) is law, whatever moved it to.
- A category of the law is nobody in particular: "aliens convicted of", "an alien who is charged".
- Officials who speak or act in office, and the captions of cases, tell of no such step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

REACH = 200  # characters of a sentence within which a category is looked for

_INSTRUMENT = re.compile(
    r"\b(?:(?:final|proposed|interim|temporary|direct) (?:final )?rules?|rule ?making"
    r"|federal register|polic(?:y|ies)|guidance|memorand(?:um|a)|executive orders?|proclamations?"
    r"|matter of|precedents?|adopted decisions?)\b",
    re.IGNORECASE,
)

_MANY = (  # categories of the law, where no number stands before them
    r"(?:aliens|non-?citizens|(?:non)?immigrants|foreign nationals|individuals|persons|people|those"
    r"|anyone|applicants|petitioners|beneficiaries|sponsors|reques(?:ters|tors)|registrants"
    r"|offenders|criminals|refugees|asylees|parolees)"
)
_ANY = (
    r"(?:(?:an?|any|each|every|no|if (?:an?|the)|whether (?:an?|the)) (?:[\w-]+ )?"
    r"(?:alien|non-?citizen|immigrant|individual|person|applicant|petitioner|beneficiary|sponsor"
    r"|offender)|you|someone|being)"
)
_STEPS = (
    r"(?:arrested|apprehended|charged|indicted|convicted|sentenced|detained|jailed|imprisoned"
    r"|deported|extradited|accused|arraigned|denaturali[sz]ed)"
)
# Between a category and what is said of it: "aliens who have been arrested, charged with, or …".
_CHAIN = (
    r"(?:[\s,]+(?:who|that|whom|have|has|had|been|are|is|be|being|or|and|with|for|of|in|by|to"
    rf"|not|never|ever|previously|later|also|already|lawfully|unlawfully|present|{_STEPS}))*[\s,]+"
)
_NUMBER = (
    r"(?:(?!(?:19|20)\d\d\b)\d[\d,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|dozens?|hundreds?|several|multiple) (?:[\w-]+ ){0,4}"
)
_OF_A_CATEGORY = re.compile(
    rf"\b(?:{_MANY}(?:[\s,]+(?:who|that) (?:were|was))?|{_ANY}){_CHAIN}$", re.IGNORECASE
)
_WHO = re.compile(  # "aliens who fail to depart and are arrested", but not "… was arrested"
    rf"\b{_MANY}(?:,? [\w-]+){{0,4}},? (?:who|that)\b[^.;]*(?<!\bwas )(?<!\bwere )$", re.IGNORECASE
)
_COUNTED = re.compile(rf"\b{_NUMBER}(?:of )?(?:the )?{_MANY}\b[^.;]*$", re.IGNORECASE)
_AGAINST_A_CATEGORY = re.compile(
    rf"\s*(?!{_NUMBER})(?:[\w-]+ ){{0,3}}(?:{_MANY}|citizens|nationals|residents|employers|workers"
    r"|students|members|smugglers|traffickers|terrorists|violators|fraudsters|attorneys"
    r"|preparers)\b",
    re.IGNORECASE,
)

# Said of the one against whom it is: he comes before it.
_SUFFERED = re.compile(
    r"\b(?:arrested|apprehended|charged(?= (?:with|in|after|over)\b|,|$)|indicted|convicted"
    r"|sentenced|jailed|imprisoned|extradited|accused of|arraigned|denaturali[sz]ed"
    r"|deported (?:to|for|after)|(?:plead(?:s|ed)?|pled|pleading|found|finds) (?:\w+ )?guilty"
    r"|faces? (?:[\w-]+ ){0,4}(?:charges?|counts?|years|prison)"
    r"|gets? (?:[\w-]+ ){1,3}(?:years|months)"
    r"|(?:years?|months?) (?:in|behind|of) (?:(?:federal|state) )?(?:prison|jail|bars|imprisonment)"
    r"|stripped of (?:[\w.]+ ){0,3}citizenship|allegedly)(?!\w)",
    re.IGNORECASE,
)
# Said of what is done to him: he comes after it.
_DONE = re.compile(
    r"\b(?:arrests|arrests? of|to arrest|charges (?:filed )?against|indicts"
    r"|indictments? (?:of|against)"
    r"|convicts|convictions? of|sentencing of|prosecution of|extradit(?:es|ion of)"
    r"|deport(?:s|ation of)|denaturali[sz](?:es|ation of|e)"
    r"|denaturali[sz]ation (?:action|case|complaint|lawsuit|suit)s?(?: filed)? against"
    r"|(?:strip|revok|cancel)\w* (?:[\w.]+ ){0,3}(?:citizenship|naturali[sz]ation) (?:from|of))"
    r" (?!(?:and|or|in|at|by|for|under|with|histor\w+|records?|warrants?)\b)",
    re.IGNORECASE,
)
_OUTCOME = re.compile(
    r"\b(?:lead|leads|led|leading|result|results|resulted|resulting|ends?|ended) (?:to|in|with)"
    r" (?:[\w-]+ ){0,3}(?:arrests?|charges|indictments?|convictions?|sentences?|guilty pleas?"
    r"|denaturali[sz]ations?)\b"
    r"|\bguilty pleas?\b|\bgrand jury\b|\bcriminal complaint\b|\bthe defendant\b"
    r"|\bU\.?S\.? attorney(?:[’']s office)? (?:\w+ )?announced\b",
    re.IGNORECASE,
)
_AGED = re.compile(  # "Given Family, 46,"
    r"\b[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]*){1,5}, (?:age |aged )?(?:1[6-9]|[2-9]\d)"
    r"(?=, (?!\d)| of [A-Z]|[.;]$)"
)
# An office, and what only offices do with programmes, benefits and forms.
_ACT = re.compile(
    r"\b(?:USCIS|DHS|ICE|CBP|EOIR|DOL|(?:State|Justice|Labor|Homeland Security) Department"
    r"|U\.?S\.? Citizenship and Immigration Services|Department(?: of (?!Corrections)[A-Z]\w+"
    r"(?: [A-Z]\w+)?)?|(?:Acting )?(?:Secretary|Director|Attorney General)(?: of [A-Z]\w+"
    r"(?: [A-Z]\w+)?)?(?: [A-Z][\w.]+){0,3}?|President(?: [A-Z][\w.]+){0,2}?)"
    r"(?:(?:,? and|,|/) ?[A-Z]{2,5})?"
    r"(?: (?:to|will|has|have|is|are|again|also|now|today|temporarily|immediately|indefinitely"
    r"|formally))* (?:suspend|halt|paus|end|terminat|implement|reduc|resum|re-?designat|designat"
    r"|announc|propos|updat|publish|issu|extend|expand|limit|restrict|rescind|revis|adopt|chang"
    r"|rais|increas|lower|eliminat|reinstat|restor|begin|start|stop+|ceas|requir|allow|re-?open"
    r"|introduc|establish|clarif|amend|set|releas|delay|postpon|withdraw|ban+|freez|lift"
    r"|strengthen|tighten)(?:e?s|e?d|ing|e|ies|ied|y)?(?= )",
    re.IGNORECASE,
)
_OCCASION = re.compile(
    r"\b(?:after|following|amid|as|since|when|because|over|in (?:response to|the wake of|light of))"
    r"\b",
    re.IGNORECASE,
)
_CRIME = re.compile(  # no benefit or form: "ends smuggling ring"
    r"(?: [\w’'-]+){0,4} (?:schemes?|rings?|conspirac(?:y|ies)|scams?"
    r"|(?:fugitive|smuggler|trafficker|fraudster|killer|murderer|rapist|suspect)(?:[’']?s)?"
    r"|citizenship of)\b",
    re.IGNORECASE,
)
_STOP = re.compile(r"(?<=[.?!;:])[\"”’)]*\s+(?=[\"“‘(A-Z])")


def are_its_subject(title: str, summary: str) -> bool:
    """Whether an announcement is about particular people who came before the law."""
    if _is_act(title):
        return False
    if _AGED.search(title) or _AGED.search(summary):
        return True
    if _INSTRUMENT.search(title):
        return False
    if _tells(title):
        return True
    return not _INSTRUMENT.search(summary) and any(map(_tells, _STOP.split(summary)))


def _is_act(title: str) -> bool:
    """Whether a title tells what an office does, and that is no step against somebody: what is
    done stands between the verb and the occasion."""
    for act in _ACT.finditer(title):
        done = _OCCASION.split(title[act.end() :], maxsplit=1)[0]
        if not (_tells(done) or _AGED.search(done) or _CRIME.match(done)):
            return True
    return False


def _tells(sentence: str) -> bool:
    """Whether a sentence tells of a step against somebody in particular."""
    return bool(_OUTCOME.search(sentence)) or any(_steps(sentence))


def _steps(sentence: str) -> Iterator[bool]:
    for step in _SUFFERED.finditer(sentence):
        before, after = sentence[: step.start()][-REACH:], sentence[step.end() :][:REACH]
        is_category = (
            _OF_A_CATEGORY.search(before) or _WHO.search(before) or _AGAINST_A_CATEGORY.match(after)
        )
        yield not is_category or bool(_COUNTED.search(before))
    for step in _DONE.finditer(sentence):
        yield not _AGAINST_A_CATEGORY.match(sentence[step.end() :][:REACH])
