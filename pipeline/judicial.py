"""Read in a sentence what a court did to a rule, a policy or a designation, if it says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from pipeline.mentions import mentions
from pipeline.model import RelationKind

UNDONE = "undid or put off an earlier order on it"
# What a court did, in our words, by the relation that an order entered by hand would be.
DEEDS = {
    RelationKind.ENJOINS: "enjoined it",
    RelationKind.STAYS: "stayed it",
    RelationKind.VACATES: "vacated it or set it aside",
    RelationKind.VACATES_IN_PART: "vacated it or set it aside in part",
    RelationKind.REVERSES: UNDONE,
}


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What a court did, and where in the sentence the thing stands that it did it to: `begins` and
    `ends` of the noun, 0 where the sentence only says "it" or "that decision"."""

    kind: RelationKind
    begins: int
    ends: int


def _said(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# Courts whose orders concern one person are none here: they strike no rule down.
_NO_COURT = (
    r"(?<!immigration )(?<!criminal )(?<!state )(?<!trial )(?<!juvenile )(?<!family )"
    r"(?<!bankruptcy )(?<!county )(?<!sentencing )(?<!convicting )"
)
_COURT = _said(
    rf"\b{_NO_COURT}(?:courts?|circuit|district judge|federal judge|panel)\b(?!-martial)"
)
_REPORTED = _said(
    r"\bv\. |\(?\b(?:[NSEWCM]\. ?)?D\. ?(?:[A-Z][a-z]|C\.|N\.|S\.)|\b\d+(?:st|d|nd|rd|th) Cir\."
    r"|\bcourt[- ]order|\blitigation\b"
)
# What is done to something in one proceeding is done to no rule.
_PERSONAL = (
    r"removals?\b(?! of (?:the |its )?(?:rule|regulation|provision))|deportations?|convictions?"
    r"|sentences?|pleas?|proceedings?|visas?|petitions?|applications?|bonds?|mandates?|briefing"
    r"|discovery|cases?|detention|hearings?|denials?|revocations?|naturalization|arrests?"
    r"|consideration|ruling on"
    r"|notices? (?:to appear|of (?:intent|appeal))|stays? of (?:removal|deportation|execution)"
    r"|terminations? of (?:removal |deportation )?(?:proceedings|employment|asylum|status|parental)"
    r"|rules? (?:of (?:civil|law|evidence|criminal|appellate|court)|\d)|adjudications?"
    r"|(?:board|immigration judge|bia|officer)['’]s (?:\w+ )?(?:decision|order)s?"
    r"|(?:removal|deportation|board|bia) (?:decision|order)s?|orders? of removal"
)
_OFFICIAL = r"(?:secretary|dhs|department|agency|administration|government|attorney general|uscis)"
_RULE = (
    rf"{_OFFICIAL}['’]s (?:[\w,]+ ){{0,4}}?(?:vacatur|decision|action|determination)"
    r"|rules?(?:making)?|ifr|nprm|regulations?|polic(?:y|ies)|memorand(?:um|a)|memos?|guidance"
    r"|(?:re)?designations?|terminations?|rescissions?|proclamations?|executive orders?"
    r"|notices?(?!-and)"
    r"|programs?|directives?|amendments?|processes|(?:version|edition)s? of form|fee increases?"
)
_ORDER = (
    r"injunctions?(?: orders?)?|(?:temporary )?restraining orders?|tros?|stays?|vacaturs?|orders?"
    r"|decisions?|judgments?|rulings?|opinions?"
)
_NOUN = _said(
    rf"\b(?:(?P<personal>{_PERSONAL})|(?P<rule>{_RULE})|(?P<order>{_ORDER}))\b"
    r"(?!['’]s? (?!effective|compliance|implementation|enforcement)[a-z])"
)
_ENJOINED = r"enjoin(?:ed|s|ing)|block(?:ed|s|ing)|barr(?:ed|ing)|prohibit(?:ed|s|ing)"
_STAYED = r"stay(?:ed|ing|s(?!,| (?:and|or|of|pending)\b))|postpon(?:ed|es|ing)|suspend(?:ed|s|ing)"
_VACATED = (
    r"vacat(?:ed|es|ing)|sets? aside|setting aside|struck down|striking down"
    r"|invalidat(?:ed|es|ing)|nullif(?:ied|ies|ying)"
)
_UNDID = r"lift(?:ed|s|ing)|dissolv(?:ed|es|ing)|revers(?:ed|es|ing)|overturn(?:ed|s|ing)"
_VERB = _said(
    rf"\b(?:(?P<enjoined>{_ENJOINED})|(?P<stayed>{_STAYED})|(?P<vacated>{_VACATED})"
    rf"|(?P<undid>{_UNDID}))\b"
)
# "issued a nationwide preliminary injunction against …", "granted a stay pending appeal of …"
_ISSUED = _said(
    r"\b(?:issued|granted|entered|ordered|imposed)\b(?P<between>(?:(?! to\b)[^.;]){0,90}?)\b"
    r"(?:(?P<enjoined>injunction(?: order)?|restraining order|TRO)|(?P<stayed>stay)"
    r"|(?P<vacated>vacatur))\b(?! of removal| of deportation)"
)
_KINDS = {
    "enjoined": RelationKind.ENJOINS,
    "stayed": RelationKind.STAYS,
    "vacated": RelationKind.VACATES,
    "undid": RelationKind.REVERSES,
}
_AUXILIARY = _said(
    r"\b(?P<form>was|were|is|are|been|remain(?:s|ed)?|stands?)(?: \w+ly| since| also| later| again"
    r"| then| now| still| first)* $"
)
_PRONOUN = _said(r"\b(?:it|which|that|they|this|both)(?:,[^,]*,)?(?: has| have| had)?(?: \w+)? $")
_BY = _said(r"[^;]{0,60}?\bby (?P<whom>[^;]{0,160})")
_NOT = _said(
    r"\b(?:not|never|nor|neither|without|rather than|instead of|unless|whether|until|pending"
    r"|declin\w+|refus\w+|fail\w+|den(?:y|ied|ies|ying)|reject\w+|avoid\w*|opposed?|oppos\w+"
    r"|would|could|might|(?-i:may)|should|can|cannot|will|shall|must|seek\w*|sought|ask\w*|request\w*"
    r"|mov(?:ed|ing) (?:to|for)|motions?|threat\w*|likely|argu\w+|conten\w+|claims?)\b|n['’]t\b"
)
_SUPPOSED = _said(r"^\W*(?:if|should|unless|were|whether|in the event)\b|\bif\b[^,]*$|\bno $")
# Between a court and its verb stands no other who may have acted.
_ACTORS = _said(rf"\b(?:{_OFFICIAL}|board|bia|president|congress|plaintiffs?)\b(?! (?:rule|v))")
_OTHERS = _said(
    rf"\b(?:{_OFFICIAL}|secretaries|departments|agencies|board|bia|doj|dos|dol|eoir|ice|cbp"
    r"|congress|president|plaintiffs?|applicants?|petitioners?|aliens?|noncitizens?"
    r"|persons?|individuals?|who|whom|whose|that|which)\b"
)
_CASE = re.compile(
    r"(?:\b[Ii]n|,|\band)\s(?:(?!\b(?:in|and|[Cc]ourt|Circuit)\b)[^,;()])*?\sv\.\s"
    r"(?:[A-Z][\w.&'’-]*[\s,]*|of\s|the\s|et\sal\.?[\s,]*|and\s(?=[A-Z]))+"
)
_BARRED = _said(r"barred|prohibited")
_ANY = _said(r"\b(?:any|an?|each|every|no|such)(?: \w+){0,3} $")
_ADJECTIVE = _said(r"\b(?:the|a|an|any|its|now|previously)[ -]$")
_ITS_OWN = _said(r"[^,;]{0,80},? (?:that|which)(?: has| had)?(?: \w+ly| since| later)? ")
_CLAUSE = _said(
    r"\b(?:because|although|though|while|where|since|after|when|if|so that"
    r"|on (?:the )?grounds?|based on)\b|;"
)
_HEAD = re.compile(
    r"(?:\s(?:[A-Z][\w’'-]*|and|of|for|to|on|in|the)){0,8}?\s(?:[Ff]inal\s|[Ii]nterim\s)*"
    r"(?:[Rr]ule|IFR|[Pp]olicy|[Mm]emorandum|[Nn]otice|[Dd]esignation|[Pp]roclamation)\b"
)
_LED_IN = _said(r"^(?:\W*(?:on|in|by|after|following|since|as of|however|under|note|alert)\b[^,:]*"
                r"(?:, \d{4})?[,:])+")  # fmt: skip
_IN_PART = _said(r"\b(?:parts?|portions?|provisions?|sections?|certain|partially|some)\b")
_PARTLY = _said(r"^[^,.;]{0,40}\bin (?:large |substantial )?part\b")
_FROM = _said(
    r"\bfrom (?!enforc|implement|apply|requir|treat|giving|relying|using|carrying)\w+ing\b"
)
_LINKED = _said(rf"\b(?:{_ENJOINED}|{_STAYED}|{_VACATED}|against|on|of)\b")
REACH = 260  # characters between a court and its verb, or a verb and what it is done to
NOT_OF_THE_ORDER = _said(
    r"(?:publish|issu|effectiv|propos|announc|sign|appear|dat|promulgat|titled|register)\w*"
    r"(?: \w+){0,5}\W*$"
)


def deeds(sentence: str) -> tuple[Deed, ...]:
    """What a sentence says that a court did, in its order; what it says that a court did not do,
    was asked to do or might do, and what was done in one person's matter, is none.

    An order that undoes another is told once: "lifted the injunction that stayed the rule". So that
    none is claimed wrongly, a form of words that is not known is none either.
    """
    found: list[Deed] = []
    done = 0
    for match in sorted((*_VERB.finditer(sentence), *_ISSUED.finditer(sentence)), key=_place):
        if match.start() < done:
            continue
        if deed := _deed(sentence, match):
            found.append(deed)
            done = deed.ends or match.end()
    return tuple(found)


def decided(sentence: str) -> date | None:
    """The day of the order, where a sentence gives one with "on" that is of nothing else."""
    days = [
        each.on
        for each in mentions(sentence, None)
        if each.on
        and re.search(r"\b[Oo]n $", sentence[: each.start])
        and not NOT_OF_THE_ORDER.search(sentence[: each.start - 3][-80:])
    ]
    return (
        days[0] if len(set(days)) == 1 or (days and sentence.lstrip().startswith("On ")) else None
    )


def _place(match: re.Match[str]) -> tuple[int, int]:
    return match.start(), -match.end()


def _deed(sentence: str, match: re.Match[str]) -> Deed | None:
    before = sentence[: match.start()]
    kind = next(_KINDS[name] for name, said in match.groupdict().items() if said and name in _KINDS)
    # "issued an order staying …" is told by what the order does.
    is_issued = "between" in match.groupdict() and _VERB.match(sentence, match.end() + 1)
    if is_issued or _SUPPOSED.search(before) or _ADJECTIVE.search(before):
        return None
    if auxiliary := _AUXILIARY.search(before):
        if _BARRED.fullmatch(match[0]):
            return None  # "is barred from …" is said of whoever may not
        return _suffered(sentence, match, kind, auxiliary)
    thing = _object(sentence, match.end()) if _is_by_a_court(before, match[0]) else None
    if thing is None or thing["personal"]:
        return None
    if thing["order"]:
        return _undone(sentence, thing)
    return _done(sentence, match, kind, thing)


def _done(
    sentence: str, match: re.Match[str], kind: RelationKind, thing: re.Match[str]
) -> Deed | None:
    """Of a verb whose object is a rule."""
    between, after = sentence[match.end() : thing.start()], sentence[thing.end() :]
    if _FROM.search(between):
        return None
    is_in_part = _IN_PART.search(between) or _PARTLY.search(after)
    if kind is RelationKind.VACATES and is_in_part:
        kind = RelationKind.VACATES_IN_PART
    return Deed(kind=kind, begins=thing.start(), ends=thing.end())


def _suffered(
    sentence: str, match: re.Match[str], kind: RelationKind, auxiliary: re.Match[str]
) -> Deed | None:
    """Of a verb in the passive: its subject must be a rule, or an order on one, and a court its
    author."""
    before, by = sentence[: auxiliary.start()], _BY.match(sentence, match.end())
    author = by["whom"] if by else sentence
    if _NOT.search(sentence[max(0, auxiliary.start() - 60) : match.start()]):
        return None
    court = _COURT.search(author) or _REPORTED.search(author)
    if not court or (by and _OTHERS.search(_CASE.sub("", author[: court.start()]))):
        return None
    thing = _subject(sentence[: auxiliary.end()], before)
    if thing is None or thing["personal"]:
        return None
    if auxiliary["form"].casefold() in ("is", "are") and _ANY.search(before[: thing.start()]):
        return None
    if thing["order"]:
        return _undone(sentence, thing)
    is_in_part = _PARTLY.search(sentence[match.end() :]) or _IN_PART.search(before[-60:])
    if kind is RelationKind.VACATES and is_in_part:
        kind = RelationKind.VACATES_IN_PART
    return Deed(kind=kind, begins=thing.start(), ends=thing.end())


def _undone(sentence: str, order: re.Match[str]) -> Deed | None:
    """Of an order that another touches: it must be one on a rule, which the sentence names after
    it, or one of which the sentence before spoke ("that decision", "its stay")."""
    rest = sentence[order.end() : order.end() + REACH]
    thing = _NOUN.search(rest)
    while thing and thing["order"]:
        thing = _NOUN.search(rest, thing.end())
    if thing and thing["rule"] and _LINKED.search(rest[: thing.start()]):
        at = order.end()
        return Deed(kind=RelationKind.REVERSES, begins=at + thing.start(), ends=at + thing.end())
    is_known = re.search(r"\b(?:that|this|its|the|such|those)(?: [\w.’',-]+){0,12} $",
                         sentence[: order.start()], re.IGNORECASE)  # fmt: skip
    if is_known and not (thing and thing["personal"]):
        return Deed(kind=RelationKind.REVERSES, begins=0, ends=0)
    return None


def _is_by_a_court(before: str, verb: str) -> bool:
    """Whether the last who may have done it is a court, or an order of one."""
    gap = _gap(before)
    if gap is None or _NOT.search(gap):
        return False
    is_joined = re.search(r"\band(?: \w+ly)? $", gap) is not None
    told = _OTHERS.search(gap)
    if told and told[0].casefold() in ("that", "which"):  # "the injunction that stayed …"
        return _ITS_OWN.fullmatch(gap) is not None
    is_finite = not verb.casefold().endswith("ing")
    is_of_an_order = bool(re.search(rf"\b(?:{_ORDER})\b[^,;]{{0,140}}$", before, re.IGNORECASE))
    return (told is None or (is_joined and not _ACTORS.search(gap))) and (
        is_finite or is_of_an_order
    )


def _gap(before: str) -> str | None:
    """What stands between the last court or order and a verb, without names of cases; None where
    there is none within reach."""
    plain = _CASE.sub(lambda match: "~" * len(match[0]), before)
    near = plain[-REACH:]
    actors = [*_COURT.finditer(near), *re.finditer(rf"\b(?:{_ORDER})\b", near, re.IGNORECASE)]
    if not actors:
        return None
    last = max(actors, key=lambda match: match.end())
    ahead = near[: last.start()][-30:]
    is_none = re.search(r"\bno (?:\w+ )?$", ahead, re.IGNORECASE)
    return f"{ahead * bool(_NOT.search(ahead))}{'not' * bool(is_none)}{near[last.end() :]}"


def _object(sentence: str, start: int) -> re.Match[str] | None:
    """The first thing after a verb that it may be done to, in its clause. What a title begins with
    is not what it is the title of."""
    clause = _CLAUSE.search(sentence, start)
    end = min(start + REACH, clause.start() if clause else len(sentence))
    first = _NOUN.search(sentence, start, end)
    if first and first[0][0].isupper() and (head := _HEAD.match(sentence, first.end(), end)):
        return max(_NOUN.finditer(sentence, start, head.end()), key=lambda each: each.end())
    return first


def _subject(upto: str, before: str) -> re.Match[str] | None:
    """The head of the subject: the first thing of its clause, or what its pronoun stands for."""
    if _PRONOUN.search(before) or _PRONOUN.search(upto.rpartition(" ")[0]):
        return max(_NOUN.finditer(before), key=lambda match: match.end(), default=None)
    led_in = _LED_IN.match(before)
    clause = max(led_in.end() if led_in else 0, *(before.rfind(mark) for mark in (";", ", and ")))
    return _NOUN.search(before, max(clause, 0))
