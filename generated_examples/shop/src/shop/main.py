# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The ASGI entry point: `uvicorn --factory shop.main:create_app`."""

from shop.bootstrap import bootstrap
from shop.core.settings import Settings
from shop.infrastructure.tokens import token_validator
from shop.interface.api.compression import answer_compression
from shop.interface.api.rate_limits import API_LIMIT
from shop.interface.api.versioning import VERSIONS, include_versions
from shop.shared.localization import LOCALES
from shop.support.core.clock import Clock, utc_now
from shop.support.core.logging import configure_logging
from shop.support.core.settings import explain_misconfiguration, load_settings
from shop.support.interface.api import Api
from shop.support.interface.authentication import bearer_authentication
from shop.support.interface.file_replies import file_routes
from shop.support.interface.languages import RequestLanguages


@explain_misconfiguration
def create_app(settings: Settings | None = None, *, clock: Clock = utc_now) -> Api:
    """Make the application from `settings`, or from the environment, at the time of `clock`."""
    settings = settings or load_settings(Settings)
    log = configure_logging(settings.log)
    wiring = bootstrap(settings)
    app = Api(
        title="Web shop",
        version="0.3.0",
        description=(
            "Catalogue, customers, orders, payment and fulfilment in one bounded context."
        ),
        tags=(
            {"name": "Categories"},
            {"name": "Customers", "description": "A person who buys."},
            {"name": "Products"},
            {"name": "Orders"},
            {"name": "Payments"},
            {"name": "Order lists", "description": "Flattened view of current state."},
        ),
        max_body_bytes=settings.max_body_bytes,
        readers=("swagger", "redoc"),
        health_checks=wiring.health_checks,
        start=wiring.start,
        close=wiring.close,
        access_log=settings.log.access,
        access_sample=settings.log.access_sample,
        log=log,
        versions=VERSIONS,
        authenticate=bearer_authentication(token_validator(settings).validate),
        clock=clock,
        languages=RequestLanguages(LOCALES),
        gate=API_LIMIT,
        compression=answer_compression(settings.compression),
        beside=file_routes(wiring.files),
    )
    app.state.shop_handlers = wiring.shop_handlers
    app.state.idempotency = wiring.idempotency
    app.state.tasks = wiring.tasks
    app.state.cache = wiring.cache
    app.state.rate_limiter = wiring.rate_limiter if settings.rate_limit.enabled else None
    include_versions(app)
    return app
