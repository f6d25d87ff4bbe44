# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Who may do what in shop. What is not permitted here is refused.

A permission with `rows` is for the rows that the rule of that name allows.
"""

from dataclasses import dataclass

from shop.domain.shop.repositories import ShopUnitOfWork
from shop.domain.shop.value_objects import CategoryId, CustomerId, OrderId, PaymentId, ProductId
from shop.support.application.access import AccessControl, OperationAccess, Permission, WriteAccess

CATEGORY_ACCESS = AccessControl[CategoryId](
    "category",
    {
        "read": (Permission("public"),),
        "create": (Permission("staff"),),
        "update": (Permission("staff"),),
        "delete": (Permission("staff"),),
    },
)

CUSTOMER_ACCESS = AccessControl[CustomerId](
    "customer",
    {
        "read": (Permission("staff"), Permission("customer", rows="own_customer")),
        "create": (Permission("authenticated"),),
        "update": (Permission("staff"), Permission("customer", rows="own_customer")),
        "delete": (Permission("admin"),),
        "restore": (Permission("admin"),),
        "export": (Permission("admin"),),
    },
)

PRODUCT_ACCESS = AccessControl[ProductId](
    "product",
    {
        "read": (Permission("public"),),
        "create": (Permission("staff"),),
        "update": (Permission("staff"),),
        "delete": (Permission("staff"),),
        "publish": (Permission("staff"),),
        "retire": (Permission("staff"),),
        "restock": (Permission("staff"),),
        "reserve": (Permission("staff"),),
        "release": (Permission("staff"),),
    },
)

ORDER_ACCESS = AccessControl[OrderId](
    "order",
    {
        "read": (Permission("staff"), Permission("customer", rows="own_order")),
        "create": (Permission("staff"), Permission("customer", rows="own_order")),
        "update": (Permission("staff"), Permission("customer", rows="own_order")),
        "delete": (Permission("staff"),),
        "export": (Permission("staff"),),
        "add_line": (Permission("staff"),),
        "remove_line": (Permission("staff"),),
        "place": (Permission("customer", rows="own_order"),),
        "pay": (Permission("staff"),),
        "ship": (Permission("staff"),),
        "deliver": (Permission("staff"),),
        "cancel": (Permission("staff"), Permission("customer", rows="own_order")),
        "refund": (Permission("staff"),),
        "waiting": (Permission("staff"),),
    },
    phrases={
        "waiting": "ask for waiting orders",
    },
)

PAYMENT_ACCESS = AccessControl[PaymentId](
    "payment",
    {
        "read": (Permission("staff"),),
        "create": (),
        "update": (),
        "delete": (),
        "request": (),
        "capture": (),
        "decline": (),
        "refund": (),
    },
    phrases={
        "request": "request payments",
    },
)

ORDER_LIST_ACCESS = AccessControl[OrderId](
    "order list",
    {
        "read": (Permission("staff"),),
    },
)

SHOP_OPERATIONS_ACCESS = AccessControl[None](
    "shop",
    {
        "award_points": (Permission("authenticated"),),
    },
    phrases={
        "award_points": "award points",
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopAccess:
    """What writes of shop are checked with."""

    categories: WriteAccess[ShopUnitOfWork, CategoryId]
    customers: WriteAccess[ShopUnitOfWork, CustomerId]
    products: WriteAccess[ShopUnitOfWork, ProductId]
    orders: WriteAccess[ShopUnitOfWork, OrderId]
    payments: WriteAccess[ShopUnitOfWork, PaymentId]
    commands: OperationAccess


SHOP_CHECKS = ShopAccess(
    categories=WriteAccess(control=CATEGORY_ACCESS, rows=lambda work: work.categories),
    customers=WriteAccess(control=CUSTOMER_ACCESS, rows=lambda work: work.customers),
    products=WriteAccess(control=PRODUCT_ACCESS, rows=lambda work: work.products),
    orders=WriteAccess(control=ORDER_ACCESS, rows=lambda work: work.orders),
    payments=WriteAccess(control=PAYMENT_ACCESS, rows=lambda work: work.payments),
    commands=OperationAccess(SHOP_OPERATIONS_ACCESS),
)
