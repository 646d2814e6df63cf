"""Signed tokens: an address of ours that nobody can make up, and that names one thing."""

from __future__ import annotations

import hashlib
import os
import secrets
from enum import StrEnum
from pathlib import Path

from filelock import FileLock
from itsdangerous import BadData, URLSafeSerializer

from pipeline.errors import LexwatchError, SettingsError

LENGTH = 32  # bytes of a key of ours; as many characters at least of one that an office gives
NAME = "signing.key"


class Purpose(StrEnum):
    """What a token is good for: one made for another purpose is refused."""

    UNSUBSCRIBE = "unsubscribe"
    CALENDAR = "calendar"
    FEED = "feed"
    PREFERENCES = "preferences"


class TokenRefused(LexwatchError):
    """A token that was altered, cut, made for another purpose or signed with another key. Which of
    these it was is not said."""

    def __init__(self) -> None:
        super().__init__(
            "this is no token of ours, or not for that: copy it whole out of the newest mail"
        )


def sign(key: bytes, purpose: Purpose, named: str) -> str:
    """A token that names an address, a calendar or a feed, in letters that an address of the web
    takes as they are.

    It never expires: who was sent it years ago can still unsubscribe with it. A new key ends all.
    What it names can be read from it, so it belongs into no log.
    """
    return str(_serializer(key, purpose).dumps(named))


def read(key: bytes, purpose: Purpose, token: str) -> str:
    """What the token names, wherever a mail program broke its line. Raises `TokenRefused`."""
    try:
        named = _serializer(key, purpose).loads("".join(token.split()))
    except BadData as error:
        raise TokenRefused from error
    if not isinstance(named, str):
        raise TokenRefused
    return named


def key_in(folder: Path) -> bytes:
    """The key kept in a folder, made when it is first asked for, readable by its owner only.

    Raises `SettingsError` where it cannot be read or written, or is not whole.
    """
    path = folder / NAME
    try:
        if not path.exists():
            with FileLock(folder / f"{NAME}.lock"):
                if not path.exists():
                    _make(path)
        os.chmod(path, 0o600)  # noqa: PTH101 - also where it came back from a backup
        held = path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"the signing key {path}: {error.strerror}; make the folder writable"
        ) from error
    if len(held) != LENGTH:
        raise SettingsError(
            f"the signing key {path} holds {len(held)} bytes, not {LENGTH}: bring it back from a "
            "backup. If there is none, delete it; the links in mail sent so far then end"
        )
    return held


def key_of(given: str) -> bytes:
    """The key that an office gives in words. Raises `SettingsError` for one too short to be safe;
    the words are not repeated."""
    if len(given) < LENGTH:
        raise SettingsError(
            f"LEXWATCH_SIGNING_KEY has {len(given)} characters: give it at least {LENGTH} random "
            "ones, or leave it out, and lexwatch makes a key"
        )
    return given.encode()


def _make(path: Path) -> None:
    """Write a new key whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with open(partial, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(secrets.token_bytes(LENGTH))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _serializer(key: bytes, purpose: Purpose) -> URLSafeSerializer:
    """The purpose salts the key, so that no token serves two."""
    return URLSafeSerializer(
        key,
        salt=f"lexwatch.{purpose}",
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )
