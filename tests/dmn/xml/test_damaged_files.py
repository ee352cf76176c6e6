"""Files of tables damaged at random are refused by name, or read and computed; nothing else."""

from __future__ import annotations

import contextlib
import pathlib
import random
import re
import time

from hypothesis import given, settings, strategies

from fisc.dmn import cases
from fisc.dmn.feel import evaluation
from fisc.dmn.xml import problems, reader

TABLES = sorted(
    (pathlib.Path(__file__).parents[3] / "cities/mesquite_springs/tables").glob("*.dmn")
)
SECONDS_AT_MOST = 5
TAG = re.compile(rb"<[^>]+>")
TEXT = re.compile(rb">([^<>]+)<")
ODD_TEXTS = (
    *(b"", b"-", b"null", b"1e999", b"9" * 400, b"((((((", b'"', b"x.y.z", b"not(", b"[1.."),
    *(b"for x in 1..1e9 return x", b"today()", b'date("x")', b"-" * 2000),
    *(b"\xc3\xb1", b"\xff", b"&amp;", b"&#0;"),
)


def settle(content: bytes) -> bool:
    """Read and compute a file; only the errors that have names may come out, and soon."""
    began = time.perf_counter()
    words = refusal(content)
    if words is None:
        prepared = cases.Prepared(reader.read(content))
        for decision in prepared.model.definitions.decisions[:3]:
            with contextlib.suppress(evaluation.TooManySteps, evaluation.ClockRefused):
                prepared.trace(decision.name, {})
    assert words is None or all(words)
    assert time.perf_counter() - began < SECONDS_AT_MOST
    return words is None


def refusal(content: bytes) -> list[str] | None:
    """Return what is wrong with a file, each in words; null when it is read."""
    try:
        reader.read(content)
    except problems.ModelIsRefused as refused:
        return [problem.words for problem in refused.problems] or [""]
    return None


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Damage a file in one of the ways that a hand, a tool or a disk does."""
    tags, texts = list(TAG.finditer(content)), list(TEXT.finditer(content))
    if not tags or not texts:
        return content
    tag, other, text = chance.choice(tags), chance.choice(tags), chance.choice(texts)
    place = chance.randrange(len(content))
    ways = (
        lambda: content[:place],
        lambda: content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :],
        lambda: content[: tag.start()] + content[tag.end() :],
        lambda: content[: tag.end()] + tag[0] + content[tag.end() :],
        lambda: content[: tag.start()] + other[0] + content[tag.end() :],
        lambda: content[: text.start(1)] + chance.choice(ODD_TEXTS) + content[text.end(1) :],
        lambda: content[: text.start(1)] + chance.choice(texts)[1] + content[text.end(1) :],
        lambda: content.replace(b'id="', b'id="a', 1).replace(b"href", b"h", 1),
    )
    return chance.choice(ways)()


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    content=strategies.sampled_from([each.read_bytes() for each in TABLES]),
    seed=strategies.integers(0, 2**32),
    times=strategies.integers(1, 3),
)
def test_a_damaged_file_is_refused_by_name_or_read(content: bytes, seed: int, times: int) -> None:
    chance = random.Random(seed)
    for _ in range(times):
        content = damaged(content, chance) or b"<"

    settle(content)


def test_whole_files_are_read() -> None:
    assert all(settle(each.read_bytes()) for each in TABLES)
    assert TABLES
