"""What the content policy and the style of the house ask of every template."""

from __future__ import annotations

import pathlib
import re

import pytest

from fisc.interfaces import web

TEMPLATES = sorted((pathlib.Path(web.__file__).parent / "templates").rglob("*.html"))
INLINE = re.compile(r"""\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|\shx-on|javascript:""")
POSTED = re.compile(r"<form[^>]*method=\"post\".*?</form>", re.DOTALL)
OUTSIDE = re.compile(r"""(?:src|href|action)="(?:https?:)?//""")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
class TestTemplate:
    def test_has_no_inline_script_or_style(self, path: pathlib.Path) -> None:
        assert INLINE.findall(path.read_text(encoding="utf-8")) == []

    def test_fetches_nothing_from_elsewhere(self, path: pathlib.Path) -> None:
        assert OUTSIDE.findall(path.read_text(encoding="utf-8")) == []

    def test_proves_where_each_form_came_from(self, path: pathlib.Path) -> None:
        forms = POSTED.findall(path.read_text(encoding="utf-8"))

        assert all("{% csrf_token %}" in form for form in forms)
