# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Which versions of the API there are, and what each of them serves."""

from datetime import date

from fastapi import FastAPI

from shop.interface.api.background_tasks import router as background_tasks_router
from shop.interface.api.v1.categories import router as categories_router_v1
from shop.interface.api.v1.customers import router as customers_router_v1
from shop.interface.api.v1.order_lists import router as order_lists_router_v1
from shop.interface.api.v1.orders import router as orders_router_v1
from shop.interface.api.v1.payments import router as payments_router_v1
from shop.interface.api.v1.products import router as products_router_v1
from shop.interface.api.v2.categories import router as categories_router
from shop.interface.api.v2.customers import router as customers_router
from shop.interface.api.v2.order_lists import router as order_lists_router
from shop.interface.api.v2.orders import router as orders_router
from shop.interface.api.v2.payments import router as payments_router
from shop.interface.api.v2.products import router as products_router
from shop.support.interface.versioning import ServedVersion, Versions

VERSIONS = Versions(
    prefix="/api",
    served=(
        ServedVersion(name="v1", is_deprecated=True, sunset=date(2027, 6, 30), successor="v2"),
        ServedVersion(name="v2"),
    ),
)

V1_ROUTERS = (
    categories_router_v1,
    customers_router_v1,
    order_lists_router_v1,
    orders_router_v1,
    payments_router_v1,
    products_router_v1,
    background_tasks_router,
)
"""Version v1; routers with longer paths come first."""

V2_ROUTERS = (
    categories_router,
    customers_router,
    order_lists_router,
    orders_router,
    payments_router,
    products_router,
    background_tasks_router,
)
"""Version v2; routers with longer paths come first."""


def include_versions(app: FastAPI) -> None:
    """Serve every version below its own prefix."""
    for router in V1_ROUTERS:
        app.include_router(router, prefix="/api/v1")
    for router in V2_ROUTERS:
        app.include_router(router, prefix="/api/v2")
