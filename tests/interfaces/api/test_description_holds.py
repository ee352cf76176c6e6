"""Whatever a program sends, the answer is one that the description names: never a crash."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from fisc.interfaces.api import urls
from fisc.plumbing.users import choices
from tests.interfaces.api.conftest import KeyOf

DESCRIPTION = schemathesis.openapi.from_dict(urls.described())
DESCRIPTION.app = WSGIHandler()
CALLS = [(path, method) for path, found in DESCRIPTION.items() for method in found]


def test_every_call_is_tried() -> None:
    assert len(CALLS) >= 6


@pytest.mark.parametrize(("path", "method"), CALLS)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
@given(drawn=st.data())
def test_no_call_breaks(path: str, method: str, key_of: KeyOf, drawn: st.DataObject) -> None:
    case = drawn.draw(DESCRIPTION[path][method].as_strategy())

    # Whether a return that is well formed is taken, the tables say and not the description.
    case.call_and_validate(
        headers=dict(key_of(choices.GroupName.SUPERVISOR)),
        excluded_checks=[positive_data_acceptance],
    )
