# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Removal for good of shop."""

from shop.infrastructure.persistence.purging import CUSTOMER_PURGE
from shop.support.testing.contracts.purging import PurgeContract
from tests.cases import shop


class TestCustomerPurge(PurgeContract):
    """Customer: what was deleted long ago is gone."""

    case = shop.CUSTOMER
    purge = CUSTOMER_PURGE
