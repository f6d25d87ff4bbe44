"""What the documentation shows of request bodies is taken as it stands."""

import json
import sys

import pytest

from tests.generated.projects import Projects, assert_clean, run
from tests.generated.test_quality import package_of, stored_in

READ = """\
import json, sys
from importlib import import_module
from pathlib import Path
from pydantic import ValidationError
from {package}.support.application.dtos import Dto

shown, refused = [], []
for place in sorted(Path("src/{package}/application").glob("*/dtos.py")):
    module = import_module(f"{package}.application.{{place.parent.name}}.dtos")
    for name, kind in sorted(vars(module).items()):
        if not (isinstance(kind, type) and issubclass(kind, Dto)):
            continue
        if kind.__module__ != module.__name__ or "model_config" not in vars(kind):
            continue
        extra = kind.model_json_schema(mode="validation")
        for body in extra.get("examples", ()):
            shown.append(name)
            try:
                kind.model_validate_json(json.dumps(body))
            except ValidationError as error:
                refused.append([name, body, str(error)])
json.dump([shown, refused], sys.stdout)
"""


@pytest.mark.parametrize(
    "name",
    ["shop", "chinook", "everything", "types", "texts", "keys", "relations", "versions", "letters"],
)
def test_examples_of_bodies_are_valid(name: str, projects: Projects) -> None:
    project = projects.of(name)
    script = READ.format(package=package_of(project))

    done = run(sys.executable, "-c", script, cwd=project, **stored_in("sqlite:///x.db"))

    assert_clean(done)
    shown, refused = json.loads(done.stdout)
    assert refused == []
    assert shown


DOCUMENT = """\
import json, sys
from {package}.main import create_app

json.dump(create_app().openapi(), sys.stdout)
"""


def test_every_json_body_of_the_shop_has_an_example(projects: Projects) -> None:
    project = projects.of("shop")
    script = DOCUMENT.format(package=package_of(project))
    done = run(sys.executable, "-c", script, cwd=project, **stored_in("sqlite:///x.db"))
    assert_clean(done)
    document = json.loads(done.stdout)

    bodies = {
        operation["operationId"]: body["schema"]["$ref"].rpartition("/")[2]
        for operations in document["paths"].values()
        for operation in operations.values()
        # Files are bodies too, of any media type.
        if (body := operation.get("requestBody", {}).get("content", {}).get("application/json"))
        and "$ref" in body["schema"]
    }
    schemas = document["components"]["schemas"]

    assert {"create_order", "ship_order"} <= set(bodies)
    assert [name for name, schema in bodies.items() if not schemas[schema].get("examples")] == []
