"""What a change of a list touches: tables that name it, their cases, records, other lists."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model

from fisc.basics import periods
from fisc.dmn.xml import problems as xml_problems
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import queries as ledger
from fisc.domain.list_changes.calculations import sheets
from fisc.domain.list_changes.queries import changes
from fisc.domain.rule_tables import choices as table_choices
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import case_runs, case_sheets, checking
from fisc.domain.rule_tables.calculations import publishing as table_checks
from fisc.domain.rule_tables.queries import approving, drafts, uses, versions

# Records of a code are counted up to here; a page says "more than".
MOST_COUNTED = 1_000
# A table of more rows is only counted where an index helps.
MOST_READ = 2_000_000
GL_LIST = "gl account"


@dataclass(frozen=True, slots=True)
class Records:
    """Rows of some kind that name a code; 0 and more where too many to be read."""

    of: str
    count: int
    is_more: bool


@dataclass(frozen=True, slots=True)
class CodeUse:
    """Everything that names one code."""

    code: str
    tables: tuple[uses.Use, ...]
    records: tuple[Records, ...]
    # Other lists whose rows name it, with those rows' codes.
    lists: Mapping[str, tuple[str, ...]]

    @property
    def is_used(self) -> bool:
        """Tell whether anything names it."""
        return bool(self.tables or self.records or self.lists)


@dataclass(frozen=True, slots=True)
class BookTrial:
    """How the cases of one version came out with the list as changed."""

    version_id: int
    book: str
    number: int
    passed: int
    failures: tuple[str, ...]


def tables_of(name: str) -> tuple[uses.Use, ...]:
    """Return the living versions that ask or give a list, or whose lines are its codes."""
    asked = {each.version_id: each for each in uses.uses_of_list(name)}
    codes = set(code_lists.codes(name))
    points = versions.decision_points()
    for row in versions.versions():
        point = points.get(row.decision_point)
        is_living = row.status in {"draft", "in test", "approved"}
        if point is None or not is_living or row.version_id in asked:
            continue
        if lines := tuple(each.name for each in point.outputs if each.name in codes):
            asked[row.version_id] = uses.Use(
                row.version_id, row.book, row.number, row.status, row.file_name, lines
            )
    return tuple(sorted(asked.values(), key=lambda each: (each.book, each.number)))


def use_of_code(name: str, code: str) -> CodeUse:
    """Return what names a code of a list. Raises code_lists.NoSuchCodeList, NoSuchCode."""
    found = code_lists.code(name, code)
    return CodeUse(
        code=code,
        tables=uses.uses_of_code(name, code),
        records=tuple(_records(found.id)),
        lists=_naming_lists(name, code),
    )


def expected(name: str) -> sheets.Expected:
    """Return what a change of a list must keep to. Raises code_lists.NoSuchCodeList."""
    known = code_lists.codes(name)
    newest = code_lists.editions(name)
    columns = (
        sheets.holding(sheets.read(code_lists.content(newest[0].edition_id))) if newest else {}
    )
    references = _references(name, columns, _Lists())
    return sheets.Expected(
        columns={
            column: sheets.Column(
                holds=each.holds,
                must_be_filled=each.must_be_filled,
                names_list=references.get(column, ""),
                codes=frozenset(code_lists.codes(references[column]))
                if column in references
                else frozenset(),
            )
            for column, each in columns.items()
        },
        first_days={code: each.starts_on for code, each in known.items()},
        must_stay=tuple(code for code, each in known.items() if not each.is_withdrawn),
    )


def problems(name: str, content: bytes) -> tuple[sheets.Problem, ...]:
    """Return everything that is wrong with a content of a list. Raises sheets.NotASheet."""
    return problems_of(name, sheets.read(content))


def problems_of(name: str, sheet: sheets.Sheet) -> tuple[sheets.Problem, ...]:
    """Return everything that is wrong with the rows of a list, in their order."""
    found = [*sheets.problems(sheet, expected=expected(name))]
    if name == GL_LIST:
        found += _changed_in_the_books(sheet)
    return tuple(found)


def takes_place_of(found: changes.Change) -> tuple[code_lists.Edition, ...]:
    """Return the editions that govern days which a change would govern instead."""
    return tuple(
        each
        for each in code_lists.editions(found.list)
        if each.edition_id != found.edition_id
        and any(days.overlap(found.effective) is not None for days in each.governs)
    )


def tried(found: changes.Change) -> tuple[BookTrial, ...]:
    """Run the cases of every version in force on days of a change, with the list as changed.

    A case fails as it would alone, when it names a code that the list has not or has ended by
    then, and when the checks at publish find something new that stops: a new code that no rule
    takes. Raises sheets.NotASheet.
    """
    books = {each.book for each in tables_of(found.list)}
    results = []
    for version in versions.versions():
        if version.book not in books or version.status != table_choices.Status.APPROVED:
            continue
        for days in approving.governed_now(version.version_id):
            overlap = days.overlap(found.effective)
            if overlap is not None:
                results.append(_tried(version.version_id, found, overlap))
                break
    return tuple(results)


# --- Inside --------------------------------------------------------------------------------------


def _changed_in_the_books(sheet: sheets.Sheet) -> Iterator[sheets.Problem]:
    """Say which GL accounts would become something else than their postings were made under."""
    known = ledger.gl_accounts()
    for number, row in enumerate(sheet.rows, start=sheets.FIRST_ROW):
        account = known.get(row["code"].strip())
        if account is None:
            continue
        for column, kept in (("kind", account.kind), ("control_of", account.control_of)):
            if row.get(column, "").strip() != kept:
                words = f"the books have “{kept}”, and keep it. Add another account"
                yield sheets.Problem(number, column, words)


def _tried(version_id: int, found: changes.Change, days: periods.Period) -> BookTrial:
    version = drafts.draft(version_id)
    point = drafts.point_of_draft(version)
    sheet = checking.Sheet(version.case_sheet_name, version.case_sheet)
    imported = drafts.imported_files(version_id)
    ran = case_runs.run(version.content, point=point, sheet=sheet, imported=imported)
    failures = [
        *ran.failures,
        *_unknown_codes(version_id, point, found, days.starts_on),
        *_new_stops(version, point, sheet, found, days.starts_on),
    ]
    return BookTrial(
        version_id=version_id,
        book=version.book,
        number=version.number,
        passed=ran.passed,
        failures=tuple(failures),
    )


def _unknown_codes(
    version_id: int,
    point: declarations.DecisionPoint,
    found: changes.Change,
    day: datetime.date,
) -> Iterator[str]:
    """Say which cases name a code that the changed list has not, or has no more on a day."""
    inputs = [each.name for each in point.inputs if each.code_list == found.list]
    lines = [each.decision for each in point.outputs if each.code_list == found.list]
    usable = set(_usable(found, day))
    before = set(_present(found.list, day))
    try:
        written = drafts.cases(version_id)
    except case_sheets.SheetIsWrong:
        return
    for case in written:
        named = [case.inputs.get(name) for name in inputs]
        named += [case.expected.get(name) for name in lines]
        for code in named:
            if isinstance(code, str) and code in before and code not in usable:
                yield (
                    f"{case.words}: it names {code}, which the changed list does not have on {day}"
                )


def _new_stops(
    version: drafts.Draft,
    point: declarations.DecisionPoint,
    sheet: checking.Sheet,
    found: changes.Change,
    day: datetime.date,
) -> list[str]:
    """Return what stops a publication with the changed list and does not with the present one."""
    if found.list not in {each.code_list for each in point.inputs}:
        return []
    now, then = _present(found.list, day), _usable(found, day)
    if set(now) == set(then):
        return []
    try:
        tables = drafts.tables(version.version_id)
    except xml_problems.ModelIsRefused as refused:
        return [str(refused)]
    reports = [
        table_checks.report(
            tables,
            sheets=(sheet,) if sheet.content else (),
            accepted={each.key: each.reason for each in drafts.accepted_changes(version.book)},
            codes={found.list: codes},
        )
        for codes in (now, then)
    ]
    known = {each.key for each in reports[0].stops}
    return [each.words for each in reports[1].stops if each.key not in known]


def _present(name: str, day: datetime.date) -> tuple[str, ...]:
    codes = code_lists.codes(name, as_of=code_lists.AsOf(day)).values()
    return tuple(each.code for each in codes if each.is_current(day))


def _usable(found: changes.Change, day: datetime.date) -> tuple[str, ...]:
    return tuple(_current(found.sheet.rows, day))


def _current(rows: Iterable[Mapping[str, str]], day: datetime.date) -> Iterator[str]:
    for row in rows:
        starts_on = datetime.date.fromisoformat(row["starts_on"].strip())
        ends = row["ends_before"].strip()
        if starts_on <= day and (not ends or day < datetime.date.fromisoformat(ends)):
            yield row["code"].strip()


class _Lists:
    """The city's lists, whose names and content generation are asked for once."""

    def __init__(self) -> None:
        self.names = code_lists.list_names()
        self.generation = code_lists.generation()

    def codes(self, name: str) -> Mapping[str, code_lists.Code]:
        return code_lists.codes(name, generation=self.generation)


def _references(name: str, columns: Iterable[str], lists: _Lists) -> dict[str, str]:
    """Return which list each column names codes of: told by its name, and by what it holds."""
    found = {}
    for column in columns:
        wanted = GL_LIST if column.endswith("gl") else column.replace("_", " ")
        if wanted not in lists.names or wanted == name:
            continue
        known = lists.codes(wanted)
        held = [each.attributes.get(column) for each in lists.codes(name).values()]
        if all(text is None or str(text) in known for text in held):
            found[column] = wanted
    return found


def _naming_lists(name: str, code: str) -> dict[str, tuple[str, ...]]:
    lists = _Lists()
    found = {}
    for other in lists.names:
        known = lists.codes(other)
        columns = sorted({column for each in known.values() for column in each.attributes})
        references = _references(other, columns, lists)
        naming = [column for column, of in references.items() if of == name]
        rows = tuple(
            each.code
            for each in known.values()
            if any(str(each.attributes.get(column)) == code for column in naming)
        )
        if rows:
            found[other] = rows
    return found


def _records(code_id: int) -> Iterator[Records]:
    """Count the rows of every table that refers to codes; a partitioned one is one table."""
    places = tuple(_referring())
    quick = _quick(places)
    counted = [each for each in places if each in quick]
    counts = dict(zip(counted, _counts(counted, code_id), strict=True))
    for place in places:
        words = place[0].replace("_", " ")
        if place not in counts:
            yield Records(of=words, count=0, is_more=True)
        elif count := counts[place]:
            yield Records(words, min(count, MOST_COUNTED), count > MOST_COUNTED)


def _referring() -> Iterator[tuple[str, str]]:
    # Not all of them are constraints of the database: some are proved by a trigger.
    for model in apps.get_models():
        described = model._meta  # noqa: SLF001 - Django names it so, and documents it
        for field in described.get_fields():
            if isinstance(field, ForeignKey) and field.related_model is code_of_lists():
                yield described.db_table, field.column


def code_of_lists() -> type[Model]:
    """Return the model of codes, which other subjects refer to."""
    return apps.get_model("code_lists", "Code")


_QUICK = """
select place.in_table, place.in_column
from unnest(%(tables)s::text[], %(columns)s::text[]) as place (in_table, in_column)
join pg_class of_table on of_table.oid = place.in_table::regclass
where greatest(of_table.reltuples, (
        select sum(part.reltuples) from pg_inherits
        join pg_class part on part.oid = inhrelid where inhparent = of_table.oid
    )) < %(most)s
    or exists (
        select from pg_index
        join pg_attribute of_column on of_column.attrelid = indrelid
            and of_column.attnum = indkey[0]
        where indrelid = of_table.oid and of_column.attname = place.in_column)
"""


def _quick(places: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return where counting the rows of a code takes no reading of millions of others."""
    tables, columns = [table for table, _ in places], [column for _, column in places]
    with connection.cursor() as cursor:
        cursor.execute(_QUICK, {"most": MOST_READ, "tables": tables, "columns": columns})
        return set(cursor.fetchall())


def _counts(places: Sequence[tuple[str, str]], code_id: int) -> Sequence[int]:
    """Return how many rows of each place refer to a code, up to one more than are counted."""
    quoted = connection.ops.quote_name
    counted = [
        f"(select count(*) from (select from {quoted(table)}"
        f" where {quoted(column)} = %(code)s limit %(most)s) as counted)"
        for table, column in places
    ]
    if not counted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(counted)}", {"code": code_id, "most": MOST_COUNTED + 1})
        found: Sequence[int] = cursor.fetchone()
        return found
