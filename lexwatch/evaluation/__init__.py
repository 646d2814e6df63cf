"""How well each ability does on labelled rows: one module for each ability."""

from __future__ import annotations

from enum import StrEnum


class Ability(StrEnum):
    """What can be measured, as `--only` and the figures name it."""

    CHANGES = "changes"
    FEDERAL_REGISTER_PAIRS = "federal_register_pairs"
    TOPICS = "topics"
    CITATIONS = "citations"
    COURT_ACTIONS = "court_actions"
    TREATMENTS = "treatments"
    RETRIEVAL = "retrieval"
