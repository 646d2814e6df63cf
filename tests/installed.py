"""Sources that exist only in a test, in place of the project's own."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawlers import sources


@contextmanager
def installed(
    files: Mapping[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Install sources, {name: the text of its file}, for this process and its children."""
    own = folder / "sources"
    own.mkdir()
    for name, text in files.items():
        (own / f"{name}.py").write_text(text, "utf-8")
    found = f"from crawlers import sources\nsources.__path__ = [{str(own)!r}]\n"
    (folder / "sitecustomize.py").write_text(found, "utf-8")  # the child that crawls reads it
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setattr(sources, "__path__", [str(own)])
    try:
        yield
    finally:
        for name in files:
            sys.modules.pop(f"crawlers.sources.{name}", None)
