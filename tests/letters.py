"""Sample policy alerts in USCIS's format, with invented content: run as a script to write anew."""

from __future__ import annotations

from pdfs import NOTE, STORED, SUPER, SampleSheet, Set, built, picture, style

BOLD = style(12, fontName="Times-Bold", alignment=0, spaceBefore=12, spaceAfter=4)
LARGE = style(20, fontName="Times-Bold", alignment=0, spaceBefore=12, spaceAfter=8)
TEXT = style(12, alignment=0, spaceAfter=8)
BULLET = style(12, alignment=0, leftIndent=18, bulletIndent=4, spaceAfter=6)


def letter(number: str, day: str, subject: str, said: tuple[Set, ...], note: str) -> bytes:
    """An alert as USCIS has set it since 2022: letterhead, number, subject, headed paragraphs."""
    head = (
        (TEXT, "U.S. Citizenship and Immigration Services<br/>Office of the Director"),
        (TEXT, f"{day} {number}"),
        (LARGE, "Policy Alert"),
        (TEXT, f"SUBJECT: {subject}"),
    )
    return built([SampleSheet(text=(*head, *said), notes=((NOTE, f"{SUPER.format(1)} {note}"),))])


def dated() -> bytes:
    """In force on a day to come, open for comment; a rule that it follows has dates of its own."""
    return letter(
        "PA-2026-90",
        "March 2, 2026",
        "Keepers of Lights and Buoys (a sample; USCIS said none of this)",
        (
            (BOLD, "Purpose"),
            (
                TEXT,
                "U.S. Citizenship and Immigration Services (USCIS) is revising policy guidance in"
                " the USCIS Policy Manual to align with the Lamp Fees Final Rule, published on"
                f" January 5, 2026, and effective February 1, 2026.{SUPER.format(1)}",
            ),
            (BOLD, "Background"),
            (
                TEXT,
                "This guidance, contained in Volume 12 of the Policy Manual, becomes effective"
                " April 1, 2026, and applies to requests filed on or after that date. Requests"
                " that are pending on that date are decided under the earlier guidance, which"
                " continues to apply to them.",
            ),
            (
                TEXT,
                "It supersedes the memorandum “Lamps at Sea” of May 4, 2009. Comments on this"
                " guidance must be received by March 31, 2026.",
            ),
            (BOLD, "Policy Highlights"),
            (BULLET, "• Counts nights, and no days."),
            (BULLET, "• Says who is a keeper."),
        ),
        "See 8 CFR 316.5. The rule on buoys is effective December 1, 2026.",
    )


def at_once() -> bytes:
    """In force at once, for what is pending too."""
    return letter(
        "PA-2026-91",
        "March 9, 2026",
        "Buoys (a sample; USCIS said none of this)",
        (
            (BOLD, "Purpose"),
            (TEXT, f"USCIS is updating guidance on buoys.{SUPER.format(1)}"),
            (BOLD, "Background"),
            (
                TEXT,
                "This guidance is effective immediately and applies to requests pending or filed"
                " on or after the publication date. The guidance contained in the Policy Manual"
                " is controlling and supersedes any related prior guidance on the topic.",
            ),
        ),
        "See INA 999.",
    )


def appendix() -> bytes:
    return built(
        [
            SampleSheet(
                text=(
                    (LARGE, "Appendix: Lamps by Kind of Oil"),
                    (TEXT, "Whale oil is a ground of inadmissibility in this sample alone."),
                )
            )
        ]
    )


SAMPLES = {
    "alert-dated": dated,
    "alert-at-once": at_once,
    "alert-scanned": picture,
    "appendix-printed": appendix,
}

if __name__ == "__main__":
    for name, sample in SAMPLES.items():
        (STORED / "uscis_policy_manual" / f"{name}.pdf").write_bytes(sample())
