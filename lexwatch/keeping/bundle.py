"""A backup as one file: its manifest and its parts as a tar archive, with gzip, and age over it."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from lexwatch.keeping import age
from lexwatch.keeping.manifest import CHUNK, NAME, Manifest, Part, read, written
from pipeline.errors import StoreError

PLAIN = ".tar.gz"
SEALED = f"{PLAIN}.age"
LONGEST = 2**20  # bytes of a manifest
FAST = 1  # of zlib: half of a database is compressed pages already, and more effort saves 1 %

Tell = Callable[[int, int], None]


def pack(
    path: Path, manifest: Manifest, files: Mapping[str, Path], recipient: str, tell: Tell
) -> None:
    """Write a backup, encrypted where there is a `recipient`; a file of any size passes through in
    parts. `tell` gets (bytes done, of how many). Raises `OSError`."""
    stream = cast("BinaryIO", _Stream(_compressed(_told(_tar(manifest, files), manifest, tell))))
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        if recipient:
            age.seal(stream, file, recipient)
        else:
            while chunk := stream.read(CHUNK):
                file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def unpack(path: Path, into: Path, key: Path | None) -> Manifest:
    """Take a backup apart into a folder, and check every part against the manifest. Raises
    `StoreError` where it is not whole, `OSError` where it can't be read or there is no room."""
    plain = path
    if path.name.endswith(".age"):
        if key is None:
            raise StoreError(f"{path} is encrypted: name the file of its key with --identity")
        plain = into / f"opened{PLAIN}"
        age.opened(path, plain, key)
    try:
        with tarfile.open(plain, "r|gz") as archive:
            manifest = _manifest(archive, path)
            _take(archive, manifest, into, path)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise StoreError(f"{path} is no whole backup of lexwatch ({error})") from error
    if plain is not path:
        plain.unlink()
    return manifest


def _manifest(archive: tarfile.TarFile, path: Path) -> Manifest:
    first = archive.next()
    if first is None or first.name != NAME or first.size > LONGEST:
        raise StoreError(f"{path} is no backup of lexwatch: it doesn't begin with a manifest")
    return read(_opened(archive, first).read(), path)


def _take(archive: tarfile.TarFile, manifest: Manifest, into: Path, path: Path) -> None:
    """Write down the parts that the manifest names, and nothing else."""
    waiting = {part.name: part for part in manifest.parts}
    while (member := archive.next()) is not None:
        part = waiting.pop(member.name, None)
        if part is None or not member.isreg() or member.size != part.size:
            raise StoreError(f"{path} is not what its manifest says: see {member.name!r} in it")
        digest = hashlib.sha256()
        with _opened(archive, member) as source, (into / part.name).open("wb") as target:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())  # a power cut must not leave a database of no bytes
        if digest.hexdigest() != part.sha256:
            raise StoreError(f"{path} is not what its manifest says: {part.name} was altered")
    if waiting:
        raise StoreError(f"{path} is no whole backup: {', '.join(waiting)} is missing")


def _opened(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    found = archive.extractfile(member)
    if found is None:
        raise StoreError(f"{member.name!r} in the backup is no file")
    return found


def _tar(manifest: Manifest, files: Mapping[str, Path]) -> Iterator[bytes]:
    said = written(manifest)
    at = int(manifest.made_at.timestamp())
    yield _head(Part(name=NAME, size=len(said), sha256=""), at)
    yield said + _padding(len(said))
    for part in manifest.parts:
        yield _head(part, at)
        with files[part.name].open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
        yield _padding(part.size)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _head(part: Part, at: int) -> bytes:
    member = tarfile.TarInfo(part.name)
    member.size, member.mtime, member.mode = part.size, at, 0o600
    return member.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


def _told(chunks: Iterator[bytes], manifest: Manifest, tell: Tell) -> Iterator[bytes]:
    done, of = 0, sum(part.size for part in manifest.parts)
    for chunk in chunks:
        yield chunk
        done = min(done + len(chunk), of)
        tell(done, of)


def _compressed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(FAST, zlib.DEFLATED, 16 + zlib.MAX_WBITS)  # 16: gzip's head and end
    for chunk in chunks:
        yield packer.compress(chunk)
    yield packer.flush()


class _Stream(io.RawIOBase):
    """What comes in chunks, as a file to be read from its beginning to its end."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = memoryview(chunk)
        view = memoryview(buffer)
        size = min(len(view), len(self._left))
        view[:size], self._left = self._left[:size], self._left[size:]
        return size
