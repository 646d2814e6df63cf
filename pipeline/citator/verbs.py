"""The words in which one authority is said to have been treated by another: one table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.citator.model import TreatmentKind as Kind

_TICK = r"[\u2018\u2019'`´º°\"\s]?"  # scanners lose apostrophes


@dataclass(frozen=True, kw_only=True)
class Verb:
    """The forms of what says one kind of treatment, as patterns: `done` is the participle, `did`
    what a court did where that is another form, `does` the present, `doing` that of a parenthesis,
    `noun` the deed ("abrogation recognized by").

    Some are said in one place only, elsewhere they are a manner of speaking: `cited` in a
    citation's history (Bluebook rule 10.7 and table T8), `tagged` in closing tags and a tribunal's
    own holdings, `holds` there in the present.
    """

    kind: Kind
    done: str = ""
    did: str = ""
    does: str = ""
    doing: str = ""
    noun: str = ""
    cited: str = ""
    tagged: str = ""
    holds: str = ""


_FOLLOW = r"(?:follow|adhere to|(?:accord |give )?defer(?:ence)? to)"
# In the order in which they are tried: "not followed" before "followed", "withdrawn from" first.
VERBS = (
    Verb(
        kind=Kind.NOT_FOLLOWED,
        done=r"not followed",
        did=rf"(?:declined|refused) to {_FOLLOW}|disagreed with",
        does=rf"(?:declines?|refuses?) to {_FOLLOW}|disagrees? with|do(?:es)? not follow"
        r"|parts? (?:company|ways) with",
        doing=r"(?:declining|refusing) to follow|not following|disagreeing with|rejecting",
        cited=r"disagreed with",
        tagged=r"not (?:(?:to )?be )?followed"
        r"|no longer (?:(?:to )?be )?(?:followed|applied|relied on)"
        r"|(?:declined|refused) to (?:be )?follow(?:ed)?|disagreed with|rejected",
        holds=r"(?:decline|refuse)s? to (?:follow|adhere to|apply)|(?:do|does|will|shall|can)\s?not"
        r" (?:follow|adhere to)|(?:will|shall) not apply"
        r"|(?:(?:will|shall) )?no longer (?:follow|apply|adhere to|rely (?:up)?on)",
    ),
    Verb(
        kind=Kind.OVERRULED,
        done=r"over-?ruled",
        does=r"overrules?",
        doing=r"overruling",
        noun=r"overruling",
    ),
    Verb(
        kind=Kind.ABROGATED,
        done=r"abrogated",
        does=r"abrogates?",
        doing=r"abrogating",
        noun=r"abrogation",
    ),
    Verb(
        kind=Kind.DISAPPROVED,
        done=r"disapproved(?: of)?|disavowed|repudiated",
        does=r"disapproves?(?: of)?|disavows?|repudiates?",
        doing=r"disapproving(?: of)?|disavowing|repudiating",
        noun=r"disapproval",
        cited=r"called into (?:doubt|question)",
    ),
    Verb(
        kind=Kind.RECEDED_FROM,
        done=r"(?:receded|withdrawn|departed) from",
        did=r"(?:receded|withdrew|retreated|departed) from",
        does=r"(?:recedes?|withdraws?|retreats?|departs?) from",
        doing=r"(?:receding|withdrawing|departing) from",
    ),
    Verb(
        kind=Kind.VACATED,
        done=r"vacated|rescinded|withdrawn",
        did=r"vacated|rescinded|withdrew",
        does=r"vacates?|rescinds?|withdraws?",
        doing=rf"vacating|vac{_TICK}g|rescinding|withdrawing",
        noun=r"vacatur|rescission",
        cited=rf"vac{_TICK}d",
        tagged=r"set aside",
    ),
    Verb(
        kind=Kind.REVERSED,
        done=r"reversed|overturned",
        does=r"overturns?",
        holds=r"reverses?",
        doing=rf"reversing|rev{_TICK}g|overturning",
        noun=r"reversal",
        cited=rf"rev{_TICK}d",
    ),
    Verb(kind=Kind.REMANDED, cited=r"remanded", tagged=r"remanded"),
    Verb(
        kind=Kind.SUPERSEDED,
        done=r"superseded",
        does=r"supersedes?",
        doing=r"superseding",
        noun=r"supersession",
    ),
    Verb(kind=Kind.STAYED, tagged=r"stayed"),
    Verb(
        kind=Kind.MODIFIED,
        done=r"modified",
        does=r"modif(?:y|ies)",
        doing=r"modifying",
        cited=r"amended",
        tagged=r"amended|reconsidered",
    ),
    Verb(
        kind=Kind.LIMITED,
        done=r"limited|confined|restricted",
        does=r"limits?|confines?|restricts?",
        doing=r"limiting|confining|restricting",
    ),
    Verb(
        kind=Kind.CLARIFIED,
        done=r"clarified",
        does=r"clarif(?:y|ies)",
        doing=r"clarifying",
        tagged=r"explained|amplified|extended",
    ),
    Verb(
        kind=Kind.DISTINGUISHED,
        done=r"distinguished",
        does=r"distinguish(?:es)?",
        doing=r"distinguishing",
        tagged=r"(?:held )?inapplicable|not controlling",
    ),
    Verb(
        kind=Kind.REAFFIRMED,
        done=r"reaffirmed",
        does=r"reaffirms?",
        doing=r"reaffirming",
        holds=r"affirms? our",
    ),
    Verb(
        kind=Kind.AFFIRMED,
        done=r"affirmed",
        doing=rf"affirming|aff{_TICK}g",
        cited=rf"a[fſ]{{2}}{_TICK}d",
        holds=r"affirms?",
    ),
    Verb(
        kind=Kind.REINSTATED,
        done=r"reinstated|restored|revived",
        does=r"reinstates?|restores?|revives?",
        doing=r"reinstating|restoring|reviving",
    ),
    Verb(
        kind=Kind.FOLLOWED,
        did=r"followed|adhered to",
        does=r"follows?|adheres? to",
        doing=r"following|adhering to",
        cited=r"followed",
        tagged=r"followed|applied|adhered to",
    ),
)


def _table(*forms: str) -> dict[Kind, str]:
    """Of each verb all of some forms, where it has one."""
    said = {
        each.kind: "|".join(filter(None, (getattr(each, form) for form in forms))) for each in VERBS
    }
    return {kind: words for kind, words in said.items() if words}


PAST = _table("done")  # running text
DID = {each.kind: each.did or each.done for each in VERBS if each.did or each.done}
DOES = _table("does")
HISTORY = _table("cited", "done")
ACTIVE = _table("doing")
NOUNS = _table("noun")
TAGGED = _table("tagged", "done")
# To follow and to distinguish is to reason, and no deed.
HELD = {
    kind: words
    for kind, words in _table("holds", "does").items()
    if kind not in (Kind.FOLLOWED, Kind.DISTINGUISHED)
}

_GAP = re.compile(r"(?P<set>\[[^\]]*\])| ")  # a set of characters is no words


def kind(word: str, forms: dict[Kind, str]) -> Kind:
    """Which treatment a word stands for, in a table above that has it."""
    printed = " ".join(word.split())
    return next(each for each, said in forms.items() if re.fullmatch(said, printed, re.IGNORECASE))


def gapped(pattern: str) -> re.Pattern[str]:
    """A pattern in which every space stands for what print has between words: a line break too."""
    return re.compile(_GAP.sub(_gap, pattern))


def _gap(match: re.Match[str]) -> str:
    return match[0].replace(" ", r"\s") if match["set"] else r"\s{1,3}"


def spaced(pattern: str) -> str:
    """A pattern in which every space stands for any number of them."""
    return pattern.replace(" ", r"\s+")


def either(forms: dict[Kind, str]) -> str:
    """A pattern for every word of a table."""
    return "|".join(forms.values())
