# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What the resources of catalog look like in JSON, and where it comes from."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chinook.application.catalog.handlers import CatalogReaders
from chinook.application.catalog.queries import (
    ALBUMS,
    ARTISTS,
    GENRES,
    MEDIA_TYPES,
    PLAYLISTS,
    TRACKS,
)
from chinook.infrastructure.persistence.catalog.rows import (
    AlbumRow,
    ArtistRow,
    GenreRow,
    MediaTypeRow,
    PlaylistRow,
    PlaylistTracksRow,
    TrackRow,
)
from chinook.support.infrastructure.read_model import Embedded, Identifiers, Path, ReadModel
from chinook.support.infrastructure.reader import SqlResourceReader
from chinook.support.infrastructure.sql_expressions import floor_divide

_artists = ArtistRow.__table__
_albums = AlbumRow.__table__
_genres = GenreRow.__table__
_media_types = MediaTypeRow.__table__
_tracks = TrackRow.__table__
_playlists = PlaylistRow.__table__
_playlists_tracks = PlaylistTracksRow.__table__

ARTIST_READ_MODEL: ReadModel = ReadModel(
    resource="artist",
    table=_artists,
    key=(_artists.c.id,),
    outputs=(
        _artists.c.id,
        _artists.c.name,
        _artists.c.created_at,
        _artists.c.updated_at,
        _artists.c.version,
    ),
    expansions={
        "albums": Embedded(
            model=lambda: ALBUM_READ_MODEL,
            local=_artists.c.id,
            match=_albums.c.artist_id,
            many=True,
        )
    },
    search=(_artists.c.name,),
    version=_artists.c.version,
)
GENRE_READ_MODEL: ReadModel = ReadModel(
    resource="genre",
    table=_genres,
    key=(_genres.c.id,),
    outputs=(
        _genres.c.id,
        _genres.c.name,
        _genres.c.created_at,
        _genres.c.updated_at,
        _genres.c.version,
    ),
    search=(_genres.c.name,),
    version=_genres.c.version,
)
MEDIA_TYPE_READ_MODEL: ReadModel = ReadModel(
    resource="media type",
    table=_media_types,
    key=(_media_types.c.id,),
    outputs=(
        _media_types.c.id,
        _media_types.c.name,
        _media_types.c.created_at,
        _media_types.c.updated_at,
        _media_types.c.version,
    ),
    search=(_media_types.c.name,),
    version=_media_types.c.version,
)
ALBUM_READ_MODEL: ReadModel = ReadModel(
    resource="album",
    table=_albums,
    key=(_albums.c.id,),
    outputs=(
        _albums.c.id,
        _albums.c.title,
        _albums.c.artist_id,
        _albums.c.created_at,
        _albums.c.updated_at,
        _albums.c.version,
    ),
    expansions={
        "artist": Embedded(
            model=lambda: ARTIST_READ_MODEL, local=_albums.c.artist_id, match=_artists.c.id
        ),
        "tracks": Embedded(
            model=lambda: TRACK_READ_MODEL, local=_albums.c.id, match=_tracks.c.album_id, many=True
        ),
    },
    paths={
        "artist.name": Path(
            column=_artists.c.name, joins=(_artists.c.id == _albums.c.artist_id,), to_one=True
        )
    },
    search=(_albums.c.title,),
    version=_albums.c.version,
)
TRACK_READ_MODEL: ReadModel = ReadModel(
    resource="track",
    table=_tracks,
    key=(_tracks.c.id,),
    outputs=(
        _tracks.c.id,
        _tracks.c.name,
        _tracks.c.album_id,
        _tracks.c.media_type_id,
        _tracks.c.genre_id,
        _tracks.c.composer,
        _tracks.c.milliseconds,
        _tracks.c.bytes,
        _tracks.c.unit_price,
        floor_divide(_tracks.c.milliseconds, sa.literal(1000, sa.BigInteger())).label("seconds"),
        _tracks.c.created_at,
        _tracks.c.updated_at,
        _tracks.c.version,
    ),
    expansions={
        "album": Embedded(
            model=lambda: ALBUM_READ_MODEL, local=_tracks.c.album_id, match=_albums.c.id
        ),
        "genre": Embedded(
            model=lambda: GENRE_READ_MODEL, local=_tracks.c.genre_id, match=_genres.c.id
        ),
        "media_type": Embedded(
            model=lambda: MEDIA_TYPE_READ_MODEL,
            local=_tracks.c.media_type_id,
            match=_media_types.c.id,
        ),
    },
    paths={
        "genre.name": Path(
            column=_genres.c.name, joins=(_genres.c.id == _tracks.c.genre_id,), to_one=True
        ),
        "album.artist_id": Path(
            column=_albums.c.artist_id, joins=(_albums.c.id == _tracks.c.album_id,), to_one=True
        ),
    },
    search=(_tracks.c.name, _tracks.c.composer),
    version=_tracks.c.version,
)
PLAYLIST_READ_MODEL: ReadModel = ReadModel(
    resource="playlist",
    table=_playlists,
    key=(_playlists.c.id,),
    outputs=(
        _playlists.c.id,
        _playlists.c.name,
        _playlists.c.created_at,
        _playlists.c.updated_at,
        _playlists.c.version,
    ),
    collections=(
        Identifiers(
            name="tracks",
            owner=_playlists_tracks.c.playlist_id,
            target=_playlists_tracks.c.track_id,
        ),
    ),
    expansions={
        "tracks": Embedded(
            model=lambda: TRACK_READ_MODEL,
            local=_playlists.c.id,
            match=_playlists_tracks.c.playlist_id,
            joins=(_playlists_tracks.c.track_id == _tracks.c.id,),
            many=True,
        )
    },
    search=(_playlists.c.name,),
    version=_playlists.c.version,
)


def catalog_readers(engine: AsyncEngine) -> CatalogReaders:
    """Return the readers of the context."""
    return CatalogReaders(
        artists=SqlResourceReader(engine, ARTIST_READ_MODEL, ARTISTS.paging),
        genres=SqlResourceReader(engine, GENRE_READ_MODEL, GENRES.paging),
        media_types=SqlResourceReader(engine, MEDIA_TYPE_READ_MODEL, MEDIA_TYPES.paging),
        albums=SqlResourceReader(engine, ALBUM_READ_MODEL, ALBUMS.paging),
        tracks=SqlResourceReader(engine, TRACK_READ_MODEL, TRACKS.paging),
        playlists=SqlResourceReader(engine, PLAYLIST_READ_MODEL, PLAYLISTS.paging),
    )
