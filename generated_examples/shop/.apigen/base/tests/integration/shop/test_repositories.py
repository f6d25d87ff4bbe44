# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The repositories of shop."""

from shop.support.testing.contracts.repositories import RepositoryContract
from tests.cases import shop


class TestCategoryRepository(RepositoryContract):
    """Category: what is stored is what is read."""

    case = shop.CATEGORY


class TestCustomerRepository(RepositoryContract):
    """Customer: what is stored is what is read."""

    case = shop.CUSTOMER


class TestProductRepository(RepositoryContract):
    """Product: what is stored is what is read."""

    case = shop.PRODUCT


class TestOrderRepository(RepositoryContract):
    """Order: what is stored is what is read."""

    case = shop.ORDER


class TestPaymentRepository(RepositoryContract):
    """Payment: what is stored is what is read."""

    case = shop.PAYMENT
