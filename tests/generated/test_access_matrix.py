"""The generated tests walk what is served: each operation for every role, each write twice."""

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
from {package}.support.testing.write_cases import WriteCase

def template(path):
    return re.sub(r"{{[^}}]*}}", "{{}}", path)

def cases(names, kind):
    places = [one for name in names for one in Path("tests/e2e").glob(f"*/{{name}}.py")]
    for place in sorted(places):
        name = place.stem
        module = import_module(f"tests.e2e.{{place.parent.name}}.{{name}}")
        for case in (getattr(one, "case", None) for one in vars(module).values()):
            if isinstance(case, kind):
                yield case

def operation(case, asked):
    parts = len(case.entity.key) if case.entity is not None else 0
    below = asked.path.replace("{{id}}", "/".join(["{{id}}"] * parts))
    return [asked.method, template(case.path + below)]

walked = []
for case in cases(["test_access", "test_files"], AccessCase):
    for row in case.operations:
        told = [one for callers in row.refused.values() for one in callers]
        told += [*row.permitted, *row.unaware]
        callers = sorted([one.subject, *one.roles] for one in told)
        walked.append({{"operation": operation(case, row), "callers": callers}})
written = {{"if-match": [], "idempotency-key": []}}
for case in cases(["test_writes"], WriteCase):
    for write in case.writes:
        written["if-match"] += [operation(case, write)] if write.etag else []
        if write.idempotent and write.succeeds:
            written["idempotency-key"].append(operation(case, write))
served = [
    [method.upper(), template(path), [one["name"].lower() for one in told.get("parameters", ())]]
    for path, operations in create_app().openapi()["paths"].items()
    for method, told in operations.items()
]
json.dump([walked, written, served], sys.stdout)
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
    unknown: frozenset[Operation] = frozenset()
    """What is not sent twice with one key."""


EXPECTED = {
    "shop": Expected(
        newest="/api/v2",
        roles=("admin", "customer", "staff"),
        owned="/api/v2/(customers|orders)",
        # Whose tasks they are, not what they are about, decides: `SecuredTaskRoutesContract`.
        left_out=frozenset(
            {
                ("GET", "/api/v2/tasks"),
                ("GET", "/api/v2/tasks/{}"),
                ("POST", "/api/v2/tasks/{}/cancel"),
            }
        ),
        unknown=frozenset(
            {
                # Their handlers are written by hand: what they do when they are let, nobody knows.
                ("POST", "/api/v2/payments"),
                ("POST", "/api/v2/payments/{}/refund"),
                ("PUT", "/api/v2/products/{}/image"),
                ("DELETE", "/api/v2/products/{}/image"),
            }
        ),
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
        unknown=frozenset({("POST", "/api/desks/{}/mend")}),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """What the tests of a project walk, and what it serves."""

    expected: Expected
    callers: dict[Operation, set[tuple[str, ...]]]
    """By operation, everybody of whom something is told: subject, then roles."""
    written: dict[str, set[Operation]]
    """By header, the writes that are tested with it."""
    served: dict[Operation, tuple[str, ...]]
    """By operation of the newest version, the names of its parameters."""


@pytest.fixture(scope="module", params=sorted(EXPECTED))
def matrix(request: pytest.FixtureRequest, projects: Projects) -> Matrix:
    """The matrix of one project."""
    project = projects.of(request.param)
    script = WALK.format(package=package_of(project))
    done = run(sys.executable, "-c", script, cwd=project, **stored_in("sqlite:///x.db"))
    assert_clean(done)
    walked, written, served = json.loads(done.stdout)
    callers: dict[Operation, set[tuple[str, ...]]] = {}
    for one in walked:
        method, path = one["operation"]
        found = callers.setdefault((method, path), set())
        found.update(tuple(caller) for caller in one["callers"])
    newest = f"{EXPECTED[request.param].newest}/"
    return Matrix(
        expected=EXPECTED[request.param],
        callers=callers,
        written={
            header: {(method, path) for method, path in operations}
            for header, operations in written.items()
        },
        served={
            (method, path): tuple(names)
            for method, path, names in served
            if path.startswith(newest)
        },
    )


@pytest.mark.criterion("R15.2")
def test_no_operation_is_forgotten(matrix: Matrix) -> None:
    assert set(matrix.callers) == set(matrix.served) - matrix.expected.left_out


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


@pytest.mark.criterion("R30.2")
def test_every_write_that_takes_a_key_is_sent_twice(matrix: Matrix) -> None:
    taking = {one for one, names in matrix.served.items() if "idempotency-key" in names}

    assert matrix.written["idempotency-key"] == taking - matrix.expected.unknown


def test_every_command_that_takes_a_version_is_sent_with_a_stale_one(matrix: Matrix) -> None:
    taking = {
        (method, path)
        for (method, path), names in matrix.served.items()
        if "if-match" in names and method == "POST"
    }

    assert matrix.written["if-match"] >= taking
