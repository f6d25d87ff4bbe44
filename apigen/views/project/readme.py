"""The table of endpoints and the commands to try that a project's README shows."""

from apigen.ir.system import Entity, Operation, System
from apigen.values import dataclass
from apigen.views.application.files import file_fields, may_download
from apigen.views.escaping import markdown_code, markdown_text, shell_text
from apigen.views.versions.systems import asked_in

_SUFFIX = {
    Operation.LIST: ("GET", ""),
    Operation.GET: ("GET", "/{id}"),
    Operation.CREATE: ("POST", ""),
    Operation.UPDATE: ("PATCH", "/{id}"),
    Operation.REPLACE: ("PUT", "/{id}"),
    Operation.DELETE: ("DELETE", "/{id}"),
    Operation.RESTORE: ("POST", "/{id}/restore"),
    Operation.BULK_CREATE: ("POST", "/bulk"),
    Operation.BULK_UPDATE: ("PATCH", "/bulk"),
    Operation.BULK_DELETE: ("POST", "/bulk-delete"),
    Operation.COUNT: ("GET", "/count"),
    Operation.EXPORT: ("GET", "/export"),
    Operation.HISTORY: ("GET", "/{id}/history"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One row of the table: a resource and what it answers to."""

    path: str
    methods: str
    doc: str


def endpoints(system: System) -> tuple[Endpoint, ...]:
    """Return a row for every path of every resource, in the spec's order."""
    rows: list[Endpoint] = []
    for context in system.contexts:
        for entity in context.entities:
            if entity.resource is None:
                continue
            methods: dict[str, list[str]] = {}
            for operation in entity.resource.operations:
                method, suffix = _SUFFIX[operation]
                methods.setdefault(suffix, []).append(method)
            for field in file_fields(entity):
                place = f"/{{id}}/{field.file.segment}" if field.file is not None else ""
                is_shown = may_download(entity)
                methods[place] = ["PUT", "GET", "DELETE"] if is_shown else ["PUT", "DELETE"]
                if is_shown:
                    methods[f"{place}/link"] = ["GET"]
            base = resource_path(system, entity)
            rows += (
                Endpoint(
                    path=markdown_code(base + suffix.replace("{id}", _key(entity))),
                    methods=" ".join(found),
                    doc=markdown_text(entity.doc or entity.name.text) if not suffix else "",
                )
                for suffix, found in methods.items()
            )
    return tuple(rows)


def resource_path(system: System, entity: Entity) -> str:
    """Return the path of a resource from the root, its nesting as a placeholder."""
    assert entity.resource is not None
    start = system.api.root_of(asked_in(system, entity))
    if entity.resource.nested_under is not None:
        field = next(f for f in entity.fields if f.attribute == entity.resource.nested_under)
        parent = next(
            system.entities[target]
            for target in system.entities
            if target == getattr(field.type, "target", "")
        )
        if parent.resource is not None:
            return f"{start}{parent.resource.path}/{{{field.attribute}}}{entity.resource.path}"
    return f"{start}{entity.resource.path}"


def curl_lines(system: System, first: tuple[Entity, str] | None) -> tuple[str, ...]:
    """Return commands that create a row of `first` and read it back."""
    if first is None or first[0].resource is None or first[0].resource.nested_under is not None:
        return ("curl -s localhost:8000/ready",)
    entity, payload = first
    assert entity.resource is not None
    url = shell_text(f"localhost:8000{resource_path(system, entity)}")
    lines = []
    sent = ""
    if system.security is not None and system.outputs.cli:
        role = max(system.security.roles, key=lambda one: len(one.inherits), default=None)
        option = f" --role {role.name}" if role is not None else ""
        command = f"PYTHONPATH=src .venv/bin/python -m scripts.cli.commands token{option}"
        lines.append(f"TOKEN=$({command})")
        sent = ' -H "authorization: Bearer $TOKEN"'
    if Operation.CREATE in entity.resource.operations:
        key = " -H 'idempotency-key: first'" if entity.resource.idempotency_required else ""
        kind = "-H 'content-type: application/json'"
        lines.append(f"curl -s {url} {kind}{sent}{key} -d {payload}")
    if Operation.LIST in entity.resource.operations:
        lines.append(f"curl -s {url}{sent}")
    return (*lines, "curl -s localhost:8000/ready")


def _key(entity: Entity) -> str:
    """Return the placeholders of one row's key: `{order_id}`, `{playlist_id}/{track_id}`."""
    if len(entity.identity.fields) == 1:
        return f"{{{entity.name.snake}_id}}"
    return "/".join(f"{{{part}}}" for part in entity.identity.fields)
