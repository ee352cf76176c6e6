"""The key that signs sessions and forms."""

from __future__ import annotations

import os
import pathlib
import secrets


def read_or_make(*, home: pathlib.Path) -> str:
    """Return FISC_SECRET_KEY, or the key kept under the home, made at the first call."""
    if named := os.environ.get("FISC_SECRET_KEY"):
        return named
    path = home / "secret_key"
    home.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    made = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as file:
        file.write(made)
    return made
