# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Between the payloads of shop and its domain.

Inwards every field is named; outwards names match.
"""

from shop.application.shop.commands import (
    AddOrderLine,
    CancelOrder,
    CapturePayment,
    DeclinePayment,
    DeliverOrder,
    PlaceOrder,
    PublishProduct,
    RefundOrder,
    RefundPayment,
    RemoveOrderLine,
    RequestPayment,
    RestockProduct,
    RetireProduct,
    ShipOrder,
)
from shop.application.shop.dtos import (
    AddOrderLineInput,
    AddressDto,
    CancelOrderInput,
    CapturePaymentInput,
    CategoryCreate,
    CategoryRead,
    CategoryUpdate,
    CustomerCreate,
    CustomerRead,
    CustomerUpdate,
    DeclinePaymentInput,
    MoneyDto,
    OrderCreate,
    OrderRead,
    OrderReadV1,
    OrderUpdate,
    PaymentRead,
    ProductCreate,
    ProductRead,
    ProductUpdate,
    RemoveOrderLineInput,
    RequestPaymentInput,
    RestockProductInput,
    ShipOrderInput,
)
from shop.domain.shop.aggregates import Category, Customer, Order, Payment, Product
from shop.domain.shop.value_objects import Address, Money, OrderId, PaymentId, ProductId
from shop.support.application.mapper import GenericMapper
from shop.support.core.context import current_context
from shop.support.domain.localized import with_changes


def money_from_dto(data: MoneyDto) -> Money:
    """Return the money of a payload."""
    return Money(
        amount=data.amount,
        currency=data.currency,
    )


def address_from_dto(data: AddressDto) -> Address:
    """Return the address of a payload."""
    return Address(
        line1=data.line1,
        line2=data.line2,
        city=data.city,
        postcode=data.postcode,
        country=data.country,
    )


def category_from_create(data: CategoryCreate) -> Category:
    """Return a new category."""
    return Category(
        name=data.name,
        slug=data.slug,
        parent_id=data.parent_id,
    )


def customer_from_create(data: CustomerCreate) -> Customer:
    """Return a new customer."""
    return Customer(
        email=data.email,
        name=data.name,
        phone=data.phone,
        shipping_address=None
        if data.shipping_address is None
        else address_from_dto(data.shipping_address),
        user_id=current_context().actor.id,
    )


def product_from_create(data: ProductCreate) -> Product:
    """Return a new product."""
    return Product(
        sku=data.sku,
        name=data.name,
        description=data.description,
        price=money_from_dto(data.price),
        categories=data.categories,
    )


def order_from_create(data: OrderCreate) -> Order:
    """Return a new order."""
    return Order(
        customer_id=data.customer_id,
        shipping_address=None
        if data.shipping_address is None
        else address_from_dto(data.shipping_address),
        note=data.note,
    )


def apply_category_update(category: Category, data: CategoryUpdate) -> None:
    """Change a category as far as the payload says."""
    if data.is_set("name"):
        category.name = data.name
    if data.is_set("parent_id"):
        category.parent_id = data.parent_id


def apply_customer_update(customer: Customer, data: CustomerUpdate) -> None:
    """Change a customer as far as the payload says."""
    if data.is_set("email"):
        customer.email = data.email
    if data.is_set("name"):
        customer.name = data.name
    if data.is_set("phone"):
        customer.phone = data.phone
    if data.is_set("shipping_address"):
        customer.shipping_address = (
            None if data.shipping_address is None else address_from_dto(data.shipping_address)
        )


def apply_product_update(product: Product, data: ProductUpdate) -> None:
    """Change a product as far as the payload says."""
    if data.is_set("name"):
        product.name = with_changes(product.name, data.name)
    if data.is_set("description"):
        product.description = (
            None
            if data.description is None
            else with_changes(product.description, data.description)
        )
    if data.is_set("price"):
        product.price = money_from_dto(data.price)
    if data.is_set("categories"):
        product.categories = data.categories


def apply_order_update(order: Order, data: OrderUpdate) -> None:
    """Change an order as far as the payload says."""
    if data.is_set("shipping_address"):
        order.shipping_address = (
            None if data.shipping_address is None else address_from_dto(data.shipping_address)
        )
    if data.is_set("note"):
        order.note = data.note


def publish_product_from_input(
    id: ProductId, expected_version: int | None = None
) -> PublishProduct:
    """Return the command that a client sends."""
    return PublishProduct(id=id, expected_version=expected_version)


def retire_product_from_input(id: ProductId, expected_version: int | None = None) -> RetireProduct:
    """Return the command that a client sends."""
    return RetireProduct(id=id, expected_version=expected_version)


def restock_product_from_input(
    id: ProductId, data: RestockProductInput, expected_version: int | None = None
) -> RestockProduct:
    """Return the command that a client sends."""
    return RestockProduct(id=id, quantity=data.quantity, expected_version=expected_version)


def add_order_line_from_input(
    id: OrderId, data: AddOrderLineInput, expected_version: int | None = None
) -> AddOrderLine:
    """Return the command that a client sends."""
    return AddOrderLine(
        id=id, product_id=data.product_id, quantity=data.quantity, expected_version=expected_version
    )


def remove_order_line_from_input(
    id: OrderId, data: RemoveOrderLineInput, expected_version: int | None = None
) -> RemoveOrderLine:
    """Return the command that a client sends."""
    return RemoveOrderLine(id=id, line_id=data.line_id, expected_version=expected_version)


def place_order_from_input(id: OrderId, expected_version: int | None = None) -> PlaceOrder:
    """Return the command that a client sends."""
    return PlaceOrder(id=id, expected_version=expected_version)


def ship_order_from_input(
    id: OrderId, data: ShipOrderInput, expected_version: int | None = None
) -> ShipOrder:
    """Return the command that a client sends."""
    return ShipOrder(
        id=id,
        carrier=data.carrier,
        tracking_code=data.tracking_code,
        expected_version=expected_version,
    )


def deliver_order_from_input(id: OrderId, expected_version: int | None = None) -> DeliverOrder:
    """Return the command that a client sends."""
    return DeliverOrder(id=id, expected_version=expected_version)


def cancel_order_from_input(
    id: OrderId, data: CancelOrderInput, expected_version: int | None = None
) -> CancelOrder:
    """Return the command that a client sends."""
    return CancelOrder(id=id, reason=data.reason, expected_version=expected_version)


def refund_order_from_input(id: OrderId, expected_version: int | None = None) -> RefundOrder:
    """Return the command that a client sends."""
    return RefundOrder(id=id, expected_version=expected_version)


def request_payment_from_input(data: RequestPaymentInput) -> RequestPayment:
    """Return the command that a client sends."""
    return RequestPayment(order_id=data.order_id, amount=money_from_dto(data.amount))


def capture_payment_from_input(
    id: PaymentId, data: CapturePaymentInput, expected_version: int | None = None
) -> CapturePayment:
    """Return the command that a client sends."""
    return CapturePayment(id=id, provider_ref=data.provider_ref, expected_version=expected_version)


def decline_payment_from_input(
    id: PaymentId, data: DeclinePaymentInput, expected_version: int | None = None
) -> DeclinePayment:
    """Return the command that a client sends."""
    return DeclinePayment(id=id, reason=data.reason, expected_version=expected_version)


def refund_payment_from_input(id: PaymentId, expected_version: int | None = None) -> RefundPayment:
    """Return the command that a client sends."""
    return RefundPayment(id=id, expected_version=expected_version)


CATEGORY_READ = GenericMapper(source=Category, target=CategoryRead)
CUSTOMER_READ = GenericMapper(source=Customer, target=CustomerRead)
PRODUCT_READ = GenericMapper(source=Product, target=ProductRead)
ORDER_READ = GenericMapper(source=Order, target=OrderRead)
PAYMENT_READ = GenericMapper(source=Payment, target=PaymentRead)
ORDER_READ_V1 = GenericMapper(source=Order, target=OrderReadV1)
