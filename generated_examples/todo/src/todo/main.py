# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The ASGI entry point: `uvicorn --factory todo.main:create_app`."""

from todo.bootstrap import bootstrap
from todo.core.settings import Settings
from todo.interface.api.versioning import include_versions
from todo.support.core.logging import configure_logging
from todo.support.core.settings import explain_misconfiguration, load_settings
from todo.support.interface.api import Api


@explain_misconfiguration
def create_app(settings: Settings | None = None) -> Api:
    """Make the application from `settings`, or from the environment."""
    settings = settings or load_settings(Settings)
    log = configure_logging(settings.log)
    wiring = bootstrap(settings)
    app = Api(
        title="todo",
        version="0.1.0",
        description="",
        tags=({"name": "Tasks"},),
        max_body_bytes=settings.max_body_bytes,
        readers=("swagger", "redoc"),
        health_checks=wiring.health_checks,
        close=wiring.close,
        access_log=settings.log.access,
        access_sample=settings.log.access_sample,
        log=log,
    )
    app.state.todo_handlers = wiring.todo_handlers
    include_versions(app)
    return app
