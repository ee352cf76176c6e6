"""What asks many lists in a row asks once whether they changed."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import utils

from fisc.domain.code_lists import queries

pytestmark = pytest.mark.django_db


def test_lists_are_asked_about_once_within_and_anew_after() -> None:
    with utils.CaptureQueriesContext(connection) as asked:
        with queries.at_one_generation():
            first = queries.generation()
            with queries.at_one_generation():
                assert queries.generation() == first
            assert queries.generation() == first
        within = len(asked.captured_queries)
        queries.generation()

    assert within == 1
    assert len(asked.captured_queries) == 2
