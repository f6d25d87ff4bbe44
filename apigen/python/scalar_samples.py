"""Values of the built-in types that keep their constraints, chosen by number.

`scalar_value(scalar, n)` gives Python values (an enum's or code's text, a Decimal, a date);
`accepts` says whether a value keeps the constraints of its type. Deterministic: no clock, no
randomness. Knows nothing of fields or entities.
"""

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from uuid import UUID

from apigen.ir.types import Constraints, Literal, Scalar, ScalarKind
from apigen.python.pattern_samples import pattern_text

type ScalarValue = Literal | UUID | bytes

_CODES = {
    ScalarKind.COUNTRY: ("DE", "FR", "GB", "US", "BR", "JP", "NL", "ZA"),
    ScalarKind.CURRENCY: ("EUR", "USD", "GBP", "JPY", "CHF", "SEK", "BRL", "INR"),
    ScalarKind.LOCALE: ("en", "de", "fr", "pt-BR", "nl", "sv", "es", "it"),
    ScalarKind.TIMEZONE: (
        "Europe/Berlin",
        "UTC",
        "America/New_York",
        "Asia/Tokyo",
        "Europe/Paris",
        "Africa/Cairo",
        "Australia/Sydney",
        "America/Sao_Paulo",
    ),
}
_EXACT = Context(prec=1_000)
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FIRST_DAY = date(2026, 1, 1)
_INT_BOUNDS = {
    ScalarKind.INT: (-(2**31), 2**31 - 1),
    ScalarKind.BIGINT: (-(2**63), 2**63 - 1),
}
_ATTEMPTS = 60
_ROOMY = 8
"""Fewer steps than this between the bounds: finer steps are taken, so that values differ."""


def scalar_value(scalar: Scalar, n: int, *, word: str) -> ScalarValue | dict[str, int] | None:
    """Return the `n`-th sample value, or None when none was found.

    Args:
        scalar: the type and its constraints.
        n: which value; different numbers give different values while the type has them.
        word: what texts are made of: the field's name in words.
    """
    for attempt in range(_ATTEMPTS):
        for value in _candidates(scalar, n + attempt * 97, word):
            if accepts(scalar, value):
                return value
    return None


def at_scale(scalar: Scalar, value: object) -> object:
    """Return a decimal with all the digits after the point that its type has; others as is."""
    if scalar.kind is not ScalarKind.DECIMAL or not isinstance(value, Decimal):
        return value
    return value.quantize(Decimal(1).scaleb(-(scalar.constraints.scale or 0)), context=_EXACT)


def accepts(scalar: Scalar, value: object) -> bool:
    """Whether `value` keeps the constraints of `scalar` and is its own normal form."""
    limits = scalar.constraints
    if isinstance(value, str):
        fits_pattern = limits.pattern is None or re.fullmatch(limits.pattern, value) is not None
        return (
            fits_pattern
            and _within(len(value), limits)
            and normalized(value, limits.normalize) == value
        )
    if isinstance(value, bytes):
        return _within(len(value), limits)
    if isinstance(value, bool | UUID | dict):
        return True
    if scalar.kind in _INT_BOUNDS and isinstance(value, int):
        low, high = _INT_BOUNDS[scalar.kind]
        if not low <= value <= high:
            return False
    if isinstance(value, Decimal) and not _fits_digits(value, limits):
        return False
    return _within(value, limits) and _on_step(value, limits.step)


def normalized(text: str, steps: tuple[str, ...]) -> str:
    """Apply the `normalize` steps of a field, as the generated project does."""
    for step in steps:
        match step:
            case "trim":
                text = text.strip()
            case "lower":
                text = text.lower()
            case "upper":
                text = text.upper()
            case "nfc":
                text = unicodedata.normalize("NFC", text)
            case _:
                ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
                text = re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")
    return text


def _within(value: object, limits: Constraints) -> bool:
    try:
        return (
            (limits.min is None or value >= limits.min)  # type: ignore[operator]  # one type
            and (limits.max is None or value <= limits.max)  # type: ignore[operator]
            and (limits.gt is None or value > limits.gt)  # type: ignore[operator]
            and (limits.lt is None or value < limits.lt)  # type: ignore[operator]
        )
    except TypeError:
        return False


def _fits_digits(value: Decimal, limits: Constraints) -> bool:
    precision, scale = limits.precision or 18, limits.scale or 0
    exponent = value.as_tuple().exponent
    return (
        isinstance(exponent, int)
        and -exponent <= scale
        and abs(value) < Decimal(10) ** (precision - scale)
    )


def _on_step(value: object, step: object) -> bool:
    if step is None:
        return True
    if isinstance(value, timedelta) and isinstance(step, timedelta):
        return value % step == timedelta()
    if isinstance(value, int | float | Decimal) and isinstance(step, int | float | Decimal):
        return Decimal(str(value)) % Decimal(str(step)) == 0
    return True


def _candidates(scalar: Scalar, n: int, word: str) -> Iterator[ScalarValue | dict[str, int]]:
    limits = scalar.constraints
    match scalar.kind:
        case ScalarKind.BOOL:
            yield n % 2 == 0
        case ScalarKind.INT | ScalarKind.BIGINT:
            yield from (int(value) for value in _numbers(limits, n, Decimal(1)))
            # A lower bound near the largest number leaves little room: use all of it.
            largest = _INT_BOUNDS[scalar.kind][1] if limits.max is None else limits.max
            room = replace(limits, max=largest)
            yield from (int(value) for value in _numbers(room, n, Decimal(1)))
        case ScalarKind.DECIMAL:
            unit = Decimal(1).scaleb(-(limits.scale or 0))
            yield from (value.quantize(unit) for value in _numbers(limits, n, unit))
            # Few digits leave little room: use all of it.
            ceiling = Decimal(10) ** ((limits.precision or 18) - (limits.scale or 0)) - unit
            room = replace(
                limits,
                min=Decimal(0) if limits.min is None else limits.min,
                max=ceiling if limits.max is None else limits.max,
            )
            yield from (value.quantize(unit) for value in _numbers(room, n, unit))
        case ScalarKind.FLOAT:
            yield from (float(value) for value in _numbers(limits, n, Decimal("0.5")))
        case ScalarKind.DATE:
            yield from _dates(limits, n)
        case ScalarKind.DATETIME:
            yield from _datetimes(limits, n)
        case ScalarKind.TIME:
            yield from _times(limits, n)
        case ScalarKind.DURATION:
            yield from _durations(limits, n)
        case ScalarKind.UUID:
            yield UUID(int=(0x018F00000000 << 80) | (7 << 76) | (2 << 62) | (n + 1))
        case ScalarKind.ULID:
            yield "01HZ" + _digits(n + 1, _CROCKFORD).rjust(22, "0")
        case ScalarKind.BYTES:
            low = int(_bound(limits.min, 0))
            yield f"{word} {n}".encode().ljust(low, b".")
            yield str(n).encode().rjust(low, b"0")
        case ScalarKind.JSON:
            yield {word: n}
        case _:
            yield from _texts(scalar, n, word)


def _bound(value: object, fallback: int) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return Decimal(fallback)
    return Decimal(str(value))


def _numbers(limits: Constraints, n: int, unit: Decimal) -> Iterator[Decimal]:
    """Yield numbers near the lower bound (or 10, or the upper one), `n` steps on, then in range."""
    step = max(_bound(limits.step, 0), unit) if limits.step is not None else max(unit, Decimal(1))
    low = limits.min if limits.min is not None else limits.gt
    high = limits.max if limits.max is not None else limits.lt
    least = None if low is None else _bound(low, 0)
    most = None if high is None else _bound(high, 0)
    if limits.gt is not None and least is not None:
        least += min(step, unit)
    if least is None and most is None:
        yield step * (10 + n) + (unit if step >= 1 and unit < 1 else 0)
        yield step * (n + 1)
    elif least is None and most is not None:
        yield _align(most, step, ROUND_FLOOR) - step * (n + 1)
        yield _align(most, step, ROUND_FLOOR)
    elif least is not None:
        first = _align(least, step, ROUND_CEILING)
        if most is None:
            # Large enough for divisions to leave something, with digits after the point.
            large = step * 1234 if unit == 1 else step
            odd = unit * (25 + n) if limits.step is None and unit < 1 else 0
            yield first + large * (n + 1) + odd
            yield first + step * (n + 1)
            return
        room = int((most - first) / step) + 1
        if room >= _ROOMY or limits.step is not None:
            yield first + step * ((n + 1) % max(room, 1))
            yield first
        finest = _bound(limits.step, 0) if limits.step is not None else unit
        room = int((most - least) / finest) + 1 if finest > 0 else 0
        if room > 0:
            yield _align(least, finest, ROUND_CEILING) + finest * (n % room)


def _align(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    return (value / step).to_integral_value(rounding) * step


def _dates(limits: Constraints, n: int) -> Iterator[date]:
    yield _FIRST_DAY + timedelta(days=n % 20_000)
    for low in (limits.min, limits.gt):
        if isinstance(low, date):
            yield low + timedelta(days=n % 20_000 + 1)
            yield low
    for high in (limits.max, limits.lt):
        if isinstance(high, date):
            yield high - timedelta(days=n % 20_000 + 1)
            yield high


def _datetimes(limits: Constraints, n: int) -> Iterator[datetime]:
    start = datetime(2026, 1, 1, 9, tzinfo=UTC)
    yield start + timedelta(hours=n)
    for low in (limits.min, limits.gt):
        if isinstance(low, datetime):
            yield low + timedelta(hours=n + 1)
            yield low
    for high in (limits.max, limits.lt):
        if isinstance(high, datetime):
            yield high - timedelta(hours=n + 1)
            yield high


def _times(limits: Constraints, n: int) -> Iterator[time]:
    for bound in (time(9), limits.min, limits.gt, limits.max, limits.lt):
        if isinstance(bound, time):
            minutes = bound.hour * 60 + bound.minute
            for shift in (n % 600 + 1, -(n % 60) - 1, 0):
                moved = (minutes + shift) % 1440
                yield time(moved // 60, moved % 60, bound.second)


def _durations(limits: Constraints, n: int) -> Iterator[timedelta]:
    step = limits.step if isinstance(limits.step, timedelta) else timedelta(minutes=1)
    low = next((b for b in (limits.min, limits.gt) if isinstance(b, timedelta)), timedelta())
    high = next((b for b in (limits.max, limits.lt) if isinstance(b, timedelta)), None)
    first = math.ceil(low / step) * step
    yield first + step * (n + 1)
    if high is not None:
        room = (high - first) // step
        if room > 0:
            yield first + step * (n % room + 1)
        yield high - step
        yield high
        yield low + (high - low) / 2
    yield first
    yield low + timedelta(microseconds=1)


def _texts(scalar: Scalar, n: int, word: str) -> Iterator[str]:
    limits = scalar.constraints
    if limits.pattern is not None:
        for stretch in (0, 1, 2, 3, 5, 8, 13):
            text = pattern_text(limits.pattern, n, stretch=stretch)
            # The empty text only when there is no other: as a filter it says nothing.
            if text:
                yield normalized(text, limits.normalize)
        yield ""
        return
    kebab = re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-") or "x"
    match scalar.kind:
        case ScalarKind.EMAIL:
            yield from (f"{kebab}{n}@example.com", f"a{n}@b.example", f"a{n}@b.co")
        case ScalarKind.URL:
            yield from (f"https://example.com/{kebab}/{n}", f"https://example.com/{n}")
        case ScalarKind.SLUG:
            yield from (f"{kebab}-{n}", f"s{n}")
        case ScalarKind.PHONE:
            yield f"+4930{1_000_000 + n}"
        case ScalarKind.IP:
            yield f"192.0.{n // 250 % 250}.{n % 250 + 1}"
        case ScalarKind.COUNTRY | ScalarKind.CURRENCY | ScalarKind.LOCALE | ScalarKind.TIMEZONE:
            codes = _CODES[scalar.kind]
            yield codes[n % len(codes)]
        case _:
            for text in _plain(limits, n, word):
                yield normalized(text, limits.normalize)


def _plain(limits: Constraints, n: int, word: str) -> Iterator[str]:
    least = int(_bound(limits.min, 0))
    most = int(_bound(limits.max, 10_000))
    text = f"{word.capitalize()} {n + 1}"
    yield text + "." * (least - len(text))
    code = _digits(n, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    yield code.rjust(max(least, 1), "A")[-most:] if most > 0 else ""
    yield str(n).rjust(max(least, 1), "0")
    yield _digits(n, "abcdefghijklmnopqrstuvwxyz").rjust(max(least, 1), "a")


def _digits(n: int, alphabet: str) -> str:
    text = ""
    while True:
        n, digit = divmod(n, len(alphabet))
        text = alphabet[digit] + text
        if n == 0:
            return text
