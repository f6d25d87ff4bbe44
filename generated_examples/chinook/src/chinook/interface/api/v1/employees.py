# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of employees over HTTP."""

from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from chinook.application.sales.dtos import (
    EmployeeCreate,
    EmployeeExpanded,
    EmployeeRead,
    EmployeeUpdate,
)
from chinook.application.sales.mappers import EMPLOYEE_READ
from chinook.application.sales.queries import EMPLOYEES
from chinook.domain.sales.value_objects import EmployeeId
from chinook.interface.api.dependencies import SalesDependency
from chinook.support.application.dtos import PaginatedResponse
from chinook.support.interface.openapi import (
    IF_MATCH,
    answered,
    parameters_of_list,
    parameters_of_one,
)
from chinook.support.interface.problems import problems
from chinook.support.interface.replies import Replies
from chinook.support.interface.routing import ResourceRouter

router = ResourceRouter(prefix="/employees", tags=["Employees"])
replies = Replies(read=EMPLOYEE_READ, query=EMPLOYEES, has_etag=True)
EmployeeIdParameter = Annotated[EmployeeId, Path(ge=-2147483648, le=2147483647)]


@router.get(
    "",
    response_model=PaginatedResponse[EmployeeExpanded],
    openapi_extra=parameters_of_list(EMPLOYEES),
    operation_id="list_employees",
    responses=problems(422),
)
async def list_employees(request: Request, handlers: SalesDependency) -> Response:
    """List employees."""
    return await replies.page(request, handlers.employee_reader)


@router.post(
    "",
    status_code=201,
    response_model=EmployeeRead,
    operation_id="create_employee",
    responses=answered(201, "Location", "ETag") | problems(409, 413, 415, 422),
)
async def create_employee(
    request: Request, data: EmployeeCreate, handlers: SalesDependency
) -> Response:
    """Create one employee."""
    return replies.created(request, await handlers.employees.create(data))


@router.get(
    "/{employee_id}",
    response_model=EmployeeExpanded,
    openapi_extra=parameters_of_one(EMPLOYEES, has_etag=True),
    operation_id="get_employee",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(404, 422),
)
async def get_employee(
    request: Request, employee_id: EmployeeIdParameter, handlers: SalesDependency
) -> Response:
    """Read one employee."""
    return await replies.one(request, handlers.employee_reader, employee_id)


@router.patch(
    "/{employee_id}",
    response_model=EmployeeRead,
    openapi_extra=IF_MATCH,
    operation_id="update_employee",
    responses=answered(200, "ETag") | problems(404, 409, 412, 413, 415, 422),
)
async def update_employee(
    request: Request,
    employee_id: EmployeeIdParameter,
    data: EmployeeUpdate,
    handlers: SalesDependency,
) -> Response:
    """Change what is sent of one employee."""
    expected = await replies.expected_version(request, handlers.employee_reader, employee_id)
    return replies.changed(
        request, await handlers.employees.update(employee_id, data, expected_version=expected)
    )


@router.delete(
    "/{employee_id}",
    status_code=204,
    openapi_extra=IF_MATCH,
    operation_id="delete_employee",
    responses=problems(404, 409, 412, 422),
)
async def delete_employee(
    request: Request, employee_id: EmployeeIdParameter, handlers: SalesDependency
) -> Response:
    """Delete one employee."""
    expected = await replies.expected_version(request, handlers.employee_reader, employee_id)
    return replies.deleted(
        request, await handlers.employees.delete(employee_id, expected_version=expected)
    )
