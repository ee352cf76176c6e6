"""Where the worked examples and other facts shared between checkouts are."""

from __future__ import annotations

import os
import pathlib

import pytest

CHECKOUT = pathlib.Path(__file__).resolve().parents[1]


def path_of(name: str) -> pathlib.Path:
    """Return a shared file or folder; the test that needs it is skipped where it is absent."""
    shared = pathlib.Path(os.environ.get("FISC_SHARED", CHECKOUT.parent / "shared"))
    found = shared / name
    if not found.exists():
        pytest.skip(
            f"no '{name}' beside the checkout; name the shared folder with FISC_SHARED",
            allow_module_level=True,
        )
    return found
