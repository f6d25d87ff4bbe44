"""`apigen schema`: what editors complete and check a spec with."""

import json

from apigen.cli import console

NAME = "schema"


def command() -> None:
    """Print the JSON Schema of the spec language, for editors

    Example: apigen schema > apigen.schema.json
    """
    from apigen.spec.schema import json_schema

    console.result(json.dumps(json_schema(), indent=1, ensure_ascii=False))
