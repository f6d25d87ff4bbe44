# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Whatever catalog is sent, within its constraints, arrives unchanged."""

from hypothesis import given

from chinook.support.testing.cases import Sample
from chinook.support.testing.strategies import assert_arrives
from tests.cases import CASES, catalog
from tests.strategies import catalog as catalog_


@given(catalog_.artists())
def test_any_valid_artist_arrives_unchanged(payload: dict[str, Sample]) -> None:
    """Artist shows what it was made from."""
    assert_arrives(catalog.ARTIST, CASES, payload)


@given(catalog_.genres())
def test_any_valid_genre_arrives_unchanged(payload: dict[str, Sample]) -> None:
    """Genre shows what it was made from."""
    assert_arrives(catalog.GENRE, CASES, payload)


@given(catalog_.media_types())
def test_any_valid_media_type_arrives_unchanged(payload: dict[str, Sample]) -> None:
    """MediaType shows what it was made from."""
    assert_arrives(catalog.MEDIA_TYPE, CASES, payload)


@given(catalog_.albums())
def test_any_valid_album_arrives_unchanged(payload: dict[str, Sample]) -> None:
    """Album shows what it was made from."""
    assert_arrives(catalog.ALBUM, CASES, payload)


@given(catalog_.tracks())
def test_any_valid_track_arrives_unchanged(payload: dict[str, Sample]) -> None:
    """Track shows what it was made from."""
    assert_arrives(catalog.TRACK, CASES, payload)


@given(catalog_.playlists())
def test_any_valid_playlist_arrives_unchanged(payload: dict[str, Sample]) -> None:
    """Playlist shows what it was made from."""
    assert_arrives(catalog.PLAYLIST, CASES, payload)
