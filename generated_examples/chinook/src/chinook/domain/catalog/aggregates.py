# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The aggregates of catalog: what is loaded, changed and stored as one.

Knows neither the database nor the API.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from chinook.domain.catalog.value_objects import (
    AlbumId,
    ArtistId,
    GenreId,
    MediaTypeId,
    PlaylistId,
    TrackId,
)
from chinook.support.domain.constraints import (
    check_digits,
    check_integer,
    check_number,
    check_string,
)
from chinook.support.domain.entity import UNASSIGNED_ID, AggregateRoot


@dataclass(kw_only=True, eq=False)
class Artist(AggregateRoot[ArtistId]):
    """A band, a singer or an orchestra."""

    id: ArtistId = field(default=ArtistId(UNASSIGNED_ID))
    name: str

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("name", self.name, minimum=1, maximum=120)


@dataclass(kw_only=True, eq=False)
class Genre(AggregateRoot[GenreId]):
    """A genre."""

    id: GenreId = field(default=GenreId(UNASSIGNED_ID))
    name: str

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("name", self.name, minimum=1, maximum=120)


@dataclass(kw_only=True, eq=False)
class MediaType(AggregateRoot[MediaTypeId]):
    """The file format that a track is sold in."""

    id: MediaTypeId = field(default=MediaTypeId(UNASSIGNED_ID))
    name: str

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("name", self.name, minimum=1, maximum=120)


@dataclass(kw_only=True, eq=False)
class Album(AggregateRoot[AlbumId]):
    """An album."""

    id: AlbumId = field(default=AlbumId(UNASSIGNED_ID))
    title: str
    artist_id: ArtistId

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("title", self.title, minimum=1, maximum=160)


@dataclass(kw_only=True, eq=False)
class Track(AggregateRoot[TrackId]):
    """One recording, the thing that is sold."""

    id: TrackId = field(default=TrackId(UNASSIGNED_ID))
    name: str
    album_id: AlbumId | None = None
    media_type_id: MediaTypeId
    genre_id: GenreId | None = None
    composer: str | None = None
    milliseconds: int
    bytes_: int | None = None
    """Size of the file."""
    unit_price: Decimal

    @property
    def seconds(self) -> int:
        """Seconds, worked out."""
        return self.milliseconds // 1000

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("name", self.name, minimum=1, maximum=200)
        check_string("composer", self.composer, minimum=1, maximum=220)
        check_integer("milliseconds", self.milliseconds, minimum=1)
        check_integer("bytes", self.bytes_, minimum=1)
        check_digits("unit_price", self.unit_price, precision=10, scale=2)
        check_number("unit_price", self.unit_price, minimum=Decimal("0"))
        check_integer("seconds", self.seconds)


@dataclass(kw_only=True, eq=False)
class Playlist(AggregateRoot[PlaylistId]):
    """A playlist."""

    id: PlaylistId = field(default=PlaylistId(UNASSIGNED_ID))
    name: str
    tracks: frozenset[TrackId]

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("name", self.name, minimum=1, maximum=120)
