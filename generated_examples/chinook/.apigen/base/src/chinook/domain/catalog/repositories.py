# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The ports of catalog: what its infrastructure provides."""

from typing import Protocol

from chinook.core.protocols import AsyncRepository, UnitOfWork
from chinook.domain.catalog.aggregates import Album, Artist, Genre, MediaType, Playlist, Track
from chinook.domain.catalog.value_objects import (
    AlbumId,
    ArtistId,
    GenreId,
    MediaTypeId,
    PlaylistId,
    TrackId,
)


class ArtistRepository(AsyncRepository[Artist, ArtistId], Protocol):
    """Where artists are kept."""


class GenreRepository(AsyncRepository[Genre, GenreId], Protocol):
    """Where genres are kept."""


class MediaTypeRepository(AsyncRepository[MediaType, MediaTypeId], Protocol):
    """Where media types are kept."""


class AlbumRepository(AsyncRepository[Album, AlbumId], Protocol):
    """Where albums are kept."""


class TrackRepository(AsyncRepository[Track, TrackId], Protocol):
    """Where tracks are kept."""


class PlaylistRepository(AsyncRepository[Playlist, PlaylistId], Protocol):
    """Where playlists are kept."""


class CatalogUnitOfWork(UnitOfWork, Protocol):
    """One transaction over the aggregates of catalog."""

    @property
    def artists(self) -> ArtistRepository:
        """The artists."""
        ...

    @property
    def genres(self) -> GenreRepository:
        """The genres."""
        ...

    @property
    def media_types(self) -> MediaTypeRepository:
        """The media types."""
        ...

    @property
    def albums(self) -> AlbumRepository:
        """The albums."""
        ...

    @property
    def tracks(self) -> TrackRepository:
        """The tracks."""
        ...

    @property
    def playlists(self) -> PlaylistRepository:
        """The playlists."""
        ...
