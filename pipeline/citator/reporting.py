"""The forms of words in which running text tells how an authority was treated."""

from __future__ import annotations

from pipeline.citator.actors import ACTOR, FIRST
from pipeline.citator.masked import AUTHORITY, PROVISION
from pipeline.citator.verbs import ACTIVE, DID, DOES, PAST, either, gapped

_ADVERB = (
    r"(?:(?:expressly|explicitly|implicitly|impliedly|effectively|subsequently|recently|later|since"
    r"|then|also|itself|thereafter|ultimately|largely|partially|partly|squarely|specifically|now"
    r"|thus|therefore|accordingly|respectfully|formally|again|in part|en banc|already|likewise"
    r"|however|further|similarly|repeatedly|unanimously|flatly|readily|easily),? )"
)
_NOUN = (
    r"(?:decisions?|holdings?|opinions?|rulings?|precedents?|rules?|standards?|tests?|frameworks?"
    r"|analys[ie]s|reasoning|approach|interpretations?|constructions?|conclusions?|judgments?"
    r"|stays?|injunctions?|orders?|definitions?|dicta|language|case)"
)
_OF = (
    rf"(?:(?:[Tt]he|[Ii]ts|[Oo]ur|their|that|this|these|those|own|prior|earlier|previous|recent|{ACTOR}['’]s"
    r"|precedent(?:ial)?|published|seminal|landmark|panel|contrary|entire|automatic|preliminary"
    r"|core|central|original"
    r"|portions? of|parts? of|aspects? of|\d{4}) )"
)
# "the Board's decision in", "the divisibility analysis set forth in": for what is argued or done in
# one person's matter there are no such words.
_IDEA = (
    r"(?:analys[ie]s|standards?|tests?|frameworks?|approach|interpretations?|constructions?"
    r"|reasoning|rules?|definitions?|holdings?)"
)
_HEAD = (
    rf"(?:{_OF}{{0,5}}{_NOUN} of )?(?:{_OF}{{0,5}}(?:{_NOUN}|(?:[a-z-]+ ){{1,2}}{_IDEA})"
    rf"(?: (?:and|or) {_NOUN})? (?:(?:announced|reached|set forth|articulated|stated|established"
    r"|adopted|outlined) )?(?:in|of|from|by|under) )?"
)
_LIST = rf"{AUTHORITY}(?:(?:,? and|,? or|,)(?: both)? {AUTHORITY}){{0,11}}"
_IN = rf"(?:,? (?:in|with|through|by)(?: its| the)?(?: {_NOUN} in)? (?P<by>{AUTHORITY}))"
_PARTS = (
    r"(?P<parts>(?:,? (?:in (?:\w+ )?part|in (?:its|their) entirety|in full|(?:up)?on (?:\w+ ){1,2}"
    r"grounds?|to the extent[^.;]{0,160}?|insofar as[^.;]{0,160}?|as to [^.;]{0,80}?"
    r"|with respect to [^.;]{0,80}?|and remanded))*)"
)
_DATED = r"(?:, (?:on [A-Z][a-z]{2,8} \d{1,2}, \d{4}|in (?:[A-Z][a-z]{2,8} )?\d{4}),)"
_ACTIVE = gapped(
    rf"(?:\b[Ii]n (?P<led>{AUTHORITY}),? )?(?:(?P<who>\b{ACTOR})(?:['’]s (?:\w+ )?"
    rf"(?:decision|opinion|order|ruling))?{_DATED}?|(?P<who_2>{AUTHORITY}))(?P<comma>,? (?:which"
    r"|that)"
    rf"|,)?(?: (?:has|have|had))? (?P<how>{_ADVERB}*)(?P<verb>{either(DID)}|{either(DOES)}){_PARTS}"
    rf" (?P<head>{_HEAD})(?P<list>{_LIST})(?:['’]s {_NOUN})?{_IN}?"
)
# "Y, which overruled X and reaffirmed Z": the second of two deeds.
_ALSO = gapped(
    rf"(?:\b[Ii]n (?P<led>{AUTHORITY}),? )?(?:(?P<who>\b{ACTOR})|(?P<who_2>{AUTHORITY}))"
    rf"(?P<comma>,? (?:which|that))?(?: (?:has|have|had))? {_ADVERB}{{0,2}}(?:{either(DID)})"
    rf" {_HEAD}{_LIST},? (?:and|but) (?P<how>{_ADVERB}{{0,2}})(?P<verb>{either(DID)})"
    rf"{_PARTS} (?P<head>{_HEAD})(?P<list>{_LIST}){_IN}?"
)
# "The Third Circuit rejected that test, declining to follow X"
_WHILE = gapped(
    rf"(?P<who>\b{ACTOR})(?: (?:has|have|had))? {_ADVERB}{{0,2}}\w+(?:ed|held|found)\b"
    rf" [^,;:.{AUTHORITY}]{{0,120}}, (?P<how>{_ADVERB}{{0,2}})(?P<verb>{either(ACTIVE)})"
    rf" (?P<head>{_HEAD})(?P<list>{_LIST}){_IN}?"
)
# A statute or a rule that superseded it, "section 322(a) of the Act".
_BY_LAW = gapped(
    rf"(?P<law>(?:{PROVISION}|[Ss]ection [\w()-]{{1,24}})(?: of (?:the |that )?(?:[A-Z]{{3,8}}"
    r"|(?:[A-Z][\w-]*,? (?:and |of |in |to )?){0,9}Act(?: of \d{4})?))?)"
    rf"(?P<comma>,? (?:which|that))?(?: (?:has|have|had))? (?P<how>{_ADVERB}{{0,2}})"
    rf"(?P<verb>superseded|abrogated|overruled|overturned|supersedes|abrogates){_PARTS}"
    rf" (?P<head>{_HEAD})(?P<list>{_LIST})"
)
# "In Y v. Z, the Court", "the Board in Matter of Y": the one in which it is done is who did it.
_LEADING = (
    rf"(?:\b[Ii]n (?P<led>{AUTHORITY}),? (?:the|that) (?:en banc )?(?:[Cc]ourt|panel)"
    rf"|\b(?:{ACTOR}(?:['’]s (?:\w+ )?(?:decision|opinion|ruling))?|[Tt]he (?:[Cc]ourt|panel)"
    rf"|(?:[Oo]ur|[Tt]he|[Ii]ts) (?:\w+ )?(?:decision|opinion|ruling)),? in"
    rf" (?P<led_2>{AUTHORITY}),?)"
    r"(?: (?:has|have|had))?"
)
_LED = gapped(
    rf"{_LEADING} (?P<how>{_ADVERB}*)(?P<verb>{either(DID)}|{either(DOES)}){_PARTS}"
    rf" (?P<head>{_HEAD})(?P<list>{_LIST})"
)
_FIRST = gapped(
    rf"(?:\b[Ii]n (?P<led>{AUTHORITY}),? )?\b(?P<who>{FIRST})(?: (?:has|have|had))?"
    rf" (?P<how>{_ADVERB}*)(?P<verb>{either(DID)}|{either(DOES)})"
    rf"{_PARTS} (?P<head>{_HEAD})(?P<list>{_LIST})(?:['’]s {_NOUN})?{_IN}?"
)
_REJECTED = (
    rf"(?P<verb>reject(?:ed|s)?) (?:(?:the|our) )?(?:(?P<head>(?:{ACTOR}['’]s|our|its)"
    rf" (?:\w+ )?{_NOUN} (?:in|of) (?P<list>{_LIST}))|(?P<list_2>{_LIST})(?:['’]s (?:\w+"
    rf" )?{_NOUN})?)"
)
_LED_REJECTS = gapped(rf"{_LEADING} (?P<how>{_ADVERB}*){_REJECTED}")
_REJECTS = gapped(
    rf"(?:\b[Ii]n (?P<led>{AUTHORITY}),? )?(?P<who>\b{ACTOR}|\b{FIRST})(?: (?:has|have|had))?"
    rf" (?P<how>{_ADVERB}*){_REJECTED}{_IN}?"
)
_COURT = (
    r"(?:(?:the |an? )?(?:[\w.]+ ){0,4}?[Dd]istrict [Cc]ourt(?: (?:for|of) the [A-Z][\w ]{3,40}?"
    r"(?=[,.;]| in ))?|(?:the |this |that )?[Cc]ourt|an? (?:later|subsequent) panel)"
)
_LAW = (
    r"statute|regulation|rule|Congress|amendments?|IIRIRA|(?:[A-Z][\w-]*,? (?:and |of |in |to"
    r" )?){1,9}"
    r"Act(?: of \d{4})?"
)
_ON_REVIEW = (
    r"(?: on (?:(?:a )?petition for (?:review|certiorari|rehearing)|(?:judicial )?review|appeal"
    r"|certification|certiorari|rehearing(?: en banc)?|remand|other grounds))"
)
_SOMEWHERE = (
    r"(?:,? (?P<where>(?:in|within|for|outside)(?: cases arising in)? (?:the )?(?:\w+\.?|D\.C\.)"
    r" Circuit),?)"
)
PASSIVE = gapped(
    rf"(?P<list>{_LIST}),?(?: (?:which|that|both|each|all))?"
    rf" (?P<is>was|were|is|are|(?:has|have|had) {_ADVERB}?been) (?P<how>{_ADVERB}*)"
    rf"(?P<verb>{either(PAST)}|called into (?:doubt|question)|rejected){_PARTS}{_SOMEWHERE}?"
    rf"(?:,? {_ADVERB}?by"
    rf" (?:(?P<who>{ACTOR}|{_COURT})(?:['’]s {_NOUN})?{_IN}?|(?:the |its )?(?:{_NOUN} in"
    rf" )?(?P<by_2>{AUTHORITY})"
    rf"|(?P<law>(?:an? |the )?(?:{_LAW})))|(?: in (?P<by_3>{AUTHORITY}))|(?:{_ON_REVIEW}?,"
    rf" (?P<by_4>{AUTHORITY})(?=\.|;|\Z|, (?:and|but) (?!{AUTHORITY}))))?(?!,? by\b)"
)
# "Matter of X, which the Attorney General vacated in Matter of Y"
_RELATIVE = gapped(
    rf"(?P<list>{_LIST}),? (?:which|that) (?P<who>{ACTOR}|we|{AUTHORITY})(?: (?:has|have|had))?"
    rf" (?P<how>{_ADVERB}*)(?P<verb>{either(DID)}){_PARTS}{_IN}?"
)
# "In overruling Matter of X, the Attorney General …"
_IN_DOING = gapped(
    rf"\b[Ii]n (?P<verb>{either(ACTIVE)}) (?P<head>{_HEAD})(?P<list>{_LIST}), (?P<who>{ACTOR}"
    rf"|{AUTHORITY})"
)
# "the Third Circuit issued Y v. Z, declining to follow Matter of X"
_ISSUED = gapped(
    rf"\b(?:issued|published|decided|[Ii]n|See(?: also)?,?)(?: (?:its|an?|the) [\w ]{{0,40}}? in)?"
    rf" (?P<by>{AUTHORITY}), {_ADVERB}?(?P<verb>{either(ACTIVE)})"
    rf" (?P<head>{_HEAD})(?P<list>{_LIST})"
)
# "the now-vacated decision in Matter of X"
_SINCE = gapped(
    r"\b(?:now|since|later|subsequently)[- ](?P<verb>overruled|vacated|superseded|abrogated"
    r"|reversed)"
    rf" (?P<head>{_HEAD})(?P<list>{_LIST})"
)
# "In Y v. Z, the Ninth Circuit held that": whose word what follows is.
HELD = gapped(
    rf"(?:\b[Ii]n (?P<led>{AUTHORITY}),? )?(?P<who>\b(?:{ACTOR}|{FIRST})|{AUTHORITY}),?"
    rf"(?: (?:has|have|had))? {_ADVERB}*(?:held|hold|concluded?|recognized?|explained?|stated?"
    r"|noted?"
    r"|determined?|observed?|found|find|ruled?|reaffirm(?:ed)?|clarif(?:ied|y)) that [^;]{0,200}\Z"
)
HEAD_BEFORE = gapped(rf"(?:\A|[\s(])(?P<head>{_HEAD})\Z")
_STANDS = gapped(
    rf"(?P<list>{_LIST}),?(?: (?:which|that))? (?:(?P<good>remains?|(?:is|are) still|continues?"
    r" to be"
    r"|still (?:is|are)) (?:the )?(?:good law|valid|controlling|binding|the law)(?: precedent|"
    r" law)?"
    rf"|(?:is|are) {_ADVERB}*(?:factually |legally |materially |readily |clearly |also |easily )*"
    r"(?:[a-z-]{3,20}, ){0,3}(?:and )?(?P<apart>distinguishable|inapposite|inapplicable)"
    rf"|(?:is|are) {_ADVERB}*(?P<gone>no longer (?:good law|valid|controlling|binding|viable))"
    r"|(?:(?:will|shall|should|may|does|do) )?(?P<ended>no longer (?:governs?|controls?|appl(?:y"
    r"|ies)))"
    r")\b"
)
_FOUND = gapped(
    rf"\b(?:{FIRST}) {_ADVERB}*(?:find|deem|consider|conclude that|find that)"
    rf" {_HEAD}(?P<list>{_LIST}),?"
    r" (?:(?:to be|is|are) )?(?:factually |legally |materially |readily |clearly )*"
    r"(?P<apart>distinguishable|inapposite|inapplicable)\b"
)
_FROM = gapped(
    r"\b(?:(?:is|are) (?:factually |legally |materially |readily |clearly |also )*"
    r"(?P<apart>distinguishable)|(?:[Tt]his|[Tt]hat|[Ii]t|which|[Ww]e) distinguish(?:es)?"
    r" (?:this|the"
    r" (?:present|instant)|our) (?:case|matter|situation))"
    rf" from (?:the (?:facts|circumstances|situation) in )?(?P<list>{_LIST})"
)
_RELIANCE = gapped(
    rf"\breliance (?:up)?on (?P<list>{_LIST})[^.;]{{0,120}}?,? (?:as|because|since) (?:that|this"
    r"|the)"
    r" (?:case|decision) is (?:factually |legally |materially |readily |clearly )*"
    r"(?P<apart>distinguishable|inapposite)\b"
)
# "Reliance on X is misplaced", where the next sentence tells the cases apart: by itself it may mean
# that X was overruled.
MISPLACED = gapped(
    rf"\b[Rr]eliance (?:(?:placed )?(?:up)?on|placed in) {_HEAD}(?P<list>{_LIST})"
    rf",? (?:is|was) {_ADVERB}{{0,2}}(?P<apart>misplaced|inapposite)\b(?!,?"
    r" (?:because|since|as|for) (?:it|they|that|this|the)\b[^.;]{0,60}\b(?:overruled"
    r"|vacated|superseded|abrogated|reversed))"
)
_AS_CONTROLLING = gapped(
    r"\b(?:[Jj]udge|[Oo]fficer|[Dd]irector|[Cc]ourt|[Bb]oard|[Pp]anel) (?:was correct in regarding"
    r"|(?:correctly|properly|rightly) (?:regarded|treated|considered|viewed|deemed|found"
    r"|recognized))"
    rf" (?P<head>{_HEAD})(?P<list>{_LIST}) (?P<obeyed>(?:as|to be) (?:controlling|binding"
    r"|dispositive))\b"
)
CONTRAST = gapped(
    rf"\A(?:There,|In that (?:case|decision|matter)|In {AUTHORITY}|Unlike|(?:In|By) contrast"
    rf"|(?:That (?:case|decision)|{AUTHORITY}) (?:involved|concerned|dealt|arose)"
    rf"|(?:The|That|An?) (?:[\w-]+ ){{1,4}}(?:in that (?:case|decision|matter)|there"
    rf"|in {AUTHORITY})\b)"
)
OWN = (
    _FIRST,
    _STANDS,
    _FOUND,
    _FROM,
    _RELIANCE,
    MISPLACED,
    _AS_CONTROLLING,
)  # what the text says itself
SUBJECTS = (PASSIVE, _STANDS)  # in these the list stands before its verb
FORMS = (
    _ACTIVE,
    _ALSO,
    _WHILE,
    _BY_LAW,
    _LED,
    _REJECTS,
    _LED_REJECTS,
    PASSIVE,
    _RELATIVE,
    _IN_DOING,
    _ISSUED,
    _SINCE,
    *(each for each in OWN if each is not MISPLACED),
)
