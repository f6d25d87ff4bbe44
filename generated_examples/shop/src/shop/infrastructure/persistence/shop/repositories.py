# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Aggregates of shop as rows, and rows as aggregates.

Everything else about storing them is in the support package.
"""

from shop.domain.shop.aggregates import Category, Customer, Order, Payment, Product
from shop.domain.shop.entities import OrderLine
from shop.domain.shop.value_objects import (
    CategoryId,
    CustomerId,
    Money,
    OrderId,
    PaymentId,
    ProductId,
)
from shop.infrastructure.persistence.shop.access import CUSTOMER_ROWS, ORDER_ROWS
from shop.infrastructure.persistence.shop.rows import (
    CATEGORY_CHANGES,
    CUSTOMER_CHANGES,
    CUSTOMER_PHONE_CIPHER,
    ORDER_CHANGES,
    ORDER_HISTORY,
    PAYMENT_CHANGES,
    PRODUCT_CHANGES,
    CategoryRow,
    CustomerRow,
    OrderLineRow,
    OrderRow,
    PaymentRow,
    ProductCategoriesRow,
    ProductRow,
)
from shop.support.infrastructure.changes import ChangeLog
from shop.support.infrastructure.history import LifecycleHistory
from shop.support.infrastructure.repository import SqlRepository
from shop.support.infrastructure.task_unit_of_work import SqlTaskUnitOfWork


class SqlCategoryRepository(SqlRepository[Category, CategoryId, CategoryRow]):
    """Each category as a row of the table categories."""

    row_type = CategoryRow
    resource = "category"
    changes = ChangeLog(table=CATEGORY_CHANGES)

    def to_row(self, entity: Category) -> CategoryRow:
        """Return the rows that the aggregate should have."""
        return CategoryRow(
            id=entity.id,
            name=entity.name,
            slug=entity.slug,
            parent_id=entity.parent_id,
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            created_by=entity.created_by,
            updated_by=entity.updated_by,
            version=entity.version,
        )

    def to_aggregate(self, row: CategoryRow) -> Category:
        """Return the aggregate that the rows hold."""
        return Category(
            id=row.id,
            name=row.name,
            slug=row.slug,
            parent_id=row.parent_id,
            created_at=row.created_at,
            updated_at=row.updated_at,
            created_by=row.created_by,
            updated_by=row.updated_by,
            version=row.version,
        )


class SqlCustomerRepository(SqlRepository[Customer, CustomerId, CustomerRow]):
    """Each customer as a row of the table customers."""

    row_type = CustomerRow
    resource = "customer"
    row_rules = CUSTOMER_ROWS
    changes = ChangeLog(
        table=CUSTOMER_CHANGES,
        masked=(
            "user_id",
            "email",
            "name",
            "phone",
            "shipping_address",
        ),
    )

    def to_row(self, entity: Customer) -> CustomerRow:
        """Return the rows that the aggregate should have."""
        return CustomerRow(
            id=entity.id,
            user_id=entity.user_id,
            email=entity.email,
            name=entity.name,
            phone=CUSTOMER_PHONE_CIPHER.sealed(entity.phone, entity.id),
            shipping_address=entity.shipping_address,
            loyalty_points=entity.loyalty_points,
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            created_by=entity.created_by,
            updated_by=entity.updated_by,
            version=entity.version,
            is_deleted=entity.is_deleted,
            deleted_at=entity.deleted_at,
        )

    def to_aggregate(self, row: CustomerRow) -> Customer:
        """Return the aggregate that the rows hold."""
        return Customer(
            id=row.id,
            user_id=row.user_id,
            email=row.email,
            name=row.name,
            phone=CUSTOMER_PHONE_CIPHER.opened(row.phone, row.id),
            shipping_address=row.shipping_address,
            loyalty_points=row.loyalty_points,
            created_at=row.created_at,
            updated_at=row.updated_at,
            created_by=row.created_by,
            updated_by=row.updated_by,
            version=row.version,
            is_deleted=row.is_deleted,
            deleted_at=row.deleted_at,
        )


class SqlProductRepository(SqlRepository[Product, ProductId, ProductRow]):
    """Each product as a row of the table products."""

    row_type = ProductRow
    resource = "product"
    changes = ChangeLog(table=PRODUCT_CHANGES)

    def to_row(self, entity: Product) -> ProductRow:
        """Return the rows that the aggregate should have."""
        return ProductRow(
            sku=entity.sku,
            name=entity.name,
            description=entity.description,
            price_amount=entity.price.amount,
            price_currency=entity.price.currency,
            stock=entity.stock,
            reserved=entity.reserved,
            status=entity.status,
            image=entity.image,
            categories=[ProductCategoriesRow(category_id=target) for target in entity.categories],
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            created_by=entity.created_by,
            updated_by=entity.updated_by,
            version=entity.version,
        )

    def to_aggregate(self, row: ProductRow) -> Product:
        """Return the aggregate that the rows hold."""
        return Product(
            sku=row.sku,
            name=row.name,
            description=row.description,
            price=Money(amount=row.price_amount, currency=row.price_currency),
            stock=row.stock,
            reserved=row.reserved,
            status=row.status,
            image=row.image,
            categories=frozenset(joined.category_id for joined in row.categories),
            created_at=row.created_at,
            updated_at=row.updated_at,
            created_by=row.created_by,
            updated_by=row.updated_by,
            version=row.version,
        )


def _order_line_row(entity: OrderLine, place: int) -> OrderLineRow:
    return OrderLineRow(
        position=place,
        id=entity.id,
        product_id=entity.product_id,
        quantity=entity.quantity,
        unit_price_amount=entity.unit_price.amount,
        unit_price_currency=entity.unit_price.currency,
    )


def _order_line(row: OrderLineRow) -> OrderLine:
    return OrderLine(
        id=row.id,
        product_id=row.product_id,
        quantity=row.quantity,
        unit_price=Money(amount=row.unit_price_amount, currency=row.unit_price_currency),
    )


class SqlOrderRepository(SqlRepository[Order, OrderId, OrderRow]):
    """Each order as a row of the table orders."""

    row_type = OrderRow
    resource = "order"
    row_rules = ORDER_ROWS
    history = LifecycleHistory(table=ORDER_HISTORY, state="status")
    changes = ChangeLog(
        table=ORDER_CHANGES, masked=("shipping_address",), ignored=("lines.position",)
    )

    def to_row(self, entity: Order) -> OrderRow:
        """Return the rows that the aggregate should have."""
        return OrderRow(
            id=entity.id,
            customer_id=entity.customer_id,
            shipping_address=entity.shipping_address,
            total_amount=entity.total.amount,
            total_currency=entity.total.currency,
            placed_at=entity.placed_at,
            carrier=entity.carrier,
            tracking_code=entity.tracking_code,
            note=entity.note,
            status=entity.status,
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            created_by=entity.created_by,
            updated_by=entity.updated_by,
            version=entity.version,
            lines=[_order_line_row(child, place) for place, child in enumerate(entity.lines)],
        )

    def to_aggregate(self, row: OrderRow) -> Order:
        """Return the aggregate that the rows hold."""
        return Order(
            id=row.id,
            customer_id=row.customer_id,
            shipping_address=row.shipping_address,
            placed_at=row.placed_at,
            carrier=row.carrier,
            tracking_code=row.tracking_code,
            note=row.note,
            status=row.status,
            created_at=row.created_at,
            updated_at=row.updated_at,
            created_by=row.created_by,
            updated_by=row.updated_by,
            version=row.version,
            lines=[_order_line(child) for child in row.lines],
        )


class SqlPaymentRepository(SqlRepository[Payment, PaymentId, PaymentRow]):
    """Each payment as a row of the table payments."""

    row_type = PaymentRow
    resource = "payment"
    changes = ChangeLog(table=PAYMENT_CHANGES)

    def to_row(self, entity: Payment) -> PaymentRow:
        """Return the rows that the aggregate should have."""
        return PaymentRow(
            id=entity.id,
            order_id=entity.order_id,
            amount_amount=entity.amount.amount,
            amount_currency=entity.amount.currency,
            provider=entity.provider,
            provider_ref=entity.provider_ref,
            status=entity.status,
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            created_by=entity.created_by,
            updated_by=entity.updated_by,
            version=entity.version,
        )

    def to_aggregate(self, row: PaymentRow) -> Payment:
        """Return the aggregate that the rows hold."""
        return Payment(
            id=row.id,
            order_id=row.order_id,
            amount=Money(amount=row.amount_amount, currency=row.amount_currency),
            provider=row.provider,
            provider_ref=row.provider_ref,
            status=row.status,
            created_at=row.created_at,
            updated_at=row.updated_at,
            created_by=row.created_by,
            updated_by=row.updated_by,
            version=row.version,
        )


class SqlShopUnitOfWork(SqlTaskUnitOfWork):
    """One transaction over shop."""

    @property
    def categories(self) -> SqlCategoryRepository:
        """The repository of Category."""
        return SqlCategoryRepository(self.session)

    @property
    def customers(self) -> SqlCustomerRepository:
        """The repository of Customer."""
        return SqlCustomerRepository(self.session)

    @property
    def products(self) -> SqlProductRepository:
        """The repository of Product."""
        return SqlProductRepository(self.session)

    @property
    def orders(self) -> SqlOrderRepository:
        """The repository of Order."""
        return SqlOrderRepository(self.session)

    @property
    def payments(self) -> SqlPaymentRepository:
        """The repository of Payment."""
        return SqlPaymentRepository(self.session)
