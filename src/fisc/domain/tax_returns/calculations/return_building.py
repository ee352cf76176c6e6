"""Returns of a file gathered into columns, with everything that is wrong with it."""

from __future__ import annotations

import datetime
import re
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal

import numpy as np

from fisc.domain.tax_returns.calculations import many, return_layouts, returns

# An amount's whole dollars: what a column of cents holds, with room for sums of them.
DOLLAR_DIGITS = 13
ACCOUNT_DIGITS = 18
CODE_LENGTH = 40
# All errors are counted; words are kept of the first.
ERRORS_KEPT = 1_000
_AMOUNT = re.compile(rf"(-?)0*([0-9]{{1,{DOLLAR_DIGITS}}})(?:\.([0-9]{{1,2}}))?")
# Units as a line keeps them.
_UNITS = re.compile(rf"-?[0-9]{{1,{DOLLAR_DIGITS - 2}}}(\.[0-9]{{1,3}})?")
_QUOTED = 40

Filed = tuple[returns.Filed, ...]
Lines = tuple[returns.Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is said of a whole return, as the file has it; amounts in cents, days from 1970."""

    account: int
    starts_on: int
    received_on: int
    is_electronic: bool
    is_amendment: bool
    excess_tax: int
    credit_carried: int
    estimated_payments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """What a line says beyond receipts and deductions: what only some forms ask, as filed."""

    includes_tax: bool = False
    land: int = 0
    units: Decimal = Decimal(0)
    item_price: int = 0
    as_filed: Filed = ()


PLAIN = More()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole file: its returns, where `account_ids` has the account *numbers* that it names."""

    returns: many.Returns
    sha256: str


@dataclass(slots=True)
class Errors:
    """What is wrong with a file, in the order found."""

    words: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, line: int | None, words: str) -> None:
        """Note an error and the line it is on."""
        self.count += 1
        if len(self.words) < ERRORS_KEPT:
            self.words.append(words if line is None else f"line {line}: {words}")

    def refuse(self, name: str) -> None:
        """Raise FileIsRefused if anything is wrong."""
        if self.count:
            more = self.count - len(self.words)
            raise return_layouts.FileIsRefused(name, self.words, more=more)


@dataclass(slots=True)
class Reader:
    """Reads values by a layout; None where one is wrong, and why among the errors."""

    layout: return_layouts.Layout
    # The day that returns came on whose file does not say, and after which none can have come.
    today: datetime.date
    errors: Errors

    def head(self, said: Mapping[str, str | None], *, line: int) -> Head | None:
        """Read what is said of a whole return; None where anything of it is wrong."""
        values = {
            "account": self.account(said["account"], line=line),
            "starts_on": self.day("starts_on", said, line=line),
            "received_on": self.received(said, line=line),
            "is_electronic": self.truth("is_electronic", said, line=line, default=True),
            "is_amendment": self.truth("is_amendment", said, line=line, default=False),
            **{
                name: self.amount(self.layout.columns.get(name, name), said.get(name), line=line)
                for name in ("excess_tax", "credit_carried", "estimated_payments")
            },
        }
        if any(each is None for each in values.values()):
            return None
        # Each is of its kind: a value that is not was noted and is None.
        return Head(**{each.name: values[each.name] for each in fields(Head)})  # type: ignore[arg-type]

    def account(self, said: str | None, *, line: int) -> int | None:
        """Read an account's number."""
        said = said or ""
        # No account has the number 0, and nothing tells it from the account of that id.
        is_number = said.isascii() and said.isdigit() and len(said) <= ACCOUNT_DIGITS
        if is_number and int(said):
            return int(said)
        self.errors.add(line, f"“{short(said)}” is no account number; write its digits")
        return None

    def day(self, name: str, said: Mapping[str, str | None], *, line: int) -> int | None:
        """Read a day and return its number."""
        text = said[name] or ""
        try:
            found = datetime.datetime.strptime(text, self.layout.date_format)  # noqa: DTZ007 - a day
        except (ValueError, re.error):
            self.errors.add(
                line,
                f"“{short(text)}” in {self.layout.columns[name]} is no day written "
                f"{self.layout.date_format}",
            )
            return None
        return many.number_of(found.date())

    def received(self, said: Mapping[str, str | None], *, line: int) -> int | None:
        """Read the day that a return came on."""
        if said.get("received_on") is None:
            return many.number_of(self.today)
        found = self.day("received_on", said, line=line)
        if found is not None and found > many.number_of(self.today):
            self.errors.add(
                line,
                f"{many.day(found)} in {self.layout.columns['received_on']} is a day to come. "
                "Write the day that the return came",
            )
            return None
        return found

    def truth(
        self, name: str, said: Mapping[str, str | None], *, line: int, default: bool
    ) -> bool | None:
        """Read true or false; `default` where the file does not say."""
        text = said.get(name)
        if text is None:
            return default
        if text.lower() in self.layout.true:
            return True
        if text.lower() in self.layout.false:
            return False
        words = ", ".join(sorted(self.layout.true | self.layout.false - {""}))
        self.errors.add(line, f"“{short(text)}” in {self.layout.columns[name]} is none of: {words}")
        return None

    def amount(self, column: str, said: str | None, *, line: int) -> int | None:
        """Read an amount of money and return its cents; nothing is none."""
        if not said:
            return 0
        found = _AMOUNT.fullmatch(said)
        if found is None:
            self.errors.add(
                line,
                f"“{short(said)}” in {column} is no amount of at most {DOLLAR_DIGITS} digits; "
                "write dollars, a point and cents, as 1234.50",
            )
            return None
        sign, dollars, cents = found.groups()
        number = int(dollars) * 100 + int((cents or "").ljust(2, "0"))
        return -number if sign else number

    def more(self, said: Mapping[str, str | None], as_filed: Filed, *, line: int) -> More | None:
        """Read what a line says beyond receipts and deductions; None where anything is wrong."""
        columns = self.layout.columns
        includes_tax = self.truth("includes_tax", said, line=line, default=False)
        land, item_price = (
            self.amount(columns.get(name, name), said.get(name), line=line)
            for name in ("land", "item_price")
        )
        units = self.units(columns.get("units", "units"), said.get("units"), line=line)
        if includes_tax is None or land is None or item_price is None or units is None:
            return None
        return More(
            includes_tax=includes_tax,
            land=land,
            units=units,
            item_price=item_price,
            as_filed=as_filed,
        )

    def units(self, column: str, said: str | None, *, line: int) -> Decimal | None:
        """Read a number of gallons, rooms or nights; nothing is none."""
        if not said:
            return Decimal(0)
        if _UNITS.fullmatch(said):
            return Decimal(said)
        self.errors.add(
            line,
            f"“{short(said)}” in {column} is no number of units; write digits, and at most three "
            "decimals after a point",
        )
        return None

    def form(self, said: str | None, *, line: int) -> str | None:
        """Read the code of a form; nothing is the account's own."""
        if not said:
            return ""
        return self.code(self.layout.columns.get("form", "form"), said, line=line)

    def filed(self, said: Sequence[tuple[str, str, str | None]], *, line: int) -> Filed | None:
        """Read figures as filed from key, column and text of each; an empty one is not there."""
        read = [(key, self.amount(column, text, line=line)) for key, column, text in said if text]
        if any(cents is None for _, cents in read):
            return None
        return tuple(returns.Filed(key, cents) for key, cents in read if cents is not None)

    def code(self, column: str, said: str | None, *, line: int) -> str | None:
        """Read a code."""
        if said and len(said) <= CODE_LENGTH and said.isprintable():
            return said
        if not said:
            words = "it is empty"
        elif said.isprintable():
            words = f"“{short(said)}” is too long for a code"
        else:
            words = f"“{short(said)}” has a character that cannot be printed"
        self.errors.add(line, f"there is no code in {column}: {words}")
        return None


class Builder:
    """Columns of returns as they grow."""

    def __init__(self, layout: return_layouts.Layout, errors: Errors) -> None:
        self.layout, self.errors = layout, errors
        self.heads = {each.name: array("q") for each in fields(Head)}
        self.places, self.line_of, self.gross = array("q"), array("q"), array("q")
        self.deduction_of, self.cents = array("q"), array("q")
        self.regions, self.classes, self.codes = _Codes(), _Codes(), _Codes()
        self.lines_here = 0
        self.begun: dict[tuple[int, int, bool], int] = {}
        # By row of the return: its form and boxes; by row of the line: what it says besides.
        self.special: dict[int, tuple[str, Filed]] = {}
        self.more: dict[int, More] = {}

    def begin(
        self, head: Head, *, line: int, place: int | None = None, form: str = "",
        as_filed: Filed = (),
    ) -> None:  # fmt: skip
        """Begin a return that starts on a line of the file; `place` is the line, unless given."""
        key = (head.account, head.starts_on, head.is_amendment)
        first = self.begun.get(key)
        if first is None:
            self.begun[key] = line
        else:
            self.errors.add(
                line,
                f"the return of account {head.account} from {many.day(head.starts_on)} began on "
                f"line {first} already. Put its rows together, or say that this one amends it",
            )
        if len(self.places) == self.layout.bounds.returns:
            self.errors.add(
                line,
                f"the file has more than {self.layout.bounds.returns:,} returns. Send it in parts",
            )
        if form or as_filed:
            self.special[len(self.places)] = (form, as_filed)
        self.places.append(line if place is None else place)
        for name, values in self.heads.items():
            values.append(int(getattr(head, name)))
        self.lines_here = 0

    def add_line(
        self, region: str, business_class: str, gross: int, deductions: Sequence[tuple[str, int]],
        *, line: int, more: More = PLAIN,
    ) -> None:  # fmt: skip
        """Add a line to the return that was begun last."""
        self.lines_here += 1
        most = self.layout.bounds.lines_of_a_return
        if self.lines_here == most + 1:
            self.errors.add(
                line, f"the return has more than {most:,} lines. Ask for it by place and class"
            )
        if self.lines_here > most:
            return
        if more != PLAIN:
            self.more[len(self.gross)] = more
            self.special.setdefault(len(self.places) - 1, ("", ()))
        for code, cents in deductions:
            self.deduction_of.append(len(self.gross))
            self.codes.append(code)
            self.cents.append(cents)
        self.line_of.append(len(self.places) - 1)
        self.regions.append(region)
        self.classes.append(business_class)
        self.gross.append(gross)

    def is_full(self) -> bool:
        """Tell whether more returns would only be counted."""
        return len(self.places) > self.layout.bounds.returns

    def returns(self) -> many.Returns:
        """Return the columns."""
        plain = self._columns()
        if not self.special:
            return plain
        special = {
            self.places[row]: many.Special(
                form=form, as_filed=as_filed, lines=self._whole_lines(plain, row)
            )
            for row, (form, as_filed) in self.special.items()
        }
        return replace(plain, special=special)

    def _whole_lines(self, plain: many.Returns, row: int) -> Lines:
        first = int(np.searchsorted(plain.lines.of, row))
        return tuple(
            replace(
                each,
                includes_tax=more.includes_tax,
                land_cents=more.land,
                units=more.units,
                item_price_cents=more.item_price,
                as_filed=more.as_filed,
            )
            for each, more in (
                (line, self.more.get(first + nth, PLAIN))
                for nth, line in enumerate(plain.lines_of(row))
            )
        )

    def _columns(self) -> many.Returns:
        head = {name: _numbers(values) for name, values in self.heads.items()}
        return many.Returns(
            places=_numbers(self.places),
            account_ids=head["account"],
            starts_on=head["starts_on"],
            received_on=head["received_on"],
            is_electronic=head["is_electronic"].astype(np.bool_),
            is_amendment=head["is_amendment"].astype(np.bool_),
            excess_tax_cents=head["excess_tax"],
            credit_carried_cents=head["credit_carried"],
            estimated_payments_cents=head["estimated_payments"],
            lines=many.Lines(
                of=_numbers(self.line_of),
                region=self.regions.column(),
                business_class=self.classes.column(),
                gross_cents=_numbers(self.gross),
            ),
            deductions=many.Deductions(
                of=_numbers(self.deduction_of),
                code=self.codes.column(),
                cents=_numbers(self.cents),
            ),
        )


class _Codes:
    """Codes as places in a dictionary that grows."""

    def __init__(self) -> None:
        self.values = array("q")
        self.place: dict[str, int] = {}

    def append(self, code: str) -> None:
        self.values.append(self.place.setdefault(code, len(self.place)))

    def column(self) -> many.Coded:
        return many.Coded(_numbers(self.values), tuple(self.place))


def _numbers(values: array[int]) -> many.Numbers:
    return np.frombuffer(values, dtype=np.int64) if values else np.empty(0, dtype=np.int64)


def short(said: str | None) -> str:
    """Return a text as an error quotes it; what cannot be printed cannot be written either."""
    said = "".join(each if each.isprintable() else "\ufffd" for each in said or "")
    return said if len(said) <= _QUOTED else f"{said[:_QUOTED]}…"
