# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Rows of the context catalog, one class a table."""

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chinook.domain.catalog.value_objects import (
    AlbumId,
    ArtistId,
    GenreId,
    MediaTypeId,
    PlaylistId,
    TrackId,
)
from chinook.infrastructure.persistence.session import Row
from chinook.support.infrastructure.column_types import ScaledDecimal, UtcDateTime
from chinook.support.infrastructure.rows import VersionedRow


class ArtistRow(VersionedRow, Row):
    """A row of the table artists."""

    __tablename__ = "artists"
    __table_args__ = (
        sa.CheckConstraint(
            'length("name") >= 1 AND length("name") <= 120', name="ck_artists_name_length"
        ),
        sa.UniqueConstraint("name", name="uq_artists_name"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[ArtistId] = mapped_column(sa.Integer(), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class GenreRow(VersionedRow, Row):
    """A row of the table genres."""

    __tablename__ = "genres"
    __table_args__ = (
        sa.CheckConstraint(
            'length("name") >= 1 AND length("name") <= 120', name="ck_genres_name_length"
        ),
        sa.UniqueConstraint("name", name="uq_genres_name"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[GenreId] = mapped_column(sa.Integer(), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class MediaTypeRow(VersionedRow, Row):
    """A row of the table media_types."""

    __tablename__ = "media_types"
    __table_args__ = (
        sa.CheckConstraint(
            'length("name") >= 1 AND length("name") <= 120', name="ck_media_types_name_length"
        ),
        sa.UniqueConstraint("name", name="uq_media_types_name"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[MediaTypeId] = mapped_column(sa.Integer(), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class PlaylistRow(VersionedRow, Row):
    """A row of the table playlists."""

    __tablename__ = "playlists"
    __table_args__ = (
        sa.CheckConstraint(
            'length("name") >= 1 AND length("name") <= 120', name="ck_playlists_name_length"
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[PlaylistId] = mapped_column(sa.Integer(), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    tracks: Mapped[list["PlaylistTracksRow"]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
        passive_deletes=True,
        order_by="PlaylistTracksRow.track_id",
    )


class AlbumRow(VersionedRow, Row):
    """A row of the table albums."""

    __tablename__ = "albums"
    __table_args__ = (
        sa.CheckConstraint(
            'length("title") >= 1 AND length("title") <= 160', name="ck_albums_title_length"
        ),
        sa.Index("ix_albums_by_artist_and_title", "artist_id", "title"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[AlbumId] = mapped_column(sa.Integer(), primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(160))
    artist_id: Mapped[ArtistId] = mapped_column(
        sa.Integer(), sa.ForeignKey("artists.id", name="fk_albums_artist_id", ondelete="RESTRICT")
    )
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class TrackRow(VersionedRow, Row):
    """A row of the table tracks."""

    __tablename__ = "tracks"
    __table_args__ = (
        sa.CheckConstraint(
            'length("name") >= 1 AND length("name") <= 200', name="ck_tracks_name_length"
        ),
        sa.CheckConstraint(
            'length("composer") >= 1 AND length("composer") <= 220',
            name="ck_tracks_composer_length",
        ),
        sa.CheckConstraint('"milliseconds" >= 1', name="ck_tracks_milliseconds_range"),
        sa.CheckConstraint('"bytes" >= 1', name="ck_tracks_bytes_range"),
        sa.CheckConstraint('"unit_price" >= 0', name="ck_tracks_unit_price_range"),
        sa.Index("ix_tracks_album_id", "album_id"),
        sa.Index("ix_tracks_media_type_id", "media_type_id"),
        sa.Index("ix_tracks_genre_id", "genre_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[TrackId] = mapped_column(sa.Integer(), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    album_id: Mapped[AlbumId | None] = mapped_column(
        sa.Integer(), sa.ForeignKey("albums.id", name="fk_tracks_album_id", ondelete="RESTRICT")
    )
    media_type_id: Mapped[MediaTypeId] = mapped_column(
        sa.Integer(),
        sa.ForeignKey("media_types.id", name="fk_tracks_media_type_id", ondelete="RESTRICT"),
    )
    genre_id: Mapped[GenreId | None] = mapped_column(
        sa.Integer(), sa.ForeignKey("genres.id", name="fk_tracks_genre_id", ondelete="RESTRICT")
    )
    composer: Mapped[str | None] = mapped_column(sa.String(220))
    milliseconds: Mapped[int] = mapped_column(sa.Integer())
    bytes_: Mapped[int | None] = mapped_column("bytes", sa.Integer())
    unit_price: Mapped[Decimal] = mapped_column(ScaledDecimal(10, 2))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class PlaylistTracksRow(Row):
    """A row of the table playlists_tracks."""

    __tablename__ = "playlists_tracks"
    __table_args__ = (sa.Index("ix_playlists_tracks_track_id", "track_id"),)

    playlist_id: Mapped[PlaylistId] = mapped_column(
        sa.Integer(),
        sa.ForeignKey("playlists.id", name="fk_playlists_tracks_playlist_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        info={"parent": True},
    )
    track_id: Mapped[TrackId] = mapped_column(
        sa.Integer(),
        sa.ForeignKey("tracks.id", name="fk_playlists_tracks_track_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        info={"field": "tracks"},
    )
