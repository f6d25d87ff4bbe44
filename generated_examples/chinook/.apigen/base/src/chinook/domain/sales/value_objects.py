# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The values of sales: identifiers, codes and quantities.

Immutable, equal by what they hold, and valid from the moment they exist.
"""

from typing import NewType

EmployeeId = NewType("EmployeeId", int)
CustomerId = NewType("CustomerId", int)
InvoiceId = NewType("InvoiceId", int)
InvoiceLineId = NewType("InvoiceLineId", int)
