"""Plurals that no stem has in common with their singular."""

from __future__ import annotations

_PAIRS = """
addendum addenda
analysis analyses
appendix appendices
basis bases
child children
crisis crises
criterion criteria
curriculum curricula
foot feet
grandchild grandchildren
half halves
hypothesis hypotheses
life lives
man men
matrix matrices
medium media
memorandum memoranda
ombudsman ombudsmen
parenthesis parentheses
phenomenon phenomena
policeman policemen
referendum referenda
self selves
serviceman servicemen
servicewoman servicewomen
stepchild stepchildren
synopsis synopses
thesis theses
thief thieves
wife wives
woman women
"""
_OTHERS: dict[str, str] = {}
for _one, _many in map(str.split, _PAIRS.strip().splitlines()):
    _OTHERS |= {_one: _many, _many: _one}


def other_number(word: str) -> str:
    """The irregular plural of a folded word, or the singular of one; "" of all others."""
    return _OTHERS.get(word, "")
