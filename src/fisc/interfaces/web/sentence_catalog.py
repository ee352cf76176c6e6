"""Find the sentences that the floors below say, so that each has its words in Spanish.

    python -m fisc.interfaces.web.catalog

keeps `sentences.po` as it keeps `django.po`. A sentence is a text of the program with places for
values, in braces: what `raise` says, and whatever else reads as words (see `_reads_as_words`).
"""

from __future__ import annotations

import ast
import dataclasses
import pathlib
import re
from collections.abc import Iterator
from typing import Final

import fisc
from fisc.interfaces.web import catalog

PO: Final = catalog.HOME / "locale" / "es" / "LC_MESSAGES" / "sentences.po"

#: Where sentences are made that pages show. What only a command or a log says is not among them.
ROOMS: Final = (
    "basics",
    "dmn/boxes.py",
    "dmn/cases.py",
    "dmn/checks/findings.py",
    "dmn/checks/words.py",
    "dmn/editing",
    "dmn/feel/cursor.py",
    "dmn/feel/evaluation.py",
    "dmn/feel/lexer.py",
    "dmn/feel/parser.py",
    "dmn/feel/primaries.py",
    "dmn/feel/programs",
    "dmn/feel/types_parser.py",
    "dmn/feel/values.py",
    "dmn/runs.py",
    "dmn/tables.py",
    "dmn/xml",
    "domain/accounts",
    "domain/cashiering",
    "domain/code_lists",
    "domain/distributions",
    "domain/disbursements",
    "domain/documents",
    "domain/ledger",
    "domain/licensing",
    "domain/list_changes",
    "domain/party_identifiers",
    "domain/party_records",
    "domain/payments",
    "domain/receivables",
    "domain/rule_tables",
    "domain/tax_analysis",
    "domain/tax_returns",
    "domain/utilities",
    "domain/work_items",
    "plumbing/database.py",
    "plumbing/document_store.py",
    "plumbing/idempotency",
    "plumbing/runs",
    "plumbing/sealed_values.py",
    "plumbing/typesetting",
    "plumbing/users",
    "processes/daily_runs",
    "processes/rate_studies",
)
#: What says the same in both languages already, beside its English, or says it to a command alone;
#: only its errors are taken.
_BILINGUAL: Final = (
    "domain/distributions/explaining.py",
    "domain/disbursements/explaining.py",
    "domain/licensing/explaining.py",
    "domain/list_changes/calculations/differences.py",
    "domain/payments/explaining.py",
    "domain/receivables/explaining.py",
    "domain/rule_tables/calculations/explanations.py",
    "domain/rule_tables/calculations/workbooks/layout.py",
    "domain/tax_analysis/explaining.py",
    "domain/tax_returns/calculations/form_files.py",
    "domain/tax_returns/calculations/problem_words.py",
    "domain/tax_returns/explaining.py",
    "domain/tax_returns/queries/fact_words.py",
    "domain/tax_returns/queries/owed.py",
    "domain/tax_returns/queries/why_capped.py",
    "domain/tax_returns/queries/why_credits.py",
    "domain/tax_returns/queries/why_missing.py",
    "domain/utilities/queries/explaining/words.py",
    "processes/rate_studies/naming.py",
    "processes/rate_studies/workbooks.py",
)

#: Rooms of nothing but words for people, where one word is enough.
_OF_WORDS: Final = (
    "dmn/checks/findings.py",
    "dmn/checks/words.py",
    "processes/daily_runs/checklist.py",
    "processes/daily_runs/control_totals.py",
    "processes/daily_runs/steps.py",
)
#: Pieces of a place in a file, which the engine puts in a row with commas.
_OF_PLACES: Final = (
    'column "{name}"',
    'condition column "{label}"',
    'decision "{name}"',
    'entry "{named}"',
    'function "{name}"',
    'import "{name}"',
    'input "{name}"',
    "here;",
    "item {number}",
    "line {number}",
    'parameter "{name}"',
    'result column "{name}"',
    "row {number}",
    "rule {number}",
    "{words} (line {number})",
)
#: A name in the program, in the database or of a file is no word.
_IDENTIFIER: Final = re.compile(r"\S*[_./\\%-]\S*|[A-Z_]+")

_SLOT: Final = re.compile(r"\{(\w*)(?:![rsa])?(?::[^{}]*)?\}")
_WORD: Final = re.compile(r"[A-Za-z]{2,}|\ba\b")
#: How many words of its own tell a sentence from the name of a list or a key, …
_WORDS_REPORTED: Final = 3
#: … and how many do where it is raised, or has values in it.
_WORDS_SURER: Final = 2
#: Statements for the database are texts too.
_SQL: Final = re.compile(
    r"\s*\(?(select|insert|update|delete|where|and|from|with|union|set|reset|copy|jsonb_\w+)\b"
    r"|.*\n|.*\} select |.*</"
)


@dataclasses.dataclass(frozen=True)
class _Text:
    words: str
    is_raised: bool


def sentences() -> set[catalog.Text]:
    """Return every sentence of the floors below that a page may show."""
    home = pathlib.Path(fisc.__file__).parent
    found: set[_Text] = set()
    for room in ROOMS:
        place = home / room
        for path in [place] if place.suffix else sorted(place.rglob("*.py")):
            name = path.relative_to(home).as_posix()
            if "/migrations/" not in name:
                least = 1 if name in _OF_WORDS else _WORDS_REPORTED
                texts = of_code(path.read_text(encoding="utf-8"), least=least)
                found |= {each for each in texts if each.is_raised or name not in _BILINGUAL}
    return {
        catalog.Text(each)
        for each in (*_OF_PLACES, *(each.words.strip().removeprefix("; ") for each in found))
    }


def of_code(source: str, *, least: int = _WORDS_REPORTED) -> set[_Text]:
    """Return the texts of a piece of code that read as words: raised, or of so many words."""
    texts = _texts(ast.parse(source), is_raised=False)
    return {each for each in texts if _reads_as_words(each, least=least)}


def _reads_as_words(text: _Text, *, least: int) -> bool:
    own = _SLOT.sub(" ", text.words)
    if _SQL.match(text.words) or _IDENTIFIER.fullmatch(text.words):
        return False
    is_surer = text.is_raised or own != text.words
    return len(_WORD.findall(own)) >= (min(_WORDS_SURER, least) if is_surer else least)


def _texts(node: ast.AST, *, is_raised: bool) -> Iterator[_Text]:
    """Give the texts in a piece of code, without its docstrings and assertions."""
    if isinstance(node, ast.Assert) or (isinstance(node, ast.Expr) and _is_text(node.value)):
        return
    is_raised = is_raised or isinstance(node, ast.Raise)
    if _is_text(node):
        yield _Text(_template(node), is_raised)
        for value in ast.walk(node):
            if isinstance(value, ast.FormattedValue):
                yield from _texts(value.value, is_raised=False)
        return
    for each in ast.iter_child_nodes(node):
        yield from _texts(each, is_raised=is_raised)


def _is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _is_text(node.left) and _is_text(node.right)
    is_constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_constant or isinstance(node, ast.JoinedStr)


def _template(node: ast.AST) -> str:
    """Write a text with its places named after what is put there."""
    names: dict[str, int] = {}
    return "".join(_pieces(node, names))


def _pieces(node: ast.AST, names: dict[str, int]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(words)):
            # A text for `format` has places with a name already; how a value is written is dropped.
            yield _SLOT.sub(lambda match: f"{{{match[1] or 'value'}}}", words)
        case ast.JoinedStr(values=values):
            for each in values:
                yield from _pieces(each, names)
        case ast.BinOp(left=left, right=right):
            yield from _pieces(left, names)
            yield from _pieces(right, names)
        case ast.FormattedValue(value=value):
            name = _name(value) or "value"
            names[name] = names.get(name, 0) + 1
            yield f"{{{name}}}" if names[name] == 1 else f"{{{name}_{names[name]}}}"
        case _:
            raise AssertionError(node)


def _name(value: ast.AST) -> str:
    """Name a place after what is put there: `{', '.join(missing)}` is `{missing}`."""
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Call(args=[first, *_]):
            return _name(first) or _name(value.func)
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return _name(inner)
        case ast.BoolOp(values=[inner, *_]) | ast.BinOp(left=inner) | ast.GeneratorExp(elt=inner):
            return _name(inner)
        case _:
            return ""


def renew() -> None:
    """Bring the .po to the sentences there are."""
    known = catalog.read(PO.read_text(encoding="utf-8")) if PO.exists() else {}
    kept = {text: known.get(text, ("",)) for text in sorted(sentences())}
    PO.write_text(catalog.written(kept), encoding="utf-8")
