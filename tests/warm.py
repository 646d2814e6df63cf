"""Start a program of ours in a process that was forked from one which has imported it already.

Importing takes a child longer than the crawl of a sample site. `warm.py SOCKET` is the process that
has imported; what it prints is the path of a program to be called in Python's place. That hands
its arguments, environment and streams over, and ends as the forked child does.
"""

from __future__ import annotations

import array
import importlib
import json
import os
import pkgutil
import runpy
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import NoReturn

from crawlers import sources
from crawlers.crawl import EXTENSIONS, MIDDLEWARES

IMPORTED = (
    *("lexwatch.cli", "lexwatch.fetch", "encodings.idna", "rich.traceback"),
    *("sqlalchemy.dialects.sqlite", "index.removal", "index.reporting", "index.orders"),
    # What Scrapy names in its settings, and imports when a crawl begins.
    *(f"scrapy.core.downloader.handlers.{name}" for name in ("http11", "datauri", "file", "ftp")),
    *(f"scrapy.spidermiddlewares.{name}" for name in ("depth", "httperror", "start", "urllength")),
    *("scrapy.dupefilters", "scrapy.logformatter", "scrapy.pqueues", "scrapy.squeues"),
    *("scrapy.statscollectors", "scrapy.utils.request"),
)
HANDED = (0, 1, 2)  # the three standard streams
# A shebang takes no path with a space in it: a shell starts Python, which reads the same lines as a
# string.
CLIENT = """#!/bin/sh
'''exec' "{python}" -IS "$0" "$@"
' '''
import array, json, os, signal, socket, sys
if "-c" in sys.argv:
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
line = socket.socket(socket.AF_UNIX)
line.connect({address!r})
job = json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]).encode()
streams = array.array("i", {handed})
line.sendmsg([len(job).to_bytes(4)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
line.sendall(job)
for stream in streams:
    os.close(stream)
code = int(line.makefile().readline() or 1)
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
os._exit(code)
"""


def serve(address: Path) -> NoReturn:
    """Fork a child for each call; ends with the process that started it."""
    _import()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(address))
    listening.listen()
    client = address.with_suffix(".client")
    said = CLIENT.format(python=sys.executable, address=str(address), handed=list(HANDED))
    client.write_text(said, encoding="utf-8")
    client.chmod(0o700)
    print(client, flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the attendants end unattended
    if os.fork() == 0:
        os.read(0, 1)  # returns when the process that started us ends
        os.kill(os.getppid(), signal.SIGKILL)
        os._exit(0)
    while True:
        line, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            _attend(line)
        line.close()


def _import() -> None:
    """All but Twisted's reactor, which each child starts for itself."""
    found = pkgutil.iter_modules(sources.__path__, f"{sources.__name__}.")
    parts = [part.rpartition(".")[0] for part in (*MIDDLEWARES, *EXTENSIONS)]
    for name in (*IMPORTED, *parts, *(module.name for module in found)):
        importlib.import_module(name)
    assert "twisted.internet.reactor" not in sys.modules


def _attend(line: socket.socket) -> NoReturn:
    """Run one program in a child, and say how it ended; kill it where its caller is gone."""
    size, ancillary, _, _ = line.recvmsg(4, socket.CMSG_SPACE(len(HANDED) * 4))
    streams = array.array("i")
    streams.frombytes(ancillary[0][2])
    job = json.loads(line.makefile("rb", buffering=0).read(int.from_bytes(size)))
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if (child := os.fork()) == 0:
        line.close()
        _become(streams, *job)
    for stream in streams:
        os.close(stream)
    if (watch := os.fork()) == 0:
        line.recv(1)  # returns when the caller ends
        os.kill(child, signal.SIGKILL)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.kill(watch, signal.SIGKILL)
    line.sendall(f"{code}\n".encode())
    os._exit(0)


def _become(
    streams: array.array[int], words: list[str], environment: dict[str, str], folder: str
) -> NoReturn:
    for stream, given in zip(HANDED, streams, strict=True):
        os.dup2(given, stream)
        os.close(given)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    code = 1
    try:
        _run([word for word in words if word != "-P"])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _run(words: list[str]) -> None:
    """Do what Python does with these words: `-m MODULE …` or `FILE …`."""
    path = [each for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each]
    sys.path[:0] = path
    for found in (Path(each) / "sitecustomize.py" for each in path):
        if found.is_file():
            runpy.run_path(str(found))
            break
    if words[0] == "-m":
        sys.argv = [words[1], *words[2:]]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = words
        sys.path.insert(0, str(Path(words[0]).parent))
        runpy.run_path(words[0], run_name="__main__")


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
