# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What the tests of catalog work on: samples, edges and changes of each entity."""

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
    TrackUpdate,
)
from chinook.application.catalog.mappers import (
    ALBUM_READ,
    ARTIST_READ,
    GENRE_READ,
    MEDIA_TYPE_READ,
    PLAYLIST_READ,
    TRACK_READ,
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
from chinook.infrastructure.persistence.catalog import SqlCatalogUnitOfWork
from chinook.support.testing.cases import EntityCase, Probe, Ref, Unique, columns

ARTIST = EntityCase[Artist, CatalogUnitOfWork, ArtistId](
    name="catalog.Artist",
    create=lambda data: artist_from_create(ArtistCreate.model_validate_json(data)),
    change=lambda entity, data: apply_artist_update(entity, ArtistUpdate.model_validate_json(data)),
    show=lambda entity: ARTIST_READ.to_dto(entity).to_json(),
    unit_of_work=SqlCatalogUnitOfWork,
    repository=lambda work: work.artists,
    samples=columns({"name": ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5"]}),
    keys=(1, 2, 3, 4, 5, 998),
    required=("name",),
    changes={"name": "Name 2"},
    fixed=("id", "created_at", "updated_at", "version"),
    closed=("created_at", "updated_at", "version"),
    accepted=(Probe("name", "x", "shortest"), Probe("name", "x" * 120, "longest")),
    refused=(
        Probe("name", None, "null"),
        Probe("name", {"no": "scalar"}, "wrong type"),
        Probe("name", "", "too short"),
        Probe("name", "x" * 121, "too long"),
    ),
    unique=(Unique(fields=("name",)),),
)

GENRE = EntityCase[Genre, CatalogUnitOfWork, GenreId](
    name="catalog.Genre",
    create=lambda data: genre_from_create(GenreCreate.model_validate_json(data)),
    change=lambda entity, data: apply_genre_update(entity, GenreUpdate.model_validate_json(data)),
    show=lambda entity: GENRE_READ.to_dto(entity).to_json(),
    unit_of_work=SqlCatalogUnitOfWork,
    repository=lambda work: work.genres,
    samples=columns({"name": ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5"]}),
    keys=(1, 2, 3, 4, 5, 998),
    required=("name",),
    changes={"name": "Name 2"},
    fixed=("id", "created_at", "updated_at", "version"),
    closed=("created_at", "updated_at", "version"),
    accepted=(Probe("name", "x", "shortest"), Probe("name", "x" * 120, "longest")),
    refused=(
        Probe("name", None, "null"),
        Probe("name", {"no": "scalar"}, "wrong type"),
        Probe("name", "", "too short"),
        Probe("name", "x" * 121, "too long"),
    ),
    unique=(Unique(fields=("name",)),),
)

MEDIA_TYPE = EntityCase[MediaType, CatalogUnitOfWork, MediaTypeId](
    name="catalog.MediaType",
    create=lambda data: media_type_from_create(MediaTypeCreate.model_validate_json(data)),
    change=lambda entity, data: apply_media_type_update(
        entity, MediaTypeUpdate.model_validate_json(data)
    ),
    show=lambda entity: MEDIA_TYPE_READ.to_dto(entity).to_json(),
    unit_of_work=SqlCatalogUnitOfWork,
    repository=lambda work: work.media_types,
    samples=columns({"name": ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5"]}),
    keys=(1, 2, 3, 4, 5, 998),
    required=("name",),
    changes={"name": "Name 2"},
    fixed=("id", "created_at", "updated_at", "version"),
    closed=("created_at", "updated_at", "version"),
    accepted=(Probe("name", "x", "shortest"), Probe("name", "x" * 120, "longest")),
    refused=(
        Probe("name", None, "null"),
        Probe("name", {"no": "scalar"}, "wrong type"),
        Probe("name", "", "too short"),
        Probe("name", "x" * 121, "too long"),
    ),
    unique=(Unique(fields=("name",)),),
)

ALBUM = EntityCase[Album, CatalogUnitOfWork, AlbumId](
    name="catalog.Album",
    create=lambda data: album_from_create(AlbumCreate.model_validate_json(data)),
    change=lambda entity, data: apply_album_update(entity, AlbumUpdate.model_validate_json(data)),
    show=lambda entity: ALBUM_READ.to_dto(entity).to_json(),
    unit_of_work=SqlCatalogUnitOfWork,
    repository=lambda work: work.albums,
    samples=columns(
        {
            "title": ["Title 1", "Title 2", "Title 3", "Title 4", "Title 5"],
            "artist_id": [
                Ref("catalog.Artist"),
                Ref("catalog.Artist", 1),
                Ref("catalog.Artist", 2),
                Ref("catalog.Artist", 3),
                Ref("catalog.Artist", 4),
            ],
        }
    ),
    keys=(1, 2, 3, 4, 5, 998),
    required=("title", "artist_id"),
    changes={"title": "Title 2", "artist_id": Ref("catalog.Artist", 1)},
    fixed=("id", "created_at", "updated_at", "version"),
    closed=("created_at", "updated_at", "version"),
    references={"artist_id": "catalog.Artist"},
    accepted=(Probe("title", "x", "shortest"), Probe("title", "x" * 160, "longest")),
    refused=(
        Probe("title", None, "null"),
        Probe("title", {"no": "scalar"}, "wrong type"),
        Probe("title", "", "too short"),
        Probe("title", "x" * 161, "too long"),
        Probe("artist_id", None, "null"),
        Probe("artist_id", {"no": "key"}, "wrong type"),
    ),
)

TRACK = EntityCase[Track, CatalogUnitOfWork, TrackId](
    name="catalog.Track",
    create=lambda data: track_from_create(TrackCreate.model_validate_json(data)),
    change=lambda entity, data: apply_track_update(entity, TrackUpdate.model_validate_json(data)),
    show=lambda entity: TRACK_READ.to_dto(entity).to_json(),
    unit_of_work=SqlCatalogUnitOfWork,
    repository=lambda work: work.tracks,
    samples=columns(
        {
            "name": ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5"],
            "album_id": [
                Ref("catalog.Album"),
                Ref("catalog.Album", 1),
                Ref("catalog.Album", 2),
                Ref("catalog.Album", 3),
                Ref("catalog.Album", 4),
            ],
            "media_type_id": [
                Ref("catalog.MediaType"),
                Ref("catalog.MediaType", 1),
                Ref("catalog.MediaType", 2),
                Ref("catalog.MediaType", 3),
                Ref("catalog.MediaType", 4),
            ],
            "genre_id": [
                Ref("catalog.Genre"),
                Ref("catalog.Genre", 1),
                Ref("catalog.Genre", 2),
                Ref("catalog.Genre", 3),
                Ref("catalog.Genre", 4),
            ],
            "composer": ["Composer 1", "Composer 2", "Composer 3", "Composer 4", "Composer 5"],
            "milliseconds": [1235, 2469, 3703, 4937, 6171],
            "bytes": [1235, 2469, 3703, 4937, 6171],
            "unit_price": ["1.25", "2.26", "3.27", "4.28", "5.29"],
        }
    ),
    keys=(1, 2, 3, 4, 5, 998),
    required=("name", "media_type_id", "milliseconds", "unit_price"),
    defaults={"album_id": None, "genre_id": None, "composer": None, "bytes": None},
    computed={"seconds": [1, 2, 3, 4, 6]},
    derived=frozenset(("seconds",)),
    changes={
        "name": "Name 2",
        "album_id": Ref("catalog.Album", 1),
        "media_type_id": Ref("catalog.MediaType", 1),
        "genre_id": Ref("catalog.Genre", 1),
        "composer": "Composer 2",
        "milliseconds": 2469,
        "bytes": 2469,
        "unit_price": "2.26",
    },
    nullable=("album_id", "genre_id", "composer", "bytes"),
    fixed=("id", "seconds", "created_at", "updated_at", "version"),
    closed=("seconds", "created_at", "updated_at", "version"),
    references={
        "album_id": "catalog.Album",
        "media_type_id": "catalog.MediaType",
        "genre_id": "catalog.Genre",
    },
    accepted=(
        Probe("name", "x", "shortest"),
        Probe("name", "x" * 200, "longest"),
        Probe("composer", "x", "shortest"),
        Probe("composer", "x" * 220, "longest"),
        Probe("bytes", 1, "least"),
        Probe("unit_price", "0.00", "least"),
        Probe("unit_price", "99999999.99", "most digits"),
    ),
    refused=(
        Probe("name", None, "null"),
        Probe("name", {"no": "scalar"}, "wrong type"),
        Probe("name", "", "too short"),
        Probe("name", "x" * 201, "too long"),
        Probe("album_id", {"no": "key"}, "wrong type"),
        Probe("media_type_id", None, "null"),
        Probe("media_type_id", {"no": "key"}, "wrong type"),
        Probe("genre_id", {"no": "key"}, "wrong type"),
        Probe("composer", {"no": "scalar"}, "wrong type"),
        Probe("composer", "", "too short"),
        Probe("composer", "x" * 221, "too long"),
        Probe("milliseconds", None, "null"),
        Probe("milliseconds", {"no": "scalar"}, "wrong type"),
        Probe("milliseconds", 0, "too small"),
        Probe("milliseconds", 2147483648, "too large for its column"),
        Probe("bytes", {"no": "scalar"}, "wrong type"),
        Probe("bytes", 0, "too small"),
        Probe("bytes", 2147483648, "too large for its column"),
        Probe("unit_price", None, "null"),
        Probe("unit_price", {"no": "scalar"}, "wrong type"),
        Probe("unit_price", "-0.01", "too small"),
        Probe("unit_price", "1.251", "too many places"),
        Probe("unit_price", "100000000.00", "too many digits"),
    ),
)

PLAYLIST = EntityCase[Playlist, CatalogUnitOfWork, PlaylistId](
    name="catalog.Playlist",
    create=lambda data: playlist_from_create(PlaylistCreate.model_validate_json(data)),
    change=lambda entity, data: apply_playlist_update(
        entity, PlaylistUpdate.model_validate_json(data)
    ),
    show=lambda entity: PLAYLIST_READ.to_dto(entity).to_json(),
    unit_of_work=SqlCatalogUnitOfWork,
    repository=lambda work: work.playlists,
    samples=columns(
        {
            "name": ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5"],
            "tracks": [
                [Ref("catalog.Track"), Ref("catalog.Track", 1)],
                [Ref("catalog.Track", 1)],
                [Ref("catalog.Track", 2)],
                [Ref("catalog.Track", 3)],
                [Ref("catalog.Track", 4)],
            ],
        }
    ),
    keys=(1, 2, 3, 4, 5, 998),
    required=("name", "tracks"),
    changes={"name": "Name 2", "tracks": [Ref("catalog.Track", 1)]},
    fixed=("id", "created_at", "updated_at", "version"),
    closed=("created_at", "updated_at", "version"),
    unordered=frozenset(("tracks",)),
    accepted=(Probe("name", "x", "shortest"), Probe("name", "x" * 120, "longest")),
    refused=(
        Probe("name", None, "null"),
        Probe("name", {"no": "scalar"}, "wrong type"),
        Probe("name", "", "too short"),
        Probe("name", "x" * 121, "too long"),
        Probe("tracks", None, "null"),
        Probe("tracks", "text", "wrong type"),
    ),
)
