# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Sets of rows to begin with: `db seed <set>` loads one."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from chinook.domain.catalog.aggregates import Album, Artist, Genre, MediaType, Playlist, Track
from chinook.domain.sales.aggregates import Customer, Employee, Invoice
from chinook.infrastructure.persistence.catalog.repositories import (
    SqlAlbumRepository,
    SqlArtistRepository,
    SqlGenreRepository,
    SqlMediaTypeRepository,
    SqlPlaylistRepository,
    SqlTrackRepository,
)
from chinook.infrastructure.persistence.sales.repositories import (
    SqlCustomerRepository,
    SqlEmployeeRepository,
    SqlInvoiceRepository,
)
from chinook.support.infrastructure.seeding import Seed, load_seeds

SEEDS: Mapping[str, tuple[Seed, ...]] = {
    "chinook": (
        Seed(file="chinook/artists.json", aggregate=Artist, repository=SqlArtistRepository),
        Seed(file="chinook/genres.json", aggregate=Genre, repository=SqlGenreRepository),
        Seed(
            file="chinook/media_types.json", aggregate=MediaType, repository=SqlMediaTypeRepository
        ),
        Seed(
            file="chinook/albums.json",
            aggregate=Album,
            repository=SqlAlbumRepository,
            names={"artist": ("artist_id", {})},
        ),
        Seed(
            file="chinook/tracks.json",
            aggregate=Track,
            repository=SqlTrackRepository,
            names={
                "album": ("album_id", {}),
                "media_type": ("media_type_id", {}),
                "genre": ("genre_id", {}),
                "bytes": ("bytes_", {}),
            },
        ),
        Seed(file="chinook/playlists.json", aggregate=Playlist, repository=SqlPlaylistRepository),
        Seed(
            file="chinook/employees.json",
            aggregate=Employee,
            repository=SqlEmployeeRepository,
            names={"reports_to": ("reports_to_id", {})},
            normal={"email": ("lower",)},
        ),
        Seed(
            file="chinook/customers.json",
            aggregate=Customer,
            repository=SqlCustomerRepository,
            names={"support_rep": ("support_rep_id", {})},
            normal={"email": ("lower",)},
        ),
        Seed(
            file="chinook/invoices.json",
            aggregate=Invoice,
            repository=SqlInvoiceRepository,
            names={"customer": ("customer_id", {})},
        ),
    ),
}
"""By name; what others refer to comes first."""


async def seed(engine: AsyncEngine, name: str) -> Mapping[str, int]:
    """Load a set, and return how many rows of each file were new.

    Raises:
        KeyError: There is no such set.
        SeedError: A row is not valid, or clashes with a stored one.
    """
    return await load_seeds(engine, SEEDS[name], Path("seeds"))
