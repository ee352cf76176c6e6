"""The pages' words in Spanish: find every text, keep the .po complete, compile the .mo.

    python -m fisc.interfaces.web.catalog

adds texts that are new to the .po, without a translation, drops those that are gone, and compiles.
Written here because gettext's own programs are on no fresh machine.
"""

import ast
import dataclasses
import pathlib
import re
import struct
from collections.abc import Iterator
from typing import Final

from django.utils.translation import template

HOME: Final[pathlib.Path] = pathlib.Path(__file__).resolve().parent
PO: Final = HOME / "locale" / "es" / "LC_MESSAGES" / "django.po"
MO: Final = PO.with_suffix(".mo")

_HEADER: Final = (
    "Language: es\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
)
_SINGLE: Final = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop"})
_PLURAL: Final = frozenset({"ngettext", "ngettext_lazy"})
_STRING: Final = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_IN_TEMPLATE: Final = re.compile(rf"\b(_|gettext)\({_STRING}\)")
_PLURAL_IN_TEMPLATE: Final = re.compile(rf"\bngettext\({_STRING}, ?{_STRING},")
_PO_LINE: Final = re.compile(r'^(?:(msgid|msgid_plural|msgstr|msgstr\[\d\]) )?(".*")$')


@dataclasses.dataclass(frozen=True, order=True)
class Text:
    """One text as it stands in a page or in code; `plural` is empty for most."""

    singular: str
    plural: str = ""


Catalog = dict[Text, tuple[str, ...]]


def texts() -> set[Text]:
    """Return every text that a person may read in another language."""
    found: set[Text] = set()
    for path in sorted(HOME.rglob("*.html")):
        found.update(_in_template(path.read_text(encoding="utf-8")))
    for path in sorted(HOME.rglob("*.py")):
        found.update(_in_code(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def _in_template(source: str) -> Iterator[Text]:
    code = template.templatize(source)
    for match in _IN_TEMPLATE.finditer(code):
        yield Text(ast.literal_eval(match[2]))
    for match in _PLURAL_IN_TEMPLATE.finditer(code):
        yield Text(ast.literal_eval(match[1]), ast.literal_eval(match[2]))


def _in_code(tree: ast.AST) -> Iterator[Text]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        given = [
            each.value
            for each in node.args
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        if node.func.id in _SINGLE and given and given[0]:
            yield Text(given[0])
        elif node.func.id in _PLURAL and len(given) > 1:
            yield Text(given[0], given[1])


def read(source: str) -> Catalog:
    """Read the text of a .po file."""
    found: Catalog = {}
    for block in source.split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if match := _PO_LINE.match(line):
                name = match[1] or name
                fields[name] = fields.get(name, "") + ast.literal_eval(match[2])
        if fields.get("msgid"):
            text = Text(fields["msgid"], fields.get("msgid_plural", ""))
            found[text] = tuple(
                value for key, value in sorted(fields.items()) if key.startswith("msgstr")
            )
    return found


def written(catalog: Catalog) -> str:
    """Write a .po file."""
    blocks = [f'msgid ""\nmsgstr ""\n{_quoted_lines(_HEADER)}']
    for text, said in sorted(catalog.items()):
        lines = [f"msgid {_quoted(text.singular)}"]
        if text.plural:
            lines.append(f"msgid_plural {_quoted(text.plural)}")
            lines += [f"msgstr[{n}] {_quoted(each)}" for n, each in enumerate(said)]
        else:
            lines.append(f"msgstr {_quoted(said[0])}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def compiled(catalog: Catalog) -> bytes:
    """Return the .mo file: sorted texts, then their translations, both behind tables of places."""
    pairs = [(b"", _HEADER.encode())]
    for text, said in catalog.items():
        key = f"{text.singular}\0{text.plural}" if text.plural else text.singular
        pairs.append((key.encode(), "\0".join(said).encode()))
    pairs.sort()
    count, table = len(pairs), 28
    place = table + 16 * count
    texts_table, said_table, body = b"", b"", b""
    for column in (0, 1):
        places = b""
        for pair in pairs:
            places += struct.pack("<2I", len(pair[column]), place + len(body))
            body += pair[column] + b"\0"
        if column == 0:
            texts_table = places
        else:
            said_table = places
    head = struct.pack("<7I", 0x950412DE, 0, count, table, table + 8 * count, 0, place)
    return head + texts_table + said_table + body


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _quoted_lines(text: str) -> str:
    return "\n".join(_quoted(line) for line in text.splitlines(keepends=True))


def renew() -> None:
    """Bring the .po to the texts there are, and compile it."""
    known = read(PO.read_text(encoding="utf-8")) if PO.exists() else {}
    catalog = {
        text: known.get(text, ("", "") if text.plural else ("",)) for text in sorted(texts())
    }
    PO.write_text(written(catalog), encoding="utf-8")
    MO.write_bytes(compiled(catalog))


if __name__ == "__main__":
    from fisc.interfaces.web import sentence_catalog

    renew()
    sentence_catalog.renew()
