# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Whatever shop is sent, within its constraints, arrives unchanged."""

from hypothesis import given

from shop.support.testing.cases import Sample
from shop.support.testing.strategies import assert_arrives
from tests.cases import CASES, shop
from tests.strategies import shop as shop_


@given(shop_.categories())
def test_any_valid_category_arrives_unchanged(payload: dict[str, Sample]) -> None:
    """Category shows what it was made from."""
    assert_arrives(shop.CATEGORY, CASES, payload)


@given(shop_.customers())
def test_any_valid_customer_arrives_unchanged(payload: dict[str, Sample]) -> None:
    """Customer shows what it was made from."""
    assert_arrives(shop.CUSTOMER, CASES, payload)


@given(shop_.products())
def test_any_valid_product_arrives_unchanged(payload: dict[str, Sample]) -> None:
    """Product shows what it was made from."""
    assert_arrives(shop.PRODUCT, CASES, payload)


@given(shop_.orders())
def test_any_valid_order_arrives_unchanged(payload: dict[str, Sample]) -> None:
    """Order shows what it was made from."""
    assert_arrives(shop.ORDER, CASES, payload)
