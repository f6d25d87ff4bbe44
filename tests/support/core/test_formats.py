"""Well-known forms of texts."""

import re

import pytest

from apigen.support.core.formats import FORMATS
from apigen.support.core.text import normalize

GOOD = {
    "email": ["a@b.de", "stanisław.wójcik@wp.pl", "x+y@münchen.example", "a@b--c.de"],
    "url": ["http://a.de", "https://[::1]:8080/x?y#z"],
    "slug": ["a", "a-1-b"],
    "phone": ["+4930123456"],
    "ip": ["127.0.0.1", "::1"],
    "country": ["DE", "AX"],
    "currency": ["EUR", "XAF"],
    "locale": ["en", "pt-BR", "zh-Hant-TW", "es-419"],
    "timezone": ["Europe/Berlin", "Asia/Ust-Nera", "UTC"],
}
BAD = {
    "email": ["a", "a@b", "a@-b.de", "a@b-.de", "a b@c.de", "a@b.de\n", "a@1.2.3.4", "A <a@b.de>"],
    "url": ["ftp://a.de", "https://", "https://a b", "https://a:99999", "javascript:alert(1)"],
    "slug": ["", "A", "a--b", "-a", "a\n"],
    "phone": ["030123456", "+0123456789", "+49", "+49301234567890123"],
    "ip": ["1.2.3", "1.2.3.256", "fe80::1%eth0"],
    "country": ["de", "XX", "DEU"],
    "currency": ["EURO", "eur", "ZZZ"],
    "locale": ["xx", "EN", "en_US", "en-XX"],
    "timezone": ["Berlin", "europe/berlin", "../etc/passwd"],
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_tells_good_from_bad(name: str) -> None:
    assert {value: FORMATS[name].is_valid(value) for value in GOOD[name]} == dict.fromkeys(
        GOOD[name], True
    )
    assert {value: FORMATS[name].is_valid(value) for value in BAD[name]} == dict.fromkeys(
        BAD[name], False
    )


@pytest.mark.parametrize("name", [name for name in FORMATS if "pattern" in FORMATS[name].schema])
def test_what_is_valid_matches_the_schema_s_pattern(name: str) -> None:
    assert all(re.search(FORMATS[name].schema["pattern"], value) for value in GOOD[name])


def test_normalizers_apply_in_order() -> None:
    assert normalize("  Crème Brûlée! ", "trim", "slug") == "creme-brulee"
    assert normalize(" A ", "lower", "trim") == "a"
    assert normalize("e\u0301", "nfc") == "é"
