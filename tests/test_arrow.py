"""Imports point inward, and each outside library is touched in one place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

MAY_IMPORT = {
    "pipeline": set(),
    "crawlers": {"pipeline"},
    "index": {"pipeline"},
    "alerts": {"index", "pipeline"},
    "lexwatch": {"alerts", "crawlers", "index", "pipeline"},
}
ONLY_IN = {
    "sqlalchemy": ("index",),
    "alembic": ("index",),
    "sqlite3": ("index",),
    "chromadb": ("index/chroma.py",),
    "torch": ("index/encoder.py",),
    "transformers": ("index/encoder.py",),
    "sentence_transformers": ("index/encoder.py", "index/reranker.py"),
    "huggingface_hub": ("index/weights.py",),
    "scrapy": ("crawlers",),
    "twisted": ("crawlers",),
    "typer": ("lexwatch",),
    "smtplib": ("alerts",),
    "pypdfium2": ("pipeline/pdf.py",),
    "pyrage": ("lexwatch/keeping/age.py",),
    "apprise": ("alerts/channels.py",),
    "apscheduler": ("lexwatch/schedule/timer.py",),
    "itsdangerous": ("alerts/tokens.py",),
    "rfc3161_client": ("lexwatch/record/stamping.py",),
    "cryptography": ("lexwatch/record/stamping.py",),
    "icalendar": ("alerts/ics.py",),
    "fastapi": ("lexwatch/web",),
    "starlette": ("lexwatch/web",),
    "uvicorn": ("lexwatch/commands/serving.py", "lexwatch/web/taking.py"),
    "structlog": ("lexwatch/logs.py",),
    "reportlab": ("alerts/packet",),
    "PIL": ("alerts/packet/picture.py",),
    "font_source_sans_pro": ("alerts/packet/faces.py",),
    "font_source_serif_pro": ("alerts/packet/faces.py",),
}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_follow_the_arrow(package: str) -> None:
    allowed = MAY_IMPORT[package] | {package}
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for file, line, name in imports(package)
        if name.partition(".")[0] in MAY_IMPORT and name.partition(".")[0] not in allowed
    ]
    assert wrong == []


def test_each_library_is_touched_where_it_belongs() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for package in MAY_IMPORT
        for file, line, name in imports(package)
        if not _belongs(file, name.partition(".")[0])
    ]
    assert wrong == []


def imports(package: str) -> Iterator[tuple[Path, int, str]]:
    """Every import statement of a package, those inside functions too, relative ones resolved."""
    for file in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((file, node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield file, node.lineno, package if node.level else node.module or ""


def _belongs(file: Path, library: str) -> bool:
    places = ONLY_IN.get(library)
    here = file.relative_to(ROOT).as_posix()
    return places is None or any(here == place or here.startswith(f"{place}/") for place in places)
