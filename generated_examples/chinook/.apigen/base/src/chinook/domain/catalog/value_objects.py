# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The values of catalog: identifiers, codes and quantities.

Immutable, equal by what they hold, and valid from the moment they exist.
"""

from typing import NewType

ArtistId = NewType("ArtistId", int)
GenreId = NewType("GenreId", int)
MediaTypeId = NewType("MediaTypeId", int)
AlbumId = NewType("AlbumId", int)
TrackId = NewType("TrackId", int)
PlaylistId = NewType("PlaylistId", int)
