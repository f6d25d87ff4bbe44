# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Which rows of shop an actor may touch: conditions that every read gets, and that rows must meet
before and after every write.
"""

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from shop.application.shop.access import (
    CATEGORY_ACCESS,
    CUSTOMER_ACCESS,
    ORDER_ACCESS,
    ORDER_LIST_ACCESS,
    PAYMENT_ACCESS,
    PRODUCT_ACCESS,
)
from shop.infrastructure.persistence.shop.rows import CustomerRow, OrderRow
from shop.support.core.actor import Actor
from shop.support.infrastructure.row_access import RowAccess, RowRules
from shop.support.infrastructure.sql_expressions import over

_customers = CustomerRow.__table__
_orders = OrderRow.__table__


def own_customer(actor: Actor) -> ColumnElement[bool]:
    """Rows of customers where user_id == actor.id."""
    return _customers.c.user_id == sa.literal(actor.id, sa.Text())


def own_order(actor: Actor) -> ColumnElement[bool]:
    """Rows of orders where customer.user_id == actor.id."""
    return over(
        _customers,
        lambda row_1: (
            sa.select(row_1.c.user_id)
            .select_from(row_1)
            .where(row_1.c.id == _orders.c.customer_id)
            .correlate_except(row_1)
            .scalar_subquery()
        ),
    ) == sa.literal(actor.id, sa.Text())


CATEGORY_READING = RowAccess(control=CATEGORY_ACCESS)

CUSTOMER_ROWS: RowRules = {
    "own_customer": own_customer,
}
CUSTOMER_READING = RowAccess(control=CUSTOMER_ACCESS, rules=CUSTOMER_ROWS)

PRODUCT_READING = RowAccess(control=PRODUCT_ACCESS)

ORDER_ROWS: RowRules = {
    "own_order": own_order,
}
ORDER_READING = RowAccess(control=ORDER_ACCESS, rules=ORDER_ROWS)

PAYMENT_READING = RowAccess(control=PAYMENT_ACCESS)

ORDER_LIST_READING = RowAccess(control=ORDER_LIST_ACCESS)
