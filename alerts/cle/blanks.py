"""What the sponsor and the speaker fill in, and what the packet does not claim."""

from __future__ import annotations

from alerts.packet.content import Style
from alerts.packet.draft import Draft

_RATED = (
    "The learning objectives were met",
    "The speaker knew the subject and presented it clearly",
    "The written materials were thorough and useful",
    "The level was as announced",
    "The time was sufficient, and was kept",
    "The place, or the technology, served the programme",
)
_OPEN = (
    "What will you do differently in your practice?",
    "What should be added, left out or corrected?",
    "Which subjects do you want next?",
)


def tell(draft: Draft) -> None:
    """Write the places for biographies, the record of attendance and the evaluation form."""
    draft.heading("For the sponsor to complete", 1)
    draft.heading("Faculty", 2)
    for words in (
        "Name, employer, bar admissions of each speaker",
        "Biography of each speaker: practice or academic experience in the subject",
        "Date, place, format (live, live online, on demand) and sponsor’s number of the programme",
    ):
        draft.placeholder(words)
    _attendance(draft)
    _evaluation(draft)


def disclaim(draft: Draft, jurisdiction: str = "", *, is_redacted: bool = False) -> None:
    """Write what the packet does not claim, in small print; where it `is_redacted`, by which rules
    names were taken out, and what these do not know."""
    board = f"the accrediting authority of {jurisdiction}" if jurisdiction else "a board"
    draft.paragraph(
        "These materials are not accredited and claim no credit: whether a programme that uses "
        f"them qualifies is for {board} to decide. They were put together by a program from what "
        "the sources showed, are meant to be edited by the speaker, do not claim to be complete, "
        "and are not legal advice. Check every statement against its source before relying on it.",
        style=Style.SMALL,
        ours=True,
    )
    if is_redacted:
        draft.paragraph(
            "Names and A-numbers were taken out of unpublished decisions by rules that know "
            "captions, titles, persons addressed as Mr., Mrs., Ms. or Miss, and the forms of "
            "A-numbers. A relative, a witness or a child who is named otherwise may remain, and "
            "facts alone may tell who somebody is: the speaker reads every passage of such a "
            "decision before it is handed out.",
            style=Style.SMALL,
            ours=True,
        )


def _attendance(draft: Draft) -> None:
    draft.heading("Record of attendance", 2)
    draft.table(
        "To be signed by each participant",
        ("Name", "Bar number and jurisdiction", "Signature", "In", "Out"),
        [("", "", "", "", "") for _ in range(8)],
        (2.0, 1.8, 1.5, 0.6, 0.6),
        ours=True,
    )
    draft.placeholder(
        "How long records are kept, as the board asks; who verified attendance online"
    )


def _evaluation(draft: Draft) -> None:
    draft.heading("Evaluation form", 2)
    draft.table(
        "Evaluation by participants, from 1 (not at all) to 5 (fully)",
        ("Statement", "1", "2", "3", "4", "5"),
        [(words, "", "", "", "", "") for words in _RATED],
        (4.5, 0.4, 0.4, 0.4, 0.4, 0.4),
        has_row_heads=True,
        ours=True,
    )
    for words in _OPEN:
        draft.paragraph(words, ours=True)
        draft.placeholder("Answer")
