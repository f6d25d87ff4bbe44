# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Which versions of the API there are, and what each of them serves."""

from fastapi import FastAPI

from chinook.interface.api.v1.albums import router as albums_router
from chinook.interface.api.v1.artists import router as artists_router
from chinook.interface.api.v1.customers import router as customers_router
from chinook.interface.api.v1.employees import router as employees_router
from chinook.interface.api.v1.genres import router as genres_router
from chinook.interface.api.v1.invoices import router as invoices_router
from chinook.interface.api.v1.media_types import router as media_types_router
from chinook.interface.api.v1.playlists import router as playlists_router
from chinook.interface.api.v1.tracks import router as tracks_router

V1_ROUTERS = (
    albums_router,
    artists_router,
    customers_router,
    employees_router,
    genres_router,
    invoices_router,
    media_types_router,
    playlists_router,
    tracks_router,
)
"""Version v1; routers with longer paths come first."""


def include_versions(app: FastAPI) -> None:
    """Serve every version below its own prefix."""
    for router in V1_ROUTERS:
        app.include_router(router, prefix="/api/v1")
