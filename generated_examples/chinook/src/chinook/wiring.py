# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Repositories, readers and handlers put together; sees every layer, and no layer sees it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from chinook.application.catalog.handlers import CatalogHandlers, catalog_handlers
from chinook.application.sales.handlers import SalesHandlers, sales_handlers
from chinook.core.settings import Settings
from chinook.infrastructure.persistence.catalog import SqlCatalogUnitOfWork, catalog_readers
from chinook.infrastructure.persistence.sales import SqlSalesUnitOfWork, sales_readers
from chinook.infrastructure.persistence.session import create_database, health_checks
from chinook.support.interface.health import HealthCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """Everything that a running project is made of."""

    engine: AsyncEngine
    health_checks: Mapping[str, HealthCheck]
    catalog_handlers: CatalogHandlers
    sales_handlers: SalesHandlers

    async def close(self) -> None:
        """Give everything back."""
        await self.engine.dispose()


def wire(settings: Settings) -> Wiring:
    """Put everything together; nothing is connected yet."""
    engine = create_database(settings)
    return Wiring(
        engine=engine,
        health_checks=health_checks(engine),
        catalog_handlers=catalog_handlers(
            unit_of_work=lambda: SqlCatalogUnitOfWork(engine),
            readers=catalog_readers(engine),
        ),
        sales_handlers=sales_handlers(
            unit_of_work=lambda: SqlSalesUnitOfWork(engine),
            readers=sales_readers(engine),
        ),
    )
