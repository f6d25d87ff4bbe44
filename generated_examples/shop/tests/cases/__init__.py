# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Every entity's case, by qualified name."""

from shop.support.testing.cases import AnyCase
from tests.cases import shop

CASES: dict[str, AnyCase] = {
    case.name: case
    for case in (
        shop.CATEGORY,
        shop.CUSTOMER,
        shop.PRODUCT,
        shop.ORDER,
        shop.PAYMENT,
    )
}

CASES_V1: dict[str, AnyCase] = CASES | {case.name: case for case in (*shop.OF_V1,)}
"""As version v1 of the API has them."""
