"""What a rate file says, field by field, before any of it is understood as a rate."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fisc.processes.conversion.owrs import problems, yaml_text

LARGEST_FILE = yaml_text.LARGEST_FILE
MOST_CLASSES = 100
MOST_FIELDS = 500

_KNOWN_MEMBERS = frozenset({"metadata", "rate_structure", "author_info", "capacity_charge"})
_DATE_FORMS = ("%m/%d/%Y", "%Y-%m-%d")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number, a formula, a kind of tiers, or a word: all are text in the file."""

    text: str


@dataclass(frozen=True, slots=True)
class Tiers:
    """A list of tier starts or tier prices."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """A value by the exact values of other fields or facts."""

    depends_on: tuple[str, ...]
    values: Mapping[str, Scalar | Tiers]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field that is none of these, and why."""

    reason: str


def single(value: Scalar | Tiers) -> Scalar | None:
    """Return a value that stands alone, also as the one item of a list."""
    if isinstance(value, Scalar):
        return value
    return Scalar(value.texts[0]) if len(value.texts) == 1 else None


Field = Scalar | Tiers | Map | Wrong
Fields = Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Specification:
    """A rate file as read: who, from when, and the fields of each customer class."""

    file: str
    utility_name: str
    effective_date: datetime.date | None
    link: str
    unit: str
    frequency: str
    classes: Mapping[str, Fields | Wrong]
    # Doubtful things about the whole file, in words.
    doubts: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def citation(self) -> str:
        """What a rule of the book cites."""
        since = self.effective_date.isoformat() if self.effective_date else "an unknown day"
        where = self.link or self.file
        return f"{self.utility_name or 'An unnamed utility'}, rates effective {since}, {where}"


def read(content: bytes, *, file: str) -> Specification:
    """Read a rate file. Raises problems.RatesAreRefused."""
    try:
        tree = yaml_text.read(content)
    except yaml_text.YamlIsRefused as refused:
        raise problems.RatesAreRefused(file, [problems.Problem(str(refused))]) from refused
    found = list(_problems_of_the_whole(tree))
    if found:
        raise problems.RatesAreRefused(file, [problems.Problem(each) for each in found])
    assert isinstance(tree, dict), "looked at above"
    metadata, structure = tree.get("metadata"), tree["rate_structure"]
    assert isinstance(structure, dict), "looked at above"
    said = metadata if isinstance(metadata, dict) else {}
    doubts = [] if isinstance(metadata, dict) else ["metadata is missing or no mapping"]
    if (effective := _date(_text(said, "effective_date"))) is None:
        doubts.append(f"metadata: effective_date “{_text(said, 'effective_date')}” is no date")
    if not _text(said, "utility_name"):
        doubts.append("metadata: utility_name is missing")
    return Specification(
        file=pathlib.PurePath(file).name,
        utility_name=" ".join(_text(said, "utility_name").split()),
        effective_date=effective,
        link=" ".join(_text(said, "prop_218_link").split()),
        unit=_text(said, "bill_unit"),
        frequency=_text(said, "bill_frequency"),
        classes={name: _class(node) for name, node in structure.items()},
        doubts=tuple(doubts),
        remarks=tuple(
            f"“{each}” at the top of the file is no part of any bill; was a class meant?"
            for each in tree
            if each not in _KNOWN_MEMBERS
        ),
    )


def _problems_of_the_whole(tree: yaml_text.Node) -> Iterator[str]:
    if not isinstance(tree, dict):
        yield "The file is no mapping with metadata and rate_structure."
    elif "rate_structure" not in tree:
        yield "rate_structure is missing: it has the classes with their charges."
    elif not isinstance(structure := tree["rate_structure"], dict) or not structure:
        yield "rate_structure is no mapping of customer classes."
    elif len(structure) > MOST_CLASSES:
        yield f"rate_structure has more than {MOST_CLASSES} classes."


def _class(node: yaml_text.Node) -> Fields | Wrong:
    if not isinstance(node, dict) or not node:
        return Wrong("the class is no mapping of fields")
    if len(node) > MOST_FIELDS:
        return Wrong(f"the class has more than {MOST_FIELDS} fields")
    return {name: _field(each) for name, each in node.items()}


def _field(node: yaml_text.Node) -> Field:
    if isinstance(node, str):
        return Scalar(node.strip())
    if isinstance(node, list):
        return _tiers(node)
    if "depends_on" not in node or "values" not in node:
        return Wrong("a mapping of a field has depends_on and values")
    names = _names(node["depends_on"])
    if not names:
        return Wrong("depends_on is neither a name nor a list of names")
    values = node["values"]
    if not isinstance(values, dict) or not values:
        return Wrong("values is no mapping of keys to values; ranges without keys are not read")
    read_values: dict[str, Scalar | Tiers] = {}
    for key, each in values.items():
        value = _field(each)
        if not isinstance(value, Scalar | Tiers):
            return Wrong(f"the value for “{key}” is neither a value nor a list")
        read_values[key] = value
    return Map(names, read_values)


def _tiers(node: list[yaml_text.Node]) -> Tiers | Wrong:
    texts = [each.strip() for each in node if isinstance(each, str)]
    if len(texts) != len(node) or not texts:
        return Wrong("a list has numbers or texts, at least one")
    return Tiers(tuple(texts))


def _names(node: yaml_text.Node) -> tuple[str, ...]:
    listed = [node] if isinstance(node, str) else node
    if not isinstance(listed, list):
        return ()
    names = tuple(each.strip() for each in listed if isinstance(each, str) and each.strip())
    return names if len(names) == len(listed) else ()


def _text(said: Mapping[str, yaml_text.Node], name: str) -> str:
    value = said.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _date(text: str) -> datetime.date | None:
    for form in _DATE_FORMS:
        try:
            return datetime.datetime.strptime(text, form).replace(tzinfo=datetime.UTC).date()
        except ValueError:
            continue
    return None
