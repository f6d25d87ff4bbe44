# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The ports of shop: what its infrastructure provides."""

from datetime import timedelta
from typing import Protocol
from uuid import UUID

from shop.core.protocols import AsyncRepository, PermittedRows, UnitOfWork
from shop.domain.shop.aggregates import Category, Customer, Order, Payment, Product
from shop.domain.shop.value_objects import CategoryId, CustomerId, OrderId, PaymentId, ProductId
from shop.support.core.tasks import BackgroundTask


class CategoryRepository(
    AsyncRepository[Category, CategoryId], PermittedRows[CategoryId], Protocol
):
    """Where categories are kept."""


class CustomerRepository(
    AsyncRepository[Customer, CustomerId], PermittedRows[CustomerId], Protocol
):
    """Where customers are kept."""


class ProductRepository(AsyncRepository[Product, ProductId], PermittedRows[ProductId], Protocol):
    """Where products are kept."""


class OrderRepository(AsyncRepository[Order, OrderId], PermittedRows[OrderId], Protocol):
    """Where orders are kept."""


class PaymentRepository(AsyncRepository[Payment, PaymentId], PermittedRows[PaymentId], Protocol):
    """Where payments are kept."""


class ShopUnitOfWork(UnitOfWork, Protocol):
    """One transaction over the aggregates of shop."""

    @property
    def categories(self) -> CategoryRepository:
        """The categories."""
        ...

    @property
    def customers(self) -> CustomerRepository:
        """The customers."""
        ...

    @property
    def products(self) -> ProductRepository:
        """The products."""
        ...

    @property
    def orders(self) -> OrderRepository:
        """The orders."""
        ...

    @property
    def payments(self) -> PaymentRepository:
        """The payments."""
        ...

    async def enqueue(
        self, task: BackgroundTask, *, key: str | None = None, delay: timedelta | None = None
    ) -> UUID:
        """Have work done once the transaction is committed; return the id of the task.

        A task of this kind with this key that is not over stands for the new one as well.
        """
        ...
