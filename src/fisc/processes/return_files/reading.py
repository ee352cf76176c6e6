"""Reading a file of returns by the city's declared layout, and finding its accounts."""

from __future__ import annotations

import dataclasses
import datetime
import pathlib
import tomllib
from dataclasses import dataclass
from typing import IO

import numpy as np
from django.conf import settings

from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns.calculations import (
    many,
    return_building,
    return_layouts,
    return_objects,
    return_rows,
)

LAYOUT = "layouts/returns.toml"
_LOOKED_AT = 64
_SHA_SAID = 12


@dataclass(frozen=True, slots=True)
class Read:
    """A file as it was read: its returns by account, its hash, and by what it was read.

    An account below zero is a number of the file that no account has.
    """

    returns: many.Returns
    sha256: str
    layout: str


def layout() -> return_layouts.Layout:
    """Return how files of returns are written for this city. Raises LayoutIsWrong."""
    declared = (pathlib.Path(settings.FISC_CITY) / LAYOUT).read_text(encoding="utf-8")
    return return_layouts.layout_of(tomllib.loads(declared))


def read(file: IO[bytes], *, name: str, today: datetime.date) -> Read:
    """Read a file that came today, CSV or JSON as its first character says.

    Raises return_layouts.FileIsRefused with everything wrong, and LayoutIsWrong.
    """
    by = layout()
    is_json = _is_json(file)
    parse = return_objects.parse if is_json else return_rows.parse
    parsed: return_building.Parsed = parse(file, name=name, layout=by, today=today)
    read_by = f"{by.name} {by.sha256[:_SHA_SAID]}{return_layouts.OF_OBJECTS if is_json else ''}"
    return Read(_by_account(parsed.returns), parsed.sha256, read_by)


def _is_json(file: IO[bytes]) -> bool:
    start = file.read(_LOOKED_AT)
    file.seek(0)
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def _by_account(of: many.Returns) -> many.Returns:
    numbers, place = np.unique(of.account_ids, return_inverse=True)
    known = accounts.ids_by_number(numbers.tolist())
    ids = np.array([known.get(each, -each) for each in numbers.tolist()], dtype=np.int64)
    return dataclasses.replace(of, account_ids=ids[place])
