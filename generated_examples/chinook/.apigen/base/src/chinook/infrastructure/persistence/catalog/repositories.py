# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Aggregates of catalog as rows, and rows as aggregates.

Everything else about storing them is in the support package.
"""

from chinook.domain.catalog.aggregates import Album, Artist, Genre, MediaType, Playlist, Track
from chinook.domain.catalog.value_objects import (
    AlbumId,
    ArtistId,
    GenreId,
    MediaTypeId,
    PlaylistId,
    TrackId,
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
from chinook.support.infrastructure.repository import SqlRepository
from chinook.support.infrastructure.unit_of_work import SqlUnitOfWork


class SqlArtistRepository(SqlRepository[Artist, ArtistId, ArtistRow]):
    """Each artist as a row of the table artists."""

    row_type = ArtistRow
    resource = "artist"

    def to_row(self, entity: Artist) -> ArtistRow:
        """Return the rows that the aggregate should have."""
        return ArtistRow(
            id=entity.id or None,
            name=entity.name,
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            version=entity.version,
        )

    def to_aggregate(self, row: ArtistRow) -> Artist:
        """Return the aggregate that the rows hold."""
        return Artist(
            id=row.id,
            name=row.name,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )

    def assign_ids(self, entity: Artist, row: ArtistRow) -> None:
        """Take over what storing has decided: drawn numbers, the order of children."""
        entity.id = row.id


class SqlGenreRepository(SqlRepository[Genre, GenreId, GenreRow]):
    """Each genre as a row of the table genres."""

    row_type = GenreRow
    resource = "genre"

    def to_row(self, entity: Genre) -> GenreRow:
        """Return the rows that the aggregate should have."""
        return GenreRow(
            id=entity.id or None,
            name=entity.name,
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            version=entity.version,
        )

    def to_aggregate(self, row: GenreRow) -> Genre:
        """Return the aggregate that the rows hold."""
        return Genre(
            id=row.id,
            name=row.name,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )

    def assign_ids(self, entity: Genre, row: GenreRow) -> None:
        """Take over what storing has decided: drawn numbers, the order of children."""
        entity.id = row.id


class SqlMediaTypeRepository(SqlRepository[MediaType, MediaTypeId, MediaTypeRow]):
    """Each media type as a row of the table media_types."""

    row_type = MediaTypeRow
    resource = "media type"

    def to_row(self, entity: MediaType) -> MediaTypeRow:
        """Return the rows that the aggregate should have."""
        return MediaTypeRow(
            id=entity.id or None,
            name=entity.name,
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            version=entity.version,
        )

    def to_aggregate(self, row: MediaTypeRow) -> MediaType:
        """Return the aggregate that the rows hold."""
        return MediaType(
            id=row.id,
            name=row.name,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )

    def assign_ids(self, entity: MediaType, row: MediaTypeRow) -> None:
        """Take over what storing has decided: drawn numbers, the order of children."""
        entity.id = row.id


class SqlAlbumRepository(SqlRepository[Album, AlbumId, AlbumRow]):
    """Each album as a row of the table albums."""

    row_type = AlbumRow
    resource = "album"

    def to_row(self, entity: Album) -> AlbumRow:
        """Return the rows that the aggregate should have."""
        return AlbumRow(
            id=entity.id or None,
            title=entity.title,
            artist_id=entity.artist_id,
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            version=entity.version,
        )

    def to_aggregate(self, row: AlbumRow) -> Album:
        """Return the aggregate that the rows hold."""
        return Album(
            id=row.id,
            title=row.title,
            artist_id=row.artist_id,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )

    def assign_ids(self, entity: Album, row: AlbumRow) -> None:
        """Take over what storing has decided: drawn numbers, the order of children."""
        entity.id = row.id


class SqlTrackRepository(SqlRepository[Track, TrackId, TrackRow]):
    """Each track as a row of the table tracks."""

    row_type = TrackRow
    resource = "track"

    def to_row(self, entity: Track) -> TrackRow:
        """Return the rows that the aggregate should have."""
        return TrackRow(
            id=entity.id or None,
            name=entity.name,
            album_id=entity.album_id,
            media_type_id=entity.media_type_id,
            genre_id=entity.genre_id,
            composer=entity.composer,
            milliseconds=entity.milliseconds,
            bytes_=entity.bytes_,
            unit_price=entity.unit_price,
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            version=entity.version,
        )

    def to_aggregate(self, row: TrackRow) -> Track:
        """Return the aggregate that the rows hold."""
        return Track(
            id=row.id,
            name=row.name,
            album_id=row.album_id,
            media_type_id=row.media_type_id,
            genre_id=row.genre_id,
            composer=row.composer,
            milliseconds=row.milliseconds,
            bytes_=row.bytes_,
            unit_price=row.unit_price,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )

    def assign_ids(self, entity: Track, row: TrackRow) -> None:
        """Take over what storing has decided: drawn numbers, the order of children."""
        entity.id = row.id


class SqlPlaylistRepository(SqlRepository[Playlist, PlaylistId, PlaylistRow]):
    """Each playlist as a row of the table playlists."""

    row_type = PlaylistRow
    resource = "playlist"

    def to_row(self, entity: Playlist) -> PlaylistRow:
        """Return the rows that the aggregate should have."""
        return PlaylistRow(
            id=entity.id or None,
            name=entity.name,
            tracks=[PlaylistTracksRow(track_id=target) for target in entity.tracks],
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            version=entity.version,
        )

    def to_aggregate(self, row: PlaylistRow) -> Playlist:
        """Return the aggregate that the rows hold."""
        return Playlist(
            id=row.id,
            name=row.name,
            tracks=frozenset(joined.track_id for joined in row.tracks),
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )

    def assign_ids(self, entity: Playlist, row: PlaylistRow) -> None:
        """Take over what storing has decided: drawn numbers, the order of children."""
        entity.id = row.id


class SqlCatalogUnitOfWork(SqlUnitOfWork):
    """One transaction over catalog."""

    @property
    def artists(self) -> SqlArtistRepository:
        """The repository of Artist."""
        return SqlArtistRepository(self.session)

    @property
    def genres(self) -> SqlGenreRepository:
        """The repository of Genre."""
        return SqlGenreRepository(self.session)

    @property
    def media_types(self) -> SqlMediaTypeRepository:
        """The repository of MediaType."""
        return SqlMediaTypeRepository(self.session)

    @property
    def albums(self) -> SqlAlbumRepository:
        """The repository of Album."""
        return SqlAlbumRepository(self.session)

    @property
    def tracks(self) -> SqlTrackRepository:
        """The repository of Track."""
        return SqlTrackRepository(self.session)

    @property
    def playlists(self) -> SqlPlaylistRepository:
        """The repository of Playlist."""
        return SqlPlaylistRepository(self.session)
