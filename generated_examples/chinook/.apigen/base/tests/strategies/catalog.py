# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Hypothesis strategies of catalog: any payload that its constraints allow."""

from hypothesis import strategies as st

from chinook.support.testing.cases import Ref, Sample
from chinook.support.testing.strategies import decimals, texts


def artists() -> st.SearchStrategy[dict[str, Sample]]:
    """Return payloads that create a Artist."""
    return st.fixed_dictionaries({"name": texts(1, 120)})


def genres() -> st.SearchStrategy[dict[str, Sample]]:
    """Return payloads that create a Genre."""
    return st.fixed_dictionaries({"name": texts(1, 120)})


def media_types() -> st.SearchStrategy[dict[str, Sample]]:
    """Return payloads that create a MediaType."""
    return st.fixed_dictionaries({"name": texts(1, 120)})


def albums() -> st.SearchStrategy[dict[str, Sample]]:
    """Return payloads that create a Album."""
    return st.fixed_dictionaries(
        {"title": texts(1, 160), "artist_id": st.just(Ref("catalog.Artist"))}
    )


def tracks() -> st.SearchStrategy[dict[str, Sample]]:
    """Return payloads that create a Track."""
    return st.fixed_dictionaries(
        {
            "name": texts(1, 200),
            "album_id": st.just(Ref("catalog.Album")),
            "media_type_id": st.just(Ref("catalog.MediaType")),
            "genre_id": st.just(Ref("catalog.Genre")),
            "composer": st.none() | texts(1, 220),
            "milliseconds": st.just(1235),
            "bytes": st.none() | st.integers(1, 2147483647),
            "unit_price": decimals("0", "99999999.99", scale=2),
        }
    )


def playlists() -> st.SearchStrategy[dict[str, Sample]]:
    """Return payloads that create a Playlist."""
    return st.fixed_dictionaries(
        {"name": texts(1, 120), "tracks": st.just([Ref("catalog.Track"), Ref("catalog.Track", 1)])}
    )
