"""What differs between two FEEL texts: only numbers, only the way of writing, or more."""

from __future__ import annotations

from fisc.dmn.differences import findings
from fisc.dmn.feel import lexer


def compared(before: str, after: str) -> tuple[tuple[findings.Constant, ...], bool]:
    """Return the numbers that differ if nothing else does, and whether nothing differs at all."""
    try:
        left, right = lexer.tokens(before), lexer.tokens(after)
    except lexer.UnreadableFeel:
        return (), False
    if [_shape(token) for token in left] != [_shape(token) for token in right]:
        return (), False
    changed = tuple(
        findings.Constant(before=one.text, after=other.text)
        for one, other in zip(left, right, strict=True)
        if one.kind == "number" and one.text != other.text
    )
    return changed, not changed


def _shape(token: lexer.Token) -> tuple[str, str]:
    return token.kind, "" if token.kind == "number" else token.text
