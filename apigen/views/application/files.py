"""The files of aggregates: which fields have routes, and the services behind them."""

from apigen.ir.field import Field
from apigen.ir.system import Context, Entity, Operation, System
from apigen.ir.types import ObjectRef
from apigen.python import layout
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.values import dataclass
from apigen.views.application.validators import validators_source
from apigen.views.nouns import noun
from apigen.views.tables.storage import row_class


@dataclass(frozen=True, slots=True, kw_only=True)
class FileService:
    """The service of one field, in handlers.py."""

    attribute: str
    """Its name on the handlers: `product_image`."""
    alias: str
    """`ProductImageService`."""
    arguments: str
    """Type arguments of the service."""
    settings: tuple[str, ...]
    """Arguments of its constructor."""


def file_fields(entity: Entity) -> tuple[Field, ...]:
    """Return the fields that clients upload files to."""
    return tuple(field for field in entity.fields if field.file is not None)


def may_download(entity: Entity) -> bool:
    """Tell whether clients can read one row, and so its files."""
    return entity.resource is not None and Operation.GET in entity.resource.operations


def file_service_attribute(entity: Entity, field: Field) -> str:
    """Return what a file's service is called on the handlers."""
    return f"{entity.name.snake}_{field.attribute}"


def file_ref(system: System, field: Field, imports: ImportSet) -> str:
    """Return the class that describes a file."""
    assert isinstance(field.type, ObjectRef)
    return imports.use(layout.value_type(system, field.type.target))


def deletes_rows(entity: Entity) -> bool:
    """Tell whether what is deleted is gone, so that nothing names its files any more."""
    return entity.soft_delete is None


def file_services(
    system: System, context: Context, unit: str, access: str, imports: ImportSet
) -> tuple[FileService, ...]:
    """Return the services of a context's files.

    Args:
        system: The system.
        context: Whose entities have files.
        unit: Class of the unit of work.
        access: Class that has the permissions; empty when nothing is asked.
        imports: Of handlers.py.
    """
    return tuple(
        _service(system, entity, field, unit, access, imports)
        for entity in context.entities
        for field in file_fields(entity)
    )


def _service(
    system: System, entity: Entity, field: Field, unit: str, access: str, imports: ImportSet
) -> FileService:
    imports.use(layout.support(system, "application.files", "FileUploadService"))
    root = imports.use(layout.entity_class(system, entity.qname))
    id_type = imports.use(layout.id_type(system, entity.qname))
    file = file_ref(system, field, imports)
    rows = spell(entity.name.plural_snake)
    settings = [
        f"resource={text(noun(entity.name))}",
        f"attribute={text(spell(field.attribute))}",
        f"file={file}",
        "unit_of_work=unit_of_work",
        f"repository=lambda work: work.{rows}",
        "storage=storage",
    ]
    validators = validators_source(system, entity, imports)
    settings += [f"validators={validators}"] if validators else []
    settings += [f"access=access.{rows}"] if access else []
    return FileService(
        attribute=file_service_attribute(entity, field),
        alias=f"{entity.name.pascal}{field.name.pascal}Service",
        arguments=f"{unit}, {root}, {id_type}, {file}",
        settings=tuple(settings),
    )


def _row(system: System, entity: Entity, imports: ImportSet) -> str:
    module = f"{layout.persistence(system, layout.context_of(entity.qname))}.rows"
    return imports.add(module, row_class(entity.qname, system))


def file_columns(system: System, imports: ImportSet) -> tuple[str, ...]:
    """Return source of every column that describes a file."""
    return tuple(
        f"{_row(system, entity, imports)}.{spell(field.attribute)}"
        for entity in system.entities.values()
        for field in file_fields(entity)
    )
