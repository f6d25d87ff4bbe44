"""Names that clients send are harmless afterwards, and still readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigen.support.core.file_names import content_disposition, safe_name


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("tea.png", "tea.png"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\me\tea.png", "tea.png"),
        ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie_ x=1.png"),
        ("\u202egnp.exe", "gnp.exe"),
        (".htaccess", "htaccess"),
        ("..", "file"),
        ("", "file"),
        ("dir/", "file"),
        ("Grüner Tee.png", "Grüner Tee.png"),
        ("\x00\x00", "file"),
        ("x" * 300 + ".png", "x" * 196 + ".png"),
    ],
)
def test_a_name_is_its_harmless_last_part(sent: str, name: str) -> None:
    assert safe_name(sent, "file") == name


@given(st.text())
def test_no_name_leads_anywhere(sent: str) -> None:
    name = safe_name(sent, "file")

    assert 1 <= len(name) <= 200
    assert not set(name) & set('/\\\r\n\0"')
    assert not name.startswith(".")
    assert safe_name(name, "file") == name


@given(st.text(min_size=1))
def test_a_header_is_one_line_of_ascii(sent: str) -> None:
    header = content_disposition("attachment", safe_name(sent, "file"))

    assert header.isascii()
    assert header.isprintable()


def test_a_name_that_is_not_ascii_is_encoded_beside_a_plain_one() -> None:
    header = content_disposition("inline", "Grün.png")

    assert header == "inline; filename=\"Gr_n.png\"; filename*=UTF-8''Gr%C3%BCn.png"
