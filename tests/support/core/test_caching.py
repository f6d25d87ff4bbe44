"""Keys of what is kept, and the tags that changes drop."""

from collections import namedtuple
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from apigen.support.core.caching import (
    ANY_CHANGE,
    cache_key,
    changed_tags,
    dropping,
    kind_tag,
    row_tag,
)
from apigen.support.core.edition import code_edition
from apigen.support.infrastructure.cache import MemoryCache

Pair = namedtuple("Pair", ("left", "right"))


@dataclass
class Thing:
    """Something with a key."""

    id: object


@pytest.mark.criterion("R25.2", "R62.2")
def test_a_key_is_the_same_for_the_same_and_tells_nothing() -> None:
    key = cache_key("Order", "one", ("a", 1), None)

    assert key == cache_key("Order", "one", ("a", 1), None)
    assert key.startswith("Order:")
    assert len({key, cache_key("Order", "one", ("a", "1"), None), cache_key("Order", "one")}) == 3
    assert "secret" not in cache_key("Order", "secret", "\ud800")


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (Decimal("1.50"), Decimal("1.5")),
        (UUID(int=1), str(UUID(int=1))),
        (
            datetime(2026, 1, 1, 12, tzinfo=UTC),
            datetime(2026, 1, 1, 14, tzinfo=timezone(timedelta(hours=2))),
        ),
        (Pair("a", 1), ("a", 1)),
    ],
)
def test_what_the_database_takes_for_the_same_has_one_tag(one: object, same: object) -> None:
    assert row_tag(Thing, one) == row_tag(Thing, same)


def test_parts_of_a_key_do_not_run_together() -> None:
    assert row_tag(Thing, ("a/b", "c")) != row_tag(Thing, ("a", "b/c"))


@pytest.mark.criterion("R25.2")
async def test_a_change_drops_its_rows_and_what_has_any_of_their_kind() -> None:
    cache = MemoryCache()
    tags: Sequence[str]
    kept = {
        "row": (row_tag(Thing, 1),),
        "other row": (row_tag(Thing, 2),),
        "list": (kind_tag(Thing),),
        "anything": (ANY_CHANGE,),
        "other kind": (kind_tag(Pair),),
    }
    for key, tags in kept.items():
        marks = (await cache.get(key, tags)).marks
        assert marks is not None
        await cache.set(key, b"", ttl=timedelta(hours=1), tags=tags, marks=marks)

    await dropping(cache)([Thing(1)])

    left = [key for key, tags in kept.items() if (await cache.get(key, tags)).value is not None]
    assert left == ["other row", "other kind"]
    assert changed_tags([]) == []


def test_an_edition_is_that_of_the_code(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1")
    (tmp_path / "note.txt").write_text("x")
    first = code_edition(tmp_path)
    (tmp_path / "note.txt").write_text("y")
    same = code_edition(tmp_path)
    (tmp_path / "a.py").write_text("x = 2")

    assert first == same != code_edition(tmp_path)
