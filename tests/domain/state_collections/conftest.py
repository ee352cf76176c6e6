"""The whole demonstration city, in the template that tax returns are tested in."""

from __future__ import annotations

import pathlib

import pytest

from tests.domain.tax_returns.conftest import tax_city, tax_template

__all__ = ("tax_city", "tax_template")


@pytest.fixture(scope="class")
def home(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """Where a class of tests keeps the keys of its sealed values."""
    return tmp_path_factory.mktemp("home")
