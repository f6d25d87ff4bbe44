# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The ASGI entry point: `uvicorn --factory chinook.main:create_app`."""

from chinook.bootstrap import bootstrap
from chinook.core.settings import Settings
from chinook.interface.api.versioning import include_versions
from chinook.interface.cross_origins import cross_origins
from chinook.support.core.logging import configure_logging
from chinook.support.core.settings import explain_misconfiguration, load_settings
from chinook.support.interface.api import Api


@explain_misconfiguration
def create_app(settings: Settings | None = None) -> Api:
    """Make the application from `settings`, or from the environment."""
    settings = settings or load_settings(Settings)
    log = configure_logging(settings.log)
    wiring = bootstrap(settings)
    app = Api(
        title="Chinook music store",
        version="1.0.0",
        description=(
            "A digital music store, its catalogue on one side and its sales on the other."
        ),
        license_name="MIT",
        tags=(
            {"name": "Artists", "description": "A band, a singer or an orchestra."},
            {"name": "Genres"},
            {"name": "Media types", "description": "The file format that a track is sold in."},
            {"name": "Albums"},
            {"name": "Tracks", "description": "One recording, the thing that is sold."},
            {"name": "Playlists"},
            {"name": "Employees"},
            {"name": "Customers"},
            {"name": "Invoices", "description": "What one customer bought at one time."},
        ),
        max_body_bytes=settings.max_body_bytes,
        readers=("swagger", "redoc"),
        health_checks=wiring.health_checks,
        close=wiring.close,
        access_log=settings.log.access,
        access_sample=settings.log.access_sample,
        log=log,
        cors=cross_origins(settings),
    )
    app.state.catalog_handlers = wiring.catalog_handlers
    app.state.sales_handlers = wiring.sales_handlers
    include_versions(app)
    return app
