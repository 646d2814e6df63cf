"""Read the name of a case that stands before its citation."""

from __future__ import annotations

import re
from itertools import takewhile

from pipeline.citator.samename import is_official

REACH = 240  # characters before a citation in which its name is looked for
_GAP = 80  # characters between a name and its citation
_LONGEST = 14  # words of a name on either side of "v."
_FEW = 4  # words of a name that stands for a case alone


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# The Bluebook's abbreviations (tables T1, T6, T10): a period after one of these ends no sentence.
_ABBREVIATED = _words(
    "acad admin adver advoc ag agric al ala all alt am am's app'x ariz ark art ass'n assn assoc "
    "assocs atl att'y auth auths auto ave bankr bd bds bhd bros bus cal cath cf ch chem cir civ "
    "cl cnty co coal coll colo comm comm'n comm'r commw cong conn cons consol const constr "
    "cont'l contr coop corp cos ct ctr ctrs dec def def's del dep't dept dev dir dist distrib "
    "div dr econ educ elec emp empl enf't eng eng'g eng'rs ent enter entm't entmt env't equal "
    "est et ex exec exh fed fed'n fid fin fla found fund furn ga gen gov gov't grp guar hldgs hosp "
    "hous ill immigr imp inc ind indem indep indus ins inst int'l inv invs jr kan ky la lab "
    "liab lib litig ltd mach maint mass md mem mfg mfr mfrs mgmt mich minn miss mo mont mr mrs "
    "ms mun mut nat nat'l ne neb nev no nos nw okla or org pa pac par para pers petr pharm pharms "
    "pres prob prod prods prof'l prop pt pub r.r rd rec ref reg regs rehab rel relig rels "
    "reprod res resp rest ry sav sch sci se sec secs see serv servs soc soc'y soc'ys sq sr st "
    "stat subcomm supp sur sw sys sys'ms tech tel tenn tex tpk transp trs univ util va vill vol "
    "vs vt wash wis wyo "
    # Months, and papers as briefs cite them.
    "jan feb mar apr jun jul aug sep sept oct op tab tr"
)
_SMALL = _words("of the for and & de del la las los y e on ex rel et al von van der da dos")
# What begins the sentence or the clause, and is no part of a name.
_OPENERS = _words(
    "a accord accordingly additionally after also although an and applying as at because "
    "before both but by cf citing clarifying compare congress contra discussing e.g eg "
    "following for furthermore generally here holding however in indeed like likewise "
    "moreover nor of on or overruling per pursuant quoting relying see similarly since so "
    "that the then therefore this thus to under unlike when where whether while with id ibid "
    "supra infra court board dec cir"
)
_SIGNALS = _words("see cf accord compare contra but")
# Whom "the Court, 5 U.S. at 6" speaks of is no party.
_GENERIC = _words(
    "attorney general secretary board court courts supreme circuit congress judge immigration "
    "dhs ins uscis eoir bia respondent petitioner government department act section "
    "regulation rule state id ibid supra op opinion maj"
)
_CARRIED = re.compile(
    r"(?:Inc|U\.S\.A|LLC|L\.L\.C|Ltd|Co|Corp|L\.?L?\.?P|N\.A|P\.C|Jr|Sr|I{2,3}|et)\b"
)
_MATTER = re.compile(
    r"\b(?:(?P<matter>(?:[Ii]n\s+the\s+|IN\s+THE\s+)?(?:Ma(?:tt|lt|tl|ll|st)ers?\s+of|MATTERS?\s+OF))"
    r"|(?P<re>I[Nn]\s+R[Ee]|In\s+re)|(?P<parte>[Ee]x\s+parte))\s+(?=\S)"
)
# After a name, in words spaced by one: "(PDF)", a name defined in quotation marks, the volume of a
# report that is not out.
_BETWEEN = re.compile(
    r"(?:\s?,\s?[-_]{1,4}\s?U\.\s?S\.\s?[-_]{1,4})?"
    r"(?:\s?,?\s?\((?:PDF|[\"“](?P<called>[^()\"”]{1,60}?)[,.]?[\"”])\))?\s?(?P<comma>,?)\s?\Z"
)
_VERSUS = re.compile(r"\s(?:v|vs|V)\.?\s(?=\S)")
_INITIAL = re.compile(r"(?<![\w-])[l1|](?=-[A-Z]-)")  # a capital I as scanners read it
# An apostrophe alone is a possessive's: "Execs.' Ass'n".
_ENDS = re.compile(r"[.?!](?:['\"”’)\]]*[\"”’)\]])?\Z")
_UNQUOTES = re.compile(r"\A[^\"“”]+[\"”]\Z")  # the end of a quotation that began before
# Stray spaces that setting in italics leaves, and the hyphen at the end of a line.
_STRAY = re.compile(
    r"(?<=[a-z])\s(?='[a-z])|(?<=\b[A-Z])\s(?=-)|(?<=\b[A-Z]-)\s(?=[A-Z]\s?-)|(?<=[a-z]-)\s(?=[A-Z][a-z])"
)


def named(words: str) -> str:
    """The name that ends the words before a citation, "" where none does: "See Matter of A-B -, "
    gives "Matter of A-B-", "in Niz-Chavez v. Garland, " gives "Niz-Chavez v. Garland", and before a
    comma one party is enough: "But Castro-Tum, " gives "Castro-Tum".

    The words are in their legible form; the name is as in them, but for signals, stray spaces, and
    "(PDF)" or a name defined in quotation marks after it.
    """
    shown = re.sub(r"\s+", " ", words[-REACH:])
    end = _BETWEEN.search(shown, max(0, len(shown) - _GAP))
    if end is None or not end[0]:
        return ""
    read = _INITIAL.sub("I", _STRAY.sub("", shown[: end.start()])).strip()
    return _of_matter(read) or _of_parties(read) or (_of_one(read) if end["comma"] else "")


def nicknamed(words: str) -> str:
    """What the words between a name and its citation say that the case is called: (“A-B- I”)."""
    end = _BETWEEN.search(re.sub(r"\s+", " ", words[-_GAP:])) if ")" in words[-_GAP:] else None
    return (end["called"] or "") if end else ""


def ends_sentence(word: str) -> bool:
    """Whether the period after a word ends a sentence: not that of an initial or abbreviation."""
    if not _ENDS.search(word):
        return False
    bare = re.sub(r"^[\W_]+|[\W_]+$", "", word).casefold()
    return not ((len(bare) == 1 and bare.isalpha()) or "." in bare or bare in _ABBREVIATED)


def _of_matter(read: str) -> str:
    [*starts] = _MATTER.finditer(read)
    if not starts or not _is_name(rest := read[starts[-1].end() :].split(" ")):
        return ""
    how = "Ex parte" if starts[-1]["parte"] else "In re" if starts[-1]["re"] else "Matter of"
    if starts[-1]["matter"] and starts[-1]["matter"].casefold().startswith("in"):
        how = "In the Matter of"
    return f"{how} {' '.join(rest)}"


def _of_parties(read: str) -> str:
    [*versus] = _VERSUS.finditer(read)
    if not versus or not _is_name(defendant := read[versus[-1].end() :].split(" ")):
        return ""
    plaintiff = _party(read[: versus[-1].start()].split(" "))
    return f"{' '.join(plaintiff)} v. {' '.join(defendant)}" if plaintiff else ""


def _of_one(read: str) -> str:
    words = read.split(" ")
    party = _party(words)
    article = words[-len(party) - 1].casefold() if len(party) < len(words) else ""
    is_generic = {word.strip(".,'").casefold() for word in party} & _GENERIC
    if (
        is_generic
        or is_official(" ".join(party))
        or article in ("the", "a", "an", "this", "our")
        or len(party) > _FEW
    ):
        return ""
    return " ".join(party)


def _is_name(words: list[str]) -> bool:
    if len(words) > _LONGEST or not _is_capital(words[0]):
        return False
    is_word = all(_is_capital(word) or word[:1] == "(" or _small(word) for word in words)
    return is_word and not any(map(ends_sentence, words[:-1]))


def _party(words: list[str]) -> list[str]:
    """The words at the end that are the name of a party."""
    kept: list[str] = []
    for word in reversed(words[-_LONGEST:]):
        bare = word.lstrip("(\"“'[")
        if kept and _is_stop(word, kept[-1]):
            break
        if not (_is_capital(bare) or _small(bare)):
            break
        kept.append(bare)
        if bare != word:
            break
    kept.reverse()
    if len(kept) < len(words) and re.fullmatch("vs?[.]?", words[-len(kept) - 1]) and "and" in kept:
        kept = kept[len(kept) - kept[::-1].index("and") :]
    signals = [at for at, word in enumerate(kept) if _bare(word) in _SIGNALS and word.istitle()]
    kept = kept[signals[-1] + 1 :] if signals else kept
    opening = takewhile(lambda word: _small(word) or _bare(word) in _OPENERS, kept)
    return kept[len([*opening]) :]


def _is_stop(word: str, following: str) -> bool:
    """Whether what follows a word is no longer of its name."""
    if ends_sentence(word) or _UNQUOTES.match(word):
        return True
    return word[-1:] in ",;:" and not _CARRIED.match(following)


def _small(word: str) -> bool:
    return word == "&" or (word.islower() and _bare(word) in _SMALL)


def _is_capital(word: str) -> bool:
    return word[:1].isupper() or word[:1].isdigit()


def _bare(word: str) -> str:
    return word.rstrip(".,;:").casefold()
