# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What clients may ask the lists of catalog for."""

from chinook.support.application.filter_types import (
    DECIMAL,
    EXACT,
    INTEGER,
    MOMENT,
    RANGE,
    SHORT_TEXT,
    TEXT,
    operators,
)
from chinook.support.application.queries import PageStyle, Paging, ResourceQuery, filtered, listed

ARTISTS = ResourceQuery(
    resource="artist",
    search=True,
    expand=(("albums",),),
    paging=Paging(style=PageStyle.OFFSET, size=20, max_size=200),
    fields=(
        listed("id", type=INTEGER, ops=EXACT),
        listed("name", type=TEXT, ops=SHORT_TEXT),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
    ),
)
"""Lists of artists."""

GENRES = ResourceQuery(
    resource="genre",
    search=True,
    paging=Paging(style=PageStyle.OFFSET, size=20, max_size=200),
    fields=(
        listed("id", type=INTEGER, ops=EXACT),
        listed("name", type=TEXT, ops=SHORT_TEXT),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
    ),
)
"""Lists of genres."""

MEDIA_TYPES = ResourceQuery(
    resource="media type",
    search=True,
    paging=Paging(style=PageStyle.OFFSET, size=20, max_size=200),
    fields=(
        listed("id", type=INTEGER, ops=EXACT),
        listed("name", type=TEXT, ops=SHORT_TEXT),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
    ),
)
"""Lists of media types."""

ALBUMS = ResourceQuery(
    resource="album",
    search=True,
    expand=(("artist",), ("tracks",)),
    paging=Paging(style=PageStyle.OFFSET, size=20, max_size=200),
    fields=(
        listed("id", type=INTEGER, ops=EXACT),
        listed("title", type=TEXT, ops=SHORT_TEXT),
        filtered("artist_id", type=INTEGER, ops=EXACT),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
        filtered("artist", "name", type=TEXT, ops=operators("eq", "contains")),
    ),
)
"""Lists of albums."""

TRACKS = ResourceQuery(
    resource="track",
    search=True,
    expand=(("album",), ("album", "artist"), ("genre",), ("media_type",)),
    paging=Paging(style=PageStyle.CURSOR, size=20, max_size=200),
    fields=(
        listed("id", type=INTEGER, ops=EXACT),
        listed("name", type=TEXT, ops=SHORT_TEXT),
        filtered("album_id", type=INTEGER, ops=EXACT, nullable=True),
        filtered("media_type_id", type=INTEGER, ops=EXACT),
        filtered("genre_id", type=INTEGER, ops=EXACT, nullable=True),
        listed("composer", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("milliseconds", type=INTEGER, ops=RANGE),
        listed("bytes", type=INTEGER, ops=RANGE, nullable=True),
        listed("unit_price", type=DECIMAL, ops=RANGE),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
        filtered("genre", "name", type=TEXT, ops=EXACT),
        filtered("album", "artist_id", type=INTEGER, ops=operators("eq")),
    ),
)
"""Lists of tracks."""

PLAYLISTS = ResourceQuery(
    resource="playlist",
    search=True,
    expand=(("tracks",),),
    paging=Paging(style=PageStyle.OFFSET, size=20, max_size=200),
    fields=(
        listed("id", type=INTEGER, ops=EXACT),
        listed("name", type=TEXT, ops=SHORT_TEXT),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
    ),
)
"""Lists of playlists."""
