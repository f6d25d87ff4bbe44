"""Texts with a well-known form: a type for each, and a function that tells whether a text has it.

A form is checked as far as it can be without asking anybody: an e-mail address that could
exist, not one that does.

Source: RFC 5321 and 6531 (e-mail), RFC 3986 (URL), E.164 (phone), RFC 5646 (locale).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import NewType
from urllib.parse import urlsplit

from .codes import COUNTRIES, CURRENCIES, LANGUAGES, TIMEZONES

Email = NewType("Email", str)
Url = NewType("Url", str)
Slug = NewType("Slug", str)
Phone = NewType("Phone", str)
Ip = NewType("Ip", str)
Country = NewType("Country", str)
Currency = NewType("Currency", str)
Locale = NewType("Locale", str)
Timezone = NewType("Timezone", str)

_EMAIL = re.compile(
    # Letters beyond ASCII are allowed on both sides (RFC 6531); quoted local parts are not.
    r"""[^\s@"(),:;<>\[\]\\.\x00-\x20\x7f]+(?:\.[^\s@"(),:;<>\[\]\\.\x00-\x20\x7f]+)*"""
    r"""@(?=.{1,253}\Z)(?:[^\W_](?:[^\W_]|-(?=[^\W_]|-)){0,62}\.)+[^\W\d_][^\W_]{1,62}"""
)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_LOCALE = re.compile(r"([a-z]{2})(?:-[A-Z][a-z]{3})?(?:-([A-Z]{2}|[0-9]{3}))?")


def is_email(value: str) -> bool:
    """Tell whether the text is an e-mail address without a display name."""
    local, _, _ = value.rpartition("@")
    return len(local.encode()) <= 64 and _EMAIL.fullmatch(value) is not None


def is_url(value: str) -> bool:
    """Tell whether the text is an absolute http or https URL."""
    if any(character.isspace() or not character.isprintable() for character in value):
        return False
    try:
        parts = urlsplit(value)
        # Reading the port checks it.
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_slug(value: str) -> bool:
    """Tell whether the text is lower-case ASCII words and numbers joined by hyphens."""
    return _SLUG.fullmatch(value) is not None


def is_phone(value: str) -> bool:
    """Tell whether the text is an international number: `+` and 7 to 15 digits."""
    return _PHONE.fullmatch(value) is not None


def is_ip(value: str) -> bool:
    """Tell whether the text is an IPv4 or IPv6 address."""
    try:
        ip_address(value)
    except ValueError:
        return False
    return "%" not in value


def is_country(value: str) -> bool:
    """Tell whether the text is a country code of two capitals."""
    return value in COUNTRIES


def is_currency(value: str) -> bool:
    """Tell whether the text is a currency code of three capitals."""
    return value in CURRENCIES


def is_locale(value: str) -> bool:
    """Tell whether the text is a language with, at most, a script and a region: `pt-BR`."""
    found = _LOCALE.fullmatch(value)
    if found is None or found[1] not in LANGUAGES:
        return False
    return found[2] is None or found[2].isdigit() or found[2] in COUNTRIES


def is_timezone(value: str) -> bool:
    """Tell whether the text names a time zone of the IANA database."""
    return value in TIMEZONES


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFormat:
    """A form of texts: the check, and how a JSON schema describes it."""

    is_valid: Callable[[str], bool]
    schema: Mapping[str, str]


FORMATS: Mapping[str, TextFormat] = {
    # `idn-email` rather than `email`, which is ASCII only.
    "email": TextFormat(is_valid=is_email, schema={"format": "idn-email"}),
    "url": TextFormat(is_valid=is_url, schema={"format": "uri"}),
    "slug": TextFormat(is_valid=is_slug, schema={"pattern": f"^{_SLUG.pattern}$"}),
    "phone": TextFormat(is_valid=is_phone, schema={"pattern": r"^\+[1-9][0-9]{6,14}$"}),
    "ip": TextFormat(is_valid=is_ip, schema={"format": "ip"}),
    "country": TextFormat(is_valid=is_country, schema={"pattern": "^[A-Z]{2}$"}),
    "currency": TextFormat(is_valid=is_currency, schema={"pattern": "^[A-Z]{3}$"}),
    "locale": TextFormat(
        is_valid=is_locale,
        schema={"pattern": "^[a-z]{2}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"},
    ),
    "timezone": TextFormat(is_valid=is_timezone, schema={"pattern": "^[A-Za-z0-9_+/-]+$"}),
}
"""By the name of the type in a specification."""
