"""How the city declares that the state's files are written."""

from __future__ import annotations

import pathlib
import tomllib
from typing import Final

from django.conf import settings

from fisc.domain.state_collections import calculations

FOLDER: Final = "layouts"


def layout_of_city(kind: str) -> calculations.Layout:
    """Return the city's layout of a kind of file. Raises calculations.LayoutIsWrong."""
    path = pathlib.Path(settings.FISC_CITY) / FOLDER / f"state_{kind}.toml"
    try:
        declared = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as missing:
        raise calculations.LayoutIsWrong(
            f"The city declares no layout {path.name}. Write one before such a file is taken in."
        ) from missing
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise calculations.LayoutIsWrong(f"{path.name} is no TOML: {problem}.") from problem
    return calculations.layout_of(declared, kind=kind)
