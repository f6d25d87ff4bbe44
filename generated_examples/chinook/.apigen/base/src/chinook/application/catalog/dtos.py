# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What goes in and out of catalog: payloads, checked field by field.

Names on the wire are aliases; defaults here are those of the domain.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from chinook.domain.catalog.value_objects import (
    AlbumId,
    ArtistId,
    GenreId,
    MediaTypeId,
    PlaylistId,
    TrackId,
)
from chinook.support.application.dtos import Dto, Replacement, example, unset
from chinook.support.application.fields import Digits, Integer, Items, Text
from chinook.support.application.moments import Moment
from chinook.support.domain.entity import UNASSIGNED_ID


class ArtistCreate(Dto):
    """What makes a new artist."""

    model_config = example({"name": "Name 1"})

    id: Annotated[ArtistId, Integer(minimum=1)] = Field(
        default_factory=lambda: ArtistId(UNASSIGNED_ID)
    )
    name: Annotated[str, Text(minimum=1, maximum=120)]


class ArtistUpdate(Dto):
    """What changes in an artist: the fields that are sent."""

    model_config = example({"name": "Name 1"})

    name: Annotated[str, Text(minimum=1, maximum=120)] = Field(default_factory=unset)


class ArtistRead(Dto):
    """A band, a singer or an orchestra."""

    id: Annotated[ArtistId, Integer()]
    name: Annotated[str, Text(minimum=1, maximum=120)]
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    version: Annotated[int, Integer()]


class GenreCreate(Dto):
    """What makes a new genre."""

    model_config = example({"name": "Name 1"})

    id: Annotated[GenreId, Integer(minimum=1)] = Field(
        default_factory=lambda: GenreId(UNASSIGNED_ID)
    )
    name: Annotated[str, Text(minimum=1, maximum=120)]


class GenreUpdate(Dto):
    """What changes in a genre: the fields that are sent."""

    model_config = example({"name": "Name 1"})

    name: Annotated[str, Text(minimum=1, maximum=120)] = Field(default_factory=unset)


class GenreRead(Dto):
    """A genre."""

    id: Annotated[GenreId, Integer()]
    name: Annotated[str, Text(minimum=1, maximum=120)]
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    version: Annotated[int, Integer()]


class MediaTypeCreate(Dto):
    """What makes a new media type."""

    model_config = example({"name": "Name 1"})

    id: Annotated[MediaTypeId, Integer(minimum=1)] = Field(
        default_factory=lambda: MediaTypeId(UNASSIGNED_ID)
    )
    name: Annotated[str, Text(minimum=1, maximum=120)]


class MediaTypeUpdate(Dto):
    """What changes in a media type: the fields that are sent."""

    model_config = example({"name": "Name 1"})

    name: Annotated[str, Text(minimum=1, maximum=120)] = Field(default_factory=unset)


class MediaTypeRead(Dto):
    """The file format that a track is sold in."""

    id: Annotated[MediaTypeId, Integer()]
    name: Annotated[str, Text(minimum=1, maximum=120)]
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    version: Annotated[int, Integer()]


class AlbumCreate(Dto):
    """What makes a new album."""

    model_config = example({"title": "Title 1", "artist_id": 1})

    id: Annotated[AlbumId, Integer(minimum=1)] = Field(
        default_factory=lambda: AlbumId(UNASSIGNED_ID)
    )
    title: Annotated[str, Text(minimum=1, maximum=160)]
    artist_id: Annotated[ArtistId, Integer()]


class AlbumUpdate(Dto):
    """What changes in an album: the fields that are sent."""

    model_config = example({"title": "Title 1"})

    title: Annotated[str, Text(minimum=1, maximum=160)] = Field(default_factory=unset)
    artist_id: Annotated[ArtistId, Integer()] = Field(default_factory=unset)


class AlbumRead(Dto):
    """An album."""

    id: Annotated[AlbumId, Integer()]
    title: Annotated[str, Text(minimum=1, maximum=160)]
    artist_id: Annotated[ArtistId, Integer()]
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    version: Annotated[int, Integer()]


class TrackCreate(Dto):
    """What makes a new track."""

    model_config = example(
        {
            "name": "Name 1",
            "album_id": 1,
            "media_type_id": 1,
            "genre_id": 1,
            "composer": "Composer 1",
            "milliseconds": 1235,
            "bytes": 1235,
            "unit_price": "1.25",
        }
    )

    id: Annotated[TrackId, Integer(minimum=1)] = Field(
        default_factory=lambda: TrackId(UNASSIGNED_ID)
    )
    name: Annotated[str, Text(minimum=1, maximum=200)]
    album_id: Annotated[AlbumId, Integer()] | None = None
    media_type_id: Annotated[MediaTypeId, Integer()]
    genre_id: Annotated[GenreId, Integer()] | None = None
    composer: Annotated[str, Text(minimum=1, maximum=220)] | None = None
    milliseconds: Annotated[int, Integer(minimum=1)]
    bytes_: Annotated[int, Integer(minimum=1)] | None = Field(
        default=None, alias="bytes", description="Size of the file."
    )
    unit_price: Annotated[Decimal, Digits(precision=10, scale=2, minimum=Decimal("0"))]


class TrackUpdate(Dto):
    """What changes in a track: the fields that are sent."""

    model_config = example({"name": "Name 1"})

    name: Annotated[str, Text(minimum=1, maximum=200)] = Field(default_factory=unset)
    album_id: Annotated[AlbumId, Integer()] | None = Field(default_factory=unset)
    media_type_id: Annotated[MediaTypeId, Integer()] = Field(default_factory=unset)
    genre_id: Annotated[GenreId, Integer()] | None = Field(default_factory=unset)
    composer: Annotated[str, Text(minimum=1, maximum=220)] | None = Field(default_factory=unset)
    milliseconds: Annotated[int, Integer(minimum=1)] = Field(default_factory=unset)
    bytes_: Annotated[int, Integer(minimum=1)] | None = Field(
        default_factory=unset, alias="bytes", description="Size of the file."
    )
    unit_price: Annotated[Decimal, Digits(precision=10, scale=2, minimum=Decimal("0"))] = Field(
        default_factory=unset
    )


class TrackReplace(Replacement):
    """Everything that can change in a track."""

    model_config = example(
        {
            "name": "Name 1",
            "album_id": 1,
            "media_type_id": 1,
            "genre_id": 1,
            "composer": "Composer 1",
            "milliseconds": 1235,
            "bytes": 1235,
            "unit_price": "1.25",
        }
    )

    name: Annotated[str, Text(minimum=1, maximum=200)]
    album_id: Annotated[AlbumId, Integer()] | None = None
    media_type_id: Annotated[MediaTypeId, Integer()]
    genre_id: Annotated[GenreId, Integer()] | None = None
    composer: Annotated[str, Text(minimum=1, maximum=220)] | None = None
    milliseconds: Annotated[int, Integer(minimum=1)]
    bytes_: Annotated[int, Integer(minimum=1)] | None = Field(
        default=None, alias="bytes", description="Size of the file."
    )
    unit_price: Annotated[Decimal, Digits(precision=10, scale=2, minimum=Decimal("0"))]


class TrackRead(Dto):
    """One recording, the thing that is sold."""

    id: Annotated[TrackId, Integer()]
    name: Annotated[str, Text(minimum=1, maximum=200)]
    album_id: Annotated[AlbumId, Integer()] | None
    media_type_id: Annotated[MediaTypeId, Integer()]
    genre_id: Annotated[GenreId, Integer()] | None
    composer: Annotated[str, Text(minimum=1, maximum=220)] | None
    milliseconds: Annotated[int, Integer(minimum=1)]
    bytes_: Annotated[int, Integer(minimum=1)] | None = Field(
        alias="bytes", description="Size of the file."
    )
    unit_price: Annotated[Decimal, Digits(precision=10, scale=2, minimum=Decimal("0"))]
    seconds: Annotated[int, Integer()]
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    version: Annotated[int, Integer()]


class PlaylistCreate(Dto):
    """What makes a new playlist."""

    model_config = example({"name": "Name 1", "tracks": [1, 2]})

    id: Annotated[PlaylistId, Integer(minimum=1)] = Field(
        default_factory=lambda: PlaylistId(UNASSIGNED_ID)
    )
    name: Annotated[str, Text(minimum=1, maximum=120)]
    tracks: Annotated[frozenset[Annotated[TrackId, Integer()]], Items()]


class PlaylistUpdate(Dto):
    """What changes in a playlist: the fields that are sent."""

    model_config = example({"name": "Name 1"})

    name: Annotated[str, Text(minimum=1, maximum=120)] = Field(default_factory=unset)
    tracks: Annotated[frozenset[Annotated[TrackId, Integer()]], Items()] = Field(
        default_factory=unset
    )


class PlaylistRead(Dto):
    """A playlist."""

    id: Annotated[PlaylistId, Integer()]
    name: Annotated[str, Text(minimum=1, maximum=120)]
    tracks: Annotated[frozenset[Annotated[TrackId, Integer()]], Items()]
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    version: Annotated[int, Integer()]


class ArtistExpansions(Dto):
    """What can be embedded in an artist; there when asked for."""

    albums: tuple[AlbumRead, ...] | None = None


class ArtistExpanded(ArtistRead):
    """An artist with what `expand` asks for."""

    expanded: ArtistExpansions | None = Field(
        default=None, description="There when `expand` asks for it."
    )


class AlbumExpansions(Dto):
    """What can be embedded in an album; there when asked for."""

    artist: ArtistRead | None = None
    tracks: tuple[TrackRead, ...] | None = None


class AlbumExpanded(AlbumRead):
    """An album with what `expand` asks for."""

    expanded: AlbumExpansions | None = Field(
        default=None, description="There when `expand` asks for it."
    )


class TrackAlbumExpansions(Dto):
    """What can be embedded in an album; there when asked for."""

    artist: ArtistRead | None = None


class TrackAlbumExpanded(AlbumRead):
    """An album with what `expand` asks for."""

    expanded: TrackAlbumExpansions | None = Field(
        default=None, description="There when `expand` asks for it."
    )


class TrackExpansions(Dto):
    """What can be embedded in a track; there when asked for."""

    album: TrackAlbumExpanded | None = None
    genre: GenreRead | None = None
    media_type: MediaTypeRead | None = None


class TrackExpanded(TrackRead):
    """A track with what `expand` asks for."""

    expanded: TrackExpansions | None = Field(
        default=None, description="There when `expand` asks for it."
    )


class PlaylistExpansions(Dto):
    """What can be embedded in a playlist; there when asked for."""

    tracks: tuple[TrackRead, ...] | None = None


class PlaylistExpanded(PlaylistRead):
    """A playlist with what `expand` asks for."""

    expanded: PlaylistExpansions | None = Field(
        default=None, description="There when `expand` asks for it."
    )
