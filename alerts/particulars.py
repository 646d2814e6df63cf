"""What a document tells besides its text: what it amends, who signed it, what is not held."""

from __future__ import annotations

from datetime import date

from alerts.untrusted import plain
from alerts.wording import calendar, counted, sentence, shortened
from pipeline.amended import earlier_text
from pipeline.model import Version
from pipeline.quote import field

AMENDED = 12  # sections named in a digest; how many more there are is said
_ACTS = {
    "revise": "revises",
    "add": "adds",
    "remove": "removes",
    "redesignate": "redesignates",
    "amend": "amends",
    "reserve": "reserves",
}
_FORMS = {
    "HTML": "Read from the HTML: the full text in the Federal Register’s XML is not held, and "
    "tables, footnotes and amended sections may be missing.",
    "raw text": "Read from the raw text: the full text in the Federal Register’s XML is not held, "
    "and tables, footnotes and amended sections may be missing.",
    "abstract only": "Abstract only: the full text is not held.",
    "summary only": "Summary of the updates page only: the alert itself is not held.",
    "headnote only": "Official headnote only: the decision is not held, and no page of it can be "
    "cited.",
    "title only": "Title only: the full text is not held.",
}
# Fields of other publishers that a reader must know of, in the order in which they are told.
_TOLD = (
    *("status", "note", "pages", "scan", "language", "edition_date", "other_editions"),
    *("pending_filings", "supersedes", "superseded_numbers", "cancellation", "decided_by_board"),
    *("as_of", "amendments_to_come", "figures_not_read"),
)
SAID = 400  # characters of such a field
_FILED = "Title and data of the filing only: its text is not held."


def not_held(version: Version) -> str:
    """What of the document is not held, in a sentence; "" where its full text is."""
    form = plain(str(version.metadata.get("text", "")))
    if not form:
        is_filing = version.document.kind == "public-inspection"
        return _FILED if is_filing and not version.blocks else ""
    return _FORMS.get(form, f"Read from {form}: the full text is not held.")


def amended(version: Version, most: int | None = None) -> tuple[str, ...]:
    """The places of the Code of Federal Regulations that a document amends, each with the act; a
    proposal only would. At most `most`, the last line then saying how many more there are."""
    would = "would " if version.document.kind == "proposed-rule" else ""
    lines = tuple(
        dict.fromkeys(
            f"{would}{act if would else _ACTS.get(act, act)} {place}"
            for act, place in (_act(each) for each in version.metadata.get("amends", ()))
        )
    )
    left = len(lines) - len(lines[:most])
    return (*lines[:most], f"{counted(left, 'more place')}: read the source") if left else lines


def facts(version: Version) -> tuple[str, ...]:
    """Who signed, and when what is only filed is to be published."""
    signers = "; ".join(plain(str(name)) for name in version.metadata.get("signed_by", ()))
    signed = (f"signed by: {shortened(signers, 300)}",) if signers else ()
    return (*signed, *_stated(version))


def _stated(version: Version) -> tuple[str, ...]:
    """What else its data tells."""
    lines = []
    if expected := plain(str(version.metadata.get("expected_publication", ""))):
        lines.append(f"publication expected: {_on(expected)}, read from Federal Register data")
    if note := plain(str(version.metadata.get("editorial_note", ""))):
        lines.append(f"editorial note of the Federal Register: “{shortened(note, 300)}”")
    for name in _TOLD:
        if value := version.metadata.get(name):
            said = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
            lines.append(f"{field(name, said)}: {shortened(plain(said), SAID)}")
    return tuple(lines)


def details(version: Version, old: Version | None) -> tuple[str, ...]:
    """What a digest or a packet tells of it, in lines; who signed stands in the source. `old` is
    the text held before."""
    places = amended(version, AMENDED)
    code = (f"Code of Federal Regulations: {'; '.join(places)}.",) if places else ()
    before = earlier_text(version, [old] if old else [])
    return (*code, *(sentence(line) for line in (*_stated(version), before) if line))


def _act(amendment: dict[str, str]) -> tuple[str, str]:
    return plain(amendment["act"]), plain(amendment["section"])


def _on(day: str) -> str:
    try:
        return calendar(date.fromisoformat(day))
    except ValueError:
        return day
