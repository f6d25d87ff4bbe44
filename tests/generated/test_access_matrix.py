"""The generated tests of access walk every operation that a project serves, for every role."""

import json
import re
import sys
from dataclasses import dataclass

import pytest

from tests.generated.projects import Projects, assert_clean, run
from tests.generated.test_quality import package_of, stored_in

WALK = """\
import json, re, sys
from importlib import import_module
from pathlib import Path
from {package}.main import create_app
from {package}.support.testing.access_cases import AccessCase

def template(path):
    return re.sub(r"{{[^}}]*}}", "{{}}", path)

walked = []
for place in sorted(Path("tests/e2e").glob("*/test_access.py")):
    module = import_module(f"tests.e2e.{{place.parent.name}}.test_access")
    for case in (getattr(one, "case", None) for one in vars(module).values()):
        if not isinstance(case, AccessCase):
            continue
        for row in case.operations:
            parts = len(case.entity.key) if case.entity is not None else 0
            below = row.path.replace("{{id}}", "/".join(["{{id}}"] * parts))
            told = [one for callers in row.refused.values() for one in callers]
            told += [*row.permitted, *row.unaware]
            walked.append(
                {{
                    "method": row.method,
                    "path": template(case.path + below),
                    "callers": sorted([one.subject, *one.roles] for one in told),
                }}
            )
served = [
    [method.upper(), template(path)]
    for path, operations in create_app().openapi()["paths"].items()
    for method in operations
]
json.dump([walked, served], sys.stdout)
"""

type Operation = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What is to be walked in one project."""

    newest: str
    """What paths of the newest version begin with; older ones share its routes."""
    roles: tuple[str, ...]
    owned: str
    """Below which paths row rules tell owners from others: beginnings of paths."""
    left_out: frozenset[Operation] = frozenset()
    """What is served and not asked for at all."""
    hand_written: frozenset[Operation] = frozenset()
    """What is asked for by those only that are refused."""


EXPECTED = {
    "shop": Expected(
        newest="/api/v2", roles=("admin", "customer", "staff"), owned="/api/v2/(customers|orders)"
    ),
    "permissions": Expected(
        newest="/api",
        roles=("auditor", "chief", "member"),
        owned="/api/(desks|desk-views|drawers|seats|notes|tickets|crowded)",
        # Public and written by hand: nobody is refused, and what it does nobody knows.
        left_out=frozenset({("POST", "/api/greet/{}")}),
        hand_written=frozenset(
            {
                ("POST", "/api/desks/{}/mend"),
                ("GET", "/api/desks/odd"),
                ("POST", "/api/sweep"),
            }
        ),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """What the tests of a project walk, and what it serves."""

    expected: Expected
    callers: dict[Operation, set[tuple[str, ...]]]
    """By operation, everybody of whom something is told: subject, then roles."""
    served: set[Operation]


@pytest.fixture(scope="module", params=sorted(EXPECTED))
def matrix(request: pytest.FixtureRequest, projects: Projects) -> Matrix:
    """The matrix of one project."""
    project = projects.of(request.param)
    script = WALK.format(package=package_of(project))
    done = run(sys.executable, "-c", script, cwd=project, **stored_in("sqlite:///x.db"))
    assert_clean(done)
    walked, served = json.loads(done.stdout)
    callers: dict[Operation, set[tuple[str, ...]]] = {}
    for one in walked:
        found = callers.setdefault((one["method"], one["path"]), set())
        found.update(tuple(caller) for caller in one["callers"])
    return Matrix(
        expected=EXPECTED[request.param],
        callers=callers,
        served={(method, path) for method, path in served},
    )


@pytest.mark.criterion("R15.2")
def test_no_operation_is_forgotten(matrix: Matrix) -> None:
    newest = {
        (method, path)
        for method, path in matrix.served
        if path.startswith(f"{matrix.expected.newest}/")
    }

    assert set(matrix.callers) == newest - matrix.expected.left_out


@pytest.mark.criterion("R15.2")
def test_every_role_asks_for_every_operation(matrix: Matrix) -> None:
    everybody = {(), *((role,) for role in matrix.expected.roles)}

    for operation, callers in matrix.callers.items():
        known = {tuple(roles) for subject, *roles in callers if subject}
        assert ("",) in callers, operation
        if operation in matrix.expected.hand_written:
            assert known < everybody, operation
        else:
            assert known == everybody, operation


@pytest.mark.criterion("R15.2")
def test_every_role_asks_for_a_row_of_its_own_and_for_another(matrix: Matrix) -> None:
    for operation in set(matrix.callers) - matrix.expected.hand_written:
        callers = matrix.callers[operation]
        subjects = {subject for subject, *_ in callers if subject}
        of_one = {tuple(roles) for subject, *roles in callers if subject == "somebody-else"}
        if re.match(matrix.expected.owned, operation[1]):
            assert len(subjects) == 2, operation
            for subject in subjects:
                assert {tuple(roles) for one, *roles in callers if one == subject} == of_one
