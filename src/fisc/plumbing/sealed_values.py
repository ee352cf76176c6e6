"""Values that are kept encrypted, and found again without being opened.

A value is sealed with AES-256-GCM under the newest of the encryption keys and opened with the key
that its version names, so keys can be followed by new ones. Equal values are found by a blind
index: HMAC-SHA-256 under a key of its own, which stays when encryption keys are followed. The keys
are in FISC_IDENTIFIER_KEY or in a file of the home that only its owner reads; the database has
none of them (decision 0143).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import pathlib
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography import exceptions
from cryptography.hazmat.primitives.ciphers import aead

SETTING: Final = "FISC_IDENTIFIER_KEY"
FILE_NAME: Final = "identifier_key"
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_CHECK_BYTES: Final = 8
_INDEX: Final = "index"
#: What a version's number is kept in holds no more.
_VERSION_MAX: Final = 32_767


class KeysAreWrong(Exception):
    """What should be the keys of sealed values cannot be read as that."""


class KeyIsMissing(Exception):
    """A value was sealed under a key that is not among those that are kept."""


class DoesNotOpen(Exception):
    """A sealed value is not what was sealed, or was sealed under another key of that version."""


class KeysAreNamed(Exception):
    """The keys are said by the environment, so they cannot be followed by a new one here."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value that is closed, and which version of the key opens it."""

    key_version: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Ring:
    """The key of the blind index, and the encryption keys by version."""

    index_key: bytes
    keys: Mapping[int, bytes]

    @property
    def newest(self) -> int:
        """Return the version that values are sealed under now."""
        return max(self.keys)

    @property
    def check(self) -> bytes:
        """Return what tells this key of the blind index from another, and gives nothing of it."""
        return hmac.digest(self.index_key, b"fisc: which key is this?", hashlib.sha256)[
            :_CHECK_BYTES
        ]

    def seal(self, text: str, *, about: str) -> Sealed:
        """Close a text; it opens only together with `about`, which says whose and what it is."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        closed = aead.AESGCM(self.keys[self.newest]).encrypt(
            nonce, text.encode(), _bound(self.newest, about)
        )
        return Sealed(key_version=self.newest, content=nonce + closed)

    def opened(self, sealed: Sealed, *, about: str) -> str:
        """Return a text that was sealed about the same thing. Raises KeyIsMissing, DoesNotOpen."""
        key = self.keys.get(sealed.key_version)
        if key is None:
            raise KeyIsMissing(
                f"The value was sealed under version {sealed.key_version} of the key, which is "
                f"not kept here. Put the keys of the backup back: {FILE_NAME} in FISC_HOME, or "
                f"{SETTING}."
            )
        nonce, closed = sealed.content[:_NONCE_BYTES], sealed.content[_NONCE_BYTES:]
        try:
            opened = aead.AESGCM(key).decrypt(nonce, closed, _bound(sealed.key_version, about))
        except (exceptions.InvalidTag, ValueError) as problem:
            raise DoesNotOpen(
                f"The value does not open with version {sealed.key_version} of the key. Either the "
                "key is another one than it was sealed under, or somebody changed the row. Put the "
                f"keys of the backup back: {FILE_NAME} in FISC_HOME, or {SETTING}."
            ) from problem
        return opened.decode()

    def blind_index(self, text: str, *, kind: str) -> bytes:
        """Return what equal texts of one kind have in common, which says nothing of the text."""
        return hmac.digest(self.index_key, f"{kind}\0{text}".encode(), hashlib.sha256)


def ring(*, home: pathlib.Path) -> Ring:
    """Return the keys of FISC_IDENTIFIER_KEY, or those kept under the home, made at the first call.

    They are read each time: another process may have added one. Raises KeysAreWrong.
    """
    if named := os.environ.get(SETTING):
        return _parsed(named.replace(",", "\n"), place=SETTING)
    path = home / FILE_NAME
    try:
        kept = path.read_text(encoding="ascii")
    except FileNotFoundError:
        _make(path)
        kept = path.read_text(encoding="ascii")
    except UnicodeDecodeError as problem:
        raise KeysAreWrong(
            f"{path} does not hold keys. Put back the file of the backup."
        ) from problem
    return _parsed(kept, place=str(path))


def follow(*, home: pathlib.Path) -> int:
    """Add an encryption key that values are sealed under from now on; returns its version.

    The keys before it stay, for what they sealed. Raises KeysAreNamed, KeysAreWrong.
    """
    if os.environ.get(SETTING):
        raise KeysAreNamed(
            f"The keys are said by {SETTING}. Add “,<next number>=<32 bytes in base64>” to it, "
            "start Fisc again, and seal the values anew."
        )
    before = ring(home=home)
    version = before.newest + 1
    keys = {**before.keys, version: secrets.token_bytes(_KEY_BYTES)}
    made = _written_beside(home / FILE_NAME, Ring(before.index_key, keys))
    made.replace(home / FILE_NAME)
    _flush_folder(home)
    return version


def _make(path: pathlib.Path) -> None:
    """Write the first keys whole or not at all, and never over keys that another just made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = Ring(secrets.token_bytes(_KEY_BYTES), {1: secrets.token_bytes(_KEY_BYTES)})
    made = _written_beside(path, drawn)
    try:
        os.link(made, path)
    except FileExistsError:
        # Another process was first; its keys are the ones.
        pass
    finally:
        made.unlink()
    _flush_folder(path.parent)


def _written_beside(path: pathlib.Path, keys: Ring) -> pathlib.Path:
    lines = [f"{_INDEX}={_told(keys.index_key)}"]
    lines += [f"{version}={_told(key)}" for version, key in sorted(keys.keys.items())]
    # mkstemp makes a file that only its owner reads.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        # A value that was sealed under a key that a crash then took could never be opened.
        os.fsync(file.fileno())
    return pathlib.Path(name)


def _flush_folder(folder: pathlib.Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _parsed(text: str, *, place: str) -> Ring:
    # No error quotes a line: it may hold a key.
    wrong = KeysAreWrong(
        f"{place} does not hold keys. There must be a line “index=…” and a line “1=…” with 32 "
        "bytes each in base64, and one more for each key that followed."
    )
    told: dict[str, bytes] = {}
    for line in text.split():
        name, _equals, value = line.partition("=")
        try:
            told[name] = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError) as problem:
            raise wrong from problem
        if len(told[name]) != _KEY_BYTES:
            raise wrong
    index_key = told.pop(_INDEX, None)
    numbers = {name: int(name) for name in told if name.isascii() and name.isdigit()}
    if index_key is None or not told or len(numbers) != len(told):
        raise wrong
    if not all(1 <= number <= _VERSION_MAX for number in numbers.values()):
        raise wrong
    return Ring(index_key, {numbers[name]: key for name, key in told.items()})


def _told(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")


def _bound(version: int, about: str) -> bytes:
    return f"{version}\0{about}".encode()
