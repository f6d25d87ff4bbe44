# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The repositories of catalog."""

from chinook.support.testing.contracts.repositories import RepositoryContract
from tests.cases import catalog


class TestArtistRepository(RepositoryContract):
    """Artist: what is stored is what is read."""

    case = catalog.ARTIST


class TestGenreRepository(RepositoryContract):
    """Genre: what is stored is what is read."""

    case = catalog.GENRE


class TestMediaTypeRepository(RepositoryContract):
    """MediaType: what is stored is what is read."""

    case = catalog.MEDIA_TYPE


class TestAlbumRepository(RepositoryContract):
    """Album: what is stored is what is read."""

    case = catalog.ALBUM


class TestTrackRepository(RepositoryContract):
    """Track: what is stored is what is read."""

    case = catalog.TRACK


class TestPlaylistRepository(RepositoryContract):
    """Playlist: what is stored is what is read."""

    case = catalog.PLAYLIST
