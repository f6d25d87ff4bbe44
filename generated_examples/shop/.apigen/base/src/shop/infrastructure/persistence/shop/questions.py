# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What the questions of shop mean in SQL, and who answers them."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncEngine

from shop.application.shop.queries import ORDERS, WaitingOrders
from shop.domain.shop.aggregates import Customer, Order
from shop.infrastructure.persistence.shop.read_models import ORDER_READ_MODEL
from shop.infrastructure.persistence.shop.rows import OrderRow
from shop.support.application.buses import QueryBus
from shop.support.application.queries import Sort
from shop.support.infrastructure.questions import SqlQuestion
from shop.support.infrastructure.sql_expressions import lasting, moved, present

_orders = OrderRow.__table__


def _waiting_orders(query: WaitingOrders) -> ColumnElement[bool]:
    return sa.and_(
        _orders.c.status == sa.literal("paid", sa.String()),
        _orders.c.placed_at.is_not(None),
        _orders.c.placed_at
        < moved(
            present(),
            lasting(sa.literal(query.days, sa.Integer()), dt.timedelta(days=1)),
            back=True,
        ),
    )


def register_shop_questions(bus: QueryBus, engine: AsyncEngine) -> None:
    """Let the bus take every question of shop to its answer."""
    bus.register(
        WaitingOrders,
        SqlQuestion[WaitingOrders](
            engine,
            ORDER_READ_MODEL,
            operation="waiting",
            where=_waiting_orders,
            sort=(Sort(path=("placed_at",)),),
            paging=ORDERS.paging,
        ).page,
        reads=(Order, Customer),
    )
