"""What the floors below say is said in Spanish on a page in Spanish, with its values in place."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from fisc.dmn.feel import lexer, parser, scopes
from fisc.interfaces.web import catalog, data_words, sentence_catalog, sentences

SLOT = re.compile(r"\{(\w+)\}")


def spanish() -> catalog.Catalog:
    return catalog.read(sentence_catalog.PO.read_text(encoding="utf-8"))


def said(text: str) -> str:
    return sentences.said(text, language="es")


def filled(template: str) -> str:
    """Put a value in each place that is like none of the text around it."""
    return SLOT.sub(lambda match: f"«{match[1]}»", template)


class TestCatalog:
    def test_has_every_sentence_of_the_program_and_no_other(self) -> None:
        known = set(spanish())

        assert sentence_catalog.sentences() - known == set(), (
            "run python -m fisc.interfaces.web.catalog"
        )
        assert known - sentence_catalog.sentences() == set(), (
            "run python -m fisc.interfaces.web.catalog"
        )

    def test_says_something_for_each(self) -> None:
        silent = [text.singular for text, words in spanish().items() if not all(words)]

        assert silent == []

    def test_keeps_the_places_where_values_go(self) -> None:
        wrong = [
            text.singular
            for text, (words,) in spanish().items()
            if set(SLOT.findall(text.singular)) != set(SLOT.findall(words))
        ]

        assert wrong == []

    def test_takes_no_sentence_for_another(self) -> None:
        wrong = {}
        for text, (words,) in spanish().items():
            made = filled(text.singular)
            is_joint = len(SLOT.sub("", text.singular).replace(" ", "")) < 6
            if made != text.singular and not is_joint and said(made) != filled(words):
                wrong[made] = said(made)

        assert wrong == {}

    def test_finds_what_is_raised_and_what_reads_as_words(self) -> None:
        source = (
            "def close(till):\n"
            '    "A docstring that nobody reads on a page."\n'
            "    assert till, 'a mistake of ours is never shown'\n"
            "    raise TillIsClosed(f\"Till {till.name} of {', '.join(days)} is closed.\")\n"
            "QUERY = 'select name from tills where name = %s'\n"
            "LIST = 'till policy'\n"
            "ADVICE = 'Count it again, then close it.'\n"
        )

        found = {each.words for each in sentence_catalog.of_code(source)}

        assert found == {"Till {name} of {days} is closed.", "Count it again, then close it."}


class TestSaid:
    def test_puts_the_values_into_the_spanish_sentence(self) -> None:
        assert said("Till A is kept by another cashier. Use your own.") == (
            "La caja A la lleva otro cajero. Use la suya."
        )

    def test_leaves_a_sentence_in_english_on_an_english_page(self) -> None:
        text = "Till A is kept by another cashier. Use your own."

        assert sentences.said(text, language="en") == text

    @pytest.mark.parametrize("text", ["Smith and Sons", "1 to 3", "", "  ", "No such words here."])
    def test_leaves_what_it_does_not_know(self, text: str) -> None:
        assert said(text) == text

    def test_says_several_sentences_one_after_the_other(self) -> None:
        assert said(
            "9.5 GB free where Fisc keeps its files. At least 1 GB is wanted: make room first."
        ) == (
            "9.5 GB libres donde Fisc guarda sus archivos. Se necesita al menos 1 GB: primero haga "
            "lugar."
        )

    def test_says_a_sentence_that_stands_in_another(self) -> None:
        assert said(
            "reads.csv was refused, nothing of it was kept: line 3: no meter number; "
            "line 4: 2 cells, too few."
        ) == (
            "reads.csv se rechazó y no se guardó nada de él: línea 3: sin número de medidor; "
            "línea 4: 2 celdas, muy pocas."
        )

    def test_says_a_place_in_a_file_before_what_is_wrong_there(self) -> None:
        assert said(
            'decision "Fee", rule 3, condition column "Use" (line 12): Nothing is named "usge"; '
            'did you mean "usage"? at "usge * 3" (character 1)'
        ) == (
            'decisión "Fee", regla 3, columna de condición "Use" (línea 12): Nada se llama "usge"; '
            '¿quiso decir "usage"? en "usge * 3" (carácter 1)'
        )

    def test_leaves_what_is_quoted_as_it_is_written_there(self) -> None:
        with translation.override("es"):
            assert said("“Late charge”, rule 1: no case decides by it. Add a case that does.") == (
                "“Late charge”, regla 1: ningún caso decide por ella. Añada uno que lo haga."
            )

    def test_says_lines_one_by_one(self) -> None:
        assert said("The books balance\nSmith") == "Los libros cuadran\nSmith"

    def test_says_what_was_joined(self) -> None:
        assert said(
            "“Fee”: rules 2, 5 and 9 both match usage 0 to 3 and class “R1”, and only one may. "
            "For example: usage 2."
        ) == (
            "“Fee”: las reglas 2, 5 y 9 coinciden las dos con usage 0 a 3 y class “R1”, y solo una "
            "puede. Por ejemplo: usage 2."
        )

    def test_says_a_word_of_the_data_and_no_name_like_it(self) -> None:
        with translation.override("es"):
            assert sentences.in_language("bill held") == "factura retenida"
            assert (
                sentences.in_language("Till A is closed and takes no money. Open another till.")
                == "Caja A, estado “cerrada”: no recibe dinero. Abra otra caja."
            )
            assert sentences.in_language("Water") == "Water"

    def test_is_quick_with_a_long_text_that_it_does_not_know(self) -> None:
        text = "a, b: c; d. " * 2_000

        assert said(text) == text


def test_every_word_of_the_data_has_spanish() -> None:
    known = catalog.read(catalog.PO.read_text(encoding="utf-8"))

    assert [each for each in data_words.WORDS if not known[catalog.Text(each)][0]] == []


class TestFormulas:
    """What cannot be read of a formula is said in Spanish, what was expected and where."""

    @pytest.mark.parametrize(
        ("text", "spanish"),
        [
            ("(1", 'Se esperaba el signo ")" para cerrar el paréntesis al final de "(1"'),
            ("[1..5", 'Se esperaba "]" o ")" para cerrar el rango al final de "[1..5"'),
            ("1 == 2", 'Escriba un solo "=" para comparar en "= 2" (carácter 4)'),
            (
                "if true 1",
                'Se esperaba la palabra "then" después de la condición de "if" en "1" (carácter 9)',
            ),
        ],
    )
    def test_says_what_was_expected_and_where(self, text: str, spanish: str) -> None:
        with pytest.raises(lexer.UnreadableFeel) as refused:
            parser.expression(text, scopes.scope())

        assert said(str(refused.value)) == spanish
