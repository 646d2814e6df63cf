"""Encryption in the format of age (age-encryption.org/v1), which the tool of that name reads."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import pyrage  # type: ignore[import-untyped]  # it ships no types

from pipeline.errors import SettingsError, StoreError


def new_key(path: Path, at: datetime) -> str:
    """Write a new key to a file that only its owner reads; returns the recipient that belongs to
    it. Raises `SettingsError` where there is a file already, or none can be written."""
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    said = f"# created: {at:%Y-%m-%dT%H:%M:%SZ}\n# public key: {recipient}\n{identity}\n"
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(said)
    except FileExistsError as error:
        raise SettingsError(
            f"no key was made: {path} is there already, and may be the only key to your backups. "
            "Name a new file"
        ) from error
    except OSError as error:
        raise SettingsError(f"no key was made: {path}: {error.strerror}") from error
    return recipient


def seal(plain: BinaryIO, sealed: BinaryIO, recipient: str) -> None:
    """Encrypt a stream so that only the holder of the recipient's key reads it. Raises
    `SettingsError`, and `OSError` where it can't be written."""
    try:
        known = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise SettingsError(
            f"backup.recipient {recipient!r} is no public key of age: `lexwatch backup --new-key "
            "FILE` makes one"
        ) from error
    try:
        pyrage.encrypt_io(plain, sealed, [known])
    except pyrage.EncryptError as error:  # which has whatever went wrong with either stream
        raise OSError(None, str(error).removeprefix("OSError: ")) from error


def opened(sealed: Path, plain: Path, key: Path) -> None:
    """Decrypt a file with the key in a file. Raises `StoreError` where that doesn't fit it."""
    try:
        lines = key.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"the key {key} can't be read: check --identity") from error
    words = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    try:
        identities = [pyrage.x25519.Identity.from_str(word) for word in words]
    except pyrage.IdentityError as error:  # never shown: it may repeat the key
        raise StoreError(f"{key} holds no key of age: check --identity") from error
    with sealed.open("rb") as source, plain.open("wb") as target:
        try:
            pyrage.decrypt_io(source, target, identities)
        except pyrage.DecryptError as error:
            raise StoreError(
                f"{sealed} was not encrypted for the key in {key} ({error})"
            ) from error
        except OSError as error:
            if error.errno is not None:
                raise
            raise StoreError(f"{sealed} is no whole backup: it can't be decrypted") from error
