"""Typeset a letter or a bill as an accessible PDF (PDF/UA-1) with typst."""

import datetime
import functools
import hashlib
import json
import pathlib
import threading
from collections.abc import Mapping
from typing import Any

import typst

FONTS = pathlib.Path(__file__).parent / "fonts"
# A compiler refuses a second thread while it works, so that threads wait for each other.
_ONE_AT_A_TIME = threading.Lock()


class LetterDoesNotTypeset(Exception):
    """A letter's template and its data do not make a document."""


def template_version(template: pathlib.Path) -> str:
    """Name the exact wording of a template: the sha-256 of its bytes, in hex."""
    return hashlib.sha256(template.read_bytes()).hexdigest()


def typeset(
    *, template: pathlib.Path, data: Mapping[str, Any], made_at: datetime.datetime
) -> bytes:
    """Give the PDF/UA-1 of a template filled with plain data.

    The same template, data and instant give the same bytes. Raises LetterDoesNotTypeset
    with typst's own words and place when the template is wrong, when the data lack what it
    asks for, or when a picture has no alternative text.
    """
    try:
        with _ONE_AT_A_TIME:
            made = _compiler(template, template_version(template)).compile(
                sys_inputs={"data": json.dumps(data, sort_keys=True)},
                format="pdf",
                pdf_standards="ua-1",
                # Whole seconds are all that a PDF keeps.
                timestamp=made_at.replace(microsecond=0),
            )
    except typst.TypstError as problem:
        raise LetterDoesNotTypeset(
            f"{template.name} did not make a document: {problem.diagnostic or problem.message}"
        ) from problem
    assert isinstance(made, bytes)
    return made


@functools.lru_cache(maxsize=32)
def _compiler(template: pathlib.Path, version: str) -> typst.Compiler:
    """Keep a compiler for each template: reading the fonts costs more than a bill does.

    A template sees its own folder and nothing else of the machine.
    """
    assert version
    return typst.Compiler(
        input=template,
        root=template.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
    )


@functools.lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
