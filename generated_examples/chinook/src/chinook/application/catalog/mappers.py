# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Between the payloads of catalog and its domain.

Inwards every field is named; outwards names match.
"""

from chinook.application.catalog.dtos import (
    AlbumCreate,
    AlbumRead,
    AlbumUpdate,
    ArtistCreate,
    ArtistRead,
    ArtistUpdate,
    GenreCreate,
    GenreRead,
    GenreUpdate,
    MediaTypeCreate,
    MediaTypeRead,
    MediaTypeUpdate,
    PlaylistCreate,
    PlaylistRead,
    PlaylistUpdate,
    TrackCreate,
    TrackRead,
    TrackReplace,
    TrackUpdate,
)
from chinook.domain.catalog.aggregates import Album, Artist, Genre, MediaType, Playlist, Track
from chinook.support.application.mapper import GenericMapper


def artist_from_create(data: ArtistCreate) -> Artist:
    """Return a new artist."""
    return Artist(
        id=data.id,
        name=data.name,
    )


def genre_from_create(data: GenreCreate) -> Genre:
    """Return a new genre."""
    return Genre(
        id=data.id,
        name=data.name,
    )


def media_type_from_create(data: MediaTypeCreate) -> MediaType:
    """Return a new media type."""
    return MediaType(
        id=data.id,
        name=data.name,
    )


def album_from_create(data: AlbumCreate) -> Album:
    """Return a new album."""
    return Album(
        id=data.id,
        title=data.title,
        artist_id=data.artist_id,
    )


def track_from_create(data: TrackCreate) -> Track:
    """Return a new track."""
    return Track(
        id=data.id,
        name=data.name,
        album_id=data.album_id,
        media_type_id=data.media_type_id,
        genre_id=data.genre_id,
        composer=data.composer,
        milliseconds=data.milliseconds,
        bytes_=data.bytes_,
        unit_price=data.unit_price,
    )


def playlist_from_create(data: PlaylistCreate) -> Playlist:
    """Return a new playlist."""
    return Playlist(
        id=data.id,
        name=data.name,
        tracks=data.tracks,
    )


def apply_artist_update(artist: Artist, data: ArtistUpdate) -> None:
    """Change an artist as far as the payload says."""
    if data.is_set("name"):
        artist.name = data.name


def apply_genre_update(genre: Genre, data: GenreUpdate) -> None:
    """Change a genre as far as the payload says."""
    if data.is_set("name"):
        genre.name = data.name


def apply_media_type_update(media_type: MediaType, data: MediaTypeUpdate) -> None:
    """Change a media type as far as the payload says."""
    if data.is_set("name"):
        media_type.name = data.name


def apply_album_update(album: Album, data: AlbumUpdate) -> None:
    """Change an album as far as the payload says."""
    if data.is_set("title"):
        album.title = data.title
    if data.is_set("artist_id"):
        album.artist_id = data.artist_id


def apply_track_update(track: Track, data: TrackUpdate | TrackReplace) -> None:
    """Change a track as far as the payload says."""
    if data.is_set("name"):
        track.name = data.name
    if data.is_set("album_id"):
        track.album_id = data.album_id
    if data.is_set("media_type_id"):
        track.media_type_id = data.media_type_id
    if data.is_set("genre_id"):
        track.genre_id = data.genre_id
    if data.is_set("composer"):
        track.composer = data.composer
    if data.is_set("milliseconds"):
        track.milliseconds = data.milliseconds
    if data.is_set("bytes_"):
        track.bytes_ = data.bytes_
    if data.is_set("unit_price"):
        track.unit_price = data.unit_price


def apply_playlist_update(playlist: Playlist, data: PlaylistUpdate) -> None:
    """Change a playlist as far as the payload says."""
    if data.is_set("name"):
        playlist.name = data.name
    if data.is_set("tracks"):
        playlist.tracks = data.tracks


ARTIST_READ = GenericMapper(source=Artist, target=ArtistRead)
GENRE_READ = GenericMapper(source=Genre, target=GenreRead)
MEDIA_TYPE_READ = GenericMapper(source=MediaType, target=MediaTypeRead)
ALBUM_READ = GenericMapper(source=Album, target=AlbumRead)
TRACK_READ = GenericMapper(source=Track, target=TrackRead)
PLAYLIST_READ = GenericMapper(source=Playlist, target=PlaylistRead)
