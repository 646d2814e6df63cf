"""Set lexwatch up in this folder and run it. Needs Python 3.11 or 3.12, and nothing else."""

# Whatever Python is called python3 reads this file, perhaps an old one: no syntax newer than 3.7.
from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "installed.json"  # what is installed
UNFINISHED = VENV / "unfinished"  # there from an installation's first step to after its last
LOG = VENV / "install.log"
RUNTIME = HERE / "requirements" / "lexwatch.txt"
DEVELOPMENT = HERE / "requirements" / "dev.txt"
PROJECT = HERE / "pyproject.toml"
BOOTSTRAP = HERE / "bootstrap.py"
TORCH = "2.13.0"
SUPPORTED = ("3.11", "3.12")
# Tests that fork children which use Chroma: its threads survive no fork, so each file has a process
# of its own, in which nobody used it before.
APART = tuple(
    f"tests/test_{name}.py" for name in ("kill", "side_by_side", "nothing_lost", "rebuilt")
)
DEVELOPING = ("test", "check")  # the commands that need the development tools
NEEDED = 3e9  # bytes free; the environment takes two thirds of it

USAGE = """python3 bootstrap.py COMMAND [ARGUMENTS]

  demo [ARGS]      set up, then run the whole chain over a sample site (lexwatch demo)
  test [ARGS]      set up with the development tools, then run the tests; ARGS are pytest's
  check            set up with the development tools, then lint and check types
  setup [--again]  set up and stop; --again throws the environment away and makes a new one
  lexwatch ARGS    set up, then run any lexwatch command"""
NOTES = """Everything is installed into .venv in this folder; outside it only pip's cache changes.
The first run takes a few minutes, later runs find everything in place and start at once.

lexwatch uses PyTorch's CPU build. On macOS and Windows it is what the package registry has. On
Linux the registry's build comes with gigabytes of CUDA, so only a wheel marked +cpu is taken:
one that pip is already configured to find, or one from an index named in the environment:
  LEXWATCH_TORCH_INDEX=ADDRESS python3 bootstrap.py demo
PyTorch's page "Get Started Locally" shows that address, under Linux, pip, CPU.

Tested on Linux (Debian 12, x86-64) with Python 3.11. Written for macOS, Windows and Python 3.12
as well, but not tested there."""

# What pip or Python says -> what it means for whoever started us. The first that matches counts.
DIAGNOSES = (
    (r"No space left|Errno 28|not enough space", "the disk is full: make room and try again"),
    (
        r"name resolution|getaddrinfo|NewConnectionError|Connection(Reset|Refused)?Error"
        r"|ConnectTimeout|ReadTimeout|ProxyError|Network is unreachable|Max retries exceeded",
        "the package registry cannot be reached: look at the network, at the proxy settings, or "
        "at pip's configuration (pip config list), and try again",
    ),
    (
        r"DO NOT MATCH THE HASHES|Hashes are required",
        "a package is not the one that was locked, so it was not installed. Find out where it "
        "came from (pip config list) before trying again",
    ),
    (
        r"(No matching distribution found for|find a version that satisfies .*) ?torch",
        f"pip finds no CPU build of PyTorch {TORCH} for this machine and Python. On Linux, name "
        "PyTorch's CPU wheel index in LEXWATCH_TORCH_INDEX (see python3 bootstrap.py --help). "
        "On a Mac with an Intel processor there is none",
    ),
    (
        r"No matching distribution found for|find a version that satisfies",
        "the registry does not have a package of the lock. If it is a mirror, it may be behind",
    ),
)
CUDA_CHECK = """
import importlib.metadata, sys, torch
found = {d.name for d in importlib.metadata.distributions() if d.name.lower().startswith("nvidia")}
if torch.version.cuda is not None:
    found.add("torch " + torch.__version__)
sys.exit("CUDA builds were installed: " + ", ".join(sorted(found)) if found else 0)
"""


class Stopped(Exception):
    """Setting up cannot go on; the message says why and what to do."""


def main(argv: list[str]) -> int:
    """Set up what the command needs, run it, and return the exit code."""
    parser = argparse.ArgumentParser(
        usage=USAGE, epilog=NOTES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = ("setup", "demo", *DEVELOPING, "lexwatch")
    parser.add_argument("command", choices=commands, metavar="COMMAND", help="one of the above")
    command, arguments = parser.parse_args(argv[:1]).command, argv[1:]
    if command == "setup" and arguments not in ([], ["--again"]):
        parser.error("setup takes no argument but --again")
    if command == "check" and arguments:
        parser.error("check takes no argument")
    try:
        set_up(development=command in DEVELOPING, again=command == "setup" and bool(arguments))
    except Stopped as reason:
        print(f"bootstrap: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nbootstrap: stopped; the next run starts the installation afresh", file=sys.stderr)
        return 130
    if command == "setup":
        print(f"Ready: {SCRIPTS / 'lexwatch'}")
        return 0
    if command in DEVELOPING:
        return outcome(checks() if command == "check" else tests(arguments))
    return hand_over(["lexwatch", *(["demo"] if command == "demo" else []), *arguments])


def set_up(development: bool, again: bool = False) -> None:
    """Bring .venv to what the locks say; where it is there already, this takes milliseconds."""
    if not again and not stale(development):
        return
    with BOOTSTRAP.open("rb") as turn:
        _wait_for(turn)
        lacking = set(wanted(development)) if again else stale(development)
        if lacking:
            _install(lacking, development, again)


def wanted(development: bool) -> dict[str, str]:
    """The digest of what each part of the environment is made from."""
    parts = {
        "base": str(HERE).encode() + TORCH.encode() + RUNTIME.read_bytes(),
        "project": PROJECT.read_bytes(),
    }
    if development:
        parts["development"] = DEVELOPMENT.read_bytes()
    return {part: hashlib.sha256(source).hexdigest() for part, source in parts.items()}


def held() -> dict[str, str]:
    """The digests of what an earlier run installed, if it finished."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return {}
    try:
        found: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def stale(development: bool) -> set[str]:
    """The parts to be installed. A stale base takes the others with it."""
    needed, found = wanted(development), held()
    differing = {part for part in needed if found.get(part) != needed[part]}
    return set(needed) if "base" in differing else differing


def steps(lacking: set[str]) -> list[tuple[str, list[str]]]:
    """Title and command of each step that installs the parts, in order."""
    pip = [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    pip += ["--retries", "2", "--no-deps"]  # a lock is complete: nothing may come in beside it
    locked = [*pip, "--require-hashes", "--only-binary", ":all:", "-r"]
    planned = []
    if "base" in lacking:
        planned.append(("virtual environment", [_interpreter(), "-m", "venv", str(VENV)]))
        planned.append((f"PyTorch {TORCH}, the CPU build", [*pip, *_torch()]))
        planned.append(("libraries and the model", [*locked, str(RUNTIME)]))
    if "development" in lacking:
        planned.append(("development tools", [*locked, str(DEVELOPMENT)]))
    if "project" in lacking:
        planned.append(("lexwatch", [*pip, "--no-build-isolation", "--editable", str(HERE)]))
    planned.append(("looking for CUDA builds", [str(PYTHON), "-c", CUDA_CHECK]))
    return planned


def run(label: str, command: list[str]) -> None:
    """Run a step, showing for how long; raises `Stopped` with what its output means."""
    began = time.monotonic()
    with LOG.open("ab") as log:
        start = log.tell()
        process = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, cwd=str(HERE), close_fds=False
        )
        try:
            while process.poll() is None:
                _show(f"{label}: {time.monotonic() - began:.0f} s")
                time.sleep(0.1)
        except KeyboardInterrupt:
            process.wait()  # it got the signal too, and must not write on behind our back
            raise
    _show("")
    print(f"{label}: {time.monotonic() - began:.0f} s", flush=True)
    if process.returncode:
        raise Stopped(_diagnose(LOG.read_bytes()[start:].decode(errors="replace")))


def tests(arguments: list[str]) -> list[list[str]]:
    """The commands that run every test, or pytest with arguments of one's own."""
    pytest = [str(PYTHON), "-m", "pytest"]
    if arguments:
        return [[*pytest, *arguments]]
    # One more than there are processors, for some tests wait. By file, since many files share one
    # costly fixture; in our order, else the longest files, of few tests, come last.
    count = min((os.cpu_count() or 1) + 1, 4)
    workers = ["--numprocesses", str(count), "--dist", "loadfile", "--no-loadscope-reorder"]
    apart = ["--numprocesses", str(len(APART)), "--dist", "loadfile", *APART]
    return [
        [*pytest, *workers, *(f"--ignore={name}" for name in APART)],
        [*pytest, *apart],
    ]


def checks() -> list[list[str]]:
    """The commands that lint and check types."""
    ruff = str(SCRIPTS / "ruff")
    return [[ruff, "check", "."], [ruff, "format", "--check", "."], [str(PYTHON), "-m", "mypy"]]


def outcome(commands: list[list[str]]) -> int:
    """Run all of them at once, say what became of each, and return 1 if any failed. What the first
    says is shown as it is said, what the others say once that is done."""
    # Processes that each use all processors wait for each other by turning; and hundreds that find
    # no compiled code compile it for minutes.
    environment = {"OMP_NUM_THREADS": "1", **os.environ}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        running: list[tuple[str, subprocess.Popen[bytes], IO[bytes] | None]] = []
        for command in commands:
            name = " ".join(command).replace(f"{PYTHON} -m ", "").replace(f"{SCRIPTS}{os.sep}", "")
            kept = stack.enter_context(tempfile.TemporaryFile()) if running else None
            if not running:
                print(f"\n== {name}", flush=True)
            process = subprocess.Popen(
                command, cwd=str(HERE), env=environment, stdout=kept, stderr=kept
            )
            running.append((name, process, kept))
        for name, process, said in running:
            process.wait()
            if said is not None:
                said.seek(0)
                print(f"\n== {name}", said.read().decode(errors="replace"), sep="\n", flush=True)
    print(f"\n{time.monotonic() - began:.0f} s")
    for name, process, _ in running:
        print(f"{'failed' if process.returncode else 'passed'}  {name}")
    return 1 if any(process.returncode for _, process, _ in running) else 0


def hand_over(command: list[str]) -> int:
    """Become the command; where a process cannot, run it and return its exit code."""
    program = str(SCRIPTS / command[0])
    if os.name != "nt":
        os.execv(program, [program, *command[1:]])  # noqa: S606 - a list, no shell
    return subprocess.run([program, *command[1:]], check=False).returncode


def _wait_for(turn: IO[bytes]) -> None:
    """Let one installation run at a time. Its steps inherit the lock, so that one which outlives
    a killed run keeps the next run waiting. Windows has no such lock, and goes without."""
    if fcntl is None:
        return
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("Another installation is at work here: waiting for it.", flush=True)
        fcntl.flock(turn, fcntl.LOCK_EX)
    os.set_inheritable(turn.fileno(), True)


def _install(lacking: set[str], development: bool, again: bool) -> None:
    began = time.monotonic()
    kept = {} if "base" in lacking else held()
    if "base" in lacking:
        _empty_environment(again)
    UNFINISHED.touch()
    planned = steps(lacking)
    for number, (title, command) in enumerate(planned, 1):
        run(f"[{number}/{len(planned)}] {title}", command)
    STAMP.write_text(json.dumps({**kept, **wanted(development)}), encoding="utf-8")
    UNFINISHED.unlink()
    print(f"Set up in {time.monotonic() - began:.0f} s.", flush=True)


def _empty_environment(again: bool) -> None:
    ours = STAMP.exists() or UNFINISHED.exists()
    if VENV.exists() and any(VENV.iterdir()):
        if not ours and not again:
            raise Stopped(
                f"{VENV} was not made by this program. Move it away, or let it be replaced: "
                "python3 bootstrap.py setup --again"
            )
        if UNFINISHED.exists():
            print("An earlier installation did not finish: starting afresh.", flush=True)
        try:
            shutil.rmtree(VENV)
        except OSError as error:
            raise Stopped(f"{VENV} cannot be deleted ({error}): end what runs from it") from error
    free = shutil.disk_usage(HERE).free
    if free < NEEDED:
        raise Stopped(f"{NEEDED / 1e9:.0f} GB are needed beside {HERE}, {free / 1e9:.1f} are free")
    VENV.mkdir()


def _interpreter() -> str:
    """A Python we support: this one, or another on the path."""
    candidates = [sys.executable, *(shutil.which(f"python{version}") for version in SUPPORTED)]
    probe = "import sys; print('%d.%d' % sys.version_info[:2]); import venv, ensurepip"
    for python in filter(None, candidates):
        answer = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=False)
        if answer.stdout.strip() not in SUPPORTED:
            continue
        if answer.returncode == 0:
            return python
        version = answer.stdout.strip()
        raise Stopped(
            f"Python {version} is here without the modules venv and ensurepip. "
            f"On Debian or Ubuntu: sudo apt install python{version}-venv"
        )
    raise Stopped(
        f"Python {' or '.join(SUPPORTED)} is needed, and this is {platform.python_version()}. "
        "Install one of them (python.org, your package manager) and start this file with it"
    )


def _torch() -> list[str]:
    requirement = f"torch=={TORCH}" + ("+cpu" if sys.platform == "linux" else "")
    index = os.environ.get("LEXWATCH_TORCH_INDEX")
    return [requirement, *(["--index-url", index] if index else [])]


def _diagnose(said: str) -> str:
    last = "\n".join(f"    {line}" for line in said.strip().splitlines()[-12:])
    meaning = next((text for sign, text in DIAGNOSES if re.search(sign, said)), "this step failed")
    return f"{meaning}.\nThe last lines of {LOG}:\n{last}"


def _show(line: str) -> None:
    """Rewrite the current line of a terminal; a file or a pipe gets whole lines only."""
    if sys.stdout.isatty():
        print(f"\r\x1b[2K{line}", end="", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
