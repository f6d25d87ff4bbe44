"""The one domain: ten thousand products, the same on every machine and behind every server."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

ROWS = 10_000

_WORDS = (
    "amber", "brass", "cedar", "delta", "ember", "flint", "grove", "hazel", "ivory", "jute",
    "kelp", "linen", "maple", "naïve", "ochre", "pearl", "quartz", "rosé", "slate", "tweed",
)  # fmt: skip
_FIRST = datetime(2026, 1, 1, 8, 0, 0, 123456, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One row, its fields in the order of the table's columns."""

    id: UUID
    sku: str
    name: str
    price: Decimal
    description: str
    stock: int
    active: bool
    created_at: datetime
    updated_at: datetime
    version: int = 1

    def as_json(self) -> dict[str, object]:
        """Return what every server must answer for this row."""
        return {
            "id": str(self.id),
            "sku": self.sku,
            "name": self.name,
            "price": f"{self.price:f}",
            "description": self.description,
            "stock": self.stock,
            "active": self.active,
            "created_at": wire_time(self.created_at),
            "updated_at": wire_time(self.updated_at),
            "version": self.version,
        }


def products(count: int = ROWS) -> tuple[Product, ...]:
    """Return the products in the order of their ids; every stock is there once."""
    source = random.Random(20260101)
    stocks = list(range(count))
    source.shuffle(stocks)
    return tuple(_product(number, stocks[number], source) for number in range(count))


def payload(number: int, *, sku: str) -> dict[str, object]:
    """Return what a client sends to create one more product."""
    source = random.Random(number)
    return {
        "sku": sku,
        "name": f"{source.choice(_WORDS)} {source.choice(_WORDS)} {number}",
        "price": f"{source.randrange(100, 1_000_000) / 100:.2f}",
        "description": _text(source),
        "stock": source.randrange(10_000),
        "active": source.random() < 0.5,
    }


def wire_time(moment: datetime) -> str:
    """Return RFC 3339 in UTC, as the servers write it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _product(number: int, stock: int, source: random.Random) -> Product:
    created = _FIRST + timedelta(seconds=37 * number)
    return Product(
        id=_ordered_uuid(created, source),
        sku=f"SKU-{number:06d}",
        name=f"{source.choice(_WORDS)} {source.choice(_WORDS)} {number}",
        # Prices are shared by a few products each, so that a sort needs its second key.
        price=Decimal(source.randrange(100, 250_000)).scaleb(-2),
        description=_text(source),
        stock=stock,
        active=source.random() < 0.5,
        created_at=created,
        updated_at=created + timedelta(seconds=source.randrange(1_000_000)),
    )


def _ordered_uuid(moment: datetime, source: random.Random) -> UUID:
    """Return a UUID of version 7: milliseconds first, so that ids follow the time."""
    milliseconds = int(moment.timestamp() * 1000)
    bits = milliseconds << 80 | 7 << 76 | source.getrandbits(12) << 64
    return UUID(int=bits | 0b10 << 62 | source.getrandbits(62))


def _text(source: random.Random) -> str:
    return " ".join(source.choice(_WORDS) for _ in range(24))
