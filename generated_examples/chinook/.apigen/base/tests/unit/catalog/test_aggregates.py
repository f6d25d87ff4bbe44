# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The aggregates of catalog."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from chinook.support.testing.contracts.aggregates import AggregateContract
from tests.cases import CASES, catalog


class TestArtist(AggregateContract):
    """Artist checks itself."""

    case = catalog.ARTIST
    cases = CASES
    inside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"name": ("x", "x" * 120)}
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"name": ("", "x" * 121)}


class TestGenre(AggregateContract):
    """Genre checks itself."""

    case = catalog.GENRE
    cases = CASES
    inside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"name": ("x", "x" * 120)}
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"name": ("", "x" * 121)}


class TestMediaType(AggregateContract):
    """MediaType checks itself."""

    case = catalog.MEDIA_TYPE
    cases = CASES
    inside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"name": ("x", "x" * 120)}
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"name": ("", "x" * 121)}


class TestAlbum(AggregateContract):
    """Album checks itself."""

    case = catalog.ALBUM
    cases = CASES
    inside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"title": ("x", "x" * 160)}
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"title": ("", "x" * 161)}


class TestTrack(AggregateContract):
    """Track checks itself."""

    case = catalog.TRACK
    cases = CASES
    inside: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "name": ("x", "x" * 200),
        "composer": ("x", "x" * 220),
        "milliseconds": (1,),
        "bytes_": (1,),
        "unit_price": (Decimal("0.00"), Decimal("99999999.99")),
    }
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "name": ("", "x" * 201),
        "composer": ("", "x" * 221),
        "milliseconds": (0,),
        "bytes_": (0,),
        "unit_price": (Decimal("-0.01"), Decimal("1.251"), Decimal("100000000.00")),
    }
    names: ClassVar[Mapping[str, str]] = {"bytes_": "bytes"}


class TestPlaylist(AggregateContract):
    """Playlist checks itself."""

    case = catalog.PLAYLIST
    cases = CASES
    inside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"name": ("x", "x" * 120)}
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"name": ("", "x" * 121)}
