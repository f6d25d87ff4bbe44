"""The end-to-end tests of files, one class a field."""

from collections.abc import Iterator

from apigen.ir.field import Field
from apigen.ir.system import Context, Entity, Operation
from apigen.python import layout
from apigen.python.identifiers import spell_module
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.views.application.files import deletes_rows, file_fields, may_download
from apigen.views.tests.access_tests import Callers, access_row
from apigen.views.tests.asked_operations import AskedOperations
from apigen.views.tests.asked_sources import (
    AskedSource,
    AskedTestModule,
    AskedTests,
    Subject,
    subjects,
)
from apigen.views.tests.case_tables import Tables


def file_tests(tables: Tables, context: Context) -> AskedTestModule | None:
    """Return the tests of a context's files; None when there are none."""
    found = [
        (one, one.table.entity, field)
        for one in subjects(tables, context)
        if one.table is not None and one.table.entity.qname in tables.system.entities
        if one.name == one.table.entity.name.pascal
        for field in file_fields(one.table.entity)
    ]
    if not found:
        return None
    names = [_name(entity, field) for _, entity, field in found]
    module = f"tests.e2e.{spell_module(context.name.snake)}.test_files"
    imports = ImportSet(module, names)
    used = imports.use(layout.support(tables.system, *_contract(tables)))
    source = AskedSource(tables, imports)
    callers = Callers(source)
    classes = tuple(
        AskedTests(
            name=name,
            doc=f"The {field.attribute.replace('_', ' ')} of {one.what}.",
            contract=used,
            case_class=source.symbol("file_cases", "FileCase"),
            arguments=(
                *_arguments(source, one, entity, field),
                *_operations(tables, source, callers, one, field),
            ),
        )
        for name, (one, entity, field) in zip(names, found, strict=True)
    )
    return AskedTestModule(
        doc=f"Files of {context.name.text}, over HTTP.",
        constants=callers.constants(),
        classes=classes,
        imports=imports.render(),
    )


def _contract(tables: Tables) -> tuple[str, str]:
    """Return module and name of what a file is tested by."""
    if tables.system.security is None:
        return "testing.contracts.files", "FilesContract"
    return "testing.contracts.file_access", "SecuredFilesContract"


def _operations(
    tables: Tables, source: AskedSource, callers: Callers, one: Subject, field: Field
) -> Iterator[str]:
    """Yield who may do what with a file, where callers say who they are."""
    if tables.system.security is None or one.table is None:
        return
    asked = [each for each in AskedOperations(tables).of_file(one.table, field) if each.answers]
    rows = [access_row(source, callers, each, one.table) for each in asked]
    if rows:
        yield f"operations={source.values.several(rows)}"


def _name(entity: Entity, field: Field) -> str:
    return f"Test{entity.name.pascal}{field.name.pascal}"


def _arguments(source: AskedSource, one: Subject, entity: Entity, field: Field) -> tuple[str, ...]:
    limits, resource = field.file, entity.resource
    assert limits is not None
    assert resource is not None
    is_gone = deletes_rows(entity) and Operation.DELETE in resource.operations
    flags = (
        ("has_etag", entity.etag, True),
        ("is_idempotent", resource.idempotency, False),
        ("is_shown", may_download(entity), True),
        ("is_gone", is_gone, False),
    )
    return (
        *source.subject(one),
        f"segment={text(limits.segment)}",
        f"field={text(field.wire)}",
        f"max_bytes={limits.max_bytes}",
        *((f"types={source.values.names(limits.types)}",) if limits.types else ()),
        *(f"{name}={value}" for name, value, default in flags if value is not default),
    )
