"""The words in which documents tell what courts did, and by which they tell what others did."""

from __future__ import annotations

import re


def said(pattern: str) -> re.Pattern[str]:
    """A form of words, in capitals or not."""
    return re.compile(pattern, re.IGNORECASE)


# Courts whose orders concern one person are none here: they strike no rule down.
NO_COURT = (
    r"(?<!immigration )(?<!criminal )(?<!state )(?<!trial )(?<!juvenile )(?<!family )"
    r"(?<!bankruptcy )(?<!county )(?<!sentencing )(?<!convicting )"
)
COURT = said(rf"\b{NO_COURT}(?:courts?|circuit|district judge|federal judge|panel)\b(?!-martial)")
REPORTED = said(
    r"\bv\. |\(?\b(?:[NSEWCM]\. ?)?D\. ?(?:[A-Z][a-z]|C\.|N\.|S\.)|\b\d+(?:st|d|nd|rd|th) Cir\."
    r"|\bcourt[- ]order|\blitigation\b"
)
# What is done to something in one proceeding is done to no rule.
PERSONAL = (
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
OFFICIAL = r"(?:secretary|dhs|department|agency|administration|government|attorney general|uscis)"
RULE = (
    rf"{OFFICIAL}['’]s (?:[\w,]+ ){{0,4}}?(?:vacatur|decision|action|determination)"
    r"|rules?(?:making)?|ifr|nprm|regulations?|polic(?:y|ies)|memorand(?:um|a)|memos?|guidance"
    r"|(?:re)?designations?|terminations?|rescissions?|proclamations?|executive orders?"
    r"|notices?(?!-and)"
    r"|programs?|directives?|amendments?|processes|changes|fee increases?"
    r"|(?:version|edition)s? of form"
)
ORDER = (
    r"injunctions?(?: orders?)?|(?:temporary )?restraining orders?|tros?|stays?|vacaturs?|orders?"
    r"|decisions?|judgments?|rulings?|opinions?"
)
NOUN = said(
    rf"\b(?:(?P<personal>{PERSONAL})|(?P<rule>{RULE})|(?P<order>{ORDER}))\b"
    r"(?!['’]s? (?!effective|compliance|implementation|enforcement)[a-z])"
)
ENJOINED = r"enjoin(?:ed|s|ing)|block(?:ed|s|ing)|barr(?:ed|ing)|prohibit(?:ed|s|ing)"
STAYED = r"stay(?:ed|ing|s(?!,| (?:and|or|of|pending)\b))|postpon(?:ed|es|ing)|suspend(?:ed|s|ing)"
VACATED = (
    r"vacat(?:ed|es|ing)|sets? aside|setting aside|struck down|striking down"
    r"|invalidat(?:ed|es|ing)|nullif(?:ied|ies|ying)"
)
UNDID = r"lift(?:ed|s|ing)|dissolv(?:ed|es|ing)|revers(?:ed|es|ing)|overturn(?:ed|s|ing)"
VERB = said(
    rf"\b(?:(?P<enjoined>{ENJOINED})|(?P<stayed>{STAYED})|(?P<vacated>{VACATED})"
    rf"|(?P<undid>{UNDID}))\b"
)
# "issued a nationwide preliminary injunction against …", "granted a stay pending appeal of …"
ISSUED = said(
    r"\b(?:issued|granted|entered|ordered|imposed)\b(?P<between>(?:(?! to\b)[^.;]){0,90}?)\b"
    r"(?:(?P<enjoined>injunction(?: order)?|restraining order|TRO)|(?P<stayed>stay)"
    r"|(?P<vacated>vacatur))\b(?! of removal| of deportation)"
)
AUXILIARY = said(
    r"\b(?P<form>was|were|is|are|been|remain(?:s|ed)?|stands?)(?: \w+ly| since| also| later| again"
    r"| then| now| still| first)* $"
)
PRONOUN = said(r"\b(?:it|which|that|they|this|both)(?:,[^,]*,)?(?: has| have| had)?(?: \w+)? $")
BY = said(r"[^;]{0,60}?\bby (?P<whom>[^;]{0,160})")
NOT = said(
    r"\b(?:not|never|nor|neither|without|rather than|instead of|unless|whether|until|pending"
    r"|declin\w+|refus\w+|fail\w+|den(?:y|ied|ies|ying)|reject\w+|avoid\w*|opposed?|oppos\w+"
    r"|would|could|might|(?-i:may)|should|can|cannot|will|shall|must|seek\w*|sought|ask\w*|request\w*"
    r"|mov(?:ed|ing) (?:to|for)|motions?|threat\w*|likely|argu\w+|conten\w+|claims?)\b|n['’]t\b"
)
SUPPOSED = said(r"^\W*(?:if|should|unless|were|whether|in the event)\b|\bif\b[^,]*$|\bno $")
OURS = r"this (?:\w+ ){0,2}(?:rule|notice|document|action|memorandum|proclamation|order)|we"
# Between a court and its verb stands no other who may have acted.
ACTORS = said(rf"\b(?:{OURS}|{OFFICIAL}|board|bia|president|congress|plaintiffs?)\b(?! (?:rule|v))")
OTHERS = said(
    rf"\b(?:{OURS}|{OFFICIAL}|secretaries|departments|agencies|board|bia|doj|dos|dol|eoir|ice|cbp"
    r"|congress|president|plaintiffs?|applicants?|petitioners?|aliens?|noncitizens?"
    r"|persons?|individuals?|who|whom|whose|that|which)\b"
)
CASE = re.compile(
    r"(?:\b[Ii]n|,|\band)\s(?:(?!\b(?:in|and|[Cc]ourt|Circuit)\b)[^,;()])*?\sv\.\s"
    r"(?:[A-Z][\w.&'’-]*[\s,]*|of\s|the\s|et\sal\.?[\s,]*|and\s(?=[A-Z]))+"
)
BARRED = said(r"barred|prohibited")
ANY = said(r"\b(?:any|an?|each|every|no|such)(?: \w+){0,3} $")
ADJECTIVE = said(r"\b(?:the|a|an|any|its|now|previously)[ -]$")
ITS_OWN = said(r"[^,;]{0,80},? (?:that|which)(?: has| had)?(?: \w+ly| since| later)? ")
CLAUSE = said(
    r"\b(?:because|although|though|while|where|since|after|when|if|so that"
    r"|on (?:the )?grounds?|based on)\b|;"
)
HEAD = re.compile(
    r"(?:\s(?:[A-Z][\w’'-]*|and|of|for|to|on|in|the)){0,8}?\s(?:[Ff]inal\s|[Ii]nterim\s)*"
    r"(?:[Rr]ule|IFR|[Pp]olicy|[Mm]emorandum|[Nn]otice|[Dd]esignation|[Pp]roclamation)\b"
)
LED_IN = said(r"^(?:\W*(?:on|in|by|after|following|since|as of|however|under|note|alert)\b[^,:]*"
                r"(?:, \d{4})?[,:])+")  # fmt: skip
IN_PART = said(r"\b(?:parts?|portions?|provisions?|sections?|certain|partially|some)\b")
PARTLY = said(r"^[^,.;]{0,40}\bin (?:large |substantial )?part\b")
FROM = said(r"\bfrom (?!enforc|implement|apply|requir|treat|giving|relying|using|carrying)\w+ing\b")
# Where another clause begins, with a subject or a day of its own.
BOUND = said(
    r";|(?<=[a-z]{4})\.\s+(?=(?-i:[A-Z]))|,? \bbut\b"
    r"|,? \b(?:which|who|that|because|although|though|when|while|since|so)\b"
    r"|,? \bafter (?:the|an?|it)\b"
    r"|,? \band (?=(?:on|the|an?|it|they|was|were|is|are|has|have|dhs|uscis)\b)"
)
LINKED = said(rf"\b(?:{ENJOINED}|{STAYED}|{VACATED}|against|on|of)\b")
# A court named only as the reason for which another acts: "in light of the court's order, …".
REASON = said(
    r"\b(?:following|in light of|consistent with|pursuant to|in response to|in compliance with"
    r"|to comply with|after|because of|due to|in accordance with|as a result of|under|given"
    r"|as (?:required|ordered|directed) by)\b[^,;]*$"
)
# What a party or a commenter says that a court did is not the agency's word.
CLAIMED = said(
    r"\b(?:commenters?|commentators?|plaintiffs?|petitioners?|applicants?|respondents?|part(?:y|ies)"
    r"|organizations?|advocates?)\b[^.;]{0,60}?\b(?:said|says?|stat(?:ed|es?|ing)|assert\w*|claim\w*"
    r"|argu\w+|conten\w+|alleg\w+|believ\w+|not(?:ed|es?|ing)|suggest\w*|wr(?:ote|ite|iting)"
    r"|remark\w*|maintain\w*|mention\w*|point(?:ed|s|ing)? out)\b"
)
CONTESTED = said(
    r"\b(?:(?<!court of )(?<!courts of )appeal\w*|dismiss\w*|review\w*|challeng\w*)\b[^,;]{0,60}$"
)
# A rule is enjoined or vacated by courts alone: an agency withdraws its own, or rescinds it.
COURTS_ALONE = said(rf"{ENJOINED.partition('|block')[0]}|vacat(?:ed|es|ing)")
OF_AN_AGENCY = said(r"(?:re)?designations?|terminations?|programs?|notices?|guidance|.*['’]s .*")
ONE_MATTER = said(r"\b(?:habeas|respondents?|petitioners?|applicants?['’]|aliens?['’]|convict\w+)")
SWEEPING = said(r"\b(?:nationwide|universal)\b")
# "the preliminary injunctions ordered by federal courts affecting the rule"
GIVEN = said(
    r"\b(?:preliminary|nationwide|universal) injunctions?(?: orders?)?"
    r"(?: (?:was|were|has been|have been))?(?: (?:\w+ly|since|also|later))?"
    r" (?:issued|ordered|entered|granted|imposed) (?:by|in)\b(?P<whom>[^;.]{0,120})"
)
COURT_PLACE = said(r"\b(?:northern|southern|eastern|western|central|middle) district of\b")
LOOK = 1200  # characters either side of a verb that are read with it
REACH = 260  # characters between a court and its verb, or a verb and what it is done to
NOT_OF_THE_ORDER = said(
    r"(?:publish|issu|effectiv|effect|propos|announc|sign|appear|dat|promulgat|titled|register)\w*"
    r"(?: \w+){0,5}\W*$"
)
