"""Columns of numbers out of PostgreSQL as binary arrays, and into it by binary COPY.

Reading: every column of the statement is cast to bigint by the caller's SQL, and none is null, so
that each value has the same length and a column is one NumPy array. Writing: columns are encoded
by the types that the table has, so a number that does not fit its column is refused here, by name.
"""

from __future__ import annotations

import datetime
import struct
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
from django.db import connection
from psycopg import adapt, pq, sql

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_SIGNATURE = b"PGCOPY\n\xff\r\n\x00"
_HEADER = _SIGNATURE + struct.pack(">ii", 0, 0)
_TRAILER = struct.pack(">h", -1)
_EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
# From day numbers counted from 1970, as everywhere in Fisc, to PostgreSQL's, counted from 2000.
_DAYS_TO_2000 = (datetime.date(2000, 1, 1) - datetime.date(1970, 1, 1)).days
_ROWS_A_PIECE = 200_000
# Where a connection keeps the types of the columns that it wrote.
_TYPES = "_fisc_column_types"
_COLUMNS = """
    select a.attname, t.typname from pg_attribute a join pg_type t on t.oid = a.atttypid
    where a.attrelid = to_regclass(%s) and a.attnum > 0 and not a.attisdropped
        and a.attgenerated = ''
"""

_FIXED = {"int2": ">i2", "int4": ">i4", "int8": ">i8", "date": ">i4", "timestamptz": ">i8"}
_TEXTUAL = frozenset({"text", "varchar", "bpchar", "bytea"})


class ColumnIsWrong(Exception):
    """A column cannot be written: its table, type or length does not fit."""


class AnswerIsWrong(Exception):
    """PostgreSQL sent rows of another shape: a column was null or not a bigint."""


@dataclass(frozen=True, slots=True)
class Nullable:
    """Numbers, with true in `nulls` where there is none."""

    values: Numbers
    nulls: Flags


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts or bytes by their place in a dictionary: `dictionary[values[row]]`."""

    values: Numbers
    dictionary: Sequence[str | bytes]


@dataclass(frozen=True, slots=True)
class Digits:
    """Numbers written as text, all of `width` digits, with the same letters before them."""

    values: Numbers
    width: int
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Decimals:
    """Numbers with decimals, in units of the last of them: 0.018 with scale 8 is 1800000."""

    values: Numbers
    scale: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Texts one behind the other, such as a house number, a space and a street."""

    parts: Sequence[Texts | Digits | Constant]


@dataclass(frozen=True, slots=True)
class Constant:
    """The same in every row: a number, a day, an instant, a text, an empty array, None for null."""

    value: int | bool | str | bytes | datetime.date | datetime.datetime | tuple[()] | None


Written = Numbers | Flags | Nullable | Texts | Digits | Decimals | Joined | Constant


def texts_of(texts: Sequence[str]) -> Texts:
    """Return a list of texts as places in a dictionary of the different ones."""
    place: dict[str | bytes, int] = {}
    values = np.fromiter(
        (place.setdefault(text, len(place)) for text in texts), dtype=np.int64, count=len(texts)
    )
    return Texts(values, tuple(place))


def read_columns(
    statement: str, parameters: Mapping[str, Any] | Sequence[Any] | None, names: Sequence[str]
) -> dict[str, Numbers]:
    """Return the columns of a SELECT, all bigint and none null, as arrays by name.

    The server sends each column whole, as one binary array: a COPY would hand over a message a
    row, which costs more than the reading itself. Parameters may be NumPy arrays of int64.
    Raises AnswerIsWrong.
    """
    columns = ", ".join(f"c{place}" for place in range(len(names)))
    whole = ", ".join(f"array_agg(c{place})" for place in range(len(names)))
    asking = f"select {whole} from ({statement}) as answer ({columns})"
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.adapters.register_dumper(np.ndarray, _Int8ArrayDumper)
        cursor.execute(sql.SQL(asking), _in_arrays(parameters), binary=True)
        answer = cursor.pgresult
        assert answer is not None
        return {name: _column(answer.get_value(0, place), name) for place, name in enumerate(names)}


# The element and its length, as in the binary form of an array.
_ELEMENT = np.dtype([("length", ">i4"), ("value", ">i8")])
# Dimensions, whether there are nulls, the element's type; then length and lower bound.
_ARRAY_HEAD = struct.Struct(">iiI")
_ARRAY_BOUNDS = struct.Struct(">ii")
_INT8, _INT8_ARRAY = 20, 1016
# The elements of arrays that may be written empty, by the arrays' types.
_ELEMENTS_OF = {"_int2": 21, "_int8": _INT8, "_date": 1082}


class _Int8ArrayDumper(adapt.Dumper):
    """Sends an array of int64 as a bigint[], encoded in one go."""

    format = pq.Format.BINARY
    oid = _INT8_ARRAY

    def dump(self, obj: Any) -> bytes:
        count = len(obj)
        if not count:
            return _ARRAY_HEAD.pack(0, 0, _INT8)
        body = np.empty(count, dtype=_ELEMENT)
        body["length"], body["value"] = 8, obj
        return _ARRAY_HEAD.pack(1, 0, _INT8) + _ARRAY_BOUNDS.pack(count, 1) + body.tobytes()


def _in_arrays(
    parameters: Mapping[str, Any] | Sequence[Any] | None,
) -> Mapping[str, Any] | Sequence[Any] | None:
    """Turn long lists of whole numbers into arrays, which are sent without a step for each."""
    if isinstance(parameters, Mapping):
        return {name: _in_array(value) for name, value in parameters.items()}
    return None if parameters is None else [_in_array(value) for value in parameters]


def _in_array(value: Any) -> Any:
    if isinstance(value, list) and value and all(type(each) is int for each in value):
        return np.array(value, dtype=np.int64)
    return value


def _column(sent: bytes | None, name: str) -> Numbers:
    """Read one binary array of bigints; none at all is what an empty answer aggregates to."""
    if sent is None:
        return np.empty(0, dtype=np.int64)
    dimensions, has_nulls, kind = _ARRAY_HEAD.unpack_from(sent)
    if dimensions != 1 or has_nulls or kind != _INT8:
        raise AnswerIsWrong(f"Column {name} was null or no bigint: cast and coalesce.")
    body = np.frombuffer(sent, dtype=_ELEMENT, offset=_ARRAY_HEAD.size + _ARRAY_BOUNDS.size)
    return body["value"].astype(np.int64)


def drawn_ids(*, table: str, count: int) -> Numbers:
    """Draw numbers for new rows of a table from its own sequence."""
    return read_columns(
        "select nextval(name::regclass) from pg_get_serial_sequence(%s, 'id') as name,"
        " generate_series(1, %s)",
        [table, count],
        ["id"],
    )["id"]


def write_columns(*, table: str, columns: Mapping[str, Written]) -> int:
    """Write rows given as columns into a table and return how many. Raises ColumnIsWrong."""
    count = _row_count(table=table, columns=columns)
    if count == 0:
        return 0
    kinds = _types_of(table, columns)
    if unknown := [name for name in columns if name not in kinds]:
        raise ColumnIsWrong(f"{table} has no column {', '.join(unknown)}.")
    listed = ", ".join(f'"{name}"' for name in columns)
    copying = f'COPY "{table}" ({listed}) FROM STDIN (FORMAT binary)'
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(copying) as copy,
    ):
        copy.write(_HEADER)
        for first in range(0, count, _ROWS_A_PIECE):
            rows = slice(first, min(first + _ROWS_A_PIECE, count))
            encoded = [
                _encoded(f"{table}.{name}", kinds[name], column, rows)
                for name, column in columns.items()
            ]
            copy.write(_joined(encoded, count=rows.stop - rows.start))
        copy.write(_TRAILER)
    return count


def _row_count(*, table: str, columns: Mapping[str, Written]) -> int:
    lengths = {
        name: len(
            column.values if isinstance(column, Nullable | Texts | Digits | Decimals) else column
        )
        for name, column in columns.items()
        if not isinstance(column, Constant | Joined)
    }
    if len(set(lengths.values())) != 1:
        raise ColumnIsWrong(f"The columns for {table} differ in length: {lengths}.")
    return next(iter(lengths.values()))


def _types_of(table: str, wanted: Collection[str]) -> dict[str, str]:
    """Return the types of a table's columns, asked once a connection unless one is new."""
    with connection.cursor() as cursor:
        known: dict[str, dict[str, str]] = connection.connection.__dict__.setdefault(_TYPES, {})
        if any(name not in known.get(table, ()) for name in wanted):
            cursor.execute(_COLUMNS, [f'"{table}"'])
            known[table] = dict(cursor.fetchall())
    if not known[table]:
        raise ColumnIsWrong(f"There is no table {table}.")
    return known[table]


@dataclass(frozen=True, slots=True)
class _Field:
    """One column, encoded: a matrix of bytes a row, and which of them are sent.

    Without `sent` all are, which is the quick way.
    """

    octets: npt.NDArray[np.uint8]
    sent: Flags | None = None


def _encoded(name: str, kind: str, column: Written, rows: slice) -> _Field:
    count = rows.stop - rows.start
    if isinstance(column, Constant):
        return _constant(name, kind, column.value, count)
    if isinstance(column, Texts):
        return _texts(name, kind, column, rows)
    if isinstance(column, Digits):
        return _digits(name, column, rows)
    if isinstance(column, Decimals):
        return _decimals(name, kind, column, rows)
    if isinstance(column, Joined):
        return _one_behind_the_other([_encoded(name, kind, each, rows) for each in column.parts])
    if isinstance(column, Nullable):
        nulls = column.nulls[rows]
        plain = _numbers(name, kind, np.where(nulls, 0, column.values[rows]))
        if not nulls.any():
            return plain
        plain.octets[nulls, :4] = 0xFF
        sent = np.ones(plain.octets.shape, dtype=np.bool_)
        sent[nulls, 4:] = False
        return _Field(plain.octets, sent)
    return _numbers(name, kind, column[rows])


def _numbers(name: str, kind: str, values: Numbers | Flags) -> _Field:
    if kind == "bool":
        form = np.dtype("u1")
    elif kind in _FIXED:
        form = np.dtype(_FIXED[kind])
    else:
        raise ColumnIsWrong(f"{name} is of type {kind}, which numbers are not written to.")
    sent = values - _DAYS_TO_2000 if kind == "date" else values
    if form.itemsize < 8 and len(sent) and kind != "bool":
        limits = np.iinfo(form)
        if sent.min() < limits.min or sent.max() > limits.max:
            raise ColumnIsWrong(f"A number for {name} does not fit its type, {kind}.")
    rows = np.empty(len(values), dtype=[("length", ">i4"), ("value", form)])
    rows["length"], rows["value"] = form.itemsize, sent
    return _Field(rows.view(np.uint8).reshape(len(values), 4 + form.itemsize))


def _constant(name: str, kind: str, value: object, count: int) -> _Field:
    row = np.frombuffer(_constant_bytes(name, kind, value), dtype=np.uint8)
    return _Field(np.broadcast_to(row, (count, len(row))))


def _constant_bytes(name: str, kind: str, value: object) -> bytes:
    if value is None:
        return struct.pack(">i", -1)
    if isinstance(value, datetime.datetime):
        since = value - _EPOCH
        value = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    elif isinstance(value, datetime.date):
        value = (value - datetime.date(1970, 1, 1)).days
    if isinstance(value, int):
        return _numbers(name, kind, np.array([value], dtype=np.int64)).octets.tobytes()
    if value == () and kind in _ELEMENTS_OF:
        return struct.pack(">i", _ARRAY_HEAD.size) + _ARRAY_HEAD.pack(0, 0, _ELEMENTS_OF[kind])
    if kind in _TEXTUAL and isinstance(value, str | bytes):
        content = value.encode() if isinstance(value, str) else value
        return struct.pack(">i", len(content)) + content
    raise ColumnIsWrong(f"{name} is of type {kind}; {type(value).__name__} does not fit it.")


def _texts(name: str, kind: str, column: Texts, rows: slice) -> _Field:
    if kind not in _TEXTUAL:
        raise ColumnIsWrong(f"{name} is of type {kind}, which texts are not written to.")
    each = [_constant_bytes(name, kind, text) for text in column.dictionary]
    lengths = np.array([len(content) for content in each], dtype=np.int64)
    width = int(lengths.max(initial=4))
    padded = np.zeros((len(each), width), dtype=np.uint8)
    for place, content in enumerate(each):
        padded[place, : len(content)] = np.frombuffer(content, dtype=np.uint8)
    values = column.values[rows]
    sent = np.arange(width) < lengths[values][:, None]
    return _Field(padded[values], None if sent.all() else sent)


def _digits(name: str, column: Digits, rows: slice) -> _Field:
    rest = column.values[rows]
    if len(rest) and not 0 <= rest.min() <= rest.max() < 10**column.width:
        raise ColumnIsWrong(f"A number for {name} does not have {column.width} digits.")
    head = _constant_bytes(name, "text", column.prefix + "0" * column.width)
    octets = np.repeat(np.frombuffer(head, dtype=np.uint8)[None, :], len(rest), axis=0)
    for place in range(1, column.width + 1):
        rest, digit = np.divmod(rest, 10)
        octets[:, -place] += digit.astype(np.uint8)
    return _Field(octets)


def _decimals(name: str, kind: str, column: Decimals, rows: slice) -> _Field:
    """Encode numbers to the base of ten thousand, as PostgreSQL does; it drops zeros itself."""
    if kind != "numeric":
        raise ColumnIsWrong(f"{name} is of type {kind}, which decimals are not written to.")
    values = column.values[rows]
    fractions = -(-column.scale // 4)
    rest = np.abs(values)
    groups = []
    for place in range(fractions + 5):
        # The last group of decimals may be of fewer than four digits.
        short = 10 ** (fractions * 4 - column.scale) if place == 0 else 1
        rest, digits = np.divmod(rest, 10_000 // short)
        groups.append(digits * short)
        if place >= fractions and not rest.any():
            break
    count = len(groups)
    octets = np.empty((len(values), 6 + count), dtype=">i2")
    octets[:, :2] = divmod(8 + 2 * count, 1 << 16)
    octets[:, 2], octets[:, 3] = count, count - fractions - 1
    octets[:, 4], octets[:, 5] = np.where(values < 0, 0x4000, 0), column.scale
    for place, digits in enumerate(reversed(groups)):
        octets[:, 6 + place] = digits
    return _Field(octets.view(np.uint8))


def _one_behind_the_other(parts: Sequence[_Field]) -> _Field:
    length = sum(part.octets[:, :4].copy().view(">i4")[:, 0].astype(np.int64) for part in parts)
    head = np.asarray(length, dtype=">i4").reshape(-1, 1).view(np.uint8)
    octets = np.hstack([head, *(part.octets[:, 4:] for part in parts)])
    sent = [
        np.ones(part.octets.shape, np.bool_) if part.sent is None else part.sent for part in parts
    ]
    return _Field(
        octets, np.hstack([np.ones(head.shape, np.bool_), *(each[:, 4:] for each in sent)])
    )


def _joined(fields: Sequence[_Field], *, count: int) -> bytes:
    """Put the columns side by side, with the number of them before each row."""
    width = 2 + sum(field.octets.shape[1] for field in fields)
    rows = np.empty((count, width), dtype=np.uint8)
    rows[:, 0], rows[:, 1] = divmod(len(fields), 256)
    sent = None
    if any(field.sent is not None for field in fields):
        sent = np.ones((count, width), dtype=np.bool_)
    start = 2
    for field in fields:
        end = start + field.octets.shape[1]
        rows[:, start:end] = field.octets
        if sent is not None and field.sent is not None:
            sent[:, start:end] = field.sent
        start = end
    return rows.tobytes() if sent is None else rows[sent].tobytes()
