# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What is removed for good once it was deleted long enough ago, and when."""

from datetime import timedelta

from shop.infrastructure.persistence.shop.repositories import SqlCustomerRepository
from shop.infrastructure.persistence.shop.rows import CustomerRow
from shop.support.infrastructure.purging import Purge

CUSTOMER_PURGE = Purge(
    row_type=CustomerRow,
    resource="customer",
    after=timedelta(days=365),
    log=SqlCustomerRepository.changes,
)


PURGES = (CUSTOMER_PURGE,)
