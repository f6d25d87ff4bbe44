"""Conditional requests as RFC 9110, section 13, has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from apigen.support.core.errors import PreconditionFailedError
from apigen.support.interface.etag import (
    CODINGS,
    etag,
    expected_version,
    is_not_modified,
    known_version,
)


def request_with(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": raw})


async def five() -> int | None:
    return 5


async def nothing() -> int | None:
    return None


def test_a_tag_is_the_version_in_quotes() -> None:
    assert etag(12) == '"12"'


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"5"', True),
        ('W/"5"', True),
        ('"4", "5"', True),
        (' "4" ,W/"5" ', True),
        ("*", True),
        ('"4"', False),
        ('"55"', False),
        ("5", False),
        ("", False),
        ('"4", 5', False),
    ],
)
def test_if_none_match_compares_weakly(header: str, expected: bool) -> None:
    assert is_not_modified(request_with(if_none_match=header), 5) is expected


def test_without_if_none_match_everything_is_modified() -> None:
    assert not is_not_modified(request_with(), 5)


@pytest.mark.parametrize(
    ("header", "language", "known"),
    [
        ('"5"', "", 5),
        ('W/"5-gzip"', "", 5),
        ('"5.de"', "de", 5),
        ('"5.pt-br"', "pt-br", 5),
        ('"5.pt-br"', "pt", 5),
        ('"5.de", "5.de-zstd", "6.en"', "de", 5),
        ('"5.de"', "en", None),
        ('"5."', "", None),
        ('"05"', "", None),
        ('"9999999999"', "", None),
        ('"4", "5"', "", None),
        ("*", "", None),
    ],
)
def test_one_version_that_the_client_has_is_known(
    header: str, language: str, known: int | None
) -> None:
    assert known_version(request_with(if_none_match=header), language) == known


@given(
    header=st.lists(
        st.builds(
            lambda weak, version, dot, language, end: f'{weak}"{version}{dot}{language}{end}"',
            st.sampled_from(["", "W/"]),
            st.sampled_from(["1", "2", "01", "-1", "", "*", "1.1"]),
            st.sampled_from(["", "."]),
            st.sampled_from(["", "de", "pt-br", "pt"]),
            st.sampled_from(["", *(f"-{coding}" for coding in CODINGS), "-", "."]),
        )
    ).map(", ".join),
    language=st.sampled_from(["", "de", "pt", "pt-br"]),
)
def test_what_is_known_is_not_modified(header: str, language: str) -> None:
    """What a reader leaves out because it is known is never missing from an answer."""
    request = request_with(if_none_match=header)

    known = known_version(request, language)

    assert known is None or is_not_modified(request, known, language)


@pytest.mark.parametrize("headers", [{}, {"if_match": "*"}])
async def test_any_version_will_do_without_tags(headers: dict[str, str]) -> None:
    assert await expected_version(request_with(**headers), "order", nothing) is None


@pytest.mark.parametrize("tag", ['"4"', '"4.de"', '"4.v1"', '"4.v1.pt-BR-gzip"'])
async def test_one_tag_is_left_to_the_write_to_compare(tag: str) -> None:
    assert await expected_version(request_with(if_match=tag), "order", five) == 4


async def test_of_several_tags_the_stored_version_is_meant() -> None:
    assert await expected_version(request_with(if_match='"4", "5"'), "order", five) == 5


@pytest.mark.parametrize(
    "header",
    ['"3", "4"', 'W/"5"', "5", '"five"', '"9999999999999999999999"', '"05"', '"\u00b2"', ""],
)
async def test_tags_that_are_not_the_stored_version_fail(header: str) -> None:
    request = Request(
        {
            "type": "http",
            "method": "PATCH",
            "path": "/",
            "headers": [(b"if-match", header.encode("latin-1"))],
        }
    )

    with pytest.raises(PreconditionFailedError) as raised:
        await expected_version(request, "order", five)

    assert raised.value.actual == 5


async def test_what_does_not_exist_is_left_to_the_write_to_miss() -> None:
    assert await expected_version(request_with(if_match='"3", "4"'), "order", nothing) is None


@pytest.mark.parametrize(
    ("header", "language", "expected"),
    [
        ('"5-gzip"', "", True),
        ('W/"5-br"', "", True),
        ('"5-lzma"', "", False),
        ('"5.de-zstd"', "de", True),
        ('"5.pt-br"', "pt-br", True),
        ('"5.pt-br-gzip"', "pt-br", True),
        ('"5.pt"', "pt-br", False),
    ],
)
def test_a_compressed_form_is_the_same_version(header: str, language: str, expected: bool) -> None:
    assert is_not_modified(request_with(if_none_match=header), 5, language) is expected


async def test_a_write_means_the_version_of_a_compressed_form() -> None:
    assert await expected_version(request_with(if_match='"5-zstd"'), "note", five) == 5
