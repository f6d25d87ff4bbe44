# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The audit of shop."""

from shop.infrastructure.persistence.shop.rows import (
    CATEGORY_CHANGES,
    CUSTOMER_CHANGES,
    ORDER_CHANGES,
    PAYMENT_CHANGES,
    PRODUCT_CHANGES,
)
from shop.support.testing.contracts.audit import AuditContract
from tests.cases import shop


class TestCategoryAudit(AuditContract):
    """Category: who did what is known."""

    case = shop.CATEGORY
    log = CATEGORY_CHANGES


class TestCustomerAudit(AuditContract):
    """Customer: who did what is known."""

    case = shop.CUSTOMER
    log = CUSTOMER_CHANGES


class TestProductAudit(AuditContract):
    """Product: who did what is known."""

    case = shop.PRODUCT
    log = PRODUCT_CHANGES


class TestOrderAudit(AuditContract):
    """Order: who did what is known."""

    case = shop.ORDER
    log = ORDER_CHANGES


class TestPaymentAudit(AuditContract):
    """Payment: who did what is known."""

    case = shop.PAYMENT
    log = PAYMENT_CHANGES
