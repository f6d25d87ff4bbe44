# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be done in catalog: everything the interface may call."""

from collections.abc import Callable
from dataclasses import dataclass

from chinook.application.catalog.dtos import (
    AlbumCreate,
    AlbumUpdate,
    ArtistCreate,
    ArtistUpdate,
    GenreCreate,
    GenreUpdate,
    MediaTypeCreate,
    MediaTypeUpdate,
    PlaylistCreate,
    PlaylistUpdate,
    TrackCreate,
    TrackReplace,
    TrackUpdate,
)
from chinook.application.catalog.mappers import (
    album_from_create,
    apply_album_update,
    apply_artist_update,
    apply_genre_update,
    apply_media_type_update,
    apply_playlist_update,
    apply_track_update,
    artist_from_create,
    genre_from_create,
    media_type_from_create,
    playlist_from_create,
    track_from_create,
)
from chinook.domain.catalog.aggregates import Album, Artist, Genre, MediaType, Playlist, Track
from chinook.domain.catalog.repositories import CatalogUnitOfWork
from chinook.domain.catalog.value_objects import (
    AlbumId,
    ArtistId,
    GenreId,
    MediaTypeId,
    PlaylistId,
    TrackId,
)
from chinook.support.application.queries import ResourceReader
from chinook.support.application.service import GenericService, ServiceHooks

type ArtistService = GenericService[CatalogUnitOfWork, Artist, ArtistId, ArtistCreate, ArtistUpdate]

type GenreService = GenericService[CatalogUnitOfWork, Genre, GenreId, GenreCreate, GenreUpdate]

type MediaTypeService = GenericService[
    CatalogUnitOfWork, MediaType, MediaTypeId, MediaTypeCreate, MediaTypeUpdate
]

type AlbumService = GenericService[CatalogUnitOfWork, Album, AlbumId, AlbumCreate, AlbumUpdate]

type TrackService = GenericService[
    CatalogUnitOfWork, Track, TrackId, TrackCreate, TrackUpdate | TrackReplace
]

type PlaylistService = GenericService[
    CatalogUnitOfWork, Playlist, PlaylistId, PlaylistCreate, PlaylistUpdate
]

# Yours to fill: functions that run before and after each operation.
ARTIST_HOOKS = ServiceHooks[Artist, ArtistCreate, ArtistUpdate]()
GENRE_HOOKS = ServiceHooks[Genre, GenreCreate, GenreUpdate]()
MEDIA_TYPE_HOOKS = ServiceHooks[MediaType, MediaTypeCreate, MediaTypeUpdate]()
ALBUM_HOOKS = ServiceHooks[Album, AlbumCreate, AlbumUpdate]()
TRACK_HOOKS = ServiceHooks[Track, TrackCreate, TrackUpdate | TrackReplace]()
PLAYLIST_HOOKS = ServiceHooks[Playlist, PlaylistCreate, PlaylistUpdate]()


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogReaders:
    """The read side of catalog, provided by the infrastructure."""

    artists: ResourceReader[ArtistId]
    genres: ResourceReader[GenreId]
    media_types: ResourceReader[MediaTypeId]
    albums: ResourceReader[AlbumId]
    tracks: ResourceReader[TrackId]
    playlists: ResourceReader[PlaylistId]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogHandlers:
    """What the interface may call in catalog."""

    artists: ArtistService
    genres: GenreService
    media_types: MediaTypeService
    albums: AlbumService
    tracks: TrackService
    playlists: PlaylistService
    artist_reader: ResourceReader[ArtistId]
    genre_reader: ResourceReader[GenreId]
    media_type_reader: ResourceReader[MediaTypeId]
    album_reader: ResourceReader[AlbumId]
    track_reader: ResourceReader[TrackId]
    playlist_reader: ResourceReader[PlaylistId]


def catalog_handlers(
    *,
    unit_of_work: Callable[[], CatalogUnitOfWork],
    readers: CatalogReaders,
) -> CatalogHandlers:
    """Put the handlers of catalog together."""
    return CatalogHandlers(
        artists=GenericService(
            resource="artist",
            unit_of_work=unit_of_work,
            repository=lambda work: work.artists,
            build=artist_from_create,
            change=apply_artist_update,
            hooks=ARTIST_HOOKS,
        ),
        genres=GenericService(
            resource="genre",
            unit_of_work=unit_of_work,
            repository=lambda work: work.genres,
            build=genre_from_create,
            change=apply_genre_update,
            hooks=GENRE_HOOKS,
        ),
        media_types=GenericService(
            resource="media type",
            unit_of_work=unit_of_work,
            repository=lambda work: work.media_types,
            build=media_type_from_create,
            change=apply_media_type_update,
            hooks=MEDIA_TYPE_HOOKS,
        ),
        albums=GenericService(
            resource="album",
            unit_of_work=unit_of_work,
            repository=lambda work: work.albums,
            build=album_from_create,
            change=apply_album_update,
            hooks=ALBUM_HOOKS,
        ),
        tracks=GenericService(
            resource="track",
            unit_of_work=unit_of_work,
            repository=lambda work: work.tracks,
            build=track_from_create,
            change=apply_track_update,
            hooks=TRACK_HOOKS,
        ),
        playlists=GenericService(
            resource="playlist",
            unit_of_work=unit_of_work,
            repository=lambda work: work.playlists,
            build=playlist_from_create,
            change=apply_playlist_update,
            hooks=PLAYLIST_HOOKS,
        ),
        artist_reader=readers.artists,
        genre_reader=readers.genres,
        media_type_reader=readers.media_types,
        album_reader=readers.albums,
        track_reader=readers.tracks,
        playlist_reader=readers.playlists,
    )
