"""Which statute a document means by "the Act"."""

from __future__ import annotations

import re

# "the Truth in Lending Act (TILA or the Act)", "Immigration and Nationality Act, as amended (Act)".
_DEFINED = re.compile(
    r"(?<!\w)(?P<last>\w{1,40})\s{1,3}Act\b[^()]{0,100}"
    r"\((?:hereinafter,?\s)?(?:[^()]{1,30}\s(?:or|and)\s)?(?:the\s)?[\"“]?(?:the\s)?Act[\"”]?"
    r"(?:\s(?:or|and)\s[^()]{1,30})?\)"
)
_MEANT = re.compile(
    r"\b(?:[Tt]he\s)?(?:term\s)?[\"“]?Act[\"”]?\smeans\sthe\s(?P<name>[^.();]{1,80}?\bAct)\b"
)
_INA = re.compile(
    r"\bImmigration\s{1,3}(?:and|&)\s{1,3}Nationality\s{1,3}Act\b|\bINA\b|\bI\s?&\s?N\b"
    r"|\b8\s?U\.?\s?S\.?\s?C\b\.?[\s§$]{0,4}1[1-5]\d\d|\b8\s?C\.?\s?F\.?\s?R\b"
)
_NAMED = re.compile(r"\b[A-Z][a-z]+(?:,?\s(?:and|of|in|for|[A-Z][a-z]+)){0,6}\sAct\b")
_IMMIGRATION = re.compile(
    r"\b(?:immigra|non-?citizen|alien|removal proceeding|visa|naturaliz|USCIS\b|EOIR\b)",
    re.IGNORECASE,
)
_LAST_WORD = re.compile(r"Nationa(?!l$)")  # of the INA's name, before "Act", as far as scanned


def is_ina(document: str) -> bool:
    """Whether "the Act" is the INA in a whole document, by that document's own words.

    What it defines as "the Act" governs. Where it defines nothing, it must name the INA or cite its
    code, or at least speak of immigration and name no other Act.
    """
    defined = _definitions(document)
    if defined:
        return any(_LAST_WORD.match(word) for word in defined)
    if _INA.search(document):
        return True
    return _IMMIGRATION.search(document) is not None and _NAMED.search(document) is None


def is_other(text: str) -> bool:
    """Whether the text itself gives the name "the Act" to another statute, and not to the INA."""
    defined = _definitions(text)
    return bool(defined) and not any(_LAST_WORD.match(word) for word in defined)


def _definitions(text: str) -> set[str]:
    """The word before "Act" in the name of each statute that the text calls so."""
    named = {found["last"] for found in _DEFINED.finditer(text)}
    return named | {found["name"].split()[-2] for found in _MEANT.finditer(text)}
