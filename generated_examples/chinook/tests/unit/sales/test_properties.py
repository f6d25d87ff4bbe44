# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Whatever sales is sent, within its constraints, arrives unchanged."""

from hypothesis import given

from chinook.support.testing.cases import Sample
from chinook.support.testing.strategies import assert_arrives
from tests.cases import CASES, sales
from tests.strategies import sales as sales_


@given(sales_.employees())
def test_any_valid_employee_arrives_unchanged(payload: dict[str, Sample]) -> None:
    """Employee shows what it was made from."""
    assert_arrives(sales.EMPLOYEE, CASES, payload)


@given(sales_.customers())
def test_any_valid_customer_arrives_unchanged(payload: dict[str, Sample]) -> None:
    """Customer shows what it was made from."""
    assert_arrives(sales.CUSTOMER, CASES, payload)


@given(sales_.invoices())
def test_any_valid_invoice_arrives_unchanged(payload: dict[str, Sample]) -> None:
    """Invoice shows what it was made from."""
    assert_arrives(sales.INVOICE, CASES, payload)
