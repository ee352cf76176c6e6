"""The sheet that a clerk keys a return on: period, cells, figures, and the version before."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import dateparse
from django.utils.translation import gettext as _

from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import checking, returns
from fisc.domain.tax_returns.calculations import forms as of_forms
from fisc.domain.tax_returns.queries import entered, registrations, trials
from fisc.domain.tax_returns.queries import returns as queries
from fisc.interfaces.web import languages
from fisc.interfaces.web.taxes import entry_cells, faults, names, on_form, standing
from fisc.interfaces.web.taxes import grid as grids
from fisc.interfaces.web.templatetags import figures

MOST_CENTS = points.MONEY_MAX * 100
#: How many versions of one period anybody could have seen.
_ID_DIGITS = 18
_TEXT_MAX = 500
_FIELDS = frozenset(
    (*grids.EXTRAS, "received_on", "is_electronic", "why", "amends", "form", "figures", "remitted")
)


class NothingIsOwed(Exception):
    """An account owes no return for a period, or not yet."""


@dataclass(frozen=True)
class Total:
    """A figure of the whole return, beside that of the version before."""

    words: str
    cents: int
    was_cents: int | None

    @property
    def difference_cents(self) -> int | None:
        """How much more it is than before; None where nothing was before."""
        return None if self.was_cents is None else self.cents - self.was_cents


@dataclass(kw_only=True)
class Sheet:
    """A return of a period as it is being keyed."""

    account_id: int
    owed: registrations.Owed
    before: Sequence[queries.Kept]
    periods: Sequence[standing.Period]
    today: datetime.date
    known_at: datetime.datetime
    grid: grids.Grid
    received_on: entry_cells.Cell
    why: entry_cells.Cell
    is_electronic: bool
    # The money that came along with it, which a batch is balanced by.
    remitted: entry_cells.Cell
    amends_id: int | None
    form: of_forms.Form | None = None
    # The forms of the period by code, where the return names one or more is shown of the form.
    forms: Mapping[str, str] = field(default_factory=dict)
    # Whether there are cells for all that the filer worked out, not only for what is there.
    with_figures: bool = False
    duplicate: str = ""
    # Who entered the version that is here, where it came meanwhile.
    entered: entered.Entered | None = None
    totals: Sequence[Total] = ()
    is_on_time: bool | None = None

    @property
    def starts_on(self) -> datetime.date:
        """The first day of the period."""
        return self.owed.obligation.days.starts_on

    @property
    def period_words(self) -> str:
        """What the period is called."""
        return names.period_words(self.starts_on, self.owed.obligation.days.ends_before)

    @property
    def form_words(self) -> str:
        """What the form is called; nothing in a city without forms."""
        return self.form.names[languages.current()] if self.form else ""

    @property
    def newest(self) -> queries.Kept | None:
        """The newest version of the period that is here."""
        return self.before[-1] if self.before else None

    @property
    def newest_id(self) -> int | None:
        """Its number."""
        return self.newest.return_id if self.newest else None

    @property
    def is_amending(self) -> bool:
        """Tell whether what is keyed replaces a version."""
        return self.amends_id is not None

    @property
    def is_wrong(self) -> bool:
        """Tell whether something must be put right first."""
        return bool(self.wrong_count or self.duplicate)

    @property
    def wrong_count(self) -> int:
        """Count what must be put right."""
        cells = (self.received_on, self.why, self.remitted)
        return self.grid.wrong_count + sum(len(each.wrong) for each in cells)

    def all_wrong(self) -> list[str]:
        """Return everything that must be put right, in words, with the line that it is on."""
        wrong = [*self.received_on.wrong, *self.why.wrong, *self.remitted.wrong, *self.grid.wrong]
        for row in self.grid.rows:
            said = [*row.wrong, *(each for cell in row.cells for each in cell.wrong)]
            wrong += [f"{_('Line')} {row.number}: {each}" for each in said]
        return wrong + [each for cell in self.grid.extras.values() for each in cell.wrong]

    def wants_deduction(self, number: str) -> None:
        """Add an empty deduction to a line; without its number, to the last."""
        place = int(number) if number.isascii() and number.isdigit() else len(self.grid.rows)
        for row in self.grid.rows:
            if row.number == place:
                row.wants_pair(is_first=True)

    def came(self, *, is_zero: bool) -> trials.Came | None:
        """Read the return from the cells; None, with words where they belong, if it cannot be."""
        received_on = self._read_day()
        if is_zero and not self.grid.is_empty:
            self.grid.wrong.append(
                _(
                    "Something is keyed. Empty every line to file a zero return, or file it as "
                    "it is."
                )
            )
        lines = () if is_zero else grids.lines(self.grid)
        amounts = {name: cell.cents() for name, cell in self.grid.extras.items()}
        came = trials.Came(
            account_id=self.account_id,
            starts_on=self.starts_on,
            received_on=received_on or self.today,
            is_electronic=self.is_electronic,
            lines=lines,
            excess_tax_cents=amounts["excess_tax"],
            credit_carried_cents=amounts["credit_carried"],
            estimated_payments_cents=amounts["estimated_payments"],
            amends_id=self.amends_id,
            form=self.grid.form.text or (self.form.code if self.form else ""),
            as_filed=grids.filed(self.grid.boxes),
        )
        if not is_zero and self.grid.is_empty:
            self.grid.wrong.append(
                _("Nothing is keyed. Key a line, or file it as a zero return if nothing was sold.")
            )
            return None
        if not self.grid.is_sound or received_on is None:
            # Everything at once: what the domain finds in the cells that could be read, too.
            self.put(self.tried(came).problems)
            return None
        return came

    def tried(self, came: trials.Came) -> trials.Tried:
        """Try the return. Raises versions.NoVersionForDate, asking.NoAnswer."""
        return trials.tried(came, owed=self.owed, before=self.before, known_at=self.known_at)

    def compute(self, came: trials.Came) -> None:
        """Put the figures beside the lines, or what is wrong into the cells."""
        tried = self.tried(came)
        self.is_on_time = tried.filing.is_on_time
        if tried.computed is None:
            self.put(tried.problems)
        else:
            _put_figures(self, tried.computed)
            on_form.put_compared(self.grid, tried.compared)

    def is_ready(self) -> bool:
        """Tell whether it can be filed as far as the form knows; what lacks is said in its cell."""
        if self.is_amending and not self.why.text:
            self.why.wrong.append(_("Say why the return is amended, in a few words."))
        return self.wrong_count == 0

    def wants_figures(self) -> None:
        """Add the cells for all that the filer worked out."""
        self.with_figures = True
        self.lay_out()

    def lay_out(self) -> None:
        """Put the form's own cells on each line, and its boxes."""
        self.form, self.forms = on_form.lay_out(
            self.grid,
            code=self.newest.form if self.newest else "",
            owed=self.owed,
            with_figures=self.with_figures,
        )

    def put(self, problems: Sequence[checking.Problem]) -> None:
        """Say what is wrong, each in its cell."""
        faults.put(self.grid, problems, most_cents=MOST_CENTS)

    def look_again(self) -> None:
        """Read the versions that are here now."""
        self.before = queries.versions_of(self.account_id, starts_on=self.starts_on)
        if self.newest is not None:
            self.entered = entered.entered(self.newest)

    def _read_day(self) -> datetime.date | None:
        cell = self.received_on
        try:
            day = dateparse.parse_date(cell.text)
        except ValueError:
            day = None
        ends_before = self.owed.obligation.days.ends_before
        assert ends_before is not None
        if day is None:
            cell.wrong.append(_("Write the day that it was received."))
        elif day < ends_before:
            cell.wrong.append(
                _("The period is not over before %(day)s: no return of it can have come then.")
                % {"day": figures.day(ends_before)}
            )
        elif day > self.today:
            cell.wrong.append(_("That day is still to come."))
        else:
            return day
        return None


def cells(given: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a form that are of the return, as they stand."""
    return {
        name: given[name][:_TEXT_MAX] for name in given if name in _FIELDS or grids.is_field(name)
    }


def oldest_owed(
    account_id: int,
    *,
    today: datetime.date,
    known_at: datetime.datetime,
    but_not: Collection[datetime.date] = (),
) -> datetime.date | None:
    """Return the first day of the oldest period that is over and has no return; None if none."""
    found = registrations.owed_returns(account_id, before=today, known_at=known_at)
    here = queries.periods_filed(account_id)
    days = (each.obligation.days.starts_on for each in found)
    return next((each for each in days if each not in here and each not in but_not), None)


def sheet(
    account_id: int,
    *,
    starts_on: datetime.date,
    today: datetime.date,
    known_at: datetime.datetime,
    given: Mapping[str, str] | None,
) -> Sheet:
    """Return the sheet of a period, with what was sent in its cells. Raises NothingIsOwed."""
    every = registrations.owed_returns(account_id, before=today, known_at=known_at)
    here = queries.periods_filed(account_id)
    found = {each.obligation.days.starts_on: each for each in every}
    if starts_on not in found:
        raise NothingIsOwed(
            _("The account owes no return for a period from %(day)s that is over.")
            % {"day": figures.day(starts_on)}
        )
    owed = found[starts_on]
    before = queries.versions_of(account_id, starts_on=starts_on) if starts_on in here else ()
    kept = before[-1] if before else None
    made = Sheet(
        account_id=account_id,
        owed=owed,
        before=before,
        periods=standing.periods(every, here, today=today),
        today=today,
        known_at=known_at,
        grid=grids.blank(owed.lines),
        received_on=entry_cells.Cell("received_on", text=today.isoformat()),
        why=entry_cells.Cell("why"),
        is_electronic=False,
        remitted=entry_cells.Cell("remitted"),
        amends_id=kept.return_id if kept else None,
    )
    if given is not None:
        _read(made, given)
    elif kept:
        made.grid = grids.of(kept.filing, lines=owed.lines)
        made.is_electronic = kept.filing.is_electronic
    _put_words(made)
    put_places(made)
    made.lay_out()
    if given is None and made.grid.rows:
        made.grid.rows[0].gross.is_first = True
    if made.is_amending:
        _put_before(made)
    return made


def _read(made: Sheet, given: Mapping[str, str]) -> None:
    made.grid = grids.read(given)
    made.received_on.text = given.get("received_on", "").strip()[:10]
    made.remitted.text = given.get("remitted", "").strip()[:40]
    made.why.text = given.get("why", "").strip()[:500]
    made.is_electronic = "is_electronic" in given
    made.with_figures = "figures" in given
    amends = given.get("amends", "")
    is_number = amends.isascii() and amends.isdigit() and len(amends) <= _ID_DIGITS
    made.amends_id = int(amends) if is_number else None


def _put_words(made: Sheet) -> None:
    for row in made.grid.rows:
        row.words = names.words(names.CLASSES, row.business_class.text)


def put_places(made: Sheet) -> None:
    """Give each line a place for each location that the account files for."""
    for row in made.grid.rows:
        row.wants_places(made.owed.locations)


def _put_before(made: Sheet) -> None:
    """Put what the newest version says beside each cell that is about the same."""
    kept = made.newest
    if kept is None:
        return
    lines = {(each.region, each.business_class): each for each in kept.filing.lines}
    taxes = dict(zip(lines, kept.taxes_cents, strict=True))
    for row in made.grid.rows:
        key = (row.region.text.upper(), row.business_class.text)
        line = lines.get(key)
        row.tax_was_cents = taxes.get(key, 0)
        row.gross.was = figures.money(line.gross_cents if line else 0)
        codes = {each.code: each.cents for each in line.deductions} if line else {}
        for pair in row.pairs:
            if pair.code.text in codes:
                pair.amount.was = figures.money(codes[pair.code.text])
    for name, cell in made.grid.extras.items():
        cents = getattr(kept.filing, f"{name}_cents")
        cell.was = figures.money(cents) if cents or cell.text else ""


def _put_figures(made: Sheet, computed: returns.Computed) -> None:
    for row, found in zip(made.grid.keyed, computed.lines, strict=True):
        row.figures = entry_cells.Figures(
            taxable_cents=found.taxable_cents,
            rate=f"{(found.rate * 100).normalize():f}%",
            tax_cents=found.tax_cents,
            credit_cents=found.credit_cents,
        )
    was = made.newest if made.is_amending else None
    totals = [
        Total(words, getattr(computed, name), getattr(was, name) if was else None)
        for words, name in (
            (_("Total tax"), "total_tax_cents"),
            (_("Accounting credit"), "accounting_credit_cents"),
            (_("Tax due"), "tax_due_cents"),
            (_("Net due"), "net_due_cents"),
        )
    ]
    # A city without an accounting credit has no line for it.
    made.totals = [
        each
        for each in totals
        if each.words != _("Accounting credit") or each.cents or each.was_cents
    ]
