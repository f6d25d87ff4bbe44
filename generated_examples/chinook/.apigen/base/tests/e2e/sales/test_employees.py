# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The resource of Employee over HTTP."""

from chinook.support.testing.cases import Column, Expansion, Link, ResourceCase
from chinook.support.testing.contracts.reading import GetContract, ListContract
from chinook.support.testing.contracts.removal import DeleteContract
from chinook.support.testing.contracts.writing import CreateContract, UpdateContract
from tests.cases import sales


class TestEmployees(
    ListContract,
    GetContract,
    CreateContract,
    UpdateContract,
    DeleteContract,
):
    """Every operation and its errors."""

    case = ResourceCase(
        entity=sales.EMPLOYEE,
        path="/api/v1/employees",
        operations=frozenset(("list", "get", "create", "update", "delete")),
        max_page_size=200,
        filters=(
            Column(name="id", kind="number", ops=("eq", "in")),
            Column(name="first_name", ops=("eq", "ne", "in", "contains", "startswith")),
            Column(name="last_name", ops=("eq", "ne", "in", "contains", "startswith")),
            Column(name="title", ops=("eq", "ne", "in", "contains", "startswith", "is_null")),
            Column(name="reports_to_id", kind="number", ops=("eq", "in", "is_null")),
            Column(name="birth_date", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte", "is_null")),
            Column(name="hire_date", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte", "is_null")),
            Column(name="phone", ops=("eq", "ne", "in", "contains", "startswith", "is_null")),
            Column(name="email", ops=("eq", "ne", "in", "contains", "startswith", "is_null")),
            Column(
                name="created_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(
                name="updated_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
        ),
        sorts=(
            Column(name="id", kind="number"),
            Column(name="first_name"),
            Column(name="last_name"),
            Column(name="title"),
            Column(name="birth_date"),
            Column(name="hire_date"),
            Column(name="phone"),
            Column(name="fax"),
            Column(name="email"),
            Column(name="created_at", kind="moment"),
            Column(name="updated_at", kind="moment"),
        ),
        search=("first_name", "last_name"),
        expand=(
            Expansion(name="reports_to", field="reports_to_id", entity="sales.Employee"),
            Expansion(name="reports"),
        ),
        links=(
            Link(entity="sales.Employee", field="reports_to_id", action="set_null"),
            Link(entity="sales.Customer", field="support_rep_id", action="set_null"),
        ),
    )
