"""Room on the disk: asked for before much is written, and a full disk told in words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import StoreError

SPARE = 2**20  # bytes over what is reckoned


def need(folder: Path, size: int, what: str) -> None:
    """Raise `StoreError` where a folder's disk hasn't `size` bytes free for `what`."""
    free = shutil.disk_usage(folder).free
    if free < size + SPARE:
        raise StoreError(
            f"{what} needs {megabytes(size + SPARE)} in {folder}, where {megabytes(free)} are "
            "free: make room, or name a folder on another disk. Nothing was written"
        )


@contextmanager
def writing(folder: Path, what: str) -> Iterator[None]:
    """Whatever a disk refuses, as a `StoreError` that names `what` wasn't made."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{what} was not made in {folder} ({error.strerror or error}): nothing is left of it, "
            "and what was there before is untouched. Make room, or name a folder that can be "
            "written to"
        ) from error


def megabytes(size: int) -> str:
    """Bytes in words; of little, as many thousands as there are."""
    if 0 < size < 1e5:
        return f"{size / 1e3:,.1f} kB"
    return f"{size / 1e6:,.1f} MB" if size < 1e9 else f"{size / 1e9:,.2f} GB"
