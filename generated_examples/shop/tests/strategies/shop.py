# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Hypothesis strategies of shop: any payload that its constraints allow."""

from hypothesis import strategies as st

from shop.support.testing.cases import Ref, Sample
from shop.support.testing.strategies import decimals, texts


def categories() -> st.SearchStrategy[dict[str, Sample]]:
    """Return payloads that create a Category."""
    return st.fixed_dictionaries(
        {"name": texts(1, 80), "slug": st.just("slug-0"), "parent_id": st.just(None)}
    )


def customers() -> st.SearchStrategy[dict[str, Sample]]:
    """Return payloads that create a Customer."""
    return st.fixed_dictionaries(
        {
            "email": st.just("email0@example.com"),
            "name": texts(1, 120),
            "phone": st.just("+49301000000"),
            "shipping_address": st.none()
            | st.fixed_dictionaries(
                {
                    "line1": texts(1, 120),
                    "line2": st.none() | texts(0, 120),
                    "city": texts(1, 80),
                    "postcode": texts(1, 16),
                    "country": st.just("DE"),
                }
            ),
        }
    )


def products() -> st.SearchStrategy[dict[str, Sample]]:
    """Return payloads that create a Product."""
    return st.fixed_dictionaries(
        {
            "sku": st.just("TEA-GREEN-250"),
            "name": texts(1, 200),
            "description": st.none() | texts(0, 200),
            "price": st.fixed_dictionaries(
                {
                    "amount": decimals("-999999999999999.9999", "999999999999999.9999", scale=4),
                    "currency": st.just("USD"),
                }
            ),
            "categories": st.just([Ref("shop.Category"), Ref("shop.Category", 1)]),
        }
    )


def orders() -> st.SearchStrategy[dict[str, Sample]]:
    """Return payloads that create a Order."""
    return st.fixed_dictionaries(
        {
            "customer_id": st.just(Ref("shop.Customer")),
            "shipping_address": st.none()
            | st.fixed_dictionaries(
                {
                    "line1": texts(1, 120),
                    "line2": st.none() | texts(0, 120),
                    "city": texts(1, 80),
                    "postcode": texts(1, 16),
                    "country": st.just("DE"),
                }
            ),
            "note": st.none() | texts(0, 500),
        }
    )
