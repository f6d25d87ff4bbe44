"""The end-to-end tests of writes that meet another one: stale versions, races, repeated keys."""

from collections.abc import Iterator

from apigen.ir.system import Context
from apigen.python import layout
from apigen.python.identifiers import spell_module
from apigen.python.imports import ImportSet
from apigen.views.tests.asked import Asked, Table
from apigen.views.tests.asked_sources import (
    AskedSource,
    AskedTestModule,
    AskedTests,
    Subject,
    subjects,
)
from apigen.views.tests.case_tables import Tables


def write_tests(tables: Tables, context: Context) -> AskedTestModule | None:
    """Return the tests of a context's writes; None when none of them takes a version or a key."""
    found = [(one, _writes(one)) for one in subjects(tables, context)]
    found = [(one, writes) for one, writes in found if writes]
    if not found:
        return None
    module = f"tests.e2e.{spell_module(context.name.snake)}.test_writes"
    imports = ImportSet(module, [f"Test{one.name}Writes" for one, _ in found])
    contract = layout.support(tables.system, "testing.contracts.writes", "WritesContract")
    used = imports.use(contract)
    source = AskedSource(tables, imports)
    classes: list[AskedTests] = []
    for one, writes in found:
        rows = [_row(source, asked, one.table) for asked in writes]
        classes.append(
            AskedTests(
                name=f"Test{one.name}Writes",
                doc=f"Versions and keys of {one.what}.",
                contract=used,
                case_class=source.symbol("write_cases", "WriteCase"),
                arguments=(*source.subject(one), f"writes={source.values.several(rows)}"),
            )
        )
    return AskedTestModule(
        doc=f"Writes of {context.name.text} that meet another one, over HTTP.",
        classes=tuple(classes),
        imports=imports.render(),
    )


def _writes(subject: Subject) -> tuple[Asked, ...]:
    return tuple(
        one
        for one in subject.asked
        if one.is_write
        and not one.variant
        # Versions of plain operations are tested with the resource.
        and ((one.has_etag and one.is_command) or (one.is_idempotent and one.succeeds))
    )


def _row(source: AskedSource, asked: Asked, table: Table | None) -> str:
    parts = [*source.request(asked, table), *_facts(source, asked, table)]
    return f"{source.symbol('write_cases', 'Write')}({', '.join(parts)})"


def _facts(source: AskedSource, asked: Asked, table: Table | None) -> Iterator[str]:
    if asked.other is not None:
        yield f"other={source.body(asked.other, table)}"
    for name, is_so in (
        ("etag", asked.has_etag),
        ("idempotent", asked.is_idempotent),
        ("once", asked.is_once),
    ):
        if is_so:
            yield f"{name}=True"
    if not asked.succeeds:
        yield "succeeds=False"
