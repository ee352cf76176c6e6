"""Source files as cities get them, bad ones too: each said in words, with its line."""

from __future__ import annotations

import pytest

from fisc.dmn.checks import source_files


def wrong(content: bytes) -> str:
    with pytest.raises(source_files.SourceIsWrong) as refused:
        source_files.read(content, "rates.csv")
    return str(refused.value)


def test_every_cell_is_text_as_it_stands() -> None:
    content = '\ufefflocation, rate \r\n"=1+1","1,5"\r\n\r\n\'@x,"a ""b"""\r\n'.encode()

    found = source_files.read(content, "rates.csv")

    assert found.names == ("location", "rate")
    assert found.rows == ((2, ("=1+1", "1,5")), (4, ("'@x", 'a "b"')))


def test_other_letters_than_those_of_utf_8_are_said_with_their_line() -> None:
    assert "line 3" in wrong("location\na\nCañon\n".encode("latin-1"))
    assert "CSV UTF-8" in wrong("location\na\n".encode("utf-16"))


def test_a_control_character_is_refused() -> None:
    assert wrong(b"location,rate\na,1\nb\x00,2\n") == (
        "rates.csv: line 3 has a control character (00), which no text has."
    )


def test_everything_that_is_wrong_is_said_at_once() -> None:
    words = wrong(b"place,place,rate\na,1\nb,2,3,4\n")

    assert "names the column “place” twice" in words
    assert "line 2 has 2 cells and line 1 has 3" in words
    assert "line 3 has 4 cells and line 1 has 3" in words


def test_very_many_wrong_lines_are_counted() -> None:
    assert "and 80 more" in wrong(b"a,b\n" + b"1\n" * 100)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b'a,b\n"open,1', "is not CSV"),
        (b"a,b\n" + b"x" * 200_000 + b",1\n", "is not CSV"),
        (b"a\n" + b"x" * 50_000_000, "at most 5,000,000 bytes"),
        (b"a\n" + b"1\n" * 20_001, "20,001 rows; a source has at most 20,000"),
    ],
)
def test_what_is_no_such_file_says_what_it_is(content: bytes, words: str) -> None:
    assert words in wrong(content)


def test_a_column_that_is_not_there_is_named_beside_those_that_are() -> None:
    found = source_files.read(b"location,rate\na,1\n", "rates.csv")

    with pytest.raises(source_files.SourceIsWrong, match=r"“tax”.*It has “location”, “rate”"):
        found.places(("location", "tax"))
    assert found.places(("rate", "location")) == (1, 0)
