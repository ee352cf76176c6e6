"""Tables as nobody should write them, and as somebody will: readable files, odd in content."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from xml.sax import saxutils

from hypothesis import strategies as st

from fisc.dmn.columns import types
from fisc.domain.rule_tables import declarations
from tests.dmn import models

Kind = types.Kind

POINT = declarations.DecisionPoint(
    name="tests.odd",
    words="what an odd table makes of its facts",
    date_basis=declarations.DateBasis.EVENT_DAY,
    inputs=(
        declarations.Input(name="usage", kind=Kind.QUANTITY, scale=3, low=0, high=1000),
        declarations.Input(name="count", kind=Kind.NUMBER, low=0, high=9, may_be_null=True),
        declarations.Input(name="day", kind=Kind.DATE),
        declarations.Input(name="inside", kind=Kind.BOOLEAN, may_be_null=True),
        declarations.Input(name="class", kind=Kind.CODE, code_list="rate class"),
        declarations.Input(name="note", kind=Kind.TEXT),
        declarations.Input(name="share", kind=Kind.NUMBER, scale=30, low=0, high=Decimal(1)),
    ),
    outputs=(
        declarations.OutputLine(decision="Odd", name="odd", kind=Kind.MONEY),
        declarations.OutputLine(
            decision="Other", name="other", kind=Kind.NUMBER, scale=2, is_required=False
        ),
    ),
)
CODES = {"rate class": ("residential", "commercial")}
NAMES = tuple(each.name for each in POINT.inputs)
_TYPES = {
    Kind.QUANTITY: "number",
    Kind.NUMBER: "number",
    Kind.DATE: "date",
    Kind.BOOLEAN: "boolean",
    Kind.CODE: "string",
    Kind.TEXT: "string",
}

# What stands at the head of a column. The reader refuses what is in the other lists.
ASKED = (
    "null", "true", "false", "1", "0.5", '"a"', 'date("2026-01-01")', "[]", "[1, 2]", "{}",
    "{a: 1}", "usage", "count", "day", "inside", "class", "note", "share", "day.year",
    "day.nothing", "usage + count", "usage / count", "usage + day", "usage * share",
    "share * share", "-usage", "not(inside)", "usage > 3", 'class = "residential"', "class = null",
    "if inside then 1 else null", "min([])", "count(usage)", "string length(note)", "usage ** 40",
    "usage ** count", 'date("9999-12-31")', 'day + duration("P1D")', 'duration("P1D")',
    "usage * 0.0000000000000000000000000000000001", "10 ** 33", "usage in [1..3]", "usage[1]",
    "some i in [1] satisfies i > usage", 'time("10:00:00")',
)  # fmt: skip
ASKED_UNREAD = (
    "nobody", "nobody.knows", "if inside then 1", "function(x) x", "?", "for i in 1..3 return i",
    "",
)  # fmt: skip
TESTED = (
    "-", "-", "null", "not(null)", "true", "false", "1", "-1", "0", "> 3", "<= 0", "[1..3]",
    "]1..3[", "[3..1]", '"a"', '"residential", "commercial"', 'date("2026-01-01")',
    '> date("2026-01-01")', "usage", "> count", "? > 3", "? = null", "not(1, 2)", "1, null",
    "[1, 2]", "< null", "< true", '> "a"', "99999999999999999999999999999999999",
    "0.0000000000000000000000000001", 'duration("P1D")',
)  # fmt: skip
TESTED_UNREAD = (
    "", "nobody", "? + 1", "1 +", "not(-)",
)  # fmt: skip
GIVEN = (
    "null", "0", "1", "1.005", "usage", "usage * 2", "usage / count",
    "round half up(usage / count, 2)", '"a"', "true", "day", "[1]", "{a: 1}", "", "share * usage",
    "10 ** 33", "count + null", "999999999999999999999999999999999999", "usage / 0",
    "min(usage, 0) * 10 ** 25",
)  # fmt: skip
GIVEN_UNREAD = (
    "nobody", "-", "if inside then 1",
)  # fmt: skip
_TYPE_REFS = ("Any", "Any", "Any", "Any", "number", "string", "date", "nothing")
_SELDOM = 30
_POLICIES = (
    "UNIQUE", "UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER",
)  # fmt: skip


def _often(readable: Sequence[str], unread: Sequence[str]) -> st.SearchStrategy[str]:
    """One of some texts; seldom one that makes the whole file unreadable."""
    return st.integers(1, _SELDOM).flatmap(
        lambda drawn: st.sampled_from(unread if drawn == _SELDOM else readable)
    )


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A file of one odd decision or two."""
    bodies = [draw(_bodies()) for _ in range(draw(st.integers(1, 2)))]
    needs = [f"i_{each}" for each in NAMES]
    decisions = [models.decision("Odd", bodies[0], needs=needs, type_ref=draw(_results()))]
    if len(bodies) > 1:
        decisions.append(models.decision("Other", bodies[1], needs=[*needs, "d_Odd"]))
    return models.file(*_inputs(), *decisions)


def file(
    asked: Sequence[str],
    rules: Sequence[Sequence[str]],
    *,
    results: Sequence[str] = ("odd",),
    policy: str = "UNIQUE",
) -> bytes:
    """A file of one decision whose table is written out."""
    heads = [(each, "Any") for each in asked]
    body = _table(heads, [(each, "number") for each in results], rules, policy=policy)
    return models.file(
        *_inputs(), models.decision("Odd", body, needs=[f"i_{each}" for each in NAMES])
    )


def _inputs() -> list[str]:
    return [models.input_data(each.name, _TYPES[each.kind]) for each in POINT.inputs]


def _results() -> st.SearchStrategy[str]:
    return st.sampled_from(["", "", "", "number", "Any"])


@st.composite
def _bodies(draw: st.DrawFn) -> str:
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(["", models.literal(draw(st.sampled_from(GIVEN)))]))
    types_ = _often(("Any",), _TYPE_REFS)
    heads = draw(st.lists(st.tuples(_often(ASKED, ASKED_UNREAD), types_), max_size=3))
    if heads and draw(st.integers(0, 3)) == 0:
        heads.append(heads[0])
    names = draw(st.sampled_from([("a",), ("",), ("a",), ("",), ("a", "b"), ("a", "a"), ()]))
    results = [(each, draw(types_)) for each in names]
    cells = [_often(TESTED, TESTED_UNREAD)] * len(heads)
    cells += [_often(GIVEN, GIVEN_UNREAD)] * len(results)
    rules = draw(st.lists(st.tuples(*cells), max_size=4))
    policy = draw(st.sampled_from(_POLICIES))
    aggregation = draw(st.sampled_from(["", "SUM", "MIN", "MAX", "COUNT"]))
    return _table(
        heads,
        results,
        rules,
        policy=policy,
        aggregation=aggregation if policy == "COLLECT" else "",
        allowed=draw(_often(["", "", "1, 2", '"a"', "null", "[1..3]"], ["nobody"])),
        default=draw(_often(["", "", "0", "null", "usage", '"a"'], ["nobody"])),
        ranked="0, 1, 1.005, 2" if policy in {"PRIORITY", "OUTPUT ORDER"} else "",
    )


def _table(  # columns may have one name twice, so no mapping holds them
    heads: Sequence[tuple[str, str]],
    results: Sequence[tuple[str, str]],
    rules: Sequence[Sequence[str]],
    *,
    policy: str,
    aggregation: str = "",
    allowed: str = "",
    default: str = "",
    ranked: str = "",
) -> str:
    quoted = saxutils.quoteattr
    aggregated = f" aggregation={quoted(aggregation)}" if aggregation else ""
    parts = [f"<decisionTable hitPolicy={quoted(policy)}{aggregated}>"]
    for text, type_ref in heads:
        values = _text("inputValues", allowed) if allowed else ""
        parts.append(
            f"<input><inputExpression typeRef={quoted(type_ref)}>{_text('', text)}"
            f"</inputExpression>{values}</input>"
        )
    for name, type_ref in results:
        named = f" name={quoted(name)}" if name else ""
        given = _text("outputValues", ranked) if ranked else ""
        given += _text("defaultOutputEntry", default) if default else ""
        parts.append(f"<output{named} typeRef={quoted(type_ref)}>{given}</output>")
    for number, cells in enumerate(rules, 1):
        kinds = ["inputEntry"] * len(heads) + ["outputEntry"] * len(results)
        written = "".join(_text(kind, cell) for kind, cell in zip(kinds, cells, strict=True))
        parts.append(f'<rule id="rule_{number}">{written}</rule>')
    return "".join([*parts, "</decisionTable>"])


def _text(tag: str, text: str) -> str:
    inner = f"<text>{saxutils.escape(text)}</text>"
    return f"<{tag}>{inner}</{tag}>" if tag else inner
