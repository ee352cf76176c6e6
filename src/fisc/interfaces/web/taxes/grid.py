"""The cells of a return as a clerk keys them, each with what is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from fisc.domain.tax_returns.calculations import returns
from fisc.interfaces.web.taxes import entry_cells
from fisc.interfaces.web.templatetags import figures

#: More lines than this are not keyed: they come as a file.
LINES_MAX = 60
PAIRS_MAX = 20
PLACES_MAX = 200
_TEXT_MAX = 40

_FIELD = re.compile(
    r"(region|class|gross|tax|land|item|units|code|amount|at|atgross|atless)"
    r"-([0-9]{1,3})(?:-([0-9]{1,3}))?"
)

#: What the filer worked out: a column of a line, and a box of the whole return, by the form's key.
_FILED = re.compile(r"filed-([0-9]{1,3})-([A-Za-z][A-Za-z0-9_]{0,39})")
_BOX = re.compile(r"box-([A-Za-z][A-Za-z0-9_]{0,39})")

#: What a form may ask of a line beyond its receipts and deductions, by the field's name.
MORE: Mapping[str, str] = {"land": "land_cents", "item": "item_price_cents", "units": "units"}

EXTRAS = ("excess_tax", "credit_carried", "estimated_payments")


@dataclass(slots=True)
class Row:
    """A line of the return."""

    number: int
    region: entry_cells.Cell
    business_class: entry_cells.Cell
    gross: entry_cells.Cell
    pairs: list[entry_cells.Pair]
    more: dict[str, entry_cells.Cell]
    # Those of `more` that the form has a column for, or that something stands in.
    asked: list[entry_cells.Asked] = field(default_factory=list)
    # What the filer worked out, by the form's columns; and those that are shown, in its order.
    filed: dict[str, entry_cells.Cell] = field(default_factory=dict)
    filed_asked: list[entry_cells.Asked] = field(default_factory=list)
    # Of a filer for several locations: each with what of the line is of it.
    places: list[entry_cells.At] = field(default_factory=list)
    includes_tax: bool = False
    words: str = ""
    wrong: list[str] = field(default_factory=list)
    figures: entry_cells.Figures | None = None
    tax_was_cents: int | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was keyed in the line beyond what the form printed."""
        return not (
            self.gross.text
            or any(each.text for each in (*self.more.values(), *self.filed.values()))
            or any(each.code.text or each.amount.text for each in self.pairs)
            or any(not each.is_empty for each in self.places)
        )

    @property
    def cells(self) -> Iterator[entry_cells.Cell]:
        """Give every cell of the line."""
        yield from (self.region, self.business_class, self.gross, *self.more.values())
        yield from self.filed.values()
        for each in self.pairs:
            yield from (each.code, each.amount)
        for at in self.places:
            yield from at.cells

    def wants_places(self, locations: Iterable[tuple[str, str]]) -> None:
        """Have a place for each location of the filer, and for others that were keyed, in order."""
        found = {each.code.text: each for each in self.places}
        wanted = dict(locations)
        odd = [each for each in self.places if each.code.text not in wanted and not each.is_empty]
        self.places = []
        for code, words in wanted.items():
            each = found.get(code) or entry_cells.At(
                entry_cells.Cell(""), entry_cells.Cell(""), entry_cells.Cell("")
            )
            each.code.text, each.words = code, words
            self.places.append(each)
        self.places += odd
        for place, each in enumerate(self.places, start=1):
            for name, cell in zip(("at", "atgross", "atless"), each.cells, strict=True):
                cell.name = f"{name}-{self.number}-{place}"

    def wants_pair(self, *, is_first: bool = False) -> None:
        """Add an empty deduction, unless there are too many."""
        place = len(self.pairs) + 1
        if place <= PAIRS_MAX:
            self.pairs.append(_pair(self.number, place))
            self.pairs[-1].code.is_first = is_first


@dataclass(slots=True)
class Grid:
    """A return as it stands in the fields."""

    rows: list[Row]
    extras: dict[str, entry_cells.Cell]
    # The form's code where the return names one, and what the filer worked out in its boxes.
    form: entry_cells.Cell = field(default_factory=lambda: entry_cells.Cell("form"))
    boxes: dict[str, entry_cells.Cell] = field(default_factory=dict)
    boxes_asked: list[entry_cells.Asked] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def keyed(self) -> list[Row]:
        """The lines with something in them: these are the return."""
        return [each for each in self.rows if not each.is_empty]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all was keyed."""
        more = (*self.extras.values(), *self.boxes.values())
        return not self.keyed and not any(each.text for each in more)

    @property
    def cells(self) -> Iterator[entry_cells.Cell]:
        """Give every cell."""
        for row in self.rows:
            yield from row.cells
        yield from (*self.extras.values(), *self.boxes.values(), self.form)

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing was found wrong so far."""
        return not (
            self.wrong
            or any(each.wrong for each in self.cells)
            or any(each.wrong for each in self.rows)
        )

    @property
    def wrong_count(self) -> int:
        """Count what is wrong."""
        return (
            len(self.wrong)
            + sum(len(each.wrong) for each in self.cells)
            + sum(len(each.wrong) for each in self.rows)
        )

    def wants_line(self) -> None:
        """Add an empty line, in the region of the one before, unless there are too many."""
        if len(self.rows) >= LINES_MAX:
            self.wrong.append(
                _("A return with more than %(most)s lines is not keyed here. Send it as a file.")
                % {"most": LINES_MAX}
            )
            return
        row = _row(len(self.rows) + 1)
        row.region.text = self.rows[-1].region.text if self.rows else ""
        row.business_class.is_first = True
        row.wants_pair()
        self.rows.append(row)


def blank(lines: Iterable[tuple[str, str]]) -> Grid:
    """Return an empty form with the lines that an account is registered for."""
    grid = Grid([], _extras())
    for number, (region, business_class) in enumerate(lines, start=1):
        row = _row(number)
        row.region.text, row.business_class.text = region, business_class
        row.wants_pair()
        grid.rows.append(row)
    return grid


def of(filing: returns.Filing, *, lines: Sequence[tuple[str, str]]) -> Grid:
    """Return a form with what a return says, and the other lines that the account has."""
    said = {(each.region, each.business_class) for each in filing.lines}
    grid = blank([*((each.region, each.business_class) for each in filing.lines),
                  *(each for each in lines if each not in said)])  # fmt: skip
    for row, line in zip(grid.rows, filing.lines, strict=False):
        row.gross.text = figures.plain_money(line.gross_cents)
        row.includes_tax = line.includes_tax
        row.more["land"].text = _unless_zero(line.land_cents)
        row.more["item"].text = _unless_zero(line.item_price_cents)
        row.more["units"].text = f"{line.units.normalize():f}" if line.units else ""
        row.pairs = []
        for each in line.deductions:
            row.wants_pair()
            row.pairs[-1].code.text = each.code
            row.pairs[-1].amount.text = figures.plain_money(each.cents)
        row.wants_pair()
        row.places = [
            entry_cells.At(
                entry_cells.Cell("", at.location),
                entry_cells.Cell("", figures.plain_money(at.gross_cents)),
                entry_cells.Cell("", _unless_zero(at.deducted_cents)),
            )
            for at in line.by_location
        ]
        row.wants_places((at.location, "") for at in line.by_location)
    for name, cell in grid.extras.items():
        cents = getattr(filing, f"{name}_cents")
        cell.text = _unless_zero(cents)
    return grid


def _unless_zero(cents: int) -> str:
    return figures.plain_money(cents) if cents else ""


def read(given: Mapping[str, str]) -> Grid:
    """Return the form as it was sent; lines that are left out close up."""
    numbers: dict[int, set[int]] = {}
    for name in given:
        if filed := _FILED.fullmatch(name):
            numbers.setdefault(int(filed[1]), set())
        if found := _FIELD.fullmatch(name):
            pairs = numbers.setdefault(int(found[2]), set())
            if found[3] and found[1] in ("code", "amount"):
                pairs.add(int(found[3]))
    grid = Grid([], _extras(), entry_cells.Cell("form", text=_text(given, "form")))
    grid.boxes = {
        box[1]: entry_cells.Cell(name, text=_text(given, name))
        for name in given
        if (box := _BOX.fullmatch(name))
    }
    if len(numbers) > LINES_MAX:
        grid.wrong.append(
            _("A return with more than %(most)s lines is not keyed here. Send it as a file.")
            % {"most": LINES_MAX}
        )
    for number, sent in enumerate(sorted(numbers)[:LINES_MAX], start=1):
        grid.rows.append(_read_row(given, sent, sorted(numbers[sent]), number=number))
    for name, cell in grid.extras.items():
        cell.text = _text(given, name)
    return grid


def is_field(name: str) -> bool:
    """Tell whether a field of a form is a cell of a line, or a figure as filed."""
    return any(each.fullmatch(name) for each in (_FIELD, _FILED, _BOX))


def filed(cells: Mapping[str, entry_cells.Cell]) -> tuple[returns.Filed, ...]:
    """Read the figures that the filer worked out; what is no amount is said in its cell."""
    return tuple(returns.Filed(key, cell.cents()) for key, cell in cells.items() if cell.text)


def lines(grid: Grid) -> tuple[returns.Line, ...]:
    """Read the lines that were keyed; what is no amount is said in its cell."""
    return tuple(_line(row) for row in grid.keyed)


def _line(row: Row) -> returns.Line:
    if not row.gross.text and not row.more["units"].text:
        row.gross.wrong.append(_("Write the gross receipts of the line."))
    pairs = [each for each in row.pairs if each.code.text or each.amount.text]
    for each in pairs:
        if not each.code.text:
            each.code.wrong.append(_("Write the code of the deduction."))
        if not each.amount.text:
            each.amount.wrong.append(_("Write the amount of the deduction."))
    return returns.Line(
        region=row.region.text.upper(),
        business_class=row.business_class.text,
        gross_cents=row.gross.cents(),
        deductions=tuple(returns.Deduction(each.code.text, each.amount.cents()) for each in pairs),
        includes_tax=row.includes_tax,
        land_cents=row.more["land"].cents(),
        units=row.more["units"].units(),
        item_price_cents=row.more["item"].cents(),
        as_filed=filed(row.filed),
        by_location=tuple(each.read() for each in row.places if not each.is_empty),
    )


def _read_row(given: Mapping[str, str], sent: int, places: Sequence[int], *, number: int) -> Row:
    row = _row(number)
    row.region.text = _text(given, f"region-{sent}")
    row.business_class.text = _text(given, f"class-{sent}")
    row.gross.text = _text(given, f"gross-{sent}")
    row.includes_tax = f"tax-{sent}" in given
    for name, cell in row.more.items():
        cell.text = _text(given, f"{name}-{sent}")
    for name in given:
        if (found := _FILED.fullmatch(name)) and int(found[1]) == sent:
            row.filed[found[2]] = entry_cells.Cell(
                f"filed-{number}-{found[2]}", text=_text(given, name)
            )
    if len(places) > PAIRS_MAX:
        row.wrong.append(
            _(
                "A line with more than %(most)s deductions is not keyed here. Send the return as "
                "a file."
            )
            % {"most": PAIRS_MAX}
        )
    for place in places[:PAIRS_MAX]:
        row.wants_pair()
        row.pairs[-1].code.text = _text(given, f"code-{sent}-{place}")
        row.pairs[-1].amount.text = _text(given, f"amount-{sent}-{place}")
    if not row.pairs or row.pairs[-1].code.text or row.pairs[-1].amount.text:
        row.wants_pair()
    row.places = [
        entry_cells.At(
            code=_sent(given, f"at-{sent}-{place}"),
            gross=_sent(given, f"atgross-{sent}-{place}"),
            less=_sent(given, f"atless-{sent}-{place}"),
        )
        for place in range(1, PLACES_MAX + 1)
        if f"at-{sent}-{place}" in given
    ]
    row.wants_places((each.code.text, "") for each in row.places)
    return row


def _sent(given: Mapping[str, str], name: str) -> entry_cells.Cell:
    return entry_cells.Cell(name, _text(given, name))


def _text(given: Mapping[str, str], name: str) -> str:
    return given.get(name, "").strip()[:_TEXT_MAX]


def _row(number: int) -> Row:
    return Row(
        number=number,
        region=entry_cells.Cell(f"region-{number}"),
        business_class=entry_cells.Cell(f"class-{number}"),
        gross=entry_cells.Cell(f"gross-{number}"),
        pairs=[],
        more={name: entry_cells.Cell(f"{name}-{number}") for name in MORE},
    )


def _pair(number: int, place: int) -> entry_cells.Pair:
    return entry_cells.Pair(
        entry_cells.Cell(f"code-{number}-{place}"), entry_cells.Cell(f"amount-{number}-{place}")
    )


def _extras() -> dict[str, entry_cells.Cell]:
    return {name: entry_cells.Cell(name) for name in EXTRAS}
