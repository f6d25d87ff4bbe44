# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Encryption at rest of shop."""

from shop.infrastructure.persistence.shop.rows import CustomerRow
from shop.support.testing.contracts.encryption import EncryptionContract
from tests.cases import shop


class TestCustomerEncryption(EncryptionContract):
    """Customer: what is encrypted stays so."""

    case = shop.CUSTOMER
    row_types = (CustomerRow,)
