"""Generated inputs, expressions and tables of the subset that columns take."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import functools
import random
from decimal import Decimal

from hypothesis import strategies as st

from fisc.dmn.columns import plain, types

Kind = types.Kind

INPUTS = (
    types.Declared("usage", Kind.QUANTITY, scale=3, low=-50, high=50),
    types.Declared("charge", Kind.MONEY, low=-100, high=100),
    types.Declared("days", Kind.NUMBER, low=0, high=40),
    types.Declared("flag", Kind.BOOLEAN),
    types.Declared("class", Kind.CODE, codes=("a", "b", "c")),
    types.Declared("other", Kind.CODE),
    types.Declared(
        "day", Kind.DATE, low=datetime.date(2024, 1, 1), high=datetime.date(2026, 12, 31)
    ),
)  # fmt: skip
_EXACT = decimal.Context(prec=60)
NAMES = tuple(each.name for each in INPUTS)


def _decimals(low: int, high: int, scale: int) -> st.SearchStrategy[Decimal]:
    """Numbers of a scale; often ties of half a cent, small numbers and the ends."""
    step = 10**scale
    anything = st.integers(low * step, high * step).map(lambda each: Decimal(each) / step)
    small = st.integers(max(low, -3), min(high, 12)).map(Decimal)
    ties = st.integers(max(low, -20) * 2, min(high, 20) * 2).map(lambda each: Decimal(each) / 200)
    return st.one_of(
        anything, small, ties if scale >= 3 else small, st.sampled_from([low, high]).map(Decimal)
    )


_DAYS = st.dates(datetime.date(2024, 1, 1), datetime.date(2026, 12, 31))
_FEW_DAYS = st.sampled_from(
    [datetime.date(2024, 2, 29), datetime.date(2025, 7, 1), datetime.date(2025, 12, 31)]
)

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "usage": st.none() | _decimals(-50, 50, 3),
            "charge": st.none() | _decimals(-100, 100, 2),
            "days": st.none() | _decimals(0, 40, 0),
            "flag": st.none() | st.booleans(),
            "class": st.none() | st.sampled_from(["a", "b", "c"]),
            "other": st.none() | st.sampled_from(["a", "b", "z", "zz"]),
            "day": st.none() | _DAYS | _FEW_DAYS,
        }
    ),
    min_size=1,
    max_size=8,
)

# The same without bounds, so that nothing is proved: Python integers, and rows past 34 digits.
UNBOUNDED = tuple(
    dataclasses.replace(each, low=None, high=None) if each.is_numeric else each for each in INPUTS
)
_LARGE = st.one_of(
    st.integers(-(10**33), 10**33),
    st.integers(0, 33).map(lambda each: 10**each),
    st.integers(0, 33).map(lambda each: 1 - 10**each),
    st.integers(-100, 100),
)
LARGE_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "usage": st.none() | _LARGE.map(lambda each: Decimal(each).scaleb(-3, _EXACT)),
            "charge": st.none() | _LARGE.map(lambda each: Decimal(each).scaleb(-2, _EXACT)),
            "days": st.none() | _LARGE.map(Decimal),
            "flag": st.none() | st.booleans(),
            "class": st.none() | st.sampled_from(["a", "b", "c"]),
            "other": st.none() | st.sampled_from(["a", "b", "z"]),
            "day": st.none() | _DAYS,
        }
    ),
    min_size=1,
    max_size=6,
)

# --- Expressions ---------------------------------------------------------------------------------

NUMBER_LITERALS = st.sampled_from(
    ["0", "1", "2", "3", "10", "-1", "0.5", "0.005", "2.345", "-0.015", "12.5", "1.005", "7"]
)
_DATES = _FEW_DAYS.map(lambda each: f'date("{each}")')
_TEXTS = st.sampled_from(['"a"', '"b"', '"c"', '"q"'])
_CODES = st.sampled_from(["class", "other"])
_ROUNDINGS = st.sampled_from(
    ["decimal", "round up", "round down", "round half up", "round half down"]
)
_WHOLE = st.sampled_from(["floor", "ceiling"])


@functools.cache
def numbers(depth: int = 3) -> st.SearchStrategy[str]:
    leaves = st.one_of(NUMBER_LITERALS, st.sampled_from(["usage", "charge", "days"]))
    if depth == 0:
        return leaves
    inner, truth, parts = numbers(depth - 1), truths(depth - 1), _quotients(depth - 1)
    return st.one_of(
        leaves,
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("-({})".format, inner),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max", "sum"]), inner, inner),
        _tier(inner),
        st.builds("min([{}, {}, {}])".format, inner, inner, inner),
        st.builds("abs({})".format, inner),
        st.builds("{}({})".format, _WHOLE, inner),
        st.builds("{}({}, {})".format, _WHOLE | _ROUNDINGS, inner, st.integers(-1, 3)),
        st.builds("{}({}, {})".format, _WHOLE | _ROUNDINGS, parts, st.integers(0, 3)),
        st.builds("({} / {})".format, inner, _DIVISORS),
        st.builds("modulo({}, {})".format, inner, inner),
        st.builds("({} ** {})".format, leaves, st.integers(1, 3)),
        st.builds("(if {} then {} else {})".format, truth, inner, inner | st.just("null")),
        st.builds("day.{}".format, st.sampled_from(["year", "month", "day", "weekday"])),
        st.builds("(day - {}).days".format, _DATES),
        st.builds("{{a: {}, b: a + 1}}.b".format, inner),
    )  # fmt: skip


def small_numbers() -> st.SearchStrategy[str]:
    """Numbers times very small ones, or very large, as nobody writes them; often zero after all."""
    factors = st.sampled_from(
        ["0.00000000000000000001", "0.000000000001", "1000000000000000000000", "1000000000000", "0"]
    )
    limits = st.sampled_from(["0", "1", "-1", "0.000000000001"])
    products = st.builds("({} * {})".format, numbers(1), factors)
    clipped = st.builds("max({}, min({}, {}))".format, limits, limits, products)
    return st.one_of(
        products,
        st.builds("{} * {}".format, clipped, factors),
        st.builds("{} + {}".format, clipped, products),
        st.builds("{}({}, {})".format, _ROUNDINGS, products, st.integers(-1, 24)),
    )


_DIVISORS = st.sampled_from(["2", "100", "0.25", "8", "0", "3", "-15", "0.7"])


def _tier(amount: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    literal = NUMBER_LITERALS
    return st.builds("max(0, min({}, {}) - {}) * {}".format, amount, literal, literal, literal)


@st.composite
def tier_sums(draw: st.DrawFn) -> str:
    """A base and some tiers over usage, as rates are written."""
    tiers = draw(st.lists(_tier(st.just("usage")), min_size=1, max_size=8))
    others = draw(st.lists(st.sampled_from(["charge", "days * 2", "usage * 0.5", "3"]), max_size=3))
    parts = draw(st.permutations([*tiers, *others]))
    joined = "".join(draw(st.sampled_from([" + ", " - "])) + each for each in parts)
    return f"round half up(0{joined}, 2)"


@functools.cache
def _quotients(depth: int) -> st.SearchStrategy[str]:
    inner = numbers(depth)
    return st.builds("{} / {}".format, inner, inner)


@functools.cache
def truths(depth: int = 3) -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["flag", "true", "false", "flag = null", "class = null"])
    if depth == 0:
        return leaves
    number, inner = numbers(depth - 1), truths(depth - 1)
    compare = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    return st.one_of(
        leaves,
        st.builds("({} {} {})".format, number, compare, number),
        st.builds("(day {} {})".format, compare, _DATES),
        st.builds("({} {} {})".format, _CODES, st.sampled_from(["=", "!="]), _TEXTS | _CODES),
        st.builds("({} {} null)".format, number, st.sampled_from(["=", "!="])),
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or", "=", "!="]), inner),
        st.builds("not({})".format, inner),
        st.builds("({} between {} and {})".format, number, number, number),
        st.builds("({} in {})".format, number, ranges(depth - 1)),
        st.builds("({} in ({}, > {}))".format, number, number, number),
        st.builds("(class in ({}, {}))".format, _TEXTS, _TEXTS),
        st.builds("(class in [{}, other])".format, _TEXTS),
        st.builds("(if {} then {} else {})".format, inner, inner, inner | st.just("null")),
    )  # fmt: skip


@functools.cache
def ranges(depth: int = 0) -> st.SearchStrategy[str]:
    ends = numbers(depth)
    return st.builds("{}{}..{}{}".format, st.sampled_from("[("), ends, ends, st.sampled_from("])"))


# --- Tables --------------------------------------------------------------------------------------

_NUMBER_TESTS = st.one_of(
    NUMBER_LITERALS,
    st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">="]), NUMBER_LITERALS),
    ranges(),
    st.builds("{}, {}".format, NUMBER_LITERALS, ranges()),
    st.builds("null, {}".format, NUMBER_LITERALS),
    st.just("null"),
    st.builds("not({})".format, NUMBER_LITERALS),
    st.builds("not({}, > {})".format, NUMBER_LITERALS, NUMBER_LITERALS),
    st.just("not(null)"),
    st.just("<= days"),
    st.just("? * 2 > days"),
    st.builds("[{}, {}]".format, NUMBER_LITERALS, NUMBER_LITERALS),
)
_TEXT_TESTS = st.one_of(
    _TEXTS,
    st.builds("{}, {}".format, _TEXTS, _TEXTS),
    st.builds("not({})".format, _TEXTS),
    st.sampled_from(["null", "not(null)", "other", '"a", other']),
)
_TRUTH_TESTS = st.sampled_from(["true", "false", "null", "not(true)", "true, null"])
_DATE_TESTS = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">="]), _DATES),
    st.builds("[{}..{})".format, _DATES, _DATES),
    st.just("null"),
    _DATES,
)

_CONDITIONS = {
    "usage": _NUMBER_TESTS,
    "charge": _NUMBER_TESTS,
    "days": _NUMBER_TESTS,
    "usage + charge": _NUMBER_TESTS,
    "day.month": _NUMBER_TESTS,
    "flag": _TRUTH_TESTS,
    "usage > 3": _TRUTH_TESTS,
    "class": _TEXT_TESTS,
    "other": _TEXT_TESTS,
    "day": _DATE_TESTS,
}

_CALCULATIONS = st.one_of(
    st.builds("usage * {}".format, NUMBER_LITERALS),
    st.builds("usage * {} + {}".format, NUMBER_LITERALS, NUMBER_LITERALS),
    st.builds("round half up(charge * {}, 2)".format, NUMBER_LITERALS),
    st.builds("round half up(charge * days / {}, 2)".format, st.sampled_from(["28", "30", "31"])),
    numbers(1),
)
_RESULTS = NUMBER_LITERALS | _CALCULATIONS | st.just("null")

_SOMETIMES = st.sampled_from(["yes", "no"])
POLICIES_OF_COLUMNS = (
    "UNIQUE", "ANY", "FIRST", "PRIORITY", "COLLECT SUM", "COLLECT MIN", "COLLECT MAX",
    "COLLECT COUNT",
)  # fmt: skip
POLICIES = st.sampled_from(POLICIES_OF_COLUMNS)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, object]:
    """The arguments of `models.table`."""
    policy = draw(POLICIES)
    inputs = draw(st.lists(st.sampled_from(sorted(_CONDITIONS)), min_size=0, max_size=3))
    is_collect = policy.startswith("COLLECT")
    width = 1 if is_collect else draw(st.integers(1, 2))
    is_written = policy in {"PRIORITY", "COLLECT MIN", "COLLECT MAX"}
    results = NUMBER_LITERALS | st.just("null") if is_written else _RESULTS
    if policy == "ANY":
        # Rules that calculate differently are left to the case evaluator: few of those.
        results = st.sampled_from(["1", "2", "1.0"]) | st.just("usage * 2")
        if draw(_SOMETIMES) == "yes":
            results = st.sampled_from(["1", "2", "1.0", "null"])
    cells = [st.one_of(st.just("-"), st.just("-"), _CONDITIONS[each]) for each in inputs]
    rule = st.tuples(*cells, *([results] * width)).map(lambda each: [str(cell) for cell in each])
    defaults = draw(st.lists(NUMBER_LITERALS, max_size=width))
    ranked = st.lists(NUMBER_LITERALS, min_size=1, max_size=6).map(", ".join)
    allowed = None
    if inputs:
        allowed = {0: draw(_CONDITIONS[inputs[0]])} if draw(_SOMETIMES) == "yes" else None
    return {
        "policy": policy,
        "inputs": inputs,
        "rules": draw(st.lists(rule, min_size=1, max_size=7)),
        "names": NAMES,
        "outputs": ("",) if width == 1 else ("one", "two"),
        "defaults": defaults,
        "priorities": [draw(ranked) for _ in range(width)] if policy == "PRIORITY" else (),
        "allowed": allowed,
    }


# --- Many rows -----------------------------------------------------------------------------------


def many_rows(*, seed: int, count: int) -> list[dict[str, plain.Plain]]:
    """Rows drawn fast: nulls, negatives, half-cent ties and the ends of each input's bounds."""
    chance = random.Random(seed)
    return [{each.name: _drawn(each, chance) for each in INPUTS} for _ in range(count)]


def _drawn(declared: types.Declared, chance: random.Random) -> plain.Plain:
    if chance.random() < 0.06:
        return None
    match declared.kind:
        case Kind.BOOLEAN:
            return chance.random() < 0.5
        case Kind.CODE:
            return chance.choice(declared.codes or ("a", "b", "z", "zz"))
        case Kind.DATE:
            return datetime.date(2024, 1, 1) + datetime.timedelta(days=chance.randrange(1096))
        case _:
            return _drawn_number(declared, chance)


def _drawn_number(declared: types.Declared, chance: random.Random) -> Decimal:
    assert isinstance(declared.low, int)
    assert isinstance(declared.high, int)
    low, high, step = declared.low, declared.high, 10**declared.scale
    ways = (
        lambda: Decimal(chance.randint(low * step, high * step)) / step,
        lambda: Decimal(chance.randint(max(low, -3), min(high, 12))),
        # Ties of half a cent, where the scale has them.
        lambda: Decimal(chance.randint(low, high) * 2 + 1) / 200,
        lambda: Decimal(chance.choice([low, high])),
    )
    return chance.choices(ways, weights=(6, 3, 3 if declared.scale >= 3 else 0, 1))[0]()
