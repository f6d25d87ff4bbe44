# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Hypothesis strategies of sales: any payload that its constraints allow."""

from hypothesis import strategies as st

from chinook.support.testing.cases import Ref, Sample
from chinook.support.testing.strategies import moments, texts


def employees() -> st.SearchStrategy[dict[str, Sample]]:
    """Return payloads that create a Employee."""
    return st.fixed_dictionaries(
        {
            "first_name": texts(1, 20),
            "last_name": texts(1, 20),
            "title": st.none() | texts(1, 30),
            "reports_to_id": st.just(None),
            "birth_date": st.just("2026-01-01"),
            "hire_date": st.just("2026-01-02"),
            "address": st.fixed_dictionaries(
                {
                    "street": texts(1, 70),
                    "city": texts(1, 40),
                    "state": st.none() | texts(1, 40),
                    "country": texts(1, 40),
                    "postal_code": st.none() | texts(1, 10),
                }
            ),
            "phone": st.none() | texts(1, 24),
            "fax": st.none() | texts(1, 24),
            "email": st.just("email0@example.com"),
        }
    )


def customers() -> st.SearchStrategy[dict[str, Sample]]:
    """Return payloads that create a Customer."""
    return st.fixed_dictionaries(
        {
            "first_name": texts(1, 40),
            "last_name": texts(1, 20),
            "company": st.none() | texts(1, 80),
            "address": st.fixed_dictionaries(
                {
                    "street": texts(1, 70),
                    "city": texts(1, 40),
                    "state": st.none() | texts(1, 40),
                    "country": texts(1, 40),
                    "postal_code": st.none() | texts(1, 10),
                }
            ),
            "phone": st.none() | texts(1, 24),
            "fax": st.none() | texts(1, 24),
            "email": st.just("email0@example.com"),
            "support_rep_id": st.just(Ref("sales.Employee")),
        }
    )


def invoices() -> st.SearchStrategy[dict[str, Sample]]:
    """Return payloads that create a Invoice."""
    return st.fixed_dictionaries(
        {
            "customer_id": st.just(Ref("sales.Customer")),
            "invoice_date": moments(),
            "billing_address": st.fixed_dictionaries(
                {
                    "street": texts(1, 70),
                    "city": texts(1, 40),
                    "state": st.none() | texts(1, 40),
                    "country": texts(1, 40),
                    "postal_code": st.none() | texts(1, 10),
                }
            ),
            "lines": st.just(
                [
                    {"track_id": 1, "unit_price": "1.25", "quantity": 2},
                    {"track_id": 2, "unit_price": "2.26", "quantity": 3},
                ]
            ),
        }
    )
