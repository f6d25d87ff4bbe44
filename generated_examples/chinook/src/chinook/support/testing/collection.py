"""Which tests run: one for each row of a case's tables, on the databases that are there.

For the hooks of a project's conftest.
"""

import os

import pytest

from .access_cases import ACCESS_TABLES, AccessCase, access_parameters
from .cases import TABLES, case_parameters
from .command_cases import COMMAND_TABLES, CommandCase, command_parameters
from .databases import BACKENDS, SERVER_VARIABLE
from .write_cases import WRITE_TABLES, WriteCase, write_parameters

_EMPTY = "got empty parameter set"


def parametrize_from_case(metafunc: pytest.Metafunc) -> None:
    """Run a contract's test once for each row of the table that its argument is named after."""
    case = getattr(metafunc.cls, "case", None)
    for name in (*TABLES, *COMMAND_TABLES, *ACCESS_TABLES, *WRITE_TABLES):
        if name in metafunc.fixturenames and metafunc.cls is not None:
            if isinstance(case, CommandCase):
                rows = list(command_parameters(name, case))
            elif isinstance(case, AccessCase):
                rows = list(access_parameters(name, case))
            elif isinstance(case, WriteCase):
                rows = list(write_parameters(name, case))
            else:
                rows = list(case_parameters(name, case))
            metafunc.parametrize(name, [row for row, _ in rows], ids=[label for _, label in rows])


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests of empty tables, and end-to-end tests on a server that nobody named."""
    left_out = [item for item in items if _is_of_empty_table(item) or _needs_server(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _is_of_empty_table(item: pytest.Item) -> bool:
    return any(
        str(mark.kwargs.get("reason", "")).startswith(_EMPTY) for mark in item.iter_markers("skip")
    )


def _needs_server(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return (
        "e2e" in item.path.parts
        and callspec is not None
        and callspec.params.get("backend") == BACKENDS[1]
        and SERVER_VARIABLE not in os.environ
    )
