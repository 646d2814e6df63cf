"""Say of an amended text whether what it said before is held."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model import DateKind, Version

NOT_HELD = "as amended; the earlier text is not held"
HELD = "as amended; the earlier text is held as an earlier version"


def earlier_text(version: Version, before: Iterable[Version]) -> str:
    """What to say of a version that states it is amended: "" for one that doesn't. `before` are the
    versions of its document held from before; a headnote or a title is not the earlier text."""
    noted = "amended" in str(version.metadata.get("note", ""))
    if not (noted or version.date(DateKind.AMENDED)):
        return ""
    is_held = any(
        not each.metadata.get("text") and each.text_digest != version.text_digest
        for each in before
        if each.blocks
    )
    return HELD if is_held else NOT_HELD
