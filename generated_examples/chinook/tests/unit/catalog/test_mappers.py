# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Mapping between payloads and aggregates of catalog."""

from chinook.support.testing.contracts.mapping import MappingContract
from tests.cases import CASES, catalog


class TestArtistMapping(MappingContract):
    """Artist: what is sent is what is shown."""

    case = catalog.ARTIST
    cases = CASES


class TestGenreMapping(MappingContract):
    """Genre: what is sent is what is shown."""

    case = catalog.GENRE
    cases = CASES


class TestMediaTypeMapping(MappingContract):
    """MediaType: what is sent is what is shown."""

    case = catalog.MEDIA_TYPE
    cases = CASES


class TestAlbumMapping(MappingContract):
    """Album: what is sent is what is shown."""

    case = catalog.ALBUM
    cases = CASES


class TestTrackMapping(MappingContract):
    """Track: what is sent is what is shown."""

    case = catalog.TRACK
    cases = CASES


class TestPlaylistMapping(MappingContract):
    """Playlist: what is sent is what is shown."""

    case = catalog.PLAYLIST
    cases = CASES
