"""The whole demonstration city, in the template that tax returns are tested in."""

from __future__ import annotations

from tests.domain.tax_returns.conftest import tax_city, tax_template

__all__ = ("tax_city", "tax_template")
