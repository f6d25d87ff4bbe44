# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be done in shop: everything the interface may call."""

from collections.abc import Callable
from dataclasses import dataclass

from shop.application.shop.access import ShopAccess
from shop.application.shop.dtos import (
    CategoryCreate,
    CategoryUpdate,
    CustomerCreate,
    CustomerUpdate,
    OrderCreate,
    OrderUpdate,
    ProductCreate,
    ProductUpdate,
)
from shop.application.shop.mappers import (
    apply_category_update,
    apply_customer_update,
    apply_order_update,
    apply_product_update,
    category_from_create,
    customer_from_create,
    order_from_create,
    product_from_create,
)
from shop.domain.shop.aggregates import Category, Customer, Order, Product
from shop.domain.shop.repositories import ShopUnitOfWork
from shop.domain.shop.value_objects import (
    CategoryId,
    CustomerId,
    FileRef,
    OrderId,
    PaymentId,
    ProductId,
)
from shop.support.application.buses import CommandBus, QueryBus
from shop.support.application.files import FileUploadService, StorageBackend
from shop.support.application.queries import ResourceReader
from shop.support.application.service import GenericService, ServiceHooks

type CategoryService = GenericService[
    ShopUnitOfWork, Category, CategoryId, CategoryCreate, CategoryUpdate
]

type CustomerService = GenericService[
    ShopUnitOfWork, Customer, CustomerId, CustomerCreate, CustomerUpdate
]

type ProductService = GenericService[
    ShopUnitOfWork, Product, ProductId, ProductCreate, ProductUpdate
]

type OrderService = GenericService[ShopUnitOfWork, Order, OrderId, OrderCreate, OrderUpdate]

type ProductImageService = FileUploadService[ShopUnitOfWork, Product, ProductId, FileRef]

# Yours to fill: functions that run before and after each operation.
CATEGORY_HOOKS = ServiceHooks[Category, CategoryCreate, CategoryUpdate]()
CUSTOMER_HOOKS = ServiceHooks[Customer, CustomerCreate, CustomerUpdate]()
PRODUCT_HOOKS = ServiceHooks[Product, ProductCreate, ProductUpdate]()
ORDER_HOOKS = ServiceHooks[Order, OrderCreate, OrderUpdate]()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopReaders:
    """The read side of shop, provided by the infrastructure."""

    categories: ResourceReader[CategoryId]
    customers: ResourceReader[CustomerId]
    products: ResourceReader[ProductId]
    orders: ResourceReader[OrderId]
    payments: ResourceReader[PaymentId]
    order_lists: ResourceReader[OrderId]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopHandlers:
    """What the interface may call in shop."""

    commands: CommandBus
    queries: QueryBus
    categories: CategoryService
    customers: CustomerService
    products: ProductService
    orders: OrderService
    product_image: ProductImageService
    category_reader: ResourceReader[CategoryId]
    customer_reader: ResourceReader[CustomerId]
    product_reader: ResourceReader[ProductId]
    order_reader: ResourceReader[OrderId]
    payment_reader: ResourceReader[PaymentId]
    order_list_reader: ResourceReader[OrderId]


def shop_handlers(
    *,
    commands: CommandBus,
    queries: QueryBus,
    unit_of_work: Callable[[], ShopUnitOfWork],
    access: ShopAccess,
    readers: ShopReaders,
    storage: StorageBackend,
) -> ShopHandlers:
    """Put the handlers of shop together."""
    product_image = FileUploadService(
        resource="product",
        attribute="image",
        file=FileRef,
        unit_of_work=unit_of_work,
        repository=lambda work: work.products,
        storage=storage,
        access=access.products,
    )
    return ShopHandlers(
        commands=commands,
        queries=queries,
        categories=GenericService(
            resource="category",
            unit_of_work=unit_of_work,
            repository=lambda work: work.categories,
            build=category_from_create,
            change=apply_category_update,
            hooks=CATEGORY_HOOKS,
            access=access.categories,
        ),
        customers=GenericService(
            resource="customer",
            unit_of_work=unit_of_work,
            repository=lambda work: work.customers,
            build=customer_from_create,
            change=apply_customer_update,
            hooks=CUSTOMER_HOOKS,
            access=access.customers,
        ),
        products=GenericService(
            resource="product",
            unit_of_work=unit_of_work,
            repository=lambda work: work.products,
            build=product_from_create,
            change=apply_product_update,
            hooks=PRODUCT_HOOKS,
            access=access.products,
            removed=(product_image.release,),
        ),
        orders=GenericService(
            resource="order",
            unit_of_work=unit_of_work,
            repository=lambda work: work.orders,
            build=order_from_create,
            change=apply_order_update,
            hooks=ORDER_HOOKS,
            access=access.orders,
        ),
        product_image=product_image,
        category_reader=readers.categories,
        customer_reader=readers.customers,
        product_reader=readers.products,
        order_reader=readers.orders,
        payment_reader=readers.payments,
        order_list_reader=readers.order_lists,
    )
