"""Tell what a Federal Register document does from its ACTION line and its number."""

from __future__ import annotations

import re

LONGEST = 1_000  # characters of an ACTION line that are read; real ones have some dozens
_PERIOD = r"comment(?:ing)?(?: |-)period"
_SUBTYPES = tuple(
    (name, re.compile(said, re.IGNORECASE))
    for name, said in (  # what it does to another document first, then what it is
        (
            "partial withdrawal",
            r"\bpartial withdrawal|\bwithdrawal? (?:in part|of (?:certain|portions?|parts?)\b)"
            r"|\bpartially withdraw|\bwithdrawn in part|\bwithdrawal, in part",
        ),
        ("withdrawal", r"(?<!intent to )(?<!proposed )\bwithdraw"),
        ("correction", r"\bcorrect(?:ion|ions|ing|ed)?\b"),
        (
            "delay of effective date",
            r"\b(?:delay|postpone|defer)|\bstay(?:s|ed|ing)?\b(?! (?:of removal|procedure))"
            r"|\bsuspension of effective",
        ),
        ("reopening of comment period", rf"\bre-?open\w*\b[^;]*{_PERIOD}|{_PERIOD}[^;]*\bre-?open"),
        ("extension of comment period", rf"\bexten\w*\b[^;]*{_PERIOD}|{_PERIOD}[^;]*\bexten[ds]"),
        ("interim final rule", r"\binterim (?:final )?rule"),
        ("direct final rule", r"\bdirect final rule"),
        ("temporary rule", r"\btemporary (?:final |interim )?rule"),
        (
            "advance notice of proposed rulemaking",
            r"\badvanced? notice of (?:a )?proposed rule|\bANPRM\b",
        ),
        ("supplemental proposed rule", r"\bsupplement\w* (?:notice of )?proposed rule|\bSNPRM\b"),
        (
            "hearing notice",
            r"^(?!.*notice of proposed rule)(?:.*;)?[^;]*\b(?:notice|announcement|notification)s?"
            r" of[^;]*\bhearing",
        ),
        ("petition", r"\bpetition"),
        ("final rule", r"\bfinal rules?\b"),
        ("proposed rule", r"\bproposed rule"),
        ("hearing notice", r"\bhearings?\b"),
        ("request for comments", r"\b(?:request|call|solicit\w*)\b[^;]*\bcomments?\b"),
    )
)
_CORRECTS = re.compile(r"[CR]\d+-")  # R1 reprints what was printed wrongly
_ORDER = re.compile(r"[A-Za-z ]+?(?=\s+(?:No\. )?[\d-]|\s+of\b)")


def subtype(number: str, action: str, order: str = "") -> str:
    """What a document does, in lower case: "interim final rule", "partial withdrawal".

    A document numbered C1-… is printed without an ACTION line and corrects. `order` is a
    presidential document's line, whose own word is given: "Executive Order". Empty where neither
    tells.
    """
    if _CORRECTS.match(number):
        return "correction"
    found = (name for name, said in _SUBTYPES if said.search(action[:LONGEST]))
    title = _ORDER.match(order)
    return next(found, title[0] if title else "")
