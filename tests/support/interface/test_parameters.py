"""Query parameters that mean nothing are refused."""

import pytest
from starlette.requests import Request

from apigen.support.core.errors import ValidationError
from apigen.support.interface.parameters import require_known


def _asked(query: str) -> Request:
    return Request({"type": "http", "query_string": query.encode(), "headers": []})


@pytest.mark.parametrize("query", ["", "least=1", "least=1&least=2&page=3"])
def test_what_is_known_passes(query: str) -> None:
    require_known(_asked(query), "least", "page")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("least", "page"), "unknown parameter; allowed are least, page"),
        ((), "unknown parameter; no parameters are allowed"),
    ],
)
def test_what_is_misspelt_is_refused_with_what_would_be_right(
    names: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ValidationError, match=message) as refused:
        require_known(_asked("leest=1"), *names)

    assert refused.value.field == "leest"
