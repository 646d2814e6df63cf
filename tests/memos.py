"""Sample PDFs in the format of USCIS policy memoranda, with invented content: a script, as pdfs."""

from __future__ import annotations

import json

from pdfs import CENTRED, HEADING, STORED, SUPER, TEXT, SampleSheet, Set, built, picture, style

SUBJECT = style(13, fontName="Times-Bold", spaceBefore=12, spaceAfter=6)
DATED = style(13, spaceBefore=8)
NOTE = style(10)
OFFICE = "U.S. Department of Homeland Security<br/>U.S. Citizenship and Immigration Services"
SITE = "https://www.uscis.gov/sites/default/files/document/memos"


def _head(number: str, day: str, subject: str, stamp: str = "") -> tuple[Set, ...]:
    return (
        *(((TEXT, stamp),) if stamp else ()),
        (CENTRED, OFFICE),
        (DATED, f"{day}{'&nbsp;' * 40}{number}"),
        (HEADING, "<b>Policy Memorandum</b>"),
        (SUBJECT, f"SUBJECT: {subject}"),
    )


def memorandum() -> bytes:
    """One that takes effect at once and puts two earlier ones out of force; a note, two sheets."""
    return built(
        [
            SampleSheet(
                text=(
                    *_head("PM-602-9901", "October 30, 2026", "Lamps and Discretion"),
                    (SUBJECT, "Purpose"),
                    (
                        TEXT,
                        "This policy memorandum (PM) guides officers who weigh whether a lamp was"
                        f" lit.{SUPER.format(1)} It is effective immediately and applies to"
                        " requests pending or filed on or after October 30, 2026.",
                    ),
                    (SUBJECT, "Background"),
                    (
                        TEXT,
                        "This PM supersedes Policy Memorandum 602-9850, Unlit Lamps, dated May 4,"
                        " 2021. The guidance in PM-602-9860 on wicks is rescinded.",
                    ),
                ),
                notes=((NOTE, f"{SUPER.format(1)} See INA 999; 8 CFR 999.1."),),
                page="1",
            ),
            SampleSheet(
                head=("PM-602-9901: Lamps and Discretion", "Page 2"),
                text=(
                    (SUBJECT, "Use"),
                    (TEXT, "This PM is intended solely for the guidance of personnel."),
                ),
                page="2",
            ),
        ]
    )


def stamped() -> bytes:
    """One that the agency itself has since stamped as superseded."""
    return built(
        [
            SampleSheet(
                text=(
                    *_head(
                        "PM-602-9900",
                        "September 14, 2026",
                        "Lists of Lamps",
                        "ALERT: This memorandum was superseded on November 3, 2026 by the manual.",
                    ),
                    (SUBJECT, "Purpose"),
                    (TEXT, "This PM lists lamps. It will be effective on September 21, 2026."),
                ),
                page="1",
            )
        ]
    )


SAMPLES = {
    "memorandum": (
        memorandum,
        f"{SITE}/PM-602-9901-LampsAndDiscretion-20261102.pdf",
        ("Lamps and Discretion", "November 02, 2026", "On unlit lamps."),
    ),
    "stamped": (
        stamped,
        f"{SITE}/PM-602-9900-Appendix.pdf",
        ("Appendix to PM-602-9900", "September 15, 2026", "Lists of lamps."),
    ),
    "scan": (
        picture,
        f"{SITE}/scan_of_1999.pdf",
        (
            "Wicks for Lighthouse Keepers",
            "March 05, 1999",
            "Wicks may be trimmed by day. This instruction is effective March 8, 1999.",
        ),
    ),
}

if __name__ == "__main__":
    for name, (sample, url, (title, released, summary)) in SAMPLES.items():
        path = STORED / "uscis_memoranda" / f"{name}.pdf"
        path.write_bytes(sample())
        path.with_suffix(".meta.json").write_text(json.dumps({"url": url}) + "\n", "utf-8")
        said = {"title": title, "released": released, "summary": summary}
        path.with_suffix(".context.json").write_text(json.dumps(said) + "\n", "utf-8")
