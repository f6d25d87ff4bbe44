# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Mapping between payloads and aggregates of shop."""

from shop.support.testing.contracts.mapping import MappingContract
from tests.cases import CASES, CASES_V1, shop


class TestCategoryMapping(MappingContract):
    """Category: what is sent is what is shown."""

    case = shop.CATEGORY
    cases = CASES


class TestCustomerMapping(MappingContract):
    """Customer: what is sent is what is shown."""

    case = shop.CUSTOMER
    cases = CASES


class TestProductMapping(MappingContract):
    """Product: what is sent is what is shown."""

    case = shop.PRODUCT
    cases = CASES


class TestOrderMapping(MappingContract):
    """Order: what is sent is what is shown."""

    case = shop.ORDER
    cases = CASES


class TestOrderMappingV1(MappingContract):
    """Order: what is sent is what is shown."""

    case = shop.ORDER_V1
    cases = CASES_V1
